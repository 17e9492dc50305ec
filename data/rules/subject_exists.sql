-- title: Something of that name exists
-- question: When no build answers to what was typed: is it known that there is none, or is it not in the data?
-- when: EXISTS (SELECT 1 FROM asked_subject s WHERE NOT EXISTS (SELECT 1 FROM asked_build b WHERE b.subject_id = s.subject_id))
-- source: pytorch-wheel-index | listing of every wheel
-- source: pypi | listing of every wheel

-- Judged only for subjects without a single candidate; the answer takes the verdict from here. no-such-build needs a
-- version that the data has, and on every system that was asked a listing that covers it for one of its open processors.
-- A build for the CPU (a nightly, one's own) needs no row: its tag says what it holds.
CREATE VIEW subject_exists AS
  SELECT 'subject_exists/' || s.subject_id AS conclusion_id, 'subject' AS scope, s.subject_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id,
         CASE WHEN NOT EXISTS (SELECT 1 FROM asked_system WHERE os IN ('linux', 'windows', 'wsl') AND arch IN ('x86_64', 'aarch64')) THEN 'unsupported-os'
              WHEN EXISTS (SELECT 1 FROM build b WHERE b.package = s.package AND b.version_key = s.version_key)
               AND NOT EXISTS (SELECT 1 FROM asked_system o WHERE NOT EXISTS (
                     SELECT 1 FROM asked_system y JOIN listing l ON l.os = y.build_os AND l.arch = y.arch
                      WHERE y.os = o.os AND l.package = s.package AND s.version_key BETWEEN l.first_version_key AND l.last_version_key
                        AND (l.channel = 'every' OR s.tag IS NULL)))
              THEN 'no-such-build'
              WHEN s.tag = 'cpu' AND EXISTS (SELECT 1 FROM package p WHERE p.package = s.package AND p.kind IN ('framework', 'companion')) THEN 'cpu-only-build'
              ELSE 'unknown-build' END AS rule_id,
         s.given AS subject,
         CASE
           WHEN NOT EXISTS (SELECT 1 FROM asked_system WHERE os IN ('linux', 'windows', 'wsl') AND arch IN ('x86_64', 'aarch64'))
             THEN coalesce((SELECT 'There is no CUDA driver or build for ' || os || ' on ' || arch || ' in the data.' FROM asked_system LIMIT 1),
                           'No system is left that everything stated agrees with.')
           WHEN NOT EXISTS (SELECT 1 FROM package p WHERE p.package = s.package) THEN 'No package called "' || s.package || '" is in the data.'
           WHEN EXISTS (SELECT 1 FROM build b WHERE b.package = s.package AND b.version_key = s.version_key)
            AND NOT EXISTS (SELECT 1 FROM build b JOIN asked_system y ON y.build_os = b.os AND y.arch = b.arch WHERE b.package = s.package AND b.version_key = s.version_key)
             THEN s.given || ' has no build for ' || (SELECT group_concat(place, ' or ') FROM (SELECT DISTINCT os || ' ' || arch AS place FROM asked_system)) || '; this version has builds for ' ||
                  (SELECT group_concat(place, ' and ') FROM (SELECT DISTINCT b.os || ' ' || b.arch AS place FROM build b WHERE b.package = s.package AND b.version_key = s.version_key)) || '.'
           WHEN EXISTS (SELECT 1 FROM build b WHERE b.package = s.package AND b.version_key = s.version_key)
             THEN s.given || ' has no build for what was asked; this version has ' ||
                  (SELECT group_concat(DISTINCT CASE b.tag WHEN '-' THEN CASE b.device WHEN 'cuda' THEN 'a build of CUDA ' || b.cuda ELSE 'a plain build' END ELSE b.tag END) FROM build b WHERE b.package = s.package AND b.version_key = s.version_key) || '.'
           WHEN NOT EXISTS (SELECT 1 FROM build b JOIN asked_system y ON y.build_os = b.os AND y.arch = b.arch WHERE b.package = s.package)
             THEN s.package || ' is in the data for ' || (SELECT group_concat(place, ' and ') FROM (SELECT DISTINCT b.os || ' ' || b.arch AS place FROM build b WHERE b.package = s.package))
                  || ' only; a build for ' || (SELECT y.os || ' ' || y.arch FROM asked_system y LIMIT 1) || ' is not known.'
           WHEN s.version IS NULL AND s.tag IS NOT NULL AND EXISTS (SELECT 1 FROM build b WHERE b.package = s.package AND b.tag = s.tag COLLATE NOCASE)
            AND NOT EXISTS (SELECT 1 FROM build b JOIN asked_system y ON y.build_os = b.os AND y.arch = b.arch WHERE b.package = s.package AND b.tag = s.tag COLLATE NOCASE)
             THEN s.package || ' with ' || s.tag || ' is in the data for ' || (SELECT group_concat(place, ' and ') FROM (SELECT DISTINCT b.os || ' ' || b.arch AS place FROM build b WHERE b.package = s.package AND b.tag = s.tag COLLATE NOCASE))
                  || ' only; a build for ' || (SELECT y.os || ' ' || y.arch FROM asked_system y LIMIT 1) || ' is not known.'
           WHEN s.tag = 'cpu' AND EXISTS (SELECT 1 FROM package p WHERE p.package = s.package AND p.kind IN ('framework', 'companion'))
             THEN s.given || CASE WHEN s.given LIKE '%+cpu%' THEN '' ELSE ' was built without CUDA and' END || ' holds no CUDA code: it sees no GPU.'
           ELSE 'No build like ' || s.given || ' is in the data, which is not the same as impossible.'
         END AS summary,
         '' AS premises
    FROM asked_subject s
   WHERE s.kind = 'package' AND NOT EXISTS (SELECT 1 FROM asked_build b WHERE b.subject_id = s.subject_id);
