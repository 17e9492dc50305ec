-- Versions that go together: what each version of a package takes of another one, a row for each version that will do.
-- From what a build's own metadata pins (build.requires) and from the pairs of the table companion, those of a framework read both ways.
-- Of what a requirement leaves open (>=, !=) only a lower bound and a prefix are read; others say nothing here.

CREATE TEMP TABLE known_version AS
  SELECT package, version, version_key FROM build
  UNION SELECT package, version, version_key FROM companion
  UNION SELECT c.companion, b.version, b.version_key FROM companion c JOIN build b ON b.package = c.companion AND b.version = c.companion_version;

CREATE TEMP TABLE wanted AS
  WITH RECURSIVE split(package, version, version_key, tag, requires, word, rest) AS (
    SELECT DISTINCT package, version, version_key, tag, requires, '', requires || ' ' FROM build WHERE requires NOT IN ('-', 'unsaid')
    UNION ALL
    SELECT package, version, version_key, tag, requires, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM split WHERE rest <> ''
  )
  SELECT DISTINCT package, version, version_key, tag, substr(word, 1, instr(word, '=') - 2 + (substr(word, instr(word, '=') + 1, 1) = '=')) AS other,
         substr(word, instr(word, '=') - (substr(word, instr(word, '=') + 1, 1) <> '='), 2) AS op,
         substr(word, instr(word, '=') + 1 + (substr(word, instr(word, '=') + 1, 1) = '=')) AS bound
    FROM split WHERE instr(word, '=') > 0 AND instr(word, ',') = 0 AND word NOT GLOB 'nvidia-*';  -- of those wheel_need says it

CREATE TABLE pin (
  package TEXT NOT NULL,
  version_key INTEGER NOT NULL,
  tag TEXT NOT NULL,                           -- '*': every build of that version
  other TEXT NOT NULL,
  other_version TEXT NOT NULL,
  other_version_key INTEGER NOT NULL,
  other_tag TEXT NOT NULL,                     -- a GLOB over the other's tag: '*' any; '' none that is published
  same_tag TEXT NOT NULL,
  needs INTEGER NOT NULL,                      -- 1: does not run without the other
  PRIMARY KEY (package, version_key, other, other_version_key, tag, other_tag)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO pin
  SELECT c.package, c.version_key, '*', c.companion, k.version, k.version_key, '*', CASE c.same_tag WHEN 'any' THEN 'no' ELSE c.same_tag END, coalesce(p.kind = 'framework', 0)
    FROM companion c JOIN known_version k ON k.package = c.companion AND k.version = c.companion_version LEFT JOIN package p ON p.package = c.companion;
INSERT OR IGNORE INTO pin
  -- Not of a framework: what an extension pins of it says which extension it goes with, and not that no other release does.
  SELECT c.companion, k.version_key, '*', c.package, c.version, c.version_key, '*', c.same_tag, 1
    FROM companion c JOIN known_version k ON k.package = c.companion AND k.version = c.companion_version JOIN package p ON p.package = c.companion WHERE p.kind <> 'framework' AND c.same_tag <> 'any';
INSERT OR IGNORE INTO pin
  SELECT w.package, w.version_key, w.tag, w.other, k.version, k.version_key,
         coalesce(a.tag, CASE WHEN w.tag LIKE '%cxx11abi%' AND EXISTS (SELECT 1 FROM wheel_abi o WHERE o.package = w.other AND k.version_key BETWEEN o.first_version_key AND o.last_version_key) THEN '' ELSE '*' END),
         coalesce((SELECT max(c.same_tag) FROM companion c WHERE c.package = w.other AND c.companion = w.package AND c.companion_version = w.version
                      OR c.package = w.package AND c.companion = w.other AND c.version = w.version),
                  (SELECT max(c.same_tag) FROM companion c WHERE c.package = w.other AND c.companion = w.package OR c.package = w.package AND c.companion = w.other), 'no'), 1
    FROM wanted w JOIN package p ON p.package = w.other JOIN known_version k ON k.package = w.other
    LEFT JOIN wheel_abi a ON a.package = w.other AND k.version_key BETWEEN a.first_version_key AND a.last_version_key AND instr(w.tag, a.abi) > 0
   WHERE w.op = '==' AND (k.version = w.bound OR w.bound LIKE '%.*' AND k.version GLOB w.bound)
      OR w.op = '~=' AND k.version GLOB rtrim(w.bound, '0123456789') || '*'
      OR w.op = '>=' AND k.version_key >= (SELECT min(o.version_key) FROM known_version o WHERE o.package = w.other AND o.version IN (w.bound, w.bound || '.0'));
-- What holds for every tag needs no row for one.
DELETE FROM pin WHERE tag <> '*' AND EXISTS (
  SELECT 1 FROM pin e WHERE e.package = pin.package AND e.version_key = pin.version_key AND e.tag = '*' AND e.other = pin.other AND e.other_version_key = pin.other_version_key
     AND e.other_tag = pin.other_tag AND e.same_tag = pin.same_tag AND e.needs = pin.needs);

-- Builds of an extension that no published wheel of its framework goes with.
CREATE TABLE pin_orphan (
  package TEXT NOT NULL,
  version_key INTEGER NOT NULL,
  tag TEXT NOT NULL,
  other TEXT NOT NULL,
  other_version TEXT NOT NULL,
  fact TEXT NOT NULL,
  PRIMARY KEY (package, version_key, tag, other)
) STRICT, WITHOUT ROWID;
INSERT INTO pin_orphan
  SELECT p.package, p.version_key, p.tag, p.other, p.other_version, 'wheel_abi/' || a.package || '/' || a.first_version || '/' || a.tag
    FROM (SELECT package, version_key, tag, other, other_version, max(other_version_key) AS other_version_key FROM pin GROUP BY package, version_key, tag, other HAVING max(other_tag) = '') p
    JOIN wheel_abi a ON a.package = p.other AND p.other_version_key BETWEEN a.first_version_key AND a.last_version_key
   GROUP BY p.package, p.version_key, p.tag, p.other;

-- The packages that do not run without a framework whose version they pin.
CREATE TABLE pin_framework (package TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO pin_framework
  SELECT DISTINCT p.package FROM pin p JOIN package f ON f.package = p.other AND f.kind = 'framework' WHERE p.needs = 1;
