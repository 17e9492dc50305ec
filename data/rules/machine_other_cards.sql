-- title: A card that does not work beside one that does
-- question: Which card does the driver leave out, and why?
-- when: EXISTS (SELECT 1 FROM observed_launch) AND EXISTS (SELECT 1 FROM observed_gpu WHERE capability = '') AND EXISTS (SELECT 1 FROM observed_gpu WHERE capability <> '')
-- Only `doctor` asks this: a program gets the other cards and does not miss this one. Who gives cards away one by one (a container, a scheduler), or
-- keeps one for a virtual machine or out of the driver's hands, did so on purpose.

CREATE VIEW machine_other_cards AS
  WITH left_out AS MATERIALIZED (
    SELECT g.gpu_id, g.pci, g.bus, g.kernel_driver, coalesce(p.name, 'a card') || ' (' || coalesce(p.cc || ', ', '') || g.pci || coalesce(' at ' || nullif(g.bus, ''), '') || ')' AS card,
           m.kernel_driver AS driver, s.first_branch, s.last_branch, s.modules, t.module_flavour,
           (SELECT group_concat(DISTINCT o.name) FROM observed_gpu o WHERE o.capability <> '') || CASE m.works WHEN 1 THEN ' works.' ELSE ' answers.' END AS others,
           (SELECT f.rule_id FROM observed_finding f WHERE f.rule_id IN ('gpu-lost', 'gpu-init-failed') AND instr(lower(f.text), substr(g.bus, 1, instr(g.bus || '.', '.') - 1)) > 0 AND g.bus <> '' LIMIT 1) AS logged,
           (SELECT f.text FROM observed_finding f WHERE f.rule_id IN ('gpu-lost', 'gpu-init-failed') AND instr(lower(f.text), substr(g.bus, 1, instr(g.bus || '.', '.') - 1)) > 0 AND g.bus <> '' LIMIT 1) AS line,
           EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'nvml.gpu.code' AND x.value = '15') AS lost,
           (SELECT x.value FROM observed_sighting x WHERE x.key = 'device.problem' AND x.place = g.name) AS problem,
           (SELECT x.value FROM observed_sighting x WHERE x.key = 'nvml.count') AS counted, (SELECT count(*) FROM observed_gpu) AS cards,
           CASE WHEN r.branch_key > s.last_branch_key THEN 1 WHEN r.branch_key < s.first_branch_key OR r.branch_key = s.first_branch_key AND r.version_key < s.first_version_key THEN 2
                WHEN s.modules <> t.module_flavour AND s.modules IN ('open', 'proprietary') THEN 3
                WHEN m.os = 'linux' AND g.kernel_driver NOT IN ('', 'none', 'nvidia') THEN 4 ELSE 5 END AS rank
      FROM machine_state m CROSS JOIN asked_target t JOIN observed_gpu g ON g.capability = '' AND g.compute_mode = '' AND g.free_mib IS NULL AND g.pci <> ''
      LEFT JOIN gpu_pci p ON '10de:' || p.device_id = g.pci LEFT JOIN asked_driver r ON r.stated = 1 AND r.version IS NOT NULL
      LEFT JOIN driver_support s ON s.cc_key = p.cc_key AND s.os = r.driver_os
     WHERE m.hardware = 1 AND (m.os = 'linux' OR m.os = 'windows' AND (g.kernel_driver <> 'nvlddmkm' OR EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'device.problem' AND x.place = g.name)))
       AND m.container IS NULL AND m.wsl IS NULL AND m.tegra = 0 AND EXISTS (SELECT 1 FROM observed_gpu o WHERE o.capability <> '')
       AND g.kernel_driver NOT IN ('vfio-pci', 'pci-stub', 'xen-pciback') AND EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'nvml.count' AND x.found = 1)
       AND NOT EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'scheduler' AND x.found = 1 OR x.key = 'gpu.excluded' AND x.value = g.bus OR x.key = 'nvml.status' AND x.value <> 'done')
  )
  SELECT 'machine_other_cards/' || gpu_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         CASE rank WHEN 1 THEN 'gpu-dropped-by-driver' WHEN 2 THEN 'gpu-needs-newer-driver' WHEN 3 THEN 'kernel-module-flavour' WHEN 4 THEN 'nouveau-holds-gpu'
                   ELSE CASE WHEN problem = '52' THEN 'secure-boot-blocks-module' WHEN problem = '22' THEN 'driver-not-loaded' WHEN problem = '28' THEN 'driver-not-installed' WHEN lost THEN 'gpu-lost' ELSE coalesce(logged, 'gpu-init-failed') END END AS rule_id,
         pci || CASE WHEN rank = 3 THEN coalesce((SELECT ' beside ' || min(o.name) FROM observed_gpu o JOIN driver_support a ON a.cc = o.capability AND a.os = 'linux' AND a.modules = l.module_flavour), '') ELSE '' END AS subject,
         CASE rank WHEN 1 THEN card || ' was last driven by branch ' || last_branch || '; driver ' || driver || ' ignores it. '
                   WHEN 2 THEN card || ' needs a driver of branch ' || first_branch || ' or newer; ' || driver || ' ignores it. '
                   WHEN 3 THEN card || ' needs the ' || modules || ' kernel modules; the ' || module_flavour || ' ones are loaded and ignore it. '
                   WHEN 4 THEN card || ' is bound to ' || kernel_driver || ', so NVIDIA''s module cannot take it. '
                   ELSE card || CASE WHEN problem IS NOT NULL THEN CASE problem WHEN '52' THEN ': Windows refuses its driver for its signature' WHEN '22' THEN ' is switched off in the Device Manager' WHEN '28' THEN ': Windows has no driver for it'
                                                                    ELSE ': Windows has stopped it' END || ' (code ' || problem || '). ' WHEN lost THEN ' is lost: NVML says "GPU is lost". ' ELSE ' does not start: NVML counts ' || counted || ' of ' || cards || ' cards. ' ||
                        CASE WHEN line IS NULL THEN '' ELSE line || '. ' END END END ||
         coalesce('Left out as well: ' || (SELECT group_concat(x.card, '; ') FROM left_out x WHERE x.gpu_id <> l.gpu_id) || '. ', '') || others AS summary,
         'observed_gpu/' || gpu_id AS premises
    FROM left_out l;
