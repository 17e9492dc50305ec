-- title: The driver of this machine: installed, loaded, and starting the card
-- question: Is NVIDIA's driver installed, may it load, is it loaded, and does the card start?
-- when: EXISTS (SELECT 1 FROM machine_state WHERE hardware = 1)

CREATE VIEW machine_driver AS
  SELECT 'machine_driver/' || rule_id || '/' || sighting_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         rule_id, subject, summary, CASE WHEN sighting_id > 0 THEN 'observed_sighting/' || sighting_id ELSE 'observed_gpu/' || -sighting_id END AS premises
    FROM (
  SELECT 'unsupported-os' AS rule_id, o.arch AS subject, s.sighting_id, 'This machine is ' || o.arch || ', and CUDA is known here on ' || (SELECT group_concat(arch, ' and ') FROM (SELECT DISTINCT arch FROM build ORDER BY arch DESC)) || ' alone.' AS summary
    FROM machine_state m CROSS JOIN observed_machine o JOIN observed_sighting s ON s.key = 'view'
   WHERE m.card = 1 AND m.works = 0 AND m.tegra = 0 AND o.arch NOT IN ('', 'tegra', 'arm64', 'amd64') AND o.arch NOT IN (SELECT arch FROM build)
  UNION ALL
  SELECT 'driver-not-installed' AS rule_id, 'libcuda' AS subject, s.sighting_id,
         CASE WHEN m.loaded = 1 THEN 'The kernel half of the driver is loaded, but its library libcuda is not installed.'
              WHEN m.os = 'windows' THEN 'There is a card and no NVIDIA driver: Windows drives it with ' || coalesce((SELECT x.value FROM observed_sighting x WHERE x.key = 'pci.driver' LIMIT 1), 'its own') || '.'
              ELSE 'There is a card and no NVIDIA driver: neither libcuda nor a kernel module is installed' || CASE m.nouveau WHEN 1 THEN ', and nouveau drives the screen.' ELSE '.' END END AS summary
    FROM machine_state m JOIN observed_sighting s ON s.key = 'libcuda' AND s.found = 0
   WHERE m.card = 1 AND m.wsl IS NULL AND m.container IS NULL AND m.works = 0 AND EXISTS (SELECT 1 FROM observed_machine o WHERE o.arch IN ('', 'tegra', 'arm64', 'amd64') OR o.arch IN (SELECT arch FROM build))
     AND (m.installed = 0 OR m.loaded = 1 AND m.library = '') AND NOT EXISTS (SELECT 1 FROM observed_sighting u WHERE u.key = 'libcuda.unreached' AND u.found = 1 AND u.place NOT LIKE '%/compat/%')
  UNION ALL
  SELECT 'secure-boot-blocks-module', 'nvidia.ko', min(s.sighting_id), 'The kernel refused the driver''s module for its signature: ' || s.value || '.'
    FROM machine_state m JOIN observed_sighting s ON s.key = 'module.refused' AND s.found = 1 WHERE m.loaded = 0 GROUP BY s.key
  UNION ALL
  SELECT 'nouveau-holds-gpu', s.value, min(s.sighting_id), 'The card is bound to ' || s.value || ', so NVIDIA''s module cannot take it.'
    FROM machine_state m JOIN observed_sighting s ON s.key = 'pci.driver' WHERE m.nouveau = 1 AND s.value NOT IN ('none', 'nvidia') AND m.installed = 1 AND m.works = 0 GROUP BY s.value
  UNION ALL
  SELECT 'nouveau-holds-gpu', g.kernel_driver, g.gpu_id * -1, 'The card is bound to ' || g.kernel_driver || ', so NVIDIA''s module cannot take it.'
    FROM machine_state m JOIN observed_gpu g ON g.kernel_driver NOT IN ('', 'none', 'nvidia', 'vfio-pci', 'nvlddmkm') WHERE m.nouveau = 1 AND m.installed IS NULL AND m.works = 0
  UNION ALL
  SELECT 'nouveau-holds-gpu', 'nouveau', s.sighting_id, 'nouveau is loaded and NVIDIA''s module is not: it came first.'
    FROM machine_state m JOIN observed_sighting s ON s.key = 'module.nouveau' AND s.found = 1
   WHERE m.nouveau = 0 AND m.loaded = 0 AND m.installed = 1 AND m.card = 1 AND CAST(coalesce((SELECT value FROM observed_sighting x WHERE x.key = 'module.nouveau.users' LIMIT 1), '0') AS INTEGER) > 0
  UNION ALL
  SELECT 'driver-not-loaded', coalesce((SELECT x.place FROM observed_sighting x WHERE x.key = 'blacklist.nvidia' AND x.found = 1 LIMIT 1), CASE WHEN u.place IS NOT NULL THEN 'restart: ' || u.place END, 'kernel ' || o.value,
                                      (SELECT 'no module for kernel ' || coalesce(k.value, '') FROM observed_sighting x WHERE m.container IS NULL AND x.key = 'module.nvidia.file' AND x.found = 0 LIMIT 1), 'nvidia.ko'), s.sighting_id,
         CASE WHEN m.container IS NOT NULL THEN 'The host''s kernel has no NVIDIA module loaded, so no container can use the card.'
              WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'blacklist.nvidia' AND x.found = 1)
                THEN 'The driver is installed, and its module is kept from loading by ' || (SELECT x.place FROM observed_sighting x WHERE x.key = 'blacklist.nvidia' AND x.found = 1 LIMIT 1) || '.'
              WHEN u.place IS NOT NULL THEN 'The driver is installed, and the running kernel' || coalesce(', ' || k.value, '') || ', has no modules any more (' || u.place || ' is not there): it was updated, and the machine was not restarted.'
              WHEN o.value IS NOT NULL THEN 'The driver is installed, and DKMS has built its module for kernel ' || o.value || ' and not for the running one' || coalesce(', ' || k.value, '') ||
                     CASE WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'kernel.headers' AND x.found = 0) THEN ', whose headers are missing.' ELSE '.' END
              WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'dkms' AND x.value = 'failed') THEN 'The driver is installed, and DKMS could not build its module for the running kernel' || coalesce(' ' || k.value, '') || '.'
              WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'module.nvidia.file' AND x.found = 0)
                THEN 'The driver is installed, and there is no module of it for the running kernel' || coalesce(' ' || k.value, '') ||
                     CASE WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'kernel.headers' AND x.found = 0) THEN ': the kernel''s headers are missing, so it could not be built.' ELSE '.' END
              WHEN m.os = 'windows' THEN 'The driver is installed, and Windows has not started it' || coalesce(' (code ' || (SELECT x.value FROM observed_sighting x WHERE x.key = 'device.problem' LIMIT 1) || ')', '') || '.'
              ELSE 'The driver is installed, and its kernel module is not loaded.' END
    FROM machine_state m JOIN observed_sighting s ON s.key = 'proc.driver.nvidia' AND s.found = 0
    LEFT JOIN (SELECT value FROM observed_sighting WHERE key = 'kernel.release' LIMIT 1) k
    LEFT JOIN (SELECT place FROM observed_sighting WHERE key = 'kernel.modules' AND found = 0 LIMIT 1) u ON m.container IS NULL
    LEFT JOIN (SELECT max(value) AS value FROM observed_sighting WHERE key = 'dkms.kernel' AND NOT EXISTS (SELECT 1 FROM observed_sighting b WHERE b.key = 'dkms' AND b.value IN ('built', 'installed', 'failed')
                      OR b.key = 'module.nvidia.file' AND b.found = 1)) o
   WHERE m.card = 1 AND m.loaded = 0 AND m.wsl IS NULL AND m.tegra = 0 AND m.works = 0 AND (m.installed = 1 OR m.container IS NOT NULL)
     AND NOT EXISTS (SELECT 1 FROM driver_drives_gpu)
  UNION ALL
  SELECT CASE s.value WHEN '52' THEN 'secure-boot-blocks-module' WHEN '22' THEN 'driver-not-loaded' WHEN '28' THEN 'driver-not-installed' ELSE 'gpu-init-failed' END, s.place, s.sighting_id,
         CASE s.value WHEN '52' THEN 'Windows refuses the driver for its signature' WHEN '22' THEN 'The card is switched off in the Device Manager' WHEN '28' THEN 'Windows has no driver for the card'
                      ELSE 'Windows has stopped the card' END || ' (code ' || s.value || ').'
    FROM machine_state m JOIN observed_sighting s ON s.key = 'device.problem' AND s.value IN ('10', '12', '22', '28', '31', '43', '52') WHERE m.works = 0 AND m.installed = 1
  UNION ALL
  SELECT 'gpu-lost', CASE WHEN w.name IS NULL THEN 'card' ELSE 'one card' END, s.sighting_id,
         CASE WHEN w.name IS NULL THEN 'The driver has lost the card: NVML says "GPU is lost".' ELSE 'The driver has lost one of the cards: NVML says "GPU is lost". ' || w.name || ' answers.' END
    FROM machine_state m JOIN observed_sighting s ON s.key = 'nvml.gpu.code' AND s.value = '15'
    LEFT JOIN (SELECT group_concat(DISTINCT name) AS name FROM observed_gpu WHERE capability <> '') w
   WHERE w.name IS NULL OR EXISTS (SELECT 1 FROM observed_launch) AND NOT EXISTS (SELECT 1 FROM machine_other_cards)  -- doctor alone asks for it beside others, and that view knows more
  UNION ALL
  SELECT 'gpu-init-failed', 'card', s.sighting_id, 'The module has taken the card, and no card started: NVML counts none.'
    FROM machine_state m JOIN observed_sighting s ON s.key = 'nvml.count' AND s.value = '0' WHERE m.card = 1 AND m.loaded = 1 AND m.works = 0 AND m.wsl IS NULL
         );
