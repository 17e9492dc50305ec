-- title: Packages that belong together
-- question: Do the packages that were asked for together take each other's version, tag, CUDA and Python?
-- when: (SELECT count(DISTINCT package) FROM asked_subject WHERE kind = 'package') > 1
-- source: pytorch-previous-versions | pairs of versions
-- source: pypi | what a package's metadata requires

-- A build fits another subject when one of that subject's builds on the same system goes with it. What has no build in the data
-- stands with what was typed. Tags count where both are stated, or a choice is open; a machine's report may leave them out.
--
-- The builds of a subject are many and differ in little that matters here: they are told apart as parts, finely (version, tag) beside a package that
-- pins them or that they pin, or that pins the same framework, else coarsely (CUDA major, Pythons, and what chooses a library: the CUDA release of the one,
-- the version of the other). Each candidate is of one fine part and of one coarse.
CREATE VIEW pair_part AS
  WITH chooser AS MATERIALIZED (
    SELECT DISTINCT c.package, c.framework FROM chosen_library c WHERE c.package IN (SELECT package FROM asked_subject) AND c.framework IN (SELECT package FROM asked_subject)),
  asking AS MATERIALIZED (SELECT s.subject_id, w.asks FROM asked_subject s JOIN wheel_package w ON w.package = s.package WHERE s.kind = 'package' AND s.installed = 0),
  base AS MATERIALIZED (
    SELECT b.candidate_id, s.subject_id, b.system_id, b.package, b.version_key, CASE WHEN s.installed = 1 AND s.tag IS NULL THEN '-' ELSE b.tag END AS tag,
           CASE WHEN b.device = 'cuda' AND NOT (s.installed = 1 AND (s.tag IS NULL OR b.tag = '-')) THEN b.cuda_key / 1000000000000 END AS cuda_major,
           CASE WHEN b.device <> 'cuda' THEN NULL WHEN b.package IN (SELECT framework FROM chooser) THEN b.cuda_key WHEN b.package IN (SELECT package FROM chooser) THEN b.version_key END AS choice_key,
           CASE WHEN s.installed = 1 OR b.pythons IN ('any', 'unsaid', '-') THEN '' ELSE b.pythons END AS pythons,
           CASE WHEN (SELECT count(*) FROM asking) < 2 OR s.installed = 1 THEN NULL
                WHEN b.version_key IS NOT NULL AND s.subject_id IN (SELECT subject_id FROM asking WHERE asks = 0) THEN -2 * b.candidate_id
                ELSE (SELECT w.set_id FROM build_wheels w WHERE w.build_row = b.build_row AND w.extra IN ('', s.extra) AND s.subject_id IN (SELECT subject_id FROM asking)
                         AND NOT EXISTS (SELECT 1 FROM extra_tag e WHERE e.package = s.package AND e.extra_key = s.extra AND e.wheels = 'no') ORDER BY w.extra DESC LIMIT 1) END AS wheels
      FROM asked_subject s JOIN asked_build b ON b.subject_id = s.subject_id WHERE s.kind = 'package' AND b.kind IN ('package', 'unlisted')
    UNION ALL
    SELECT NULL, s.subject_id, y.system_id, s.package, s.version_key, coalesce(s.tag, '-'), NULL, NULL, '', (SELECT -2 * a.subject_id - 1 FROM asking a WHERE a.subject_id = s.subject_id AND a.asks = 0)
      FROM asked_subject s CROSS JOIN asked_system y
     WHERE s.kind = 'package' AND s.version_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM asked_build b WHERE b.subject_id = s.subject_id)
       AND (EXISTS (SELECT 1 FROM pin p WHERE p.package = s.package AND p.version_key = s.version_key) OR s.subject_id IN (SELECT subject_id FROM asking WHERE asks = 0)))
  SELECT 2 * dense_rank() OVER (ORDER BY subject_id, system_id, version_key, tag, cuda_major, pythons, wheels) AS part_id, 1 AS fine, *  FROM base
  UNION ALL
  SELECT 2 * dense_rank() OVER (ORDER BY subject_id, system_id, cuda_major, pythons, choice_key, wheels) + 1, 0, * FROM base;

