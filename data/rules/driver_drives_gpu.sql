-- title: Driver and card
-- question: Does this driver branch drive this card?
-- when: EXISTS (SELECT 1 FROM asked_device WHERE stated = 1) AND EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1)
-- rule: gpu-dropped-by-driver | incompatible | 30 | 100 | The branch no longer drives cards of this generation.
-- rule: gpu-needs-newer-driver | incompatible | 31 | 100 | The branch is older than the card.
-- rule: kernel-module-flavour | incompatible | 32 | 100 | This flavour of the kernel module (open or proprietary) does not drive the card.
-- A card that the loaded module has taken is not judged by its branch: the machine itself shows that it does. One that is stated is.
-- source: nvidia-driver-architecture-matrix | CUDA toolkit, driver and architecture matrix
-- source: endoflife-nvidia-gpu | products/nvidia-gpu.md

-- Where sources differ on a first driver or a last branch, what lies between is neither.
CREATE VIEW driver_drives_gpu AS
  WITH pair AS MATERIALIZED (
    SELECT d.device_id, d.cc, coalesce(d.name, d.given) AS card, r.driver_id, r.driver_os, r.version, r.branch, t.module_flavour,
           s.first_branch, s.first_version, s.last_branch, s.modules, s.cc AS support, s.disputed,
           CASE
             WHEN r.branch_key > s.last_branch_key AND NOT taken.by_driver THEN 1
             WHEN r.version_key < s.start_key AND NOT taken.by_driver THEN 2
             WHEN r.driver_os = 'linux' AND t.module_flavour = 'open' AND s.modules = 'proprietary' THEN 3
             WHEN r.driver_os = 'linux' AND t.module_flavour = 'proprietary' AND s.modules = 'open' THEN 3
             WHEN (r.version_key < s.sure_key OR r.branch_key > s.sure_last_key AND d.class = coalesce(s.sure_class, d.class)) AND NOT taken.by_driver THEN 4
             ELSE 0
           END AS rank
      FROM asked_target t CROSS JOIN asked_device d CROSS JOIN asked_driver r
      JOIN drives s ON s.cc_key = d.cc_key AND s.driver_os = r.driver_os
     CROSS JOIN (SELECT count(CASE WHEN key = 'proc.gpu' THEN 1 END) > 0 AND count(CASE WHEN key = 'proc.gpu' THEN 1 END) = count(CASE WHEN key = 'pci.nvidia' THEN 1 END) AS by_driver FROM observed_sighting
                  WHERE found = 1 AND NOT EXISTS (SELECT 1 FROM machine_state WHERE hardware = 0)) taken
     WHERE d.stated = 1 AND r.stated = 1 AND r.branch IS NOT NULL
  )
  SELECT 'driver_drives_gpu/' || branch || '/' || driver_os || '/' || cc || '/' || driver_id AS conclusion_id,
         'system' AS scope, NULL AS scope_key, driver_os, device_id, driver_id,
         CASE rank WHEN 1 THEN 'gpu-dropped-by-driver' WHEN 2 THEN 'gpu-needs-newer-driver' WHEN 4 THEN 'sources-disagree' ELSE 'kernel-module-flavour' END AS rule_id,
         card AS subject,
         CASE rank
           WHEN 1 THEN card || ' (' || cc || ') was last driven by branch ' || last_branch || '; driver ' || version || ' ignores it.'
           WHEN 2 THEN card || ' (' || cc || ') needs a driver of branch ' || first_branch || ' or newer'
             || CASE WHEN first_version <> 'unsaid' AND first_version <> '-' THEN ' (' || first_version || ')' ELSE '' END || '; ' || version || ' is older.'
           WHEN 4 THEN 'Sources differ on whether driver ' || version || ' drives ' || card || ' (' || cc || '): ' || disputed || '.'
           ELSE card || ' (' || cc || ') needs the ' || modules || ' kernel modules; the ' || module_flavour || ' ones are loaded.'
         END AS summary,
         'driver_support/' || support || '/' || driver_os || ' driver_branch/' || branch || '/' || driver_os AS premises
    FROM pair WHERE rank > 0;
