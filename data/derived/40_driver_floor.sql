-- The lowest driver for what depends on facts alone: a CUDA release, a capability, a PTX ISA version, a compression. A rule
-- and the "requires" of an answer read the same rows. min_key NULL: no source says.

-- A CUDA release on a system: its own minimum, and the floor of its major from which minor-version compatibility
-- carries it (cuda_major; absent before CUDA 11). least: the lower of the two, from which it is not ruled out. Where an open dispute names a lower own minimum, that is
-- the floor, and the own one what it is sure from. Where no source says a minimum (before 4.2, on Windows before 7.0), least is the first branch that reports the release.
CREATE TABLE runtime_floor (
  cuda_key INTEGER NOT NULL,
  driver_os TEXT NOT NULL,
  cuda TEXT NOT NULL,
  own TEXT, own_key INTEGER,
  cuda_major TEXT, floor TEXT, floor_key INTEGER,
  sure_from TEXT, sure_from_key INTEGER,
  least TEXT, least_key INTEGER, least_sure TEXT, least_sure_key INTEGER,
  PRIMARY KEY (cuda_key, driver_os)
) STRICT, WITHOUT ROWID;
INSERT INTO runtime_floor
  SELECT cuda_key, os, cuda, own, own_key, cuda_major, floor, floor_key, sure_from, sure_from_key,
         CASE WHEN floor_key IS NULL OR own_key < floor_key THEN own ELSE floor END,
         CASE WHEN floor_key IS NULL OR own_key < floor_key THEN own_key ELSE floor_key END,
         CASE WHEN floor_key IS NULL OR own_key < floor_key THEN own ELSE sure_from END,
         CASE WHEN floor_key IS NULL OR own_key < floor_key THEN own_key ELSE sure_from_key END
    FROM (SELECT r.cuda_key, o.os, r.cuda, m.min_driver AS own, m.min_driver_key AS own_key,
                 v.cuda_major, v.min_driver AS floor, v.min_driver_key AS floor_key, v.sure_from, v.sure_from_key
            FROM (SELECT DISTINCT cuda_key, cuda FROM toolkit) r
           CROSS JOIN (SELECT DISTINCT os FROM toolkit_min_driver) o
            LEFT JOIN toolkit_min_driver m ON m.cuda_key = r.cuda_key AND m.os = o.os
            LEFT JOIN minor_version_compatibility v ON v.cuda_major_key = r.cuda_key / 1000000000000 * 1000000000000 AND v.os = o.os);
UPDATE runtime_floor SET (floor, floor_key, sure_from, sure_from_key, least, least_key) = (l.version, l.version_key, own, own_key, l.version, l.version_key)
  FROM (SELECT fact_id, other_value AS version, CAST(substr(other_value, 1, instr(other_value, '.') - 1) AS INTEGER) * 1000000000000 + CAST(substr(other_value, instr(other_value, '.') + 1) AS INTEGER) * 1000000000 AS version_key
          FROM dispute WHERE stands = 'open' AND other_value GLOB '[1-9][0-9][0-9].[0-9][0-9]') l
 WHERE l.fact_id = 'toolkit_min_driver/' || runtime_floor.cuda || '/' || runtime_floor.driver_os AND runtime_floor.cuda_major IS NULL AND l.version_key < runtime_floor.own_key;

UPDATE runtime_floor SET (least, least_key, least_sure, least_sure_key) = (g.version, g.version_key, g.version, g.version_key)
  FROM (SELECT t.cuda_key, b.os, coalesce(b.first_version_key, b.first_major_key) AS version_key, CASE WHEN b.first_version_key IS NULL THEN b.first_major ELSE b.first_version END AS version, min(b.branch_key)
          FROM (SELECT DISTINCT cuda_key FROM toolkit) t JOIN driver_branch b ON b.max_cuda_key >= t.cuda_key GROUP BY t.cuda_key, b.os) g
 WHERE g.cuda_key = runtime_floor.cuda_key AND g.os = runtime_floor.driver_os AND runtime_floor.least_key IS NULL;

