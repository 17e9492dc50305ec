-- title: Packages that belong together
-- question: Do the packages that were asked for together take each other's version, tag, CUDA and Python?
-- when: (SELECT count(DISTINCT package) FROM asked_subject WHERE kind = 'package') > 1
-- source: pytorch-previous-versions | pairs of versions
-- source: pypi | what a package's metadata requires

-- A build fits another subject when one of that subject's builds on the same system goes with it. What has no build in the data
-- stands with what was typed. Tags count where both are stated, or a choice is open; a machine's report may leave them out.
-- pins: version and tag; cuda: what is compiled against a framework loads the CUDA runtime of its own major, and finds the framework's (of what is
-- installed, and by its name may be compiled there, nothing is said); python: some Python has wheels of both.
CREATE VIEW pair_fits AS
  WITH part AS MATERIALIZED (
    SELECT b.candidate_id, s.subject_id, b.system_id, b.package, b.version_key, CASE WHEN s.installed = 1 AND s.tag IS NULL THEN '-' ELSE b.tag END AS tag,
           CASE WHEN b.device = 'cuda' AND NOT (s.installed = 1 AND (s.tag IS NULL OR b.tag = '-')) THEN b.cuda_key / 1000000000000 END AS cuda_major,
           CASE WHEN s.installed = 1 OR b.pythons IN ('any', 'unsaid', '-') THEN '' ELSE b.pythons END AS pythons
      FROM asked_subject s JOIN asked_build b ON b.subject_id = s.subject_id WHERE s.kind = 'package' AND b.kind IN ('package', 'unlisted')
    UNION ALL
    SELECT NULL, s.subject_id, y.system_id, s.package, s.version_key, coalesce(s.tag, '-'), NULL, ''
      FROM asked_subject s CROSS JOIN asked_system y
     WHERE s.kind = 'package' AND s.version_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM asked_build b WHERE b.subject_id = s.subject_id)
       AND EXISTS (SELECT 1 FROM pin p WHERE p.package = s.package AND p.version_key = s.version_key)),
  related AS MATERIALIZED (
    SELECT x.subject_id, y.subject_id AS other_id,
           EXISTS (SELECT 1 FROM pin p WHERE p.package = x.package AND p.other = y.package) AS pins, EXISTS (SELECT 1 FROM pin p WHERE p.package = y.package AND p.other = x.package) AS pinned,
           EXISTS (SELECT 1 FROM shared_runtime h WHERE (h.package, h.framework) IN ((x.package, y.package), (y.package, x.package))) AS compiled
      FROM asked_subject x JOIN asked_subject y ON y.package <> x.package WHERE x.kind = 'package' AND y.kind = 'package'),
  word AS MATERIALIZED (
    WITH RECURSIVE split(pythons, word, rest) AS (
      SELECT DISTINCT pythons, '', pythons || ' ' FROM part WHERE pythons <> ''
      UNION ALL SELECT pythons, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM split WHERE rest <> '')
    SELECT pythons, word FROM split WHERE word <> ''),
  apart AS MATERIALIZED (
    SELECT x.pythons, y.pythons AS others FROM (SELECT DISTINCT pythons FROM word) x CROSS JOIN (SELECT DISTINCT pythons FROM word) y
     WHERE NOT EXISTS (SELECT 1 FROM word w WHERE w.pythons = x.pythons AND instr(' ' || y.pythons || ' ', ' ' || w.word || ' ') > 0))
  SELECT a.candidate_id, c.subject_id AS other_id, c.candidate_id AS other_candidate_id,
         (r.pins = 0 OR NOT EXISTS (SELECT 1 FROM pin p WHERE p.package = a.package AND p.version_key = a.version_key AND p.other = c.package AND p.tag IN ('*', a.tag))
           OR EXISTS (SELECT 1 FROM pin p WHERE p.package = a.package AND p.version_key = a.version_key AND p.other = c.package AND p.tag IN ('*', a.tag)
                         AND p.other_version_key = c.version_key AND (p.same_tag = 'no' OR a.tag = c.tag OR '-' IN (a.tag, c.tag)) AND (c.tag GLOB p.other_tag OR c.tag = '-' AND p.other_tag <> '')))
         AND (r.pinned = 0 OR NOT EXISTS (SELECT 1 FROM pin p WHERE p.package = c.package AND p.version_key = c.version_key AND p.other = a.package AND p.tag IN ('*', c.tag))
           OR EXISTS (SELECT 1 FROM pin p WHERE p.package = c.package AND p.version_key = c.version_key AND p.other = a.package AND p.tag IN ('*', c.tag)
                         AND p.other_version_key = a.version_key AND (p.same_tag = 'no' OR a.tag = c.tag OR '-' IN (a.tag, c.tag)) AND (a.tag GLOB p.other_tag OR a.tag = '-' AND p.other_tag <> ''))) AS pins,
         r.compiled = 0 OR a.cuda_major IS NULL OR c.cuda_major IS NULL OR a.cuda_major = c.cuda_major AS cuda,
         NOT EXISTS (SELECT 1 FROM apart z WHERE z.pythons = a.pythons AND z.others = c.pythons) AS python
    FROM part a JOIN related r ON r.subject_id = a.subject_id JOIN part c ON c.subject_id = r.other_id AND c.system_id = a.system_id
   WHERE a.candidate_id IS NOT NULL;

