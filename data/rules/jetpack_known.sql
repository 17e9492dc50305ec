-- title: JetPack and module
-- question: Does this JetPack exist, and does it drive this module?
-- when: EXISTS (SELECT 1 FROM asked_target WHERE jetpack IS NOT NULL OR platform = 'tegra')
-- source: jetson-stats | NVIDIA_JETPACK and CUDA_TABLE

-- "6" stands for every 6.x, "6.2" for itself and its patches.
CREATE VIEW jetpack_known AS
  WITH release AS MATERIALIZED (
    SELECT j.* FROM asked_target t JOIN jetpack j ON j.jetpack_key = t.jetpack_key OR j.jetpack_key / 1000000000 = t.jetpack_key / 1000000000
        OR t.jetpack NOT GLOB '*.*' AND j.jetpack_key / 1000000000000 = t.jetpack_key / 1000000000000
  )
  SELECT 'jetpack_known/' || t.jetpack AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         'unknown-driver' AS rule_id, 'JetPack ' || t.jetpack AS subject,
         'No JetPack ' || t.jetpack || ' is in the data, which is not the same as impossible.' AS summary, '' AS premises
    FROM asked_target t WHERE t.jetpack IS NOT NULL AND NOT EXISTS (SELECT 1 FROM release)
  UNION ALL
  SELECT 'jetpack_known/' || d.device_id, 'system', NULL, NULL, d.device_id, NULL,
         CASE WHEN NOT EXISTS (SELECT 1 FROM jetpack j WHERE instr(' ' || j.modules || ' ', ' ' || d.cc || ' ') > 0) THEN 'unsupported-os'
              WHEN EXISTS (SELECT 1 FROM jetpack j WHERE instr(' ' || j.modules || ' ', ' ' || d.cc || ' ') > 0 AND j.jetpack_key > t.jetpack_key) THEN 'gpu-needs-newer-driver'
              ELSE 'gpu-dropped-by-driver' END,
         coalesce(d.name, d.given),
         'JetPack ' || t.jetpack || ' does not drive ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ', ' ||
         coalesce((SELECT 'which JetPack ' || a.jetpack || ' to ' || z.jetpack || ' drive.'
                     FROM (SELECT jetpack FROM jetpack WHERE instr(' ' || modules || ' ', ' ' || d.cc || ' ') > 0 AND jetpack_key IS NOT NULL ORDER BY jetpack_key LIMIT 1) a,
                          (SELECT jetpack FROM jetpack WHERE instr(' ' || modules || ' ', ' ' || d.cc || ' ') > 0 AND jetpack_key IS NOT NULL ORDER BY jetpack_key DESC LIMIT 1) z),
                  'which is no Jetson module: JetPack serves its own boards only.'),
         (SELECT group_concat('jetpack/' || l4t, ' ') FROM (SELECT l4t FROM release ORDER BY l4t LIMIT 3))
    FROM asked_target t CROSS JOIN asked_device d
   WHERE t.jetpack IS NOT NULL AND d.stated = 1 AND d.cc IS NOT NULL AND EXISTS (SELECT 1 FROM release)
     AND NOT EXISTS (SELECT 1 FROM release j JOIN compute_capability c ON c.cc_key = d.cc_key OR c.renamed_to_key = d.cc_key
                      WHERE instr(' ' || j.modules || ' ', ' ' || c.cc || ' ') > 0)
  UNION ALL
  -- the JetPack open: a card of no board
  SELECT 'jetpack_known/tegra/' || d.device_id, 'system', NULL, NULL, d.device_id, NULL, 'unsupported-os', coalesce(d.name, d.given),
         'A Jetson (tegra) was stated, and ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ' is no Jetson module: JetPack serves its own boards only.',
         (SELECT 'jetpack/' || l4t FROM jetpack WHERE jetpack_key IS NOT NULL ORDER BY l4t_key DESC LIMIT 1)
    FROM asked_target t CROSS JOIN asked_device d
   WHERE t.jetpack IS NULL AND t.platform = 'tegra' AND d.stated = 1 AND d.cc IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM jetpack j JOIN compute_capability c ON c.cc_key = d.cc_key OR c.renamed_to_key = d.cc_key
                      WHERE instr(' ' || j.modules || ' ', ' ' || c.cc || ' ') > 0);
