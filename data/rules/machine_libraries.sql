-- title: The driver's libraries
-- question: Is the libcuda that a program gets the one of the kernel driver?
-- when: EXISTS (SELECT 1 FROM machine_state WHERE hardware = 1 AND works = 0)

CREATE VIEW machine_libraries AS
  SELECT 'machine_libraries/' || rule_id || '/' || sighting_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         rule_id, subject, summary, 'observed_sighting/' || sighting_id AS premises
    FROM (
  SELECT 'library-missing' AS rule_id, rtrim(rtrim(s.place, replace(s.place, '/', '')), '/') AS subject, min(s.sighting_id) AS sighting_id,
         'The driver''s libcuda is there (' || s.place || '), where the loader does not look.' AS summary
    FROM machine_state m JOIN observed_sighting s ON s.key = 'libcuda.unreached' AND s.found = 1 AND s.place NOT LIKE '%/compat/%' AND s.place NOT LIKE '/usr/lib/wsl/%'
   WHERE m.library = '' AND m.os = 'linux' AND m.wsl IS NULL GROUP BY m.os
  UNION ALL
  SELECT 'library-shadowed' AS rule_id, 'libcuda' AS subject, min(s.sighting_id) AS sighting_id,
         'The loader takes ' || s.place || ', which is ' || CASE m.library WHEN 'stub' THEN 'a stub for linking' ELSE 'an empty file' END || ' and no driver' ||
         coalesce('; it finds it by ' || (SELECT x.value FROM observed_sighting x WHERE x.key = 'libcuda.by'), '') || '.' AS summary
    FROM machine_state m JOIN observed_sighting s ON s.key = 'libcuda' AND s.found = 1 WHERE m.library IN ('stub', 'empty') AND m.installed = 1
  UNION ALL
  SELECT 'library-shadowed', 'libcuda', min(s.sighting_id), 'The loader takes ' || l.path || ' (' || l.version || '), a cuda-compat library older than the kernel driver ' || m.kernel_driver ||
         ', and not the driver''s own libcuda' || CASE l.found_by WHEN '' THEN '' WHEN 'default' THEN '' ELSE '; it finds it by ' || l.found_by END || '. cuda-compat only carries newer CUDA to an older driver: take it out of the library path.'
    FROM machine_state m JOIN observed_library l ON l.wins = 1 AND l.name = 'libcuda' AND l.kind = 'compat' AND l.version_key < m.kernel_driver_key
    JOIN observed_sighting s ON s.key = 'libcuda' AND s.found = 1 WHERE m.wsl IS NULL AND m.os = 'linux' AND m.loaded = 1 GROUP BY m.os
  UNION ALL
  SELECT 'wsl-driver-shadowed', 'libcuda', min(s.sighting_id), 'The loader takes ' || s.place || coalesce(' (' || nullif(s.value, '') || ')', '') || ', a Linux driver''s library, and not the one that Windows brings in /usr/lib/wsl/lib.'
    FROM machine_state m JOIN observed_sighting s ON s.key = 'libcuda' AND s.found = 1
   WHERE m.wsl IS NOT NULL AND m.library IN ('system', 'compat') AND EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'wsl.libcuda' AND x.found = 1 OR x.key = 'libcuda.other' AND x.value = 'wsl')
  UNION ALL
  SELECT 'driver-stack-mismatch', 'libcuda', s.sighting_id, 'The kernel driver is ' || m.kernel_driver || ' and ' || l.name || ' is ' || l.version || ': the two halves of the driver are of different versions, as after an update without a restart.'
    FROM machine_state m JOIN observed_library l ON l.wins = 1 AND l.name IN ('libcuda', 'libnvidia-ml') AND l.kind IN ('system', 'injected')
    JOIN observed_sighting s ON s.key = l.name AND s.found = 1
   WHERE m.wsl IS NULL AND m.os = 'linux' AND l.version_key <> m.kernel_driver_key AND m.loaded = 1 GROUP BY m.os HAVING min(l.name) IS NOT NULL
  UNION ALL
  SELECT 'driver-stack-mismatch', 'driver', min(s.sighting_id), CASE s.key WHEN 'nvml.init' THEN 'NVML says "Driver/library version mismatch".' ELSE 'cuInit gives 803: the two halves of the driver are of different versions.' END
    FROM machine_state m JOIN observed_sighting s ON s.key = 'nvml.init' AND s.value = '18' OR s.key = 'libcuda.init' AND s.value = '803' WHERE m.wsl IS NULL
     AND NOT EXISTS (SELECT 1 FROM observed_library l WHERE l.wins = 1 AND l.name IN ('libcuda', 'libnvidia-ml') AND (l.kind IN ('system', 'injected') AND l.version_key <> m.kernel_driver_key
                                                                                       OR l.kind = 'compat' AND l.version_key < m.kernel_driver_key)) GROUP BY m.os
  UNION ALL
  SELECT CASE m.library WHEN 'compat' THEN 'forward-compat-unsupported' ELSE 'driver-stack-mismatch' END, 'libcuda', s.sighting_id,
         CASE m.library WHEN 'compat' THEN 'The loader takes ' || coalesce((SELECT x.place FROM observed_sighting x WHERE x.key = 'libcuda'), 'a cuda-compat library') || ', a forward-compatibility package, and cuInit gives 804: this card does not support it.'
              ELSE 'cuInit gives 804 without a cuda-compat package: the loaded module is older than the driver''s files.' END
    FROM machine_state m JOIN observed_sighting s ON s.key = 'libcuda.init' AND s.value = '804'
         ) WHERE sighting_id IS NOT NULL;
