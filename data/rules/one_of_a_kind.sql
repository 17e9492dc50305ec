-- title: Packages of one module
-- question: Are two packages asked for that bring the same module, of which one alone may be installed?
-- when: (SELECT count(*) FROM asked_subject WHERE kind = 'package') > 1
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
       OR EXISTS (SELECT 1 FROM package_twin w WHERE (w.package, w.twin) IN ((s.package, o.package), (o.package, s.package))));
