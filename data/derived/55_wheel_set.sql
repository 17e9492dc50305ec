-- What builds ask of NVIDIA's own wheels (wheel_need), each different set once, and which build has which. A build of a framework's own index asks
-- for what the default one with the same tag asks for; where the default index has no such tag, for the cuDNN and NCCL that the data names.
-- What asks for none and loads what it finds (plain tensorflow, onnxruntime-gpu, ctranslate2) has the range of library_floor, and installs nothing.

CREATE TEMP TABLE build_span AS
  SELECT b.rowid AS build_row, replace(replace(replace(lower(n.extra), '-', ''), '_', ''), ',', '') AS extra, n.wheel, coalesce(n.min_version_key, 0) AS low_key,
         CASE n.exact WHEN 'yes' THEN n.min_version_key ELSE coalesce(n.below_version_key - 1, 9223372036854775807) END AS high_key,
         CASE WHEN n.exact = 'yes' THEN n.min_version WHEN n.min_version = '-' AND n.below_version = '-' THEN 'any'
              ELSE CASE n.min_version WHEN '-' THEN '' ELSE n.min_version || ' or newer' END || CASE '-' WHEN n.below_version THEN '' WHEN n.min_version THEN 'below ' || n.below_version ELSE ', below ' || n.below_version END END AS shown,
         'wheel_need/' || n.package || '/' || n.version || '/' || n.tag || '/' || n.arch || '/' || n.extra || '/' || n.wheel AS fact, 1 AS installs
    FROM wheel_need n JOIN build b ON b.package = n.package AND b.version_key = n.version_key AND b.tag = n.tag AND b.os = 'linux' AND n.arch IN (b.arch, '*')
   WHERE b.channel = 'default' OR EXISTS (SELECT 1 FROM wheel_need_index i WHERE i.package = b.package AND b.version_key >= i.first_version_key);
INSERT INTO build_span
  SELECT b.rowid, '', w.stem || '-cu' || (b.cuda_key / 1000000000000), k.version_key, k.version_key, k.version,
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel, 1
    FROM build b JOIN wheel_need_index i ON i.package = b.package AND b.version_key >= i.first_version_key
    JOIN (SELECT 'nvidia-cudnn' AS stem UNION ALL SELECT 'nvidia-nccl') w
    JOIN (SELECT DISTINCT cudnn AS version, cudnn_key AS version_key, 'nvidia-cudnn' AS stem FROM build WHERE cudnn_key IS NOT NULL
          UNION SELECT l.version, l.min_version_key, 'nvidia-nccl' FROM (SELECT DISTINCT nccl AS version, min_version_key FROM build JOIN wheel_need n ON n.wheel LIKE 'nvidia-nccl-%' AND n.min_version = nccl) l) k
      ON k.stem = w.stem AND k.version = CASE w.stem WHEN 'nvidia-cudnn' THEN b.cudnn ELSE b.nccl END
   WHERE b.os = 'linux' AND b.device = 'cuda' AND b.cuda_key >= 12000000000000 AND b.rowid NOT IN (SELECT build_row FROM build_span);
INSERT INTO build_span
  SELECT b.rowid, '', 'nvidia-' || f.library || '-cu' || (b.cuda_key / 1000000000000), f.min_version_key, f.below_version_key - 1, f.min_version || ' or newer, below ' || f.below_version,
         'library_floor/' || f.package || '/' || f.first_version || '/' || f.tag || '/' || f.library, 0
    FROM library_floor f JOIN build b ON b.package = f.package AND b.version_key BETWEEN f.first_version_key AND f.last_version_key AND (f.tag = '*' OR b.tag GLOB f.tag)
   WHERE f.library = 'cudnn' AND f.below_version <> '-' AND b.device = 'cuda' AND b.cuda_key >= 11000000000000
     AND NOT EXISTS (SELECT 1 FROM build_span s WHERE s.build_row = b.rowid AND s.extra = '');

CREATE TEMP TABLE build_spans AS
  SELECT build_row, extra, group_concat(wheel || ' ' || low_key || ' ' || high_key || ' ' || installs, ';') AS spans, dense_rank() OVER (ORDER BY group_concat(wheel || ' ' || low_key || ' ' || high_key || ' ' || installs, ';')) AS set_id
    FROM (SELECT * FROM build_span ORDER BY build_row, extra, wheel) GROUP BY build_row, extra;

CREATE TABLE wheel_set (
  set_id INTEGER NOT NULL,
  wheel TEXT NOT NULL,
  low_key INTEGER NOT NULL,
  high_key INTEGER NOT NULL,
  shown TEXT NOT NULL,
  fact TEXT NOT NULL,
  installs INTEGER NOT NULL,                   -- 1: an installer brings such a wheel with the build; 0: the build loads one that it finds
  PRIMARY KEY (set_id, wheel)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO wheel_set
  SELECT s.set_id, b.wheel, b.low_key, b.high_key, b.shown, b.fact, b.installs FROM build_spans s JOIN build_span b ON b.build_row = s.build_row AND b.extra = s.extra ORDER BY s.set_id, b.wheel, b.fact;

CREATE TABLE build_wheels (
  build_row INTEGER NOT NULL,
  extra TEXT NOT NULL,
  set_id INTEGER NOT NULL,
  PRIMARY KEY (build_row, extra)
) STRICT, WITHOUT ROWID;
INSERT INTO build_wheels SELECT build_row, extra, set_id FROM build_spans;

-- Packages that ask for such wheels, and (asked 0) the wheels themselves.
CREATE TABLE wheel_package (
  package TEXT NOT NULL,
  asks INTEGER NOT NULL,
  PRIMARY KEY (package, asks)
) STRICT, WITHOUT ROWID;
INSERT INTO wheel_package SELECT DISTINCT package, 1 FROM wheel_need UNION SELECT DISTINCT b.package, 1 FROM build_span s JOIN build b ON b.rowid = s.build_row UNION SELECT DISTINCT wheel, 0 FROM build_span;

-- What a build loads and an installer does not bring with it: cuDNN, and the CUDA libraries of its major.
CREATE TABLE build_loads (
  build_row INTEGER NOT NULL,
  library TEXT NOT NULL,
  min_version TEXT NOT NULL,
  below_version TEXT NOT NULL,
  PRIMARY KEY (build_row, library)
) STRICT, WITHOUT ROWID;
INSERT INTO build_loads
  SELECT w.build_row, f.library, f.min_version, f.below_version
    FROM build_wheels w JOIN wheel_set n ON n.set_id = w.set_id AND n.installs = 0
    JOIN library_floor f ON n.fact = 'library_floor/' || f.package || '/' || f.first_version || '/' || f.tag || '/' || f.library WHERE w.extra = '';
INSERT INTO build_loads
  SELECT DISTINCT l.build_row, 'cuda', b.cuda_key / 1000000000000, b.cuda_key / 1000000000000 + 1 FROM build_loads l JOIN build b ON b.rowid = l.build_row;
