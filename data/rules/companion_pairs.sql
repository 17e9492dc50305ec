-- title: Packages that belong together
-- question: Do the packages that were asked for together take each other's version and tag?
-- when: (SELECT count(DISTINCT package) FROM asked_subject WHERE kind = 'package') > 1
-- source: pytorch-previous-versions | pairs of versions
-- source: pypi | what a package's metadata requires

-- A build fits another subject when one of that subject's builds on the same system goes with it. What has no build in the data
-- stands with what was typed. Tags count where both are stated, or a choice is open; a machine's report may leave them out.
CREATE VIEW companion_pairs AS
  WITH part AS MATERIALIZED (
    SELECT b.candidate_id, s.subject_id, b.system_id, b.package, b.version, b.version_key, CASE WHEN s.installed = 1 AND s.tag IS NULL THEN '-' ELSE b.tag END AS tag
      FROM asked_subject s JOIN asked_build b ON b.subject_id = s.subject_id WHERE s.kind = 'package' AND b.kind IN ('package', 'unlisted')
    UNION ALL
    SELECT NULL, s.subject_id, y.system_id, s.package, s.version, s.version_key, coalesce(s.tag, '-')
      FROM asked_subject s CROSS JOIN asked_system y
     WHERE s.kind = 'package' AND s.version_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM asked_build b WHERE b.subject_id = s.subject_id)
       AND EXISTS (SELECT 1 FROM pin p WHERE p.package = s.package AND p.version_key = s.version_key)),
  related AS MATERIALIZED (
    SELECT DISTINCT x.subject_id, y.subject_id AS other_id FROM asked_subject x JOIN asked_subject y ON y.package <> x.package
     WHERE EXISTS (SELECT 1 FROM pin p WHERE p.package = x.package AND p.other = y.package) OR EXISTS (SELECT 1 FROM pin p WHERE p.package = y.package AND p.other = x.package)),
  -- each build beside each other subject that it, or that, has a pair for
  met AS MATERIALIZED (
    SELECT a.candidate_id, a.package, a.version, a.tag, c.subject_id AS other_id,
           max((NOT EXISTS (SELECT 1 FROM pin p WHERE p.package = a.package AND p.version_key = a.version_key AND p.other = c.package AND p.tag IN ('*', a.tag))
                OR EXISTS (SELECT 1 FROM pin p WHERE p.package = a.package AND p.version_key = a.version_key AND p.other = c.package AND p.tag IN ('*', a.tag)
                              AND p.other_version_key = c.version_key AND (p.same_tag = 'no' OR a.tag = c.tag OR '-' IN (a.tag, c.tag)) AND (c.tag GLOB p.other_tag OR c.tag = '-' AND p.other_tag <> '')))
               AND (NOT EXISTS (SELECT 1 FROM pin p WHERE p.package = c.package AND p.version_key = c.version_key AND p.other = a.package AND p.tag IN ('*', c.tag))
                OR EXISTS (SELECT 1 FROM pin p WHERE p.package = c.package AND p.version_key = c.version_key AND p.other = a.package AND p.tag IN ('*', c.tag)
                              AND p.other_version_key = a.version_key AND (p.same_tag = 'no' OR a.tag = c.tag OR '-' IN (a.tag, c.tag)) AND (a.tag GLOB p.other_tag OR a.tag = '-' AND p.other_tag <> '')))) AS fits,
           a.version_key
      FROM part a JOIN related r ON r.subject_id = a.subject_id
      JOIN (SELECT DISTINCT subject_id, system_id, package, version_key, tag FROM part) c ON c.subject_id = r.other_id AND c.system_id = a.system_id
     WHERE a.candidate_id IS NOT NULL
     GROUP BY a.candidate_id, c.subject_id)
  SELECT 'companion_pairs/' || m.candidate_id || '/' || o.subject_id AS conclusion_id, 'candidate' AS scope, m.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id, 'companion-mismatch' AS rule_id, o.package AS subject,
         m.package || ' ' || m.version || CASE m.tag WHEN '-' THEN '' ELSE '+' || m.tag END || ' and ' || o.package || coalesce(' ' || o.version, '') || coalesce('+' || o.tag, '') ||
         ' do not belong together' || coalesce(': with ' || m.package || ' ' || m.version || ' goes ' || o.package || ' ' ||
           (SELECT group_concat(w, ' or ') FROM (SELECT DISTINCT p.other_version || CASE WHEN p.same_tag = 'yes' AND m.tag <> '-' THEN '+' || m.tag WHEN instr(p.other_tag, '*') = 0 THEN '+' || p.other_tag ELSE '' END AS w FROM pin p
             WHERE p.package = m.package AND p.version_key = m.version_key AND p.other = o.package AND p.tag IN ('*', m.tag) AND p.other_tag <> '' ORDER BY p.other_version_key DESC LIMIT 2)),
           ': with ' || o.package || ' ' || o.version || ' goes ' || m.package || ' ' ||
           (SELECT group_concat(w, ' or ') FROM (SELECT DISTINCT p.other_version || CASE WHEN instr(p.other_tag, '*') = 0 THEN '+' || p.other_tag ELSE '' END AS w FROM pin p
             WHERE p.package = o.package AND p.version_key = o.version_key AND p.other = m.package AND p.other_tag <> ''
               AND (p.tag = '*' OR o.tag IS NULL OR lower(p.tag) = lower(o.tag)) ORDER BY p.other_version_key DESC LIMIT 2)),
           (SELECT ': one is built for another C++ ABI than the published wheels of the other have' FROM pin p
             WHERE p.other_tag = '' AND (p.package = m.package AND p.version_key = m.version_key AND p.tag = m.tag AND p.other = o.package
                OR p.package = o.package AND p.version_key = o.version_key AND lower(p.tag) = lower(o.tag) AND p.other = m.package) LIMIT 1), '') || '.' AS summary,
         '' AS premises
    FROM met m JOIN asked_subject o ON o.subject_id = m.other_id WHERE m.fits = 0
     -- what an extension's own files say it was built for is told by python_environment
     AND NOT EXISTS (SELECT 1 FROM observed_sighting g WHERE g.key IN ('built-for.' || m.package, 'built-for.' || o.package));
