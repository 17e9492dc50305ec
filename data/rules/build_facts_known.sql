-- title: What is known of the build
-- question: Are the facts about the build that decide in the data: its images, its CUDA release?
-- when: EXISTS (SELECT 1 FROM asked_build WHERE kind = 'package' AND device = 'cuda' AND (list_id IS NULL OR cuda_key IS NULL))
-- rule: unknown-build | unknown | 20 | - | The build, or the fact about it that decides, is not in the data; that is not the same as impossible.
-- source: pytorch-wheel-index | listing of every wheel
-- source: pypi | listing of every wheel

CREATE VIEW build_facts_known AS
  SELECT 'build_exists/images/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         d.device_id, NULL AS driver_id, 'unknown-build' AS rule_id, b.package AS subject,
         'Which images ' || b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END || ' holds is not in the data.' AS summary,
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel AS premises
    FROM asked_build b CROSS JOIN asked_device d JOIN package p ON p.package = b.package
   WHERE b.kind = 'package' AND b.device = 'cuda' AND b.list_id IS NULL AND p.runtime_compiler = '-' AND d.stated = 1
  UNION ALL
  SELECT 'build_exists/runtime/' || b.candidate_id, 'candidate', b.candidate_id, b.driver_os, NULL, r.driver_id, 'unknown-build', b.package,
         'Which CUDA release ' || b.package || ' ' || b.version || ' needs is not in the data.',
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel
    FROM asked_build b CROSS JOIN asked_driver r
   WHERE b.kind = 'package' AND b.device = 'cuda' AND b.cuda_key IS NULL AND r.stated = 1 AND r.driver_os = b.driver_os;
