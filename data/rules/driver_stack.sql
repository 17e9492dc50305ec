-- title: Kernel driver and CUDA driver apart
-- question: May a CUDA driver of this version sit on that kernel driver?
-- when: EXISTS (SELECT 1 FROM asked_target WHERE cuda_driver IS NOT NULL)
-- rule: forward-compat-in-use | conditional | 45 | - | A CUDA driver newer than the kernel driver's own: forward compatibility, which the vendor allows on data-center cards only.
-- rule: driver-stack-mismatch | incompatible | 40 | 803 | User-mode and kernel half of the driver are of different versions.
-- rule: forward-compat-unsupported | incompatible | 42 | 804 | Forward compatibility is not allowed on this card.
-- source: nvidia-forward-compatibility | Forward compatibility: supported hardware and matrix

CREATE VIEW driver_stack AS
  WITH pair AS MATERIALIZED (
    SELECT d.device_id, d.stated, coalesce(d.name, d.given) AS card, d.class, r.driver_id, r.driver_os, r.version, r.branch, r.max_cuda, t.cuda_driver,
           c.allowed, f.status, s.cc, s.last_branch, u.branch AS user_branch,
           CASE
             WHEN t.cuda_driver_key < r.max_cuda_key THEN 1
             WHEN r.driver_os = 'windows' THEN 2
             WHEN d.stated = 1 AND c.allowed = 'no' THEN 2
             WHEN d.stated = 1 AND u.branch_key > s.last_branch_key THEN 4            -- the newer half must know the card too
             ELSE 3
           END AS rank
      FROM asked_target t CROSS JOIN asked_driver r CROSS JOIN asked_device d
      LEFT JOIN forward_compatibility_class c ON c.class = d.class
      LEFT JOIN forward_compatibility f ON f.cuda_key = t.cuda_driver_key AND f.kernel_branch_key = r.branch_key
      LEFT JOIN driver_support s ON s.cc_key = d.cc_key AND s.os = r.driver_os
      LEFT JOIN driver_branch u ON u.os = r.driver_os AND u.branch_key = (SELECT min(g.branch_key) FROM driver_branch g WHERE g.os = r.driver_os AND g.max_cuda_key = t.cuda_driver_key)
     WHERE r.stated = 1 AND r.version IS NOT NULL AND t.cuda_driver_key IS NOT NULL AND t.cuda_driver_key <> r.max_cuda_key
  )
  SELECT 'driver_stack/' || version || '/' || cuda_driver || '/' || device_id AS conclusion_id,
         'system' AS scope, NULL AS scope_key, driver_os, device_id, driver_id,
         CASE rank WHEN 1 THEN 'driver-stack-mismatch' WHEN 3 THEN 'forward-compat-in-use' ELSE 'forward-compat-unsupported' END AS rule_id,
         cuda_driver AS subject,
         CASE rank
           WHEN 1 THEN 'Kernel driver ' || version || ' brings CUDA ' || max_cuda || ', but the CUDA driver in use says ' || cuda_driver || ': the two halves do not belong together.'
           WHEN 2 THEN 'CUDA ' || cuda_driver || ' on kernel driver ' || version || ' (CUDA ' || max_cuda || ') is forward compatibility, which '
             || CASE driver_os WHEN 'windows' THEN 'does not exist on Windows.' ELSE coalesce(card, 'this card') || ' does not support.' END
           WHEN 4 THEN 'The libcuda of CUDA ' || cuda_driver || ' is of branch ' || user_branch || ', which no longer knows ' || card || ' (' || cc || '): branch ' || last_branch || ' is the last that does, whatever kernel driver lies below.'
           ELSE 'CUDA ' || cuda_driver || ' on kernel driver ' || version || ' (CUDA ' || max_cuda || ') rests on cuda-compat, which is for data-center cards; '
             || CASE status WHEN 'compatible' THEN 'the vendor lists this pair.' WHEN 'incompatible' THEN 'the vendor lists this pair as incompatible.' ELSE 'the vendor does not list this pair.' END
         END AS summary,
         'driver_branch/' || branch || '/' || driver_os ||
         CASE rank WHEN 4 THEN ' driver_branch/' || user_branch || '/' || driver_os || ' driver_support/' || cc || '/' || driver_os ELSE '' END ||
         CASE WHEN status IS NOT NULL THEN ' forward_compatibility/' || cuda_driver || '/' || branch ELSE '' END ||
         CASE WHEN allowed IS NOT NULL THEN ' forward_compatibility_class/' || class ELSE '' END AS premises
    FROM pair
   WHERE NOT (rank = 1 AND EXISTS (SELECT 1 FROM machine_state m WHERE m.hardware = 1 AND (m.works = 1 OR m.library = 'compat' AND m.loaded = 1 AND m.wsl IS NULL
                AND EXISTS (SELECT 1 FROM observed_library l WHERE l.wins = 1 AND l.name = 'libcuda' AND l.kind = 'compat' AND l.version_key < m.kernel_driver_key))));  -- it is seen to start, or machine_libraries names the library
