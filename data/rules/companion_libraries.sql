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
  ), cudnn AS MATERIALIZED (
    SELECT b.candidate_id, b.system_id, b.subject_id, b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END AS name, n.wheel, n.low_key, n.high_key, n.wheel || ' ' || n.shown AS shown, n.fact, n.installs
      FROM asked_build b JOIN asked_subject s ON s.subject_id = b.subject_id
      JOIN build_wheels w ON w.build_row = b.build_row AND w.extra = CASE WHEN EXISTS (SELECT 1 FROM build_wheels y WHERE y.build_row = b.build_row AND y.extra = s.extra) THEN s.extra ELSE '' END
      JOIN wheel_set n ON n.set_id = w.set_id AND n.wheel GLOB 'nvidia-cudnn-*' WHERE b.device = 'cuda' AND (n.installs = 1 OR s.installed = 0)
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
  -- the same of cuDNN: what loads the one that it finds, beside what brings one of another major, candidate by candidate
  SELECT 'companion_libraries/' || b.candidate_id || '/cudnn/' || g.subject_id, 'candidate', b.candidate_id, NULL, NULL, NULL, 'companion-brings-other-cuda', g.package,
         CASE b.installs WHEN 0 THEN b.name ELSE g.name END || ' brings no cuDNN and loads ' || CASE b.installs WHEN 0 THEN b.shown ELSE max(g.shown) END || ', and ' || CASE b.installs WHEN 0 THEN g.name ELSE b.name END || ' brings ' ||
         CASE b.installs WHEN 0 THEN max(g.shown) ELSE b.shown END || ': its own must be found too, or it fails or falls back to the CPU.', b.fact || ' ' || max(g.fact)
    FROM cudnn b JOIN (SELECT DISTINCT c.system_id, c.subject_id, c.wheel, c.low_key, c.high_key, c.shown, c.fact, c.installs, o.package, o.package || coalesce(' ' || o.version, '') || coalesce('+' || o.tag, '') AS name
                         FROM cudnn c JOIN asked_subject o ON o.subject_id = c.subject_id) g
      ON g.system_id = b.system_id AND g.subject_id <> b.subject_id AND g.installs = 1 - b.installs AND (g.wheel = b.wheel OR NOT EXISTS (SELECT 1 FROM side x WHERE x.subject_id = b.subject_id AND x.other_id = g.subject_id))
   GROUP BY b.candidate_id, g.subject_id HAVING max(g.wheel = b.wheel AND g.low_key <= b.high_key AND g.high_key >= b.low_key) = 0;
