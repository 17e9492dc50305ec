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
     AND NOT EXISTS (SELECT 1 FROM major m WHERE m.subject_id = o.subject_id AND m.system_id = b.system_id AND m.major = b.cuda_key / 1000000000000);
