-- title: The C library
-- question: Does the wheel take the C library of this system?
-- when: EXISTS (SELECT 1 FROM asked_target WHERE libc IS NOT NULL)
-- rule: c-library-mismatch | incompatible | 2 | - | The wheel is made for a newer GNU C library than the system has, or the system has musl: an installer passes it over, and where it is put there by hand it does not load.
-- rule: c-library-not-known | caveat | 0 | - | Which C library the wheel needs is not in the data, and the system's is older than what some wheels need.
-- source: pypi | names of wheels
-- source: python-packaging-tags | manylinux, musllinux
-- source: pep-656 | Motivation

-- What is installed was taken by an installer (or is not from a wheel) and is not asked.
CREATE VIEW c_library AS
  SELECT 'c_library/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         CASE WHEN w.package IS NULL AND t.libc = 'glibc' THEN 'c-library-not-known' ELSE 'c-library-mismatch' END AS rule_id,
         coalesce(t.system_name, t.libc || coalesce(' ' || t.libc_version, '')) AS subject,
         CASE WHEN t.libc = 'glibc' AND w.package IS NULL THEN 'Which C library the wheel of ' || b.package || ' ' || b.version || ' for Linux needs is not in the data; '
              WHEN t.libc <> 'glibc' THEN 'The wheels of ' || b.package || ' for Linux are made for the GNU C library (glibc); '
              ELSE 'The wheel of ' || b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END || ' for Linux needs glibc ' || w.min_glibc || ' or newer; ' END ||
         coalesce(t.system_name || ' has ', 'stated is ') || t.libc || coalesce(' ' || t.libc_version, '') || '.' AS summary,
         CASE WHEN w.package IS NULL THEN '' ELSE 'wheel_libc/' || w.package || '/' || w.first_version || '/' || w.tag || '/' || w.channel || '/' || w.arch || ' ' END || t.libc_from AS premises
    FROM asked_target t CROSS JOIN asked_build b
    LEFT JOIN wheel_libc w ON w.package = b.package AND b.version_key BETWEEN w.first_version_key AND w.last_version_key AND b.tag GLOB w.tag
                          AND w.channel IN ('*', b.channel) AND w.arch IN ('*', b.arch)
   WHERE b.kind = 'package' AND b.os = 'linux' AND NOT EXISTS (SELECT 1 FROM asked_subject s WHERE s.subject_id = b.subject_id AND s.installed = 1)
     AND (t.libc = 'musl' OR t.libc_key < coalesce(w.min_glibc_key, (SELECT max(min_glibc_key) FROM wheel_libc)))
  UNION ALL
  -- the framework that it asks for, of which every build on that system needs a newer one
  SELECT 'c_library/pin/' || b.candidate_id, 'candidate', b.candidate_id, NULL, NULL, NULL, 'c-library-mismatch', coalesce(t.system_name, t.libc || coalesce(' ' || t.libc_version, '')),
         b.package || ' ' || b.version || ' goes with ' || p.other || ' ' || p.other_version || ', whose wheels for Linux need glibc ' || min(w.min_glibc) || ' or newer; ' ||
         coalesce(t.system_name || ' has ', 'stated is ') || t.libc || coalesce(' ' || t.libc_version, '') || '.',
         'wheel_libc/' || w.package || '/' || w.first_version || '/' || w.tag || '/' || w.channel || '/' || w.arch || ' ' || t.libc_from
    FROM asked_target t CROSS JOIN asked_build b JOIN pin p ON p.package = b.package AND p.version_key = b.version_key AND p.tag IN ('*', b.tag) AND p.needs = 1
    JOIN build f ON f.package = p.other AND f.version_key = p.other_version_key AND f.os = b.os AND f.arch = b.arch AND f.device = b.device
                AND (p.same_tag = 'no' OR b.tag = '-' OR f.tag = b.tag)
    LEFT JOIN wheel_libc w ON w.package = f.package AND f.version_key BETWEEN w.first_version_key AND w.last_version_key AND f.tag GLOB w.tag
                          AND w.channel IN ('*', f.channel) AND w.arch IN ('*', f.arch)
   WHERE b.kind = 'package' AND b.os = 'linux' AND t.libc = 'glibc' AND t.libc_key IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM asked_subject s WHERE s.subject_id = b.subject_id AND s.installed = 1)
   GROUP BY b.candidate_id HAVING min(coalesce(w.min_glibc_key, 0)) > t.libc_key
  UNION ALL
  -- the driver's own libraries too
  SELECT 'c_library/musl', 'system', NULL, NULL, NULL, NULL, 'c-library-not-known', coalesce(t.system_name, t.libc),
         'CUDA, the driver''s libraries and all wheels of the data are made for the GNU C library (glibc); ' || coalesce(t.system_name || ' has ', 'stated is ') || t.libc || '.', t.libc_from
    FROM asked_target t WHERE t.libc = 'musl' AND NOT EXISTS (SELECT 1 FROM asked_build b WHERE b.kind = 'package');
