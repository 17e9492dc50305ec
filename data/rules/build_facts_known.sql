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
  -- one verdict, the driver stated or not: where the release is known between two, the floor of the older rules out, that of the newer is sure
  SELECT 'build_exists/runtime/' || b.candidate_id || '/' || r.driver_id, 'candidate', b.candidate_id, b.driver_os, NULL, r.driver_id,
         CASE WHEN g.package IS NULL THEN 'unknown-build' WHEN r.version_key < f.least_key THEN 'driver-too-old'
              WHEN r.version_key >= coalesce(l.least_sure_key, l.least_key) OR r.version_key IS NULL AND r.max_cuda_key >= g.last_cuda_key THEN 'driver-sufficient' ELSE 'sources-disagree' END, b.package,
         CASE WHEN g.package IS NULL THEN 'Which CUDA release ' || b.package || ' ' || b.version || ' needs is not in the data.'
              ELSE b.package || ' ' || b.version || ' is for CUDA ' || g.first_cuda || ' to ' || g.last_cuda || ', and which of them its files take is not said: those need driver ' || f.least || ' to ' || l.least || ' or newer.' END,
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel || coalesce(' build_cuda_range/' || g.package || '/' || g.version, '')
    FROM asked_build b CROSS JOIN asked_driver r LEFT JOIN build_cuda_range g ON g.package = b.package AND g.version_key = b.version_key
    LEFT JOIN runtime_floor f ON f.cuda_key = g.first_cuda_key AND f.driver_os = b.driver_os
    LEFT JOIN runtime_floor l ON l.cuda_key = g.last_cuda_key AND l.driver_os = b.driver_os
   WHERE b.kind = 'package' AND b.device = 'cuda' AND b.cuda_key IS NULL AND r.driver_os = b.driver_os AND (r.stated = 1 OR g.package IS NULL);