CREATE VIEW companion_pairs AS
  WITH met AS MATERIALIZED (
    SELECT candidate_id, other_id, max(pins) AS pins, max(pins * cuda) AS cuda, max(CASE WHEN pins * cuda = 1 THEN other_candidate_id END) AS other_candidate_id
      FROM asked_pair GROUP BY candidate_id, other_id HAVING max(pins * cuda * python) = 0)
  SELECT 'companion_pairs/' || m.candidate_id || '/' || o.subject_id AS conclusion_id, 'candidate' AS scope, m.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id, CASE WHEN n.pins = 0 THEN 'companion-mismatch' WHEN n.cuda = 0 THEN 'extension-abi-mismatch' ELSE 'no-such-build' END AS rule_id, o.package AS subject,
         CASE WHEN n.pins = 1 AND n.cuda = 0 THEN m.name || ' is built with CUDA ' || m.cuda || ', and ' || o.package || coalesce(' ' || o.version, '') || coalesce('+' || o.tag, '') || ' with CUDA ' ||
           (SELECT group_concat(w, ' or ') FROM (SELECT DISTINCT x.cuda AS w FROM asked_pair p JOIN asked_build x ON x.candidate_id = p.other_candidate_id WHERE p.candidate_id = m.candidate_id AND p.other_id = o.subject_id AND p.pins = 1)) ||
           ': what is compiled against a framework loads the CUDA runtime of its own major, and finds the framework''s.'
         WHEN n.pins = 1 THEN m.name || ' is for Python ' || replace(m.pythons, ' ', ', ') || ', and ' || o.package || coalesce(' ' || o.version, '') || coalesce('+' || o.tag, '') || ' for ' ||
           (SELECT replace(x.pythons, ' ', ', ') FROM asked_build x WHERE x.candidate_id = n.other_candidate_id) || ': no Python has both.'
         ELSE m.name || ' and ' || o.package || coalesce(' ' || o.version, '') || coalesce('+' || o.tag, '') ||
         ' do not belong together' || coalesce(': with ' || m.package || ' ' || m.version || ' goes ' || o.package || ' ' ||
           (SELECT group_concat(w, ' or ') FROM (SELECT DISTINCT p.other_version || CASE WHEN p.same_tag = 'yes' AND m.tag <> '-' THEN '+' || m.tag WHEN instr(p.other_tag, '*') = 0 THEN '+' || p.other_tag ELSE '' END AS w FROM pin p
             WHERE p.package = m.package AND p.version_key = m.version_key AND p.other = o.package AND p.tag IN ('*', m.tag) AND p.other_tag <> '' ORDER BY p.other_version_key DESC LIMIT 2)),
           ': with ' || o.package || ' ' || o.version || ' goes ' || m.package || ' ' ||
           (SELECT group_concat(w, ' or ') FROM (SELECT DISTINCT p.other_version || CASE WHEN instr(p.other_tag, '*') = 0 THEN '+' || p.other_tag ELSE '' END AS w FROM pin p
             WHERE p.package = o.package AND p.version_key = o.version_key AND p.other = m.package AND p.other_tag <> ''
               AND (p.tag = '*' OR o.tag IS NULL OR lower(p.tag) = lower(o.tag)) ORDER BY p.other_version_key DESC LIMIT 2)),
           (SELECT ': one is built for another C++ ABI than the published wheels of the other have' FROM pin p
             WHERE p.other_tag = '' AND (p.package = m.package AND p.version_key = m.version_key AND p.tag = m.tag AND p.other = o.package
                OR p.package = o.package AND p.version_key = o.version_key AND lower(p.tag) = lower(o.tag) AND p.other = m.package) LIMIT 1), '') || '.' END AS summary,
         CASE WHEN n.pins = 1 AND n.cuda = 0 THEN (SELECT 'shared_runtime/' || h.package || '/' || h.framework FROM shared_runtime h WHERE (h.package, h.framework) IN ((m.package, o.package), (o.package, m.package))) ELSE '' END AS premises
    FROM met n JOIN asked_subject o ON o.subject_id = n.other_id
    JOIN (SELECT *, package || ' ' || version || CASE tag WHEN '-' THEN '' ELSE '+' || tag END AS name FROM asked_build) m ON m.candidate_id = n.candidate_id
     -- what an extension's own files say it was built for is told by python_environment
   WHERE NOT EXISTS (SELECT 1 FROM observed_sighting g WHERE g.key IN ('built-for.' || m.package, 'built-for.' || o.package));

-- The verdict of a candidate together with the best of every other package's candidates that goes with it on its system; 4 where another has none there.
CREATE VIEW joint_verdict AS
  SELECT v.candidate_id, CASE WHEN coalesce(sum(j.built), 0) < (SELECT count(DISTINCT subject_id) FROM asked_build WHERE kind IN ('package', 'unlisted')) - 1 THEN 4 ELSE max(v.severity, coalesce(max(j.least), 0)) END AS severity
    FROM candidate_result v JOIN asked_build b ON b.candidate_id = v.candidate_id AND b.kind IN ('package', 'unlisted')
    LEFT JOIN (SELECT p.candidate_id, p.other_id, max(p.other_candidate_id IS NOT NULL) AS built, min(CASE p.pins * p.cuda * p.python WHEN 1 THEN coalesce(w.severity, 0) ELSE 3 END) AS least
                 FROM asked_pair p LEFT JOIN candidate_result w ON w.candidate_id = p.other_candidate_id GROUP BY p.candidate_id, p.other_id) j ON j.candidate_id = v.candidate_id
   GROUP BY v.candidate_id;
