-- title: The extra can be resolved
-- question: Does the index have what the extra asks for?
-- when: EXISTS (SELECT 1 FROM asked_subject WHERE extra IS NOT NULL AND installed = 0)
-- source: pypi | what pip finds

CREATE VIEW extra_resolves AS
  SELECT 'extra_resolves/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         'no-such-build' AS rule_id, x.wheel AS subject,
         x.package || '[' || x.extra || ']==' || b.version || ' asks for ' || x.wheel || ', which the package index does not have' || CASE x.python WHEN '*' THEN '' ELSE ' for Python ' || x.python END ||
         ': an installer finds no way. Without the extra it installs, and its libraries can be named one by one.' AS summary,
         'extra_unresolved/' || x.package || '/' || x.extra || '/' || x.first_version || '/' || x.python AS premises
    FROM asked_subject s JOIN asked_build b ON b.subject_id = s.subject_id JOIN extra_unresolved x ON x.package = s.package AND x.extra_key = s.extra AND b.version_key BETWEEN x.first_version_key AND x.last_version_key
    CROSS JOIN asked_target t
   WHERE s.installed = 0 AND b.os = 'linux' AND b.kind = 'package' AND x.python IN ('*', t.python);
