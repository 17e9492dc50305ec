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

-- A capability on a system: the first driver that knows it and the first branch that no longer does.
CREATE TABLE capability_driver (
  cc_key INTEGER NOT NULL,
  driver_os TEXT NOT NULL,
  min_driver TEXT, min_key INTEGER,
  below TEXT, below_key INTEGER,
  last_branch TEXT NOT NULL,                   -- the one before: it still does
  PRIMARY KEY (cc_key, driver_os)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO capability_driver
  SELECT s.cc_key, s.os,
         CASE WHEN s.first_version_key IS NOT NULL THEN s.first_version WHEN f.first_version_key IS NOT NULL THEN f.first_version ELSE f.first_major END,
         coalesce(s.first_version_key, f.first_version_key, f.first_major_key),
         CASE WHEN s.last_branch NOT IN ('open', 'unsaid', '-') THEN
           (SELECT g.first_major FROM driver_branch g WHERE g.os = s.os AND g.branch_key > s.last_branch_key ORDER BY g.branch_key LIMIT 1) END,
         CASE WHEN s.last_branch NOT IN ('open', 'unsaid', '-') THEN
           (SELECT g.first_major_key FROM driver_branch g WHERE g.os = s.os AND g.branch_key > s.last_branch_key ORDER BY g.branch_key LIMIT 1) END,
         s.last_branch
    FROM driver_support s LEFT JOIN driver_branch f ON f.branch = s.first_branch AND f.os = s.os
   WHERE s.first_branch_key IS NOT NULL;

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
  UNION ALL SELECT d.os, min(r.version_key), r.version FROM driver_defect d JOIN driver_release r ON r.os = d.os AND r.version_key > d.last_version_key
             GROUP BY d.os, d.first_version;