-- Which parts go with each other. By their pins: each takes the other, or says nothing of that package; of two that pin a framework, one version of it
-- does for both. cuda: what is compiled against a framework
-- loads the CUDA runtime of its own major, and finds the framework's (of what is installed, and by its name may be compiled there, nothing is said);
-- python: some Python has wheels of both; library: the one that the framework's CUDA selects is there and serves the cards.
CREATE VIEW pair_fits AS
  WITH part AS MATERIALIZED (SELECT DISTINCT part_id, fine, subject_id, system_id, package, CASE fine WHEN 1 THEN version_key END AS version_key, CASE fine WHEN 1 THEN tag END AS tag, cuda_major, pythons, CASE fine WHEN 0 THEN choice_key END AS choice_key, wheels FROM asked_part),
  related AS MATERIALIZED (
    SELECT x.subject_id, y.subject_id AS other_id, y.package AS other,
           EXISTS (SELECT 1 FROM pin p WHERE p.package = x.package AND p.other = y.package) OR EXISTS (SELECT 1 FROM pin p WHERE p.package = y.package AND p.other = x.package) AS pins,
           (SELECT f.package FROM package f WHERE f.kind = 'framework' AND f.package NOT IN (x.package, y.package) AND EXISTS (SELECT 1 FROM pin p WHERE p.package = x.package AND p.other = f.package)
               AND EXISTS (SELECT 1 FROM pin p WHERE p.package = y.package AND p.other = f.package) LIMIT 1) AS shared,
           EXISTS (SELECT 1 FROM shared_runtime h WHERE h.binds = 'must' AND (h.package, h.framework) IN ((x.package, y.package), (y.package, x.package))) AS compiled
      FROM asked_subject x JOIN asked_subject y ON y.package <> x.package WHERE x.kind = 'package' AND y.kind = 'package'),
  -- beside each package that a part may pin: whether it does
  stance AS MATERIALIZED (
    SELECT a.part_id, a.subject_id, a.system_id, r.other_id,
           EXISTS (SELECT 1 FROM pin p WHERE p.package = a.package AND p.version_key = a.version_key AND p.other = r.other AND p.tag IN ('*', a.tag) AND p.needs = 1) AS pinned
      FROM related r JOIN part a ON a.subject_id = r.subject_id AND a.fine = 1 WHERE r.pins = 1),
  takes AS MATERIALIZED (
    SELECT DISTINCT a.part_id, c.part_id AS other_part_id
      FROM related r CROSS JOIN part a ON a.subject_id = r.subject_id AND a.fine = 1
     CROSS JOIN pin p ON p.package = a.package AND p.version_key = a.version_key AND p.other = r.other AND p.tag IN ('*', a.tag)
     CROSS JOIN part c ON c.version_key = p.other_version_key AND c.subject_id = r.other_id AND c.system_id = a.system_id AND c.fine = 1
     WHERE r.pins = 1 AND (p.same_tag = 'no' OR a.tag = c.tag OR '-' IN (a.tag, c.tag)) AND (c.tag GLOB p.other_tag OR c.tag = '-' AND p.other_tag <> '')),
  -- two that name no version of each other and both name a framework's: the versions of that
  share AS MATERIALIZED (
    SELECT DISTINCT a.part_id, a.subject_id, a.system_id, r.other_id, p.other_version_key AS version_key, CASE WHEN p.same_tag = 'no' OR a.tag = '-' THEN '*' ELSE a.tag END AS tag
      FROM related r CROSS JOIN part a ON a.subject_id = r.subject_id AND a.fine = 1
     CROSS JOIN pin p ON p.package = a.package AND p.version_key = a.version_key AND p.other = r.shared AND p.tag IN ('*', a.tag)
     WHERE r.pins = 0),
  met AS MATERIALIZED (
    SELECT part_id, other_part_id, sum(way) AS ways FROM (SELECT part_id, other_part_id, 1 AS way FROM takes UNION ALL SELECT other_part_id, part_id, 2 FROM takes)
     GROUP BY part_id, other_part_id),
  fit AS MATERIALIZED (
    SELECT m.part_id, m.other_part_id FROM met m JOIN part a ON a.part_id = m.part_id JOIN part c ON c.part_id = m.other_part_id
      JOIN stance x ON x.part_id = m.part_id AND x.other_id = c.subject_id JOIN stance y ON y.part_id = m.other_part_id AND y.other_id = a.subject_id
     WHERE m.ways = 3 OR m.ways = 1 AND y.pinned = 0 OR m.ways = 2 AND x.pinned = 0
    UNION ALL
    SELECT a.part_id, c.part_id FROM stance a JOIN stance c ON c.subject_id = a.other_id AND c.other_id = a.subject_id AND c.system_id = a.system_id WHERE a.pinned = 0 AND c.pinned = 0
    UNION ALL
    SELECT a.part_id, c.part_id FROM share a JOIN share c ON c.subject_id = a.other_id AND c.other_id = a.subject_id AND c.system_id = a.system_id
                                AND (c.version_key = a.version_key AND (c.tag = a.tag OR '*' IN (a.tag, c.tag)))
     GROUP BY a.part_id, c.part_id
    UNION ALL
    SELECT a.part_id, c.part_id FROM related r JOIN part a ON a.subject_id = r.subject_id AND a.fine = 1 JOIN part c ON c.subject_id = r.other_id AND c.fine = 1 AND c.system_id = a.system_id
     WHERE r.pins = 0 AND r.shared IS NOT NULL AND (a.part_id NOT IN (SELECT part_id FROM share) OR c.part_id NOT IN (SELECT part_id FROM share))
    UNION ALL
    SELECT a.part_id, c.part_id FROM related r JOIN part a ON a.subject_id = r.subject_id AND a.fine = 0 JOIN part c ON c.subject_id = r.other_id AND c.fine = 0 AND c.system_id = a.system_id
     WHERE r.pins = 0 AND r.shared IS NULL),
  -- both ask for one of NVIDIA's own wheels, and no version of it will do for both; what installs none may find its own elsewhere, unless one is typed
  span AS MATERIALIZED (
    SELECT w.wheels, n.wheel, n.low_key, n.high_key, n.installs, CAST(n.shown AS INTEGER) AS major FROM (SELECT DISTINCT wheels FROM part WHERE wheels > 0) w JOIN wheel_set n ON n.set_id = w.wheels
    UNION ALL
    SELECT -2 * b.candidate_id, b.package, b.version_key, b.version_key, 1, CAST(b.version AS INTEGER) FROM asked_build b WHERE -2 * b.candidate_id IN (SELECT wheels FROM part)
    UNION ALL
    SELECT -2 * s.subject_id - 1, s.package, s.version_key, s.version_key, 1, CAST(s.version AS INTEGER) FROM asked_subject s WHERE -2 * s.subject_id - 1 IN (SELECT wheels FROM part)),
  clash AS MATERIALIZED (SELECT DISTINCT a.wheels, c.wheels AS others FROM span a JOIN span c ON c.wheel = a.wheel AND (c.low_key > a.high_key OR c.high_key < a.low_key) AND (a.installs + c.installs = 2 OR a.wheels < 0 OR c.wheels < 0)),
  -- both bring one that writes the other's files
  overlay AS MATERIALIZED (SELECT a.wheels, c.wheels AS others, min(a.wheel || ' and ' || c.wheel) AS files FROM overlaid_wheel o JOIN span a ON rtrim(a.wheel, '0123456789') = o.stem
      JOIN span c ON rtrim(c.wheel, '0123456789') = o.stem AND c.wheel <> a.wheel AND (c.major = a.major OR 0 IN (a.major, c.major)) WHERE a.installs = 1 AND c.installs = 1 GROUP BY a.wheels, c.wheels),
  word AS MATERIALIZED (
    WITH RECURSIVE split(pythons, word, rest) AS (
      SELECT DISTINCT pythons, '', pythons || ' ' FROM part WHERE pythons <> ''
      UNION ALL SELECT pythons, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM split WHERE rest <> '')
    SELECT pythons, word FROM split WHERE word <> ''),
  apart AS MATERIALIZED (
    SELECT x.pythons, y.pythons AS others FROM (SELECT DISTINCT pythons FROM word) x CROSS JOIN (SELECT DISTINCT pythons FROM word) y
     WHERE NOT EXISTS (SELECT 1 FROM word w WHERE w.pythons = x.pythons AND instr(' ' || y.pythons || ' ', ' ' || w.word || ' ') > 0)),
  lacking AS MATERIALIZED (
    SELECT a.part_id, c.part_id AS other_part_id
      FROM part a JOIN chosen_library x ON x.package = a.package AND x.version_key = a.choice_key JOIN part c ON c.package = x.framework AND c.choice_key = x.cuda_key AND c.system_id = a.system_id
     WHERE CASE x.held WHEN 0 THEN x.absent <> 'unsaid'
           ELSE EXISTS (SELECT 1 FROM asked_build b CROSS JOIN asked_device d ON d.stated = 1 WHERE b.subject_id = a.subject_id AND b.system_id = a.system_id AND b.version_key = a.choice_key
                           AND EXISTS (SELECT 1 FROM list_image i WHERE i.list_id = b.list_id AND i.library <> '')
                           AND NOT EXISTS (SELECT 1 FROM list_on_capability o WHERE o.list_id = b.list_id AND o.cc_key = d.cc_key AND o.library GLOB '*' || x.library || '[._]*')) END),
  unserved AS MATERIALIZED (SELECT part_id, other_part_id FROM lacking UNION ALL SELECT other_part_id, part_id FROM lacking)
  SELECT f.part_id, r.other_id, f.other_part_id, r.compiled = 0 OR a.cuda_major IS NULL OR c.cuda_major IS NULL OR a.cuda_major = c.cuda_major AS cuda,
         z.pythons IS NULL AS python, u.part_id IS NULL AS library, coalesce(v.files, '') AS overlaid
    FROM fit f JOIN part a ON a.part_id = f.part_id JOIN part c ON c.part_id = f.other_part_id JOIN related r ON r.subject_id = a.subject_id AND r.other_id = c.subject_id
    LEFT JOIN apart z ON z.pythons = a.pythons AND z.others = c.pythons
    LEFT JOIN unserved u ON u.part_id = f.part_id AND u.other_part_id = f.other_part_id
    LEFT JOIN overlay v ON v.wheels = a.wheels AND v.others = c.wheels
    LEFT JOIN clash k ON k.wheels = a.wheels AND k.others = c.wheels WHERE k.wheels IS NULL;