-- A capability on a system: the first driver that knows it and the first branch that no longer does. Where an open dispute names another first driver, min_ is the lower of the
-- two and sure_ the higher.
CREATE TABLE capability_driver (
  cc_key INTEGER NOT NULL,
  driver_os TEXT NOT NULL,
  min_driver TEXT, min_key INTEGER,
  sure_driver TEXT, sure_key INTEGER,
  below TEXT, below_key INTEGER,
  last_branch TEXT NOT NULL,                   -- the one before: it still does
  PRIMARY KEY (cc_key, driver_os)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO capability_driver
  SELECT s.cc_key, s.os,
         CASE WHEN s.first_version_key IS NOT NULL THEN s.first_version WHEN f.first_version_key IS NOT NULL THEN f.first_version ELSE f.first_major END,
         coalesce(s.first_version_key, f.first_version_key, f.first_major_key), NULL, NULL,
         CASE WHEN s.last_branch NOT IN ('open', 'unsaid', '-') THEN
           (SELECT g.first_major FROM driver_branch g WHERE g.os = s.os AND g.branch_key > s.last_branch_key ORDER BY g.branch_key LIMIT 1) END,
         CASE WHEN s.last_branch NOT IN ('open', 'unsaid', '-') THEN
           (SELECT g.first_major_key FROM driver_branch g WHERE g.os = s.os AND g.branch_key > s.last_branch_key ORDER BY g.branch_key LIMIT 1) END,
         s.last_branch
    FROM driver_support s LEFT JOIN driver_branch f ON f.branch = s.first_branch AND f.os = s.os
   WHERE s.first_branch_key IS NOT NULL;

-- The same for a stated driver: from start_key on one source at least says that it drives the capability, from sure_key on all do; after sure_last_key not all do (of the class that the
-- dispute speaks of).
CREATE TABLE drives (
  cc_key INTEGER NOT NULL,
  driver_os TEXT NOT NULL,
  cc TEXT NOT NULL,
  first_branch TEXT NOT NULL, first_version TEXT NOT NULL,
  start_key INTEGER NOT NULL,
  last_branch TEXT NOT NULL, last_branch_key INTEGER,
  modules TEXT NOT NULL,
  sure_key INTEGER,
  sure_last_key INTEGER, sure_class TEXT,
  disputed TEXT,                               -- why
  PRIMARY KEY (cc_key, driver_os)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO drives (cc_key, driver_os, cc, first_branch, first_version, start_key, last_branch, last_branch_key, modules)
  SELECT s.cc_key, s.os, s.cc, s.first_branch, s.first_version, coalesce(s.first_version_key, s.first_branch_key), s.last_branch, s.last_branch_key, s.modules
    FROM driver_support s WHERE s.first_branch_key IS NOT NULL;

CREATE TEMP TABLE other_support AS
  SELECT s.cc_key, s.os, x.reason, substr(x.other_value, 1, 5) AS side, b.branch_key, coalesce(v.version_key, b.first_major_key) AS start_key, x.other_value GLOB '* for notebooks' AS notebooks,
         CASE WHEN v.version IS NOT NULL THEN v.version WHEN b.first_version_key IS NULL THEN b.first_major ELSE b.first_version END AS version,
         coalesce(v.version_key, b.first_version_key, b.first_major_key) AS version_key
    FROM driver_support s JOIN dispute x ON x.fact_id = 'driver_support/' || s.cc || '/' || s.os AND x.stands = 'open'
    LEFT JOIN driver_branch b ON b.os = s.os AND x.other_value GLOB '* branch ' || b.branch || '*'
    LEFT JOIN driver_release v ON v.os = s.os AND x.other_value = 'first version ' || v.version;
UPDATE drives SET sure_key = max(drives.start_key, o.other_key), start_key = min(drives.start_key, o.other_key), disputed = o.reason
  FROM (SELECT cc_key AS o_cc, os AS o_os, start_key AS other_key, reason FROM other_support WHERE side = 'first') o WHERE o.o_cc = drives.cc_key AND o.o_os = drives.driver_os;
UPDATE drives SET sure_last_key = o.branch_key, sure_class = CASE o.notebooks WHEN 1 THEN 'geforce-notebook' END, disputed = o.reason
  FROM other_support o WHERE o.cc_key = drives.cc_key AND o.os = drives.driver_os AND o.side = 'last ';
UPDATE capability_driver SET (sure_driver, sure_key) = (o.version, o.version_key)
  FROM other_support o WHERE o.cc_key = capability_driver.cc_key AND o.os = capability_driver.driver_os AND o.side = 'first' AND o.version_key > capability_driver.min_key;
UPDATE capability_driver SET (sure_driver, sure_key, min_driver, min_key) = (min_driver, min_key, o.version, o.version_key)
  FROM other_support o WHERE o.cc_key = capability_driver.cc_key AND o.os = capability_driver.driver_os AND o.side = 'first' AND o.version_key < capability_driver.min_key;
DROP TABLE other_support;

-- A defect that every release has which drives the capability: none is older, and those without it dropped the capability.
CREATE TABLE capability_defect (
  cc_key INTEGER NOT NULL,
  driver_os TEXT NOT NULL,
  system TEXT NOT NULL,
  first_version TEXT NOT NULL,
  symptom TEXT NOT NULL,
  PRIMARY KEY (cc_key, driver_os, system, first_version)
) STRICT, WITHOUT ROWID;
INSERT INTO capability_defect
  SELECT c.cc_key, c.driver_os, f.system, f.first_version, f.symptom
    FROM capability_driver c JOIN driver_defect f ON f.os = c.driver_os AND f.platform = '*'
   WHERE c.below_key IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM driver_release l WHERE l.os = f.os AND l.version_key < f.first_version_key)
     AND NOT EXISTS (SELECT 1 FROM driver_release l WHERE l.os = f.os AND l.version_key > f.last_version_key AND l.version_key < c.below_key);

-- The first driver whose JIT compiles a PTX ISA version.
CREATE TABLE isa_driver (
  isa TEXT NOT NULL,
  driver_os TEXT NOT NULL,
  min_driver TEXT, min_key INTEGER,
  PRIMARY KEY (isa, driver_os)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO isa_driver
  SELECT p.isa, g.os, CASE WHEN g.first_version_key IS NULL THEN g.first_major ELSE g.first_version END, coalesce(g.first_version_key, g.first_major_key)
    FROM ptx_isa p JOIN driver_branch g ON g.max_cuda_key >= p.cuda_key ORDER BY p.isa, g.os, g.branch_key, p.cuda_key;

-- Drivers of which sources differ what CUDA they are of, from first_key up to below_key: surely PTX up to that of sure_cuda_key compiles on them; they said of themselves that they run said_cuda_key.
CREATE TABLE driver_dispute (
  driver_os TEXT NOT NULL,
  first_key INTEGER NOT NULL, below_key INTEGER NOT NULL,
  below TEXT,
  sure_cuda_key INTEGER, said_cuda_key INTEGER,
  fact TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (driver_os, first_key)
) STRICT, WITHOUT ROWID;
INSERT INTO driver_dispute
  SELECT i.driver_os, i.min_key, coalesce(g.first_version_key, g.first_major_key), CASE WHEN g.first_version_key IS NULL THEN g.first_major ELSE g.first_version END,
         (SELECT max(q.cuda_key) FROM ptx_isa q WHERE q.cuda_key < p.cuda_key), NULL, x.fact_id, x.reason
    FROM ptx_isa p JOIN dispute x ON x.fact_id = 'ptx_isa/' || p.isa || '/' || p.cuda AND x.stands = 'open'
    JOIN isa_driver i ON i.isa = p.isa JOIN driver_branch g ON g.os = i.driver_os AND x.other_value = 'driver ' || g.branch
   WHERE coalesce(g.first_version_key, g.first_major_key) > i.min_key
  UNION ALL
  SELECT os, branch_key, CAST(upto AS INTEGER) * 1000000000000 + CAST(substr(upto, instr(upto, '.') + 1) AS INTEGER) * 1000000000 + 1, NULL, NULL,
         CAST(said AS INTEGER) * 1000000000000 + CAST(substr(said, instr(said, '.') + 1) AS INTEGER) * 1000000000, fact_id, reason
    FROM (SELECT g.branch_key, g.os, x.fact_id, x.reason, substr(x.other_value, 6, instr(x.other_value, ' up to ') - 6) AS said, substr(x.other_value, instr(x.other_value, ' up to ') + 7) AS upto
            FROM driver_branch g JOIN dispute x ON x.fact_id = 'driver_branch/' || g.branch || '/' || g.os AND x.stands = 'open' WHERE x.other_value GLOB 'CUDA *.* up to *.*');

-- Every driver at which some rule may change its mind: the ends of branches, and whatever is a floor or follows a defect.
CREATE TABLE driver_threshold (
  os TEXT NOT NULL,
  version_key INTEGER NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (os, version_key)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO driver_threshold
  SELECT os, first_version_key, first_version FROM driver_branch WHERE first_version_key IS NOT NULL
  UNION ALL SELECT os, latest_version_key, latest_version FROM driver_branch WHERE latest_version_key IS NOT NULL
  UNION ALL SELECT os, min_driver_key, min_driver FROM toolkit_min_driver WHERE min_driver_key IS NOT NULL
  UNION ALL SELECT os, min_driver_key, min_driver FROM minor_version_compatibility
  UNION ALL SELECT driver_os, least_key, least FROM runtime_floor WHERE own_key IS NULL AND floor_key IS NULL AND least_key IS NOT NULL
  UNION ALL SELECT os, sure_from_key, sure_from FROM minor_version_compatibility
  UNION ALL SELECT os, min_driver_key, min_driver FROM codec WHERE min_driver_key IS NOT NULL
  UNION ALL SELECT os, first_version_key, first_version FROM driver_support WHERE first_version_key IS NOT NULL
  UNION ALL SELECT driver_os, below_key, below FROM driver_dispute WHERE below IS NOT NULL
  UNION ALL SELECT driver_os, sure_key, sure_driver FROM capability_driver WHERE sure_key IS NOT NULL
  UNION ALL SELECT driver_os, min_key, min_driver FROM capability_driver WHERE sure_key IS NOT NULL
  UNION ALL SELECT d.os, min(r.version_key), r.version FROM driver_defect d JOIN driver_release r ON r.os = d.os AND r.version_key > d.last_version_key
             GROUP BY d.os, d.first_version;
