-- title: The build exists
-- question: Is there such a build for this system, processor and Python, and does it hold CUDA at all?
-- when: EXISTS (SELECT 1 FROM asked_build WHERE kind = 'package')
-- rule: build-exists | compatible | 95 | - | The data holds such a build.
-- rule: no-such-build | incompatible | 1 | - | The data lists every build of that version there, and this is not among them.
-- rule: cpu-only-build | incompatible | 2 | - | The build holds no CUDA code: the framework sees no GPU.
-- rule: unknown-build | unknown | 20 | - | The build, or the fact about it that decides, is not in the data; that is not the same as impossible.
-- source: pytorch-wheel-index | listing of every wheel
-- source: pypi | listing of every wheel

CREATE VIEW build_exists AS
  SELECT 'build_exists/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id, 'build-exists' AS rule_id, b.package AS subject,
         b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END || ' exists for ' || b.os || ' ' || b.arch || '.' AS summary,
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel AS premises
    FROM asked_build b WHERE b.kind = 'package'
  UNION ALL
  SELECT 'build_exists/cpu/' || b.candidate_id, 'candidate', b.candidate_id, NULL, NULL, NULL,
         -- a machine without a card of NVIDIA, and a framework for another vendor's: nothing here is about it
         CASE WHEN b.device <> 'cpu' AND EXISTS (SELECT 1 FROM observed_machine) AND NOT EXISTS (SELECT 1 FROM asked_device WHERE stated = 1 AND cc IS NOT NULL) THEN 'not-an-nvidia-gpu' ELSE 'cpu-only-build' END, b.package,
         b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END || ' for ' || b.os || ' ' || b.arch ||
         CASE b.device WHEN 'cpu' THEN ' holds no CUDA code: it sees no GPU.' WHEN 'rocm' THEN ' is built for AMD''s ROCm: it sees no NVIDIA GPU.'
           ELSE ' is built for Intel''s XPU: it sees no NVIDIA GPU.' END,
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel
    FROM asked_build b WHERE b.kind = 'package' AND b.device <> 'cuda'
  UNION ALL
  SELECT 'build_exists/python/' || b.candidate_id, 'candidate', b.candidate_id, NULL, NULL, NULL,
         CASE WHEN b.pythons = 'unsaid' THEN 'unknown-build'
              WHEN EXISTS (SELECT 1 FROM listing l WHERE l.package = b.package AND b.version_key BETWEEN l.first_version_key AND l.last_version_key
                              AND l.os = b.os AND l.arch = b.arch AND l.channel IN (b.channel, 'every')) THEN 'no-such-build'
              -- an open processor: where the data lists all, no build of this version has that Python
              WHEN EXISTS (SELECT 1 FROM asked_system y JOIN listing l ON l.os = y.build_os AND l.arch = y.arch
                            WHERE l.package = b.package AND y.build_os = b.os AND l.channel = 'every' AND b.version_key BETWEEN l.first_version_key AND l.last_version_key
                              AND NOT EXISTS (SELECT 1 FROM build o WHERE o.package = b.package AND o.version_key = b.version_key AND o.os = l.os AND o.arch = l.arch
                                                 AND (o.pythons = 'any' OR instr(' ' || o.pythons || ' ', ' ' || t.python || ' ') > 0))) THEN 'no-such-build'
              ELSE 'unknown-build' END,
         t.python,
         b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END ||
         CASE b.pythons WHEN 'unsaid' THEN ': the Python versions of its builds are not in the data.'
           ELSE ' has no build for Python ' || t.python || ' on ' || b.os || ' ' || b.arch || ' (it has ' || replace(b.pythons, ' ', ', ') || ').' END,
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel
    FROM asked_target t CROSS JOIN asked_build b
   WHERE t.python IS NOT NULL AND b.kind = 'package' AND b.pythons <> 'any' AND instr(' ' || b.pythons || ' ', ' ' || t.python || ' ') = 0
  UNION ALL
  SELECT 'build_exists/images/' || b.candidate_id, 'candidate', b.candidate_id, NULL, d.device_id, NULL, 'unknown-build', b.package,
         'Which images ' || b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END || ' holds is not in the data.',
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel
    FROM asked_build b CROSS JOIN asked_device d JOIN package p ON p.package = b.package
   WHERE b.kind = 'package' AND b.device = 'cuda' AND b.list_id IS NULL AND p.runtime_compiler = '-' AND d.stated = 1
  UNION ALL
  SELECT 'build_exists/runtime/' || b.candidate_id, 'candidate', b.candidate_id, b.driver_os, NULL, r.driver_id, 'unknown-build', b.package,
         'Which CUDA release ' || b.package || ' ' || b.version || ' needs is not in the data.',
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel
    FROM asked_build b CROSS JOIN asked_driver r
   WHERE b.kind = 'package' AND b.device = 'cuda' AND b.cuda_key IS NULL AND r.stated = 1 AND r.driver_os = b.driver_os
  UNION ALL
  SELECT 'build_exists/unlisted/' || b.candidate_id, 'candidate', b.candidate_id, NULL, NULL, NULL, 'unknown-build', b.package,
         'The data has no CUDA build of ' || b.package || ' ' || b.version || ' for ' || b.os || ' ' || b.arch ||
         ', and does not claim to list every build there.', ''
    FROM asked_build b WHERE b.kind = 'unlisted';