-- Each candidate and the other packages' subjects that have something on its system.
CREATE VIEW pair_beside AS
  SELECT DISTINCT a.candidate_id, c.subject_id AS other_id
    FROM asked_part a JOIN (SELECT DISTINCT subject_id, system_id, package FROM asked_part) c ON c.system_id = a.system_id AND c.package <> a.package
   WHERE a.fine = 1 AND a.candidate_id IS NOT NULL;

-- The first of NVIDIA's own wheels that a candidate and another package cannot share, and what either asks of it. lacks: the wheel's version is open, and
-- the data has none that the other asks for.
CREATE VIEW pair_clash AS
  WITH span AS MATERIALIZED (
    SELECT DISTINCT a.wheels, n.wheel, n.low_key, n.high_key, n.shown, n.fact, n.installs, 0 AS open FROM asked_part a JOIN wheel_set n ON n.set_id = a.wheels
    UNION ALL
    SELECT -2 * b.candidate_id, b.package, b.version_key, b.version_key, b.version, '', 1, b.subject_id IN (SELECT subject_id FROM asked_subject WHERE version_key IS NULL) FROM asked_build b WHERE b.version_key IS NOT NULL AND -2 * b.candidate_id IN (SELECT wheels FROM asked_part)
    UNION ALL
    SELECT -2 * s.subject_id - 1, s.package, s.version_key, s.version_key, s.version, '', 1, 0 FROM asked_subject s WHERE s.version_key IS NOT NULL AND -2 * s.subject_id - 1 IN (SELECT wheels FROM asked_part))
  SELECT a.candidate_id, c.subject_id AS other_id,
         CASE WHEN a.wheels < 0 THEN '' ELSE a.package || ' asks for ' || x.wheel || ' ' || x.shown || ', ' END || CASE WHEN c.wheels < 0 THEN 'not for ' || y.shown WHEN a.wheels < 0 THEN c.package || ' asks for ' || x.wheel || ' ' || y.shown ELSE c.package || ' for ' || y.shown END AS says,
         trim(x.fact || ' ' || y.fact) AS facts,
         (x.open = 1 OR y.open = 1) AND NOT EXISTS (SELECT 1 FROM build b WHERE b.package = x.wheel AND b.version_key BETWEEN CASE x.open WHEN 1 THEN y.low_key ELSE x.low_key END AND CASE x.open WHEN 1 THEN y.high_key ELSE x.high_key END) AS lacks,
         CASE x.installs WHEN 0 THEN x.wheel || '>=' || replace(x.shown, ' or newer, below ', ',<') END AS takes, (x.wheel NOT GLOB 'nvidia-cudnn-*') || x.wheel AS place, c.version_key
    FROM asked_part a JOIN asked_part c ON c.system_id = a.system_id AND c.subject_id <> a.subject_id AND c.fine = 1
    JOIN span x ON x.wheels = a.wheels JOIN span y ON y.wheels = c.wheels AND y.wheel = x.wheel AND (y.low_key > x.high_key OR y.high_key < x.low_key) AND (x.installs + y.installs = 2 OR x.wheels < 0 OR y.wheels < 0)
   WHERE a.fine = 1 AND a.candidate_id IS NOT NULL;

