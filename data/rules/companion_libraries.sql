-- title: CUDA libraries of a companion
-- question: Does what loads CUDA's libraries, and brings none, find its own major beside the framework?
-- when: (SELECT count(DISTINCT package) FROM asked_subject WHERE kind = 'package') > 1
-- rule: companion-brings-other-cuda | caveat | 0 | - | A package that brings no CUDA libraries stands beside a framework that brings those of another major.
-- source: ort-cuda-doc | Compatibility with PyTorch

-- A candidate has the caveat where no build of the other package that was asked for is of its major. An extra brings the libraries (onnxruntime-gpu[cuda,cudnn]).
CREATE VIEW companion_libraries AS
  WITH lender AS MATERIALIZED (
    SELECT s.subject_id, f.subject_id AS framework_id
      FROM shared_runtime h JOIN asked_subject s ON s.package = h.package JOIN asked_subject f ON f.package = h.framework
     WHERE h.binds = 'may' AND s.kind = 'package' AND f.kind = 'package' AND s.installed = 0 AND s.extra IS NULL
  ), side AS (
    SELECT subject_id, framework_id AS other_id FROM lender UNION ALL SELECT framework_id, subject_id FROM lender
  ), major AS MATERIALIZED (
    SELECT DISTINCT b.subject_id, b.system_id, b.cuda_key / 1000000000000 AS major FROM asked_build b
     WHERE b.device = 'cuda' AND b.cuda_key IS NOT NULL AND b.subject_id IN (SELECT subject_id FROM side)
  )
  SELECT 'companion_libraries/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         'companion-brings-other-cuda' AS rule_id, o.package AS subject,
         b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END || ' is of CUDA ' || (b.cuda_key / 1000000000000) || ', and ' || o.package || coalesce(' ' || o.version, '') || coalesce('+' || o.tag, '') ||
         ' of CUDA ' || (SELECT group_concat(m.major, ' or ') FROM major m WHERE m.subject_id = o.subject_id AND m.system_id = b.system_id) || ': ' || h.package || ' brings no CUDA libraries and does not find its own beside this ' || h.framework ||
         '; they must be installed too, or it fails or falls back to the CPU.' AS summary,
         'shared_runtime/' || h.package || '/' || h.framework AS premises
    FROM side x JOIN asked_build b ON b.subject_id = x.subject_id JOIN asked_subject o ON o.subject_id = x.other_id
    JOIN shared_runtime h ON (h.package, h.framework) IN ((b.package, o.package), (o.package, b.package))
   WHERE b.device = 'cuda' AND b.cuda_key IS NOT NULL
     AND EXISTS (SELECT 1 FROM major m WHERE m.subject_id = o.subject_id AND m.system_id = b.system_id)
     AND NOT EXISTS (SELECT 1 FROM major m WHERE m.subject_id = o.subject_id AND m.system_id = b.system_id AND m.major = b.cuda_key / 1000000000000)
  UNION ALL
  -- the same of cuDNN: what loads the one that it finds, beside what brings one of another major
  SELECT 'companion_libraries/' || z.candidate_id || '/cudnn/' || x.subject_id, 'candidate', z.candidate_id, NULL, NULL, NULL, 'companion-brings-other-cuda', CASE z.subject_id WHEN x.subject_id THEN x.other ELSE x.package END,
         x.package || ' ' || x.version || CASE x.tag WHEN '-' THEN '' ELSE '+' || x.tag END || ' brings no cuDNN and loads ' || x.shown || ', and ' || x.other_name || ' brings ' || x.brings ||
         ': its own must be found too, or it fails or falls back to the CPU.', x.facts
    FROM (SELECT b.system_id, b.subject_id, b.package, b.version, b.tag, max(b.version_key), o.subject_id AS other_id, o.package AS other, o.package || coalesce(' ' || o.version, '') || coalesce('+' || o.tag, '') AS other_name,
                 n.shown, max(m.shown) AS brings, n.fact || ' ' || max(m.fact) AS facts
            FROM asked_build b JOIN asked_subject s ON s.subject_id = b.subject_id AND s.installed = 0 AND s.extra IS NULL
            JOIN build_wheels w ON w.build_row = b.build_row AND w.extra = '' JOIN wheel_set n ON n.set_id = w.set_id AND n.installs = 0
            JOIN asked_build c ON c.system_id = b.system_id AND c.subject_id <> b.subject_id JOIN asked_subject o ON o.subject_id = c.subject_id
            JOIN build_wheels y ON y.build_row = c.build_row AND y.extra IN ('', o.extra) JOIN wheel_set m ON m.set_id = y.set_id AND m.wheel = n.wheel AND m.installs = 1
           GROUP BY b.system_id, b.subject_id, o.subject_id HAVING max(m.low_key <= n.high_key AND m.high_key >= n.low_key) = 0) x
    JOIN asked_build z ON z.system_id = x.system_id AND z.subject_id IN (x.subject_id, x.other_id) AND z.device = 'cuda';
