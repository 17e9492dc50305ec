-- title: The build and Python
-- question: Is there such a build for this Python?
-- when: EXISTS (SELECT 1 FROM asked_target WHERE python IS NOT NULL)
-- rule: no-such-build | incompatible | 1 | - | The data lists every build of that version there, and this is not among them.
-- source: pytorch-wheel-index | listing of every wheel
-- source: pypi | listing of every wheel

CREATE VIEW build_for_python AS
  SELECT 'build_exists/python/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         CASE WHEN b.pythons = 'unsaid' THEN 'unknown-build'
              WHEN EXISTS (SELECT 1 FROM listing l WHERE l.package = b.package AND b.version_key BETWEEN l.first_version_key AND l.last_version_key
                              AND l.os = b.os AND l.arch = b.arch AND l.channel IN (b.channel, 'every')) THEN 'no-such-build'
              -- an open processor: where the data lists all, no build of this version has that Python
              WHEN EXISTS (SELECT 1 FROM asked_system y JOIN listing l ON l.os = y.build_os AND l.arch = y.arch
                            WHERE l.package = b.package AND y.build_os = b.os AND l.channel = 'every' AND b.version_key BETWEEN l.first_version_key AND l.last_version_key
                              AND NOT EXISTS (SELECT 1 FROM build o WHERE o.package = b.package AND o.version_key = b.version_key AND o.os = l.os AND o.arch = l.arch
                                                 AND (o.pythons = 'any' OR instr(' ' || o.pythons || ' ', ' ' || t.python || ' ') > 0))) THEN 'no-such-build'
              ELSE 'unknown-build' END AS rule_id,
         t.python AS subject,
         b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END ||
         CASE b.pythons WHEN 'unsaid' THEN ': the Python versions of its builds are not in the data.'
           ELSE ' has no build for Python ' || t.python || ' on ' || b.os || ' ' || b.arch || ' (it has ' || replace(b.pythons, ' ', ', ') || ').' END AS summary,
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel AS premises
    FROM asked_target t CROSS JOIN asked_build b
   WHERE t.python IS NOT NULL AND b.kind = 'package' AND b.pythons <> 'any' AND instr(' ' || b.pythons || ' ', ' ' || t.python || ' ') = 0
  UNION ALL
  SELECT 'build_exists/python/' || b.candidate_id, 'candidate', b.candidate_id, NULL, NULL, NULL, 'no-such-build', t.python,
         b.package || ' ' || b.version || CASE WHEN f.below_python = '-' THEN ' asks for Python ' || f.min_python || ' or newer.'
           ELSE ' is for Python ' || CASE f.min_python WHEN '-' THEN '' ELSE f.min_python || ' or newer and ' END || 'below ' || f.below_python || '.' END,
         'python_floor/' || f.package || '/' || f.first_version
    FROM asked_target t CROSS JOIN asked_build b
    JOIN python_floor f ON f.package = b.package AND b.version_key BETWEEN f.first_version_key AND f.last_version_key
   WHERE t.python IS NOT NULL AND b.kind = 'package'
     AND (t.python NOT GLOB '3.*' OR f.min_python <> '-' AND CAST(substr(t.python, 3) AS INTEGER) < CAST(substr(f.min_python, 3) AS INTEGER)
       OR f.below_python <> '-' AND CAST(substr(t.python, 3) AS INTEGER) >= CAST(substr(f.below_python, 3) AS INTEGER))
  UNION ALL
  -- nothing to install was asked for: a Python that no build of the data is for
  SELECT 'build_exists/python/' || t.python, 'system', NULL, NULL, NULL, NULL, 'unknown-build', 'Python ' || t.python,
         'No build in the data is for Python ' || t.python || ', which is not the same as impossible.', ''
    FROM asked_target t
   WHERE t.python IS NOT NULL AND NOT EXISTS (SELECT 1 FROM asked_build b WHERE b.kind IN ('package', 'unlisted', 'binary'))
     AND NOT EXISTS (SELECT 1 FROM asked_subject s WHERE s.kind = 'package')
     AND NOT EXISTS (SELECT 1 FROM build b WHERE instr(' ' || b.pythons || ' ', ' ' || t.python || ' ') > 0);
