-- title: One driver for all of it
-- question: With the driver open: is there one that drives every stated card and runs the build?
-- when: NOT EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1) AND EXISTS (SELECT 1 FROM asked_device d JOIN capability_driver c ON c.cc_key = d.cc_key WHERE d.stated = 1 AND c.below_key IS NOT NULL)
-- source: nvidia-driver-architecture-matrix | CUDA toolkit, driver and architecture matrix
-- source: nvidia-toolkit-release-notes | Table 2 (minor version compatibility) and Table 3 (toolkit driver versions)

-- Cards that newer branches dropped, beside what asks for a newer driver: another card of the machine, or the build, where
-- one of its images would run (without an image the card is out already, and that says more).
CREATE VIEW driver_serves_all AS
  WITH dropped AS MATERIALIZED (
    SELECT d.device_id, d.position, d.apart, d.cc, d.cc_key, coalesce(d.name, d.given) AS card, c.driver_os, c.below_key, c.last_branch
      FROM asked_device d JOIN capability_driver c ON c.cc_key = d.cc_key
     WHERE d.stated = 1 AND c.below_key IS NOT NULL
  ), other AS MATERIALIZED (                                       -- of a name that fits several cards the least demanding
    SELECT o.position, c.driver_os, coalesce(o.name, o.given) || CASE coalesce(o.name, o.given) WHEN o.cc THEN '' ELSE ' (' || o.cc || ')' END AS card, min(c.min_key) AS min_key, c.min_driver
      FROM asked_device o JOIN capability_driver c ON c.cc_key = o.cc_key WHERE o.stated = 1 AND o.apart = 0 GROUP BY o.position, c.driver_os
  )
  SELECT 'driver_serves_all/' || b.candidate_id || '/' || x.device_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key,
         x.driver_os, x.device_id, NULL AS driver_id, 'gpu-dropped-by-driver' AS rule_id, x.card AS subject,
         'No driver drives both: ' || o.card || ' needs ' || o.min_driver || ' or newer, and ' || x.card || ' (' || x.cc ||
         ') was last driven by branch ' || x.last_branch || '.' AS summary,
         'driver_support/' || x.cc || '/' || x.driver_os AS premises
    FROM dropped x JOIN other o ON x.apart = 0 AND o.position <> x.position AND o.driver_os = x.driver_os AND o.min_key >= x.below_key
    JOIN asked_build b ON b.driver_os = x.driver_os
   GROUP BY b.candidate_id, x.device_id
  UNION ALL
  SELECT 'driver_serves_all/runtime/' || b.candidate_id || '/' || x.device_id, 'candidate', b.candidate_id, x.driver_os, x.device_id, NULL,
         'driver-too-old', b.cuda,
         'No driver does both: CUDA ' || f.cuda || ' needs ' || f.least || ' or newer, and ' || x.card || ' (' || x.cc ||
         ') was last driven by branch ' || x.last_branch || '.',
         'driver_support/' || x.cc || '/' || x.driver_os || coalesce((SELECT ' toolkit_min_driver/' || m.cuda || '/' || m.os FROM toolkit_min_driver m WHERE m.cuda = f.cuda AND m.os = f.driver_os), '')
    FROM dropped x JOIN asked_build b ON b.driver_os = x.driver_os
    JOIN runtime_floor f ON f.cuda_key = b.cuda_key / 1000000000 * 1000000000 AND f.driver_os = b.driver_os
   WHERE f.least_key >= x.below_key AND b.kind <> 'cuda' AND b.package NOT IN (SELECT package FROM package WHERE runtime_compiler <> '-')
     AND (b.list_id IS NULL OR (SELECT l.confidence FROM image_list l WHERE l.list_id = b.list_id) = 'unsure' OR EXISTS (SELECT 1 FROM image_taken i WHERE i.list_id = b.list_id AND i.driver_os = b.driver_os AND i.device_id = x.device_id AND i.rank < 50))
  UNION ALL
  SELECT 'driver_serves_all/ptx/' || b.candidate_id || '/' || x.device_id, 'candidate', b.candidate_id, x.driver_os, x.device_id, NULL,
         'ptx-newer-than-driver', i.target,
         'No driver does both: PTX ISA ' || i.isa || ' needs ' || p.min_driver || ' or newer, and ' || x.card || ' (' || x.cc ||
         ') was last driven by branch ' || x.last_branch || '.',
         'driver_support/' || x.cc || '/' || x.driver_os
    FROM dropped x JOIN asked_build b ON b.driver_os = x.driver_os
    JOIN image_taken i ON i.list_id = b.list_id AND i.driver_os = b.driver_os AND i.device_id = x.device_id AND i.rank IN (20, 21)
    JOIN isa_driver p ON p.isa = i.isa AND p.driver_os = i.driver_os
   WHERE p.min_key >= x.below_key
  UNION ALL
  SELECT 'driver_serves_all/defect/' || y.system_id || '/' || x.device_id, 'candidate', b.candidate_id, x.driver_os, x.device_id, NULL,
         'driver-defect', x.card,
         'Every driver that drives ' || x.card || ' (' || x.cc || ') is known to fail: ' || f.symptom || '. It was last driven by branch ' || x.last_branch || '.',
         'driver_support/' || x.cc || '/' || x.driver_os || ' driver_defect/' || f.first_version || '/' || f.driver_os
    FROM dropped x JOIN asked_build b ON b.driver_os = x.driver_os JOIN asked_system y ON y.system_id = b.system_id
    JOIN capability_defect f ON f.cc_key = x.cc_key AND f.driver_os = x.driver_os AND f.system = y.os;