CREATE VIEW companion_pairs AS
  WITH met AS MATERIALIZED (
    SELECT e.candidate_id, e.other_id, max(p.part_id IS NOT NULL) AS pins, coalesce(max(p.cuda), 0) AS cuda, max(CASE WHEN p.cuda = 1 THEN p.other_part_id END) AS other_part_id
      FROM pair_beside e JOIN asked_part a ON a.candidate_id = e.candidate_id LEFT JOIN asked_pair p ON p.part_id = a.part_id AND p.other_id = e.other_id
     GROUP BY e.candidate_id, e.other_id HAVING coalesce(max(p.cuda * p.python), 0) = 0),
  first AS MATERIALIZED (
    SELECT * FROM (SELECT x.*, row_number() OVER (PARTITION BY x.candidate_id, x.other_id ORDER BY x.place, x.version_key DESC) AS nth FROM met n CROSS JOIN pair_clash x ON x.candidate_id = n.candidate_id AND x.other_id = n.other_id WHERE n.pins = 0) WHERE nth = 1)
  SELECT 'companion_pairs/' || m.candidate_id || '/' || o.subject_id AS conclusion_id, 'candidate' AS scope, m.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id, CASE WHEN n.pins = 0 THEN CASE x.lacks WHEN 1 THEN 'unknown-build' ELSE 'companion-mismatch' END WHEN n.cuda = 0 THEN 'extension-abi-mismatch' ELSE 'no-such-build' END AS rule_id,
         CASE n.pins WHEN 0 THEN coalesce(x.takes, o.package) ELSE o.package END AS subject,
         CASE WHEN n.pins = 1 AND n.cuda = 0 THEN m.name || ' is built with CUDA ' || m.cuda || ', and ' || o.package || coalesce(' ' || o.version, '') || coalesce('+' || o.tag, '') || ' with CUDA ' ||
           (SELECT group_concat(w, ' or ') FROM (SELECT DISTINCT x.cuda AS w FROM asked_part a JOIN asked_pair p ON p.part_id = a.part_id AND p.other_id = o.subject_id JOIN asked_part c ON c.part_id = p.other_part_id JOIN asked_build x ON x.candidate_id = c.candidate_id WHERE a.candidate_id = m.candidate_id)) ||
           ': what is compiled against a framework loads the CUDA runtime of its own major, and finds the framework''s.'
         WHEN n.pins = 1 THEN m.name || ' is for Python ' || replace(m.pythons, ' ', ', ') || ', and ' || o.package || coalesce(' ' || o.version, '') || coalesce('+' || o.tag, '') || ' for ' ||
           (SELECT replace(c.pythons, ' ', ', ') FROM asked_part c WHERE c.part_id = n.other_part_id LIMIT 1) || ': no Python has both.'
         ELSE m.name || ' and ' || o.package || coalesce(' ' || o.version, '') || coalesce('+' || o.tag, '') ||
         ' do not belong together' || coalesce(': with ' || m.package || ' ' || m.version || ' goes ' || o.package || ' ' ||
           (SELECT group_concat(w, ' or ') FROM (SELECT DISTINCT p.other_version || CASE WHEN p.same_tag = 'yes' AND m.tag <> '-' THEN '+' || m.tag WHEN instr(p.other_tag, '*') = 0 THEN '+' || p.other_tag ELSE '' END AS w FROM pin p
             WHERE p.package = m.package AND p.version_key = m.version_key AND p.other = o.package AND p.tag IN ('*', m.tag) AND p.other_tag <> '' ORDER BY p.other_version_key DESC LIMIT 2)),
           ': with ' || o.package || ' ' || o.version || ' goes ' || m.package || ' ' ||
           (SELECT group_concat(w, ' or ') FROM (SELECT DISTINCT p.other_version || CASE WHEN instr(p.other_tag, '*') = 0 THEN '+' || p.other_tag ELSE '' END AS w FROM pin p
             WHERE p.package = o.package AND p.version_key = o.version_key AND p.other = m.package AND p.other_tag <> ''
               AND (p.tag = '*' OR o.tag IS NULL OR lower(p.tag) = lower(o.tag)) ORDER BY p.other_version_key DESC LIMIT 2)),
           (SELECT ': ' || m.name || ' goes with ' || p.other || ' ' || group_concat(DISTINCT p.other_version || CASE WHEN p.same_tag = 'yes' AND m.tag <> '-' THEN '+' || m.tag ELSE '' END) || ', and ' || o.package || ' ' || o.version || ' with ' ||
                   (SELECT group_concat(DISTINCT q.other_version || CASE WHEN q.same_tag = 'yes' AND o.tag IS NOT NULL THEN '+' || o.tag ELSE '' END) FROM pin q WHERE q.package = o.package AND q.version_key = o.version_key AND q.other = p.other AND (q.tag = '*' OR o.tag IS NULL OR lower(q.tag) = lower(o.tag)))
              FROM pin p JOIN package f ON f.package = p.other AND f.kind = 'framework' WHERE p.package = m.package AND p.version_key = m.version_key AND p.tag IN ('*', m.tag) AND p.other <> o.package
             GROUP BY p.other LIMIT 1),
           (SELECT ': one is built for another C++ ABI than the published wheels of the other have' FROM pin p
             WHERE p.other_tag = '' AND (p.package = m.package AND p.version_key = m.version_key AND p.tag = m.tag AND p.other = o.package
                OR p.package = o.package AND p.version_key = o.version_key AND lower(p.tag) = lower(o.tag) AND p.other = m.package) LIMIT 1),
           ': ' || x.says || CASE x.lacks WHEN 1 THEN '; the data has none that fits' ELSE '' END, '') || '.' END AS summary,
         CASE WHEN n.pins = 1 AND n.cuda = 0 THEN (SELECT 'shared_runtime/' || h.package || '/' || h.framework FROM shared_runtime h WHERE (h.package, h.framework) IN ((m.package, o.package), (o.package, m.package)))
              ELSE coalesce(x.facts, '') END AS premises
    FROM met n JOIN asked_subject o ON o.subject_id = n.other_id
    JOIN (SELECT *, package || ' ' || version || CASE tag WHEN '-' THEN '' ELSE '+' || tag END AS name FROM asked_build) m ON m.candidate_id = n.candidate_id
    LEFT JOIN first x ON x.candidate_id = n.candidate_id AND x.other_id = n.other_id
     -- what an extension's own files say it was built for is told by python_environment
   WHERE NOT EXISTS (SELECT 1 FROM observed_sighting g WHERE g.key IN ('built-for.' || m.package, 'built-for.' || o.package))
     -- in the report of a framework that says whether CUDA is available to it, an extension that does not belong to it fails alone
     AND NOT (EXISTS (SELECT 1 FROM observed_report w WHERE w.what = 'of-a-framework' AND w.count > 0) AND o.installed = 1 AND EXISTS (SELECT 1 FROM asked_subject q WHERE q.subject_id = m.subject_id AND q.installed = 1) AND EXISTS (SELECT 1 FROM package f WHERE f.package = m.package AND f.kind = 'framework')
              AND EXISTS (SELECT 1 FROM package f WHERE f.package = o.package AND f.kind = 'extension') AND NOT EXISTS (SELECT 1 FROM environment_seen));

