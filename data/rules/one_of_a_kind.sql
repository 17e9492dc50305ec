-- title: Packages of one module
-- question: Are two packages asked for that bring the same module or the same files, of which one alone may be installed?
-- when: (SELECT count(*) FROM asked_subject WHERE kind = 'package') > 1
-- source: measured-wheels | paths inside the wheels of cuDNN and NCCL
-- source: cupy-install | Installing CuPy from PyPI: make sure that only one CuPy package is installed
-- source: ort-install-doc | two packages: CPU and GPU

CREATE VIEW one_of_a_kind AS
  SELECT 'one_of_a_kind/' || s.subject_id || '/' || o.subject_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         'works-by-facts-but-fails' AS rule_id, 'one module: ' || s.given AS subject,
         s.given || ' and ' || o.given || ' bring the same module: which of the two is loaded is not said, and the project asks for one of them alone.' AS summary,
         coalesce((SELECT 'package_twin/' || w.package FROM package_twin w WHERE (w.package, w.twin) IN ((s.package, o.package), (o.package, s.package))), '') AS premises
    FROM asked_subject s JOIN asked_subject o ON o.subject_id > s.subject_id
   WHERE s.kind = 'package' AND o.kind = 'package' AND s.installed = 0 AND o.installed = 0
     AND (s.package = o.package AND s.tag <> o.tag AND (SELECT p.install FROM package p WHERE p.package = s.package) LIKE '%-{tag}%'
       OR EXISTS (SELECT 1 FROM package_twin w WHERE (w.package, w.twin) IN ((s.package, o.package), (o.package, s.package))))
  UNION ALL
  -- a candidate, where each of the other's that goes with it brings such a wheel
  SELECT 'one_of_a_kind/overlaid/' || b.candidate_id || '/' || o.subject_id, 'candidate', b.candidate_id, NULL, NULL, NULL, 'works-by-facts-but-fails', 'same files: ' || x.files,
         b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END || ' and ' || o.given || ' bring ' || x.files || ', which write the same files: the one that is installed last overwrites the other, and one of the two packages then loads a library made for another CUDA.',
         'overlaid_wheel/' || rtrim(substr(x.files, 1, instr(x.files, ' ') - 1), '0123456789')
    FROM (SELECT a.candidate_id, p.other_id, min(p.overlaid) AS files FROM asked_part a JOIN asked_pair p ON p.part_id = a.part_id
           WHERE a.candidate_id IS NOT NULL AND p.cuda = 1 AND p.python = 1 GROUP BY a.candidate_id, p.other_id HAVING min(p.overlaid) <> '') x
    JOIN asked_build b ON b.candidate_id = x.candidate_id JOIN asked_subject o ON o.subject_id = x.other_id;
