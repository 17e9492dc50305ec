-- title: What keeps a program from a card that starts
-- question: Is the card visible, free, licensed, and its fabric up?
-- when: EXISTS (SELECT 1 FROM machine_state WHERE hardware = 1)

-- The fabric manager's version by its log, else by its package, where the driver's is another.
CREATE VIEW fabric_of_another AS
  SELECT x.value FROM machine_state m JOIN observed_sighting x ON x.key IN ('nvidia-fabricmanager.version', 'nvidia-fabricmanager.package') AND x.found = 1
   WHERE m.kernel_driver IS NOT NULL AND x.value <> m.kernel_driver ORDER BY x.key DESC LIMIT 1;

CREATE VIEW machine_cards AS
  SELECT 'machine_cards/' || rule_id || '/' || premise AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         rule_id, subject, summary, premise AS premises
    FROM (
  SELECT 'fabric-manager-down' AS rule_id, 'nvidia-fabricmanager' || coalesce(' ' || (SELECT value FROM fabric_of_another), '') AS subject, 'observed_sighting/' || s.sighting_id AS premise,
         'The NVSwitch fabric is not up' || coalesce(' (' || (SELECT x.value FROM observed_sighting x WHERE x.key IN ('gpu.fabric', 'fabric.state') LIMIT 1) || ')', '') || ': ' ||
         CASE WHEN EXISTS (SELECT 1 FROM fabric_of_another)
                THEN 'the fabric manager is ' || (SELECT value FROM fabric_of_another) || ' and the driver ' || m.kernel_driver || '; both must be of one version.'
              WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'nvidia-fabricmanager.unit' AND x.found = 0) THEN 'the fabric manager is not installed.'
              WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'nvidia-fabricmanager.active' AND x.found = 0) THEN 'the fabric manager is not running.'
              ELSE 'cuInit gives 802.' END AS summary
    FROM machine_state m JOIN observed_sighting s ON s.key = 'libcuda.init' AND s.value = '802'
      OR s.key = 'nvidia-fabricmanager.active' AND s.found = 0 AND m.works = 0 AND EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'pci.nvswitch' AND x.found = 1)
      OR s.key = 'gpu.fabric' AND s.value <> 'completed' AND m.works = 0
      OR s.key = 'fabric.state' AND lower(s.value) IN ('in progress', 'not started') AND NOT EXISTS (SELECT 1 FROM asked_target WHERE available = 'true') WHERE m.loaded IS NOT 0 GROUP BY m.os HAVING min(s.key) IS NOT NULL
  UNION ALL
  SELECT 'mig-without-instance', g.name, 'observed_gpu/' || g.gpu_id, g.name || ' is in MIG mode and has no instance: CUDA ' || CASE m.works WHEN 0 THEN 'sees no card.' ELSE 'does not see it. ' || (SELECT group_concat(DISTINCT o.name) FROM observed_gpu o WHERE o.gpu_id <> g.gpu_id) || ' works.' END
    FROM machine_state m JOIN observed_gpu g ON g.mig = 'enabled' AND g.mig_instances = 0
   WHERE m.works = 0 OR EXISTS (SELECT 1 FROM observed_launch) AND m.container IS NULL AND NOT EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key IN ('scheduler', 'env.CUDA_VISIBLE_DEVICES') AND x.found = 1)  -- doctor alone: programs get the other cards
  UNION ALL
  SELECT 'vgpu-unlicensed', g.name, 'observed_gpu/' || g.gpu_id, g.name || ' is a virtual card without a licence' ||
         CASE WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'nvidia-gridd.active' AND x.found = 0) THEN ': the licence daemon nvidia-gridd is not running.'
              WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'vgpu.token' AND x.found = 0) THEN ': there is no client token.' ELSE '.' END
    FROM observed_gpu g WHERE g.licence = 'unlicensed'
  UNION ALL
  SELECT 'device-busy', g.name, 'observed_gpu/' || g.gpu_id,
         CASE WHEN g.compute_mode LIKE 'Prohibited%' THEN 'The compute mode of ' || g.name || ' is Prohibited: no program may use it.'
              ELSE 'The compute mode of ' || g.name || ' is ' || replace(g.compute_mode, '_', ' ') || ', and another program holds it (' || (g.memory_mib - g.free_mib) || ' MiB in use).' END
    FROM observed_gpu g CROSS JOIN doctor_limit l
   WHERE NOT EXISTS (SELECT 1 FROM observed_gpu o WHERE NOT (o.compute_mode LIKE 'Prohibited%' OR o.compute_mode LIKE 'E%' AND o.memory_mib - o.free_mib > l.value)) AND l.name = 'used-by-a-program'
  UNION ALL
  SELECT 'device-hidden', 'CUDA_VISIBLE_DEVICES', 'observed_sighting/' || s.sighting_id,
         'CUDA_VISIBLE_DEVICES is ' || CASE s.value WHEN '' THEN 'empty' ELSE '"' || s.value || '"' END ||
         CASE WHEN d.value IS NOT NULL THEN ' and names card ' || d.value || ' twice: CUDA then shows no card at all.'
              WHEN l.value IS NOT NULL THEN ': "' || r.value || '" names no card here and ends the list, so programs get ' ||
                CASE c.value WHEN '0' THEN 'no card; the list names ' || l.value || ' behind that.' ELSE c.value || ' of the ' || (c.value + l.value) || ' cards that it names.' END
              WHEN s.value LIKE '%,%' AND r.value <> s.value THEN ': "' || r.value || '" names no card here and ends the list, so programs get no card' || coalesce(' of the ' || nullif(t.value, '1') || ' here', '') || '.'
              ELSE ' and names none of the ' || CASE t.value WHEN '1' THEN 'cards here, which is one, number 0' ELSE coalesce(t.value || ' ', '') || 'cards here' END || '.' END
    FROM machine_state m JOIN observed_sighting s ON s.key = 'env.CUDA_VISIBLE_DEVICES' AND s.found = 1 JOIN observed_sighting c ON c.key = 'visible.count'
    LEFT JOIN observed_sighting t ON t.key = 'visible.total' LEFT JOIN observed_sighting r ON r.key = 'visible.refused'
    LEFT JOIN observed_sighting d ON d.key = 'visible.repeated' LEFT JOIN observed_sighting l ON l.key = 'visible.lost'
   WHERE c.value = '0' AND m.works = 0 OR c.value <> '0' AND l.value IS NOT NULL AND EXISTS (SELECT 1 FROM observed_launch)  -- doctor alone: programs get the cards before the cut
  UNION ALL
  SELECT 'device-hidden', 'NVIDIA_VISIBLE_DEVICES', 'observed_sighting/' || s.sighting_id, 'NVIDIA_VISIBLE_DEVICES is "' || s.value || '": the container was asked to be started without a card.'
    FROM machine_state m JOIN observed_sighting s ON s.key = 'env.NVIDIA_VISIBLE_DEVICES' AND s.value IN ('none', 'void', '') WHERE m.container IS NOT NULL AND m.works = 0 AND s.found = 1
  UNION ALL
  SELECT 'driver-defect', 'cuInit', 'observed_sighting/' || s.sighting_id, 'cuInit gives 500, "named symbol not found": a driver release that is known to fail' || coalesce(' (' || m.kernel_driver || ')', '') || '.'
    FROM machine_state m JOIN observed_sighting s ON s.key = 'libcuda.init' AND s.value = '500'
         );

CREATE VIEW sentence_observed_gpu AS
  SELECT gpu_id, name || CASE compute_mode WHEN '' THEN '' ELSE ', compute mode ' || compute_mode END || CASE mig WHEN '' THEN '' ELSE ', MIG ' || mig END ||
         CASE licence WHEN '' THEN '' ELSE ', licence ' || licence END || coalesce(', ' || free_mib || ' MiB free', '') || '.' AS sentence, '' AS source_id, '' AS locator
    FROM observed_gpu;
