-- title: The driver's device files
-- question: Are the files there through which programs reach the driver, and may this user open them?
-- when: EXISTS (SELECT 1 FROM machine_state WHERE hardware = 1 AND works = 0)

CREATE VIEW machine_device_files AS
  SELECT 'machine_device_files/' || rule_id || '/' || sighting_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         rule_id, subject, summary, 'observed_sighting/' || sighting_id AS premises
    FROM (
  SELECT 'device-node-missing' AS rule_id, s.place AS subject, min(s.sighting_id) AS sighting_id,
         s.place || ' is not there' || CASE WHEN m.container IS NOT NULL THEN ': the container was started without this card.'
                                            WHEN m.maker = 'missing' THEN ', and nvidia-modprobe, which makes it, is not installed.'
                                            ELSE ', and nvidia-modprobe may not make it.' END AS summary
    FROM machine_state m JOIN observed_sighting s ON s.key IN ('dev.nvidiactl', 'dev.nvidia0') AND s.found = 0
   WHERE m.loaded = 1 AND m.os <> 'windows' AND (m.container IS NOT NULL OR coalesce(m.maker, 'missing') <> 'setuid')
     AND (m.container IS NULL OR EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'container.mount' AND x.found = 1)) GROUP BY m.loaded
  UNION ALL
  SELECT 'container-lost-gpu', s.place, min(s.sighting_id), 'The container may no longer open ' || s.place || ' (' || s.value || '), although it is there: its rights were taken away while it ran.'
    FROM machine_state m JOIN observed_sighting s ON s.key IN ('dev.nvidiactl', 'dev.nvidia-uvm', 'dev.nvidia0') AND s.value = 'EPERM' WHERE m.container IS NOT NULL GROUP BY m.container
  UNION ALL
  SELECT 'device-permission', coalesce((SELECT CASE WHEN x.value GLOB '0?[0145]*' OR x.value GLOB '* *:0' THEN substr(x.value, 1, 4) || ' of ' || s.place ELSE (SELECT g.value FROM observed_sighting g WHERE g.key = s.key || '.group') END
                                          FROM observed_sighting x WHERE x.key = s.key || '.mode' AND s.value <> 'EPERM' AND s.key LIKE 'dev.nvidia%'), s.place), min(s.sighting_id),
         'This user may not open ' || s.place || CASE s.value WHEN 'EPERM' THEN ' (EPERM: a policy or control group forbids it)' ELSE '' END ||
         coalesce(' (mode and owner ' || (SELECT x.value || coalesce(', group ' || (SELECT g.value FROM observed_sighting g WHERE g.key = s.key || '.group'), '') FROM observed_sighting x WHERE x.key = s.key || '.mode') || ')', '') || '.'
    FROM machine_state m JOIN observed_sighting s ON s.found = 1 AND (s.key IN ('dev.nvidiactl', 'dev.nvidia-uvm', 'dev.nvidia0', 'dev.dxg', 'dev.nvmap', 'dev.nvhost-ctrl-gpu')
                                                                      AND s.value IN ('none', 'r', 'w', 'EACCES') OR s.key IN ('dev.nvidiactl', 'dev.nvidia-uvm') AND s.value = 'EPERM' AND m.container IS NULL)
   GROUP BY m.os
  UNION ALL
  SELECT 'device-permission', '/dev/nvidia*', s.sighting_id, 'NVML says "Insufficient Permissions".' FROM observed_sighting s WHERE s.key = 'nvml.init' AND s.value = '4'
     AND NOT EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key IN ('dev.nvidiactl', 'dev.nvidia-uvm', 'dev.nvidia0', 'dev.dxg') AND x.value IN ('none', 'r', 'w', 'EACCES', 'EPERM'))
  UNION ALL
  SELECT 'uvm-not-ready', '/dev/nvidia-uvm', s.sighting_id,
         CASE s.key WHEN 'dev.nvidia-uvm.stale' THEN '/dev/nvidia-uvm belongs to an earlier load of the module (number ' || s.value || coalesce(', now ' || (SELECT x.value FROM observed_sighting x WHERE x.key = 'major.nvidia-uvm'), '') || ').'
                    WHEN 'dev.nvidia-uvm' THEN CASE s.found WHEN 1 THEN '/dev/nvidia-uvm does not open (' || s.value || ').' ELSE '/dev/nvidia-uvm is not there; nvidia-smi does not need it, CUDA does.' END
                    ELSE 'cuInit gives 999 while NVML is fine: the module nvidia_uvm is stale, as after a suspend.' END
    FROM machine_state m JOIN observed_sighting s ON s.key = 'dev.nvidia-uvm.stale' OR s.key = 'dev.nvidia-uvm' AND s.found = 1 AND s.value IN ('ENXIO', 'EIO', 'ENODEV')
      OR s.key = 'dev.nvidia-uvm' AND s.found = 0 AND (m.init IS NOT NULL OR m.container IS NOT NULL OR coalesce(m.maker, 'missing') <> 'setuid') OR s.key = 'libcuda.init' AND s.value = '999' AND NOT EXISTS (SELECT 1 FROM observed_sighting x
           WHERE x.key = 'nvml.init' AND x.value <> '0' OR x.key = 'nvml.gpu.code' AND x.value <> '0' OR x.key = 'nvml.count' AND x.value = '0'
              OR x.key IN ('dev.nvidia-uvm', 'dev.nvidiactl', 'dev.nvidia0') AND x.value IN ('none', 'r', 'w', 'EACCES', 'EPERM'))
   WHERE m.loaded = 1 AND m.os = 'linux' AND NOT EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'dev.nvidiactl' AND x.found = 0)
   GROUP BY m.os HAVING min(CASE s.key WHEN 'dev.nvidia-uvm.stale' THEN 1 WHEN 'dev.nvidia-uvm' THEN 2 ELSE 3 END) IS NOT NULL
         ) WHERE sighting_id IS NOT NULL;