-- The verdict of a candidate together with the best of every other package's candidates that goes with it on its system; 4 where another has none there.
CREATE VIEW joint_verdict AS
  WITH part AS MATERIALIZED (
    SELECT s.part_id, min(coalesce(w.severity, 0)) AS severity FROM asked_part s LEFT JOIN candidate_result w ON w.candidate_id = s.candidate_id GROUP BY s.part_id),
  beside AS MATERIALIZED (
    SELECT e.candidate_id, e.other_id, min(CASE WHEN p.cuda * p.python * p.library = 1 THEN max(l.severity, p.overlaid <> '') ELSE 3 END) AS severity
      FROM pair_beside e JOIN asked_part a ON a.candidate_id = e.candidate_id LEFT JOIN asked_pair p ON p.part_id = a.part_id AND p.other_id = e.other_id LEFT JOIN part l ON l.part_id = p.other_part_id
     GROUP BY e.candidate_id, e.other_id)
  SELECT v.candidate_id, CASE WHEN n.packages < t.packages THEN 4 ELSE max(v.severity, coalesce(j.severity, 0)) END AS severity
    FROM candidate_result v JOIN asked_build b ON b.candidate_id = v.candidate_id AND b.kind IN ('package', 'unlisted')
    JOIN (SELECT system_id, count(DISTINCT package) AS packages FROM asked_build WHERE kind IN ('package', 'unlisted') GROUP BY system_id) n ON n.system_id = b.system_id
   CROSS JOIN (SELECT count(DISTINCT package) AS packages FROM asked_build WHERE kind IN ('package', 'unlisted')) t
    LEFT JOIN (SELECT candidate_id, max(severity) AS severity FROM beside GROUP BY candidate_id) j ON j.candidate_id = v.candidate_id;
