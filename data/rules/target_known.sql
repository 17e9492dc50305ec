-- title: What was stated is known
-- question: Are the card, the driver and the system of the question in the data?
-- when: EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1) OR EXISTS (SELECT 1 FROM asked_device WHERE stated = 1 AND (cc_key IS NULL OR NOT EXISTS (SELECT 1 FROM compute_capability c WHERE c.cc = asked_device.cc))) OR EXISTS (SELECT 1 FROM asked_system WHERE os NOT IN ('linux', 'windows', 'wsl') OR arch NOT IN ('x86_64', 'aarch64')) OR EXISTS (SELECT 1 FROM observed_report) OR EXISTS (SELECT 1 FROM asked_device d CROSS JOIN driver_support s WHERE s.cc = d.cc AND s.os = 'windows' AND s.first_branch = '-' AND d.stated = 1)
-- rule: unknown-gpu | unknown | 10 | - | No card of that name, or several cards that differ.
-- rule: unknown-driver | unknown | 12 | - | No driver branch of the data holds that number.
-- rule: unsupported-os | unknown | 8 | - | There is no NVIDIA driver or CUDA build for that system.
-- rule: driver-defect | conditional | 62 | - | A driver release known to fail.
-- source: nvidia-driver-architecture-matrix | CUDA toolkit, driver and architecture matrix

