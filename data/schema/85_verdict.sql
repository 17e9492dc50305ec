-- From conclusions to verdicts: which conclusion decides for a candidate, a card and a driver, and how several cards
-- and a set of drivers fold into one verdict. Severity and precedence are columns of the table rule (made by tools/mkdb
-- from the headers of data/rules): nothing here or in C++ knows a rule's name, but for the ambiguous name of a card.

CREATE TABLE severity (
  verdict TEXT NOT NULL PRIMARY KEY,
  severity INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO severity VALUES ('compatible', 0), ('conditional', 1), ('unknown', 2), ('incompatible', 3);

-- How a question is decided: each table is filled from its view, in this order, where the condition holds; steps up to 0
-- before the rule views fill concluded, the others after. Tables, because a later fold reads the earlier one many times.
CREATE TABLE fold (
  step INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  view TEXT NOT NULL,
  condition TEXT NOT NULL                      -- SQL over the asked and observed tables
) STRICT;
INSERT INTO fold VALUES
  (-1, 'image_taken', 'image_best', 'EXISTS (SELECT 1 FROM asked_build WHERE list_id IS NOT NULL)'),
  (-3, 'asked_part', 'pair_part', '(SELECT count(DISTINCT package) FROM asked_subject WHERE kind = ''package'') > 1'),
  (-2, 'asked_pair', 'pair_fits', '(SELECT count(DISTINCT package) FROM asked_subject WHERE kind = ''package'') > 1'),
  (0, 'image_taken', 'observed_best', 'EXISTS (SELECT 1 FROM observed_file)'),
  (1, 'applied', 'candidate_conclusion', '1'),
  (2, 'decided', 'deciding_conclusion', '1'),
  (3, 'device_result', 'device_verdict', '1'),
  (4, 'candidate_result', 'candidate_verdict', '1'),
  (5, 'candidate_result', 'candidate_disputed', '(SELECT count(gpu_id) > count(DISTINCT gpu_id) FROM asked_device)'),
  (6, 'joint_result', 'joint_verdict', '(SELECT count(DISTINCT package) FROM asked_subject WHERE kind = ''package'') > 1');

-- The same as SQL, in order: what a question runs to be decided.
CREATE VIEW judging AS
  SELECT step AS part, '' AS name, target, view, condition FROM fold WHERE step <= 0
  UNION ALL
  SELECT 1, view, 'concluded', view, condition
    FROM rule_view
  UNION ALL
  SELECT 1 + step, '', target, view, condition FROM fold WHERE step > 0
   ORDER BY 1, 2;

-- The best image of each asked list for each card and driver (data/rules/device_runs_images.sql says what rank means).
CREATE TABLE image_taken (
  list_id INTEGER NOT NULL,
  driver_os TEXT NOT NULL,
  device_id INTEGER NOT NULL,
  driver_id INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  how TEXT NOT NULL,
  target TEXT NOT NULL,
  isa TEXT NOT NULL,
  codec TEXT NOT NULL,
  library TEXT NOT NULL,
  PRIMARY KEY (list_id, driver_os, device_id, driver_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE applied (
  candidate_id INTEGER NOT NULL,
  device_id INTEGER,
  driver_id INTEGER,
  weight INTEGER,                              -- severity * 1000 - stage: the highest decides; NULL for a caveat
  conclusion INTEGER NOT NULL                  -- rowid of concluded
) STRICT;

-- One row per candidate, device and member of the driver's set: the rule that decides there.
CREATE TABLE decided (
  candidate_id INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  driver_id INTEGER NOT NULL,
  severity INTEGER NOT NULL,                   -- 0 compatible 1 conditional 2 unknown 3 incompatible
  stage INTEGER NOT NULL,                      -- of the rule: how far a start gets
  conclusion INTEGER NOT NULL                  -- rowid of concluded
) STRICT;

CREATE TABLE device_result (
  candidate_id INTEGER NOT NULL,
  device_id INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  rule_id TEXT NOT NULL,
  conclusion_id TEXT NOT NULL
) STRICT;

CREATE TABLE candidate_result (
  candidate_id INTEGER PRIMARY KEY ON CONFLICT REPLACE,  -- a later fold may know better
  severity INTEGER NOT NULL,
  rule_id TEXT NOT NULL,
  conclusion_id TEXT NOT NULL
) STRICT;

-- Of several packages that were asked for together: what tells a candidate's part in it from another's (data/rules/companion_pairs.sql).
-- candidate_id NULL: a package that has no build in the data.
CREATE TABLE asked_part (
  part_id INTEGER NOT NULL,
  fine INTEGER NOT NULL,                       -- 1: told apart by version and tag too
  candidate_id INTEGER,
  subject_id INTEGER NOT NULL,
  system_id INTEGER NOT NULL,
  package TEXT NOT NULL,
  version_key INTEGER,
  tag TEXT NOT NULL,
  cuda_major INTEGER,
  choice_key INTEGER,                          -- where the CUDA of the one selects a library of the other: that CUDA, or the other's version
  pythons TEXT NOT NULL,                       -- '' where none is ruled out
  wheels INTEGER                               -- what it asks of NVIDIA's own wheels (wheel_set); of such a wheel itself -subject_id; NULL nothing
) STRICT;
CREATE INDEX asked_part_by_candidate ON asked_part (candidate_id);
CREATE INDEX asked_part_by_part ON asked_part (part_id);

-- The parts that go together by their pins, and whether they do by CUDA, Python and library.
CREATE TABLE asked_pair (
  part_id INTEGER NOT NULL,
  other_id INTEGER NOT NULL,
  other_part_id INTEGER NOT NULL,
  cuda INTEGER NOT NULL,
  python INTEGER NOT NULL,
  library INTEGER NOT NULL,
  overlaid TEXT NOT NULL                       -- the wheels of the two that write the same files; '' none
) STRICT;
CREATE INDEX asked_pair_by_part ON asked_pair (part_id, other_id);

-- The verdict of each candidate together with what goes best with it: it orders the choices and decides nothing else.
CREATE TABLE joint_result (
  candidate_id INTEGER PRIMARY KEY,
  severity INTEGER NOT NULL
) STRICT;

-- Every conclusion beside each candidate that it holds for.
CREATE VIEW candidate_conclusion AS
  SELECT scope_key AS candidate_id, device_id, driver_id, weight, conclusion FROM weighed WHERE scope = 'candidate'
  UNION ALL
  SELECT b.candidate_id, c.device_id, c.driver_id, c.weight, c.conclusion
    FROM weighed c JOIN asked_build b ON b.list_id = c.scope_key AND b.driver_os = c.driver_os WHERE c.scope = 'list'
  UNION ALL
  SELECT b.candidate_id, c.device_id, c.driver_id, c.weight, c.conclusion
    FROM weighed c JOIN asked_build b ON b.cuda_key = c.scope_key AND b.driver_os = c.driver_os WHERE c.scope = 'runtime'
  UNION ALL
  SELECT b.candidate_id, c.device_id, c.driver_id, c.weight, c.conclusion
    FROM asked_build b JOIN weighed c ON c.driver_os IS NULL OR c.driver_os = b.driver_os WHERE c.scope = 'system';

-- Rules whose message alone does not prove them: what a report only says weighs less than what was seen of the machine itself.
CREATE TABLE said_only (
  rule_id TEXT NOT NULL PRIMARY KEY,
  severity INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO said_only SELECT 'device-hidden', severity FROM severity WHERE verdict = 'conditional';

CREATE VIEW weighed AS
  SELECT c.scope, c.scope_key, c.driver_os, c.device_id, c.driver_id, c.rowid AS conclusion,
         CASE WHEN a.severity IS NULL THEN u.weight ELSE a.severity * 1000 - u.stage END AS weight
    FROM concluded c CROSS JOIN rule u ON u.rule_id = c.rule_id LEFT JOIN said_only a ON a.rule_id = c.rule_id AND substr(c.conclusion_id, 1, 16) = 'seen_in_reports/';

-- The conclusion that decides, for each candidate, card and member of the driver's set: the most severe; among equals
-- the one that a start would meet first (the lowest stage), then the one that was concluded first. Weight and rowid are one number, which has room for 10^12 rowids.
CREATE VIEW deciding_conclusion AS
  SELECT candidate_id, device_id, driver_id, (weight + 999) / 1000 AS severity, (weight + 999) / 1000 * 1000 - weight AS stage, conclusion
    FROM (SELECT candidate_id, device_id, driver_id, (first + 999999999999) / 1000000000000 - 2000 AS weight, (first + 999999999999) / 1000000000000 * 1000000000000 - first AS conclusion
            FROM (SELECT c.candidate_id, d.device_id, r.driver_id, max((c.weight + 2000) * 1000000000000 - c.conclusion) AS first  -- one number: fewer columns to sort
                    FROM applied c
                   CROSS JOIN asked_build b ON b.candidate_id = c.candidate_id
                   CROSS JOIN asked_device d ON c.device_id IS NULL OR d.device_id = c.device_id
                   CROSS JOIN asked_driver r ON r.driver_os = b.driver_os AND (c.driver_id IS NULL OR r.driver_id = c.driver_id)
                   WHERE c.weight IS NOT NULL
                   GROUP BY c.candidate_id, d.device_id, r.driver_id));

-- A set of drivers: compatible only when every member is, incompatible when none runs, else conditional. Of the worst
-- members, where nothing runs, the one that gets furthest names the rule: what stops it stops the others too, once they are mended.
CREATE VIEW device_verdict AS
  SELECT v.candidate_id, v.device_id, v.severity, v.stage, c.rule_id, c.conclusion_id
    FROM (SELECT candidate_id, device_id,  -- one max and no min: what stands beside it is of its row
                 CASE WHEN sum(severity) = count(*) * severity THEN severity WHEN sum(severity < 2) = 0 THEN 2 ELSE 1 END AS severity,
                 stage, conclusion, max((severity * 1000 + (severity = 3) * stage) * 10000000 - driver_id) AS worst
            FROM decided GROUP BY candidate_id, device_id) v CROSS JOIN concluded c ON c.rowid = v.conclusion;

-- A name that fits several cards: one verdict if they agree, unknown-gpu if they differ. Several cards: the worst one; of those that are out, what a
-- start would meet first.
CREATE VIEW candidate_verdict AS
  SELECT candidate_id, max(severity * 10000 + worst) / 10000 AS severity, rule_id, conclusion_id
    FROM (SELECT v.candidate_id, CASE WHEN sum(v.severity) = count(*) * v.severity THEN v.severity ELSE 2 END AS severity,
                 CASE WHEN sum(v.severity) = count(*) * v.severity THEN v.rule_id ELSE 'unknown-gpu' END AS rule_id,
                 v.conclusion_id, max(v.severity * 1000 - (v.severity = 3) * v.stage) AS worst
            FROM device_result v JOIN asked_device d ON d.device_id = v.device_id
           GROUP BY v.candidate_id, d.position)
   GROUP BY candidate_id;

-- The same once more where a card's capability is disputed, which is two rows of one card: sources-disagree where they differ.
CREATE VIEW candidate_disputed AS
  SELECT candidate_id, max(severity * 10000 + worst) / 10000 AS severity, rule_id, conclusion_id
    FROM (SELECT candidate_id, conclusion_id, worst, CASE differs WHEN 0 THEN severity WHEN 1 THEN 1 ELSE 2 END AS severity,
                 CASE differs WHEN 0 THEN rule_id WHEN 1 THEN 'sources-disagree' ELSE 'unknown-gpu' END AS rule_id
            FROM (SELECT v.candidate_id, v.severity, v.rule_id, v.conclusion_id, max(v.severity * 1000 - (v.severity = 3) * v.stage) AS worst,
                         CASE WHEN sum(v.severity) = count(*) * v.severity THEN 0 WHEN min(d.gpu_id) = max(d.gpu_id) AND count(d.gpu_id) = count(*) AND sum(v.severity = 2) = 0 THEN 1 ELSE 2 END AS differs
                    FROM device_result v JOIN asked_device d ON d.device_id = v.device_id
                   GROUP BY v.candidate_id, d.position))
   GROUP BY candidate_id;

CREATE VIEW candidate_caveat AS
  SELECT DISTINCT x.candidate_id, c.rule_id, c.subject AS library, c.summary
    FROM applied x CROSS JOIN concluded c ON c.rowid = x.conclusion WHERE x.weight IS NULL;

-- The driver that a candidate needs, one row per reason; the highest min_key of a candidate is its minimum.
-- below_key: the first driver that is too new (the card was dropped).
CREATE VIEW candidate_driver_floor AS
  SELECT b.candidate_id, f.least AS min_driver, f.least_key AS min_key, f.least_sure AS sure_from, f.least_sure_key AS sure_key,
         NULL AS below, NULL AS below_key
    FROM asked_build b JOIN runtime_floor f ON f.cuda_key = b.cuda_key / 1000000000 * 1000000000 AND f.driver_os = b.driver_os
  UNION ALL
  SELECT b.candidate_id, s.min_driver, s.min_key, s.sure_driver, s.sure_key, s.below, s.below_key
    FROM asked_build b JOIN asked_device d ON d.stated = 1 JOIN capability_driver s ON s.cc_key = d.cc_key AND s.driver_os = b.driver_os
  UNION ALL
  SELECT b.candidate_id, p.min_driver, p.min_key, NULL, NULL, NULL, NULL
    FROM asked_build b JOIN image_taken i ON i.list_id = b.list_id AND i.driver_os = b.driver_os
    JOIN isa_driver p ON p.isa = i.isa AND p.driver_os = i.driver_os WHERE i.rank IN (20, 21)
  UNION ALL
  -- the card open and nothing but PTX: the oldest of it must compile
  SELECT candidate_id, min_driver, min_key, NULL, NULL, NULL, NULL
    FROM (SELECT b.candidate_id, p.min_driver, min(p.min_key) AS min_key
            FROM asked_build b JOIN list_image i ON i.list_id = b.list_id JOIN isa_driver p ON p.isa = i.isa AND p.driver_os = b.driver_os
           WHERE b.kind = 'images' AND NOT EXISTS (SELECT 1 FROM asked_device WHERE stated = 1)
             AND NOT EXISTS (SELECT 1 FROM list_image n WHERE n.list_id = b.list_id AND n.target NOT LIKE 'compute!_%' ESCAPE '!')
           GROUP BY b.candidate_id)
  UNION ALL
  SELECT b.candidate_id, k.min_driver, k.min_driver_key, NULL, NULL, NULL, NULL
    FROM asked_build b JOIN image_taken i ON i.list_id = b.list_id AND i.driver_os = b.driver_os
    JOIN codec k ON k.codec = i.codec AND k.os = i.driver_os WHERE k.min_driver_key IS NOT NULL;

-- The same of a build whose CUDA release is known between two.
CREATE VIEW ranged_driver_floor AS
  SELECT b.candidate_id, f.least AS min_driver, f.least_key AS min_key, coalesce(l.least_sure, l.least) AS sure_from, coalesce(l.least_sure_key, l.least_key) AS sure_key, NULL AS below, NULL AS below_key
    FROM asked_build b JOIN build_cuda_range g ON g.package = b.package AND g.version_key = b.version_key
    JOIN runtime_floor f ON f.cuda_key = g.first_cuda_key AND f.driver_os = b.driver_os
    JOIN runtime_floor l ON l.cuda_key = g.last_cuda_key AND l.driver_os = b.driver_os
   WHERE b.cuda_key IS NULL;

-- What all drivers before some release lack on one system alone (Windows drivers inside WSL): sure from that release on.
CREATE VIEW system_driver_floor AS
  SELECT b.candidate_id, NULL AS min_driver, NULL AS min_key, r.version AS sure_from, min(r.version_key) AS sure_key, NULL AS below, NULL AS below_key
    FROM asked_build b JOIN asked_system y ON y.system_id = b.system_id JOIN driver_defect f ON f.system = y.os AND f.os = y.driver_os AND f.platform = '*'
    JOIN driver_release r ON r.os = f.os AND r.version_key > f.last_version_key
   WHERE NOT EXISTS (SELECT 1 FROM driver_release l WHERE l.os = f.os AND l.version_key < f.first_version_key)
   GROUP BY b.candidate_id;

-- On a Jetson the driver comes with its JetPack: those that serve every stated board and, by their CUDA and what is promised from a release on, run a candidate.
CREATE VIEW candidate_jetpack AS
  SELECT b.candidate_id, j.jetpack_key / 1000000000 AS place, CAST(j.jetpack_key / 1000000000000 AS TEXT) || '.' || (j.jetpack_key / 1000000000 % 1000) AS jetpack
    FROM asked_build b CROSS JOIN jetpack j
   WHERE j.jetpack_key IS NOT NULL AND j.cuda_key IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM asked_device d LEFT JOIN compute_capability c ON c.cc_key = d.cc_key AND c.renamed_to = '-'
                      WHERE d.stated = 1 AND instr(' ' || j.modules || ' ', ' ' || coalesce(c.cc, '?') || ' ') = 0)
     AND (b.cuda_key / 1000000000 <= j.cuda_key / 1000000000
       OR b.cuda_key / 1000000000000 = j.cuda_key / 1000000000000
      AND EXISTS (SELECT 1 FROM minor_version_compatibility v WHERE v.os = 'linux' AND v.cuda_major_key = b.cuda_key / 1000000000000 * 1000000000000))
     AND NOT EXISTS (SELECT 1 FROM image_taken i JOIN asked_device d ON d.device_id = i.device_id
                       JOIN list_on_capability o ON o.list_id = i.list_id AND o.cc_key = d.cc_key AND o.target = i.target AND o.how = 'exception'
                      WHERE i.list_id = b.list_id AND i.driver_os = b.driver_os AND i.how = 'exception' AND o.from_jetpack_key > j.jetpack_key)
     AND NOT EXISTS (SELECT 1 FROM image_taken i JOIN ptx_isa p ON p.isa = i.isa WHERE i.list_id = b.list_id AND i.driver_os = b.driver_os AND i.rank IN (20, 21) AND p.cuda_key > j.cuda_key)
   GROUP BY 1, 2;

-- Rules about what was demanded of the files themselves: they hold for every file, whatever its part in the package.
CREATE VIEW demand_rule AS
  SELECT rule_id FROM rule WHERE view IN ('required_image', 'forbidden_image', 'coverage_kept');

-- Of several cards those that run a candidate as it is, and those that do not. cards: the numbers of the former; NULL where the order of the cards is not
-- known (stated ones, a list without addresses).
CREATE VIEW card_choice AS
  WITH judged AS (SELECT r.candidate_id, r.severity, d.position, d.given, coalesce(d.name, d.given) AS card FROM device_result r JOIN asked_device d ON d.device_id = r.device_id AND d.stated = 1)
  SELECT candidate_id,
         CASE WHEN NOT EXISTS (SELECT 1 FROM judged x WHERE x.candidate_id = j.candidate_id AND x.given NOT IN (SELECT name FROM card_number))
              THEN (SELECT group_concat(number) FROM (SELECT DISTINCT n.number FROM judged x JOIN card_number n ON n.name = x.given WHERE x.candidate_id = j.candidate_id AND x.severity = 0 ORDER BY n.number)) END AS cards,
         (SELECT group_concat(card, ', ') FROM (SELECT DISTINCT card FROM judged x WHERE x.candidate_id = j.candidate_id AND x.severity = 0)) AS good,
         (SELECT group_concat(card, ', ') FROM (SELECT DISTINCT card FROM judged x WHERE x.candidate_id = j.candidate_id AND x.severity > 0)) AS bad
    FROM judged j GROUP BY candidate_id HAVING min(severity) = 0 AND max(severity) > 0;

-- Which kernel modules and which branch all cards need that were asked about; modules '': no flavour drives them all, or a card is not known.
CREATE VIEW driver_need AS
  SELECT CASE WHEN count(*) = 0 OR sum(s.cc_key IS NULL) > 0 OR sum(s.modules = 'proprietary') > 0 AND sum(s.modules = 'open') > 0 THEN ''
              WHEN sum(s.modules = 'proprietary') > 0 THEN 'proprietary' WHEN sum(s.modules = 'open') > 0 THEN 'open' ELSE 'either' END AS modules,
         CASE WHEN min(s.last_branch_key) IS NULL OR s.last_branch = 'open' THEN 'newest' ELSE s.last_branch END AS branch
    FROM asked_device d LEFT JOIN driver_support s ON s.cc_key = d.cc_key AND s.os = 'linux' WHERE d.stated = 1;