CREATE VIEW target_known AS
  SELECT 'target_known/gpu/' || d.device_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, d.device_id, NULL AS driver_id,
         CASE WHEN v.vendor IS NULL THEN 'unknown-gpu' ELSE 'not-an-nvidia-gpu' END AS rule_id, d.given AS subject,
         CASE WHEN v.vendor IS NULL THEN 'No card called "' || d.given || '" is in the data.' ELSE '"' || d.given || '" is a card of ' || v.vendor || ': CUDA runs on NVIDIA cards only.' END AS summary,
         CASE WHEN v.vendor IS NULL THEN '' ELSE 'other_vendor/' || v.pattern END AS premises
    FROM asked_device d LEFT JOIN other_vendor v ON v.pattern = (SELECT min(o.pattern) FROM other_vendor o WHERE lower(d.given) GLOB o.pattern)
   WHERE d.stated = 1 AND d.cc_key IS NULL
  UNION ALL
  SELECT 'target_known/capability/' || device_id, 'system', NULL, NULL, device_id, NULL, 'unknown-gpu', given,
         'Compute capability ' || cc || ' is not in the data.', ''
    FROM asked_device WHERE stated = 1 AND cc_key IS NOT NULL AND cc_key NOT IN (SELECT cc_key FROM compute_capability)
  UNION ALL
  SELECT 'target_known/driver/' || driver_id, 'system', NULL, driver_os, NULL, driver_id, 'unknown-driver', given,
         'No driver branch of the data holds ' || given || ' on ' || driver_os || '.' ||
         coalesce((SELECT ' It is a number for ' || CASE o.os WHEN 'linux' THEN 'Linux' ELSE 'Windows' END || '.' FROM driver_release o WHERE o.version_key = asked_driver.version_key AND o.os <> driver_os), '') ||
         CASE WHEN version GLOB '*.*.*' AND EXISTS (SELECT 1 FROM asked_system WHERE os = 'linux') AND NOT EXISTS (SELECT 1 FROM asked_system WHERE arch <> 'aarch64')
              THEN ' A Jetson''s comes with Jetson Linux: state its JetPack (' || (SELECT jetpack FROM jetpack ORDER BY jetpack_key DESC LIMIT 1) || ') instead.' ELSE '' END, ''
    FROM asked_driver WHERE stated = 1 AND branch IS NULL AND version IS NOT NULL
  UNION ALL
  SELECT 'target_known/number/' || r.driver_id, 'system', NULL, r.driver_os, NULL, r.driver_id, 'unknown-driver', r.given,
         'Driver ' || r.version || ' is a number for ' || CASE r.driver_os WHEN 'linux' THEN 'Windows' ELSE 'Linux' END || '; no ' ||
         CASE r.driver_os WHEN 'linux' THEN 'Linux' ELSE 'Windows' END || ' driver of that number is in the data.',
         coalesce((SELECT 'driver_release/' || o.version || '/' || o.os FROM driver_release o WHERE o.version_key = r.version_key AND o.os <> r.driver_os), '')
    FROM asked_driver r
   WHERE r.stated = 1 AND r.branch IS NOT NULL AND r.given = r.version
     -- what a probe saw loaded is a driver of that system, whatever the lists of releases hold
     AND NOT EXISTS (SELECT 1 FROM machine_state m WHERE m.hardware = 1 AND m.os = r.driver_os AND m.loaded = 1 AND m.kernel_driver_key = r.version_key)
     AND NOT EXISTS (SELECT 1 FROM driver_release n WHERE n.version_key = r.version_key AND n.os = r.driver_os)
     AND (EXISTS (SELECT 1 FROM driver_release o WHERE o.version_key = r.version_key AND o.os <> r.driver_os)
       OR r.driver_os = 'windows' AND r.version GLOB '*.*.*' AND NOT EXISTS (SELECT 1 FROM driver_release w WHERE w.os = 'windows' AND w.version GLOB '*.*.*'))
  UNION ALL
  SELECT 'target_known/system/' || system_id, 'system', NULL, driver_os, NULL, NULL, 'unsupported-os', os || ' ' || arch,
         'There is no CUDA driver or build for ' || os || ' on ' || arch || ' in the data.', ''
    FROM asked_system WHERE os NOT IN ('linux', 'windows', 'wsl') OR arch NOT IN ('x86_64', 'aarch64')
  UNION ALL
  SELECT 'target_known/board/' || d.device_id || '/' || y.system_id, 'system', NULL, 'windows', d.device_id, NULL, 'unsupported-os', coalesce(d.name, d.given),
         coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ' is a module whose driver comes with Jetson Linux; there is none for ' || y.os || '.', 'driver_support/' || s.cc || '/windows'
    FROM asked_device d JOIN driver_support s ON s.cc_key = d.cc_key AND s.os = 'windows' AND s.first_branch = '-'
    JOIN asked_system y ON y.driver_os = 'windows' WHERE d.stated = 1 AND d.gpu_id IS NULL
  UNION ALL
  SELECT 'target_known/defect/' || r.driver_id, 'system', NULL, r.driver_os, NULL, r.driver_id, 'driver-defect', r.version,
         'Driver ' || r.version || ' is known to fail: ' || f.symptom || '.', 'driver_defect/' || f.first_version || '/' || f.os
    FROM asked_driver r JOIN driver_defect f ON f.os = r.driver_os AND r.version_key BETWEEN f.first_version_key AND f.last_version_key
   WHERE (f.system = '*' OR EXISTS (SELECT 1 FROM asked_system y WHERE y.os = f.system))
     AND (f.platform = '*' OR EXISTS (SELECT 1 FROM asked_target t WHERE t.platform = f.platform))
  UNION ALL
  SELECT 'target_known/nothing', 'system', NULL, NULL, NULL, NULL, 'unknown-gpu', '',
         'The report names no card, no driver and nothing that would run: what decides is missing.', ''
    FROM asked_target
   WHERE jetpack IS NULL AND EXISTS (SELECT 1 FROM observed_report) AND NOT EXISTS (SELECT 1 FROM observed_report WHERE count > 0 AND what NOT IN ('listed-by-driver', 'of-a-framework'))
     AND NOT EXISTS (SELECT 1 FROM asked_device WHERE stated = 1) AND NOT EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1)
     AND NOT EXISTS (SELECT 1 FROM asked_subject) AND NOT EXISTS (SELECT 1 FROM observed_finding);
