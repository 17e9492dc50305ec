-- What a probe or a report has seen of one machine, piece by piece. These tables ship empty; the rules machine_*.sql and
-- python_environment.sql judge them. docs/probe.md says what each key means. Empty text: not seen; found = 0: looked for and not there.

CREATE TABLE observed_machine (
  platform TEXT NOT NULL,                      -- bare container wsl vm hosted; '' not said
  os TEXT NOT NULL,
  kernel_driver TEXT,
  kernel_driver_key INTEGER,
  hardware INTEGER NOT NULL,                   -- 0: a card or a driver is stated by hand, so this machine's own are not judged
  arch TEXT NOT NULL                           -- x86_64 aarch64 tegra, or what it calls itself; '' not said
) STRICT;

CREATE TABLE observed_sighting (
  sighting_id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  place TEXT NOT NULL,                         -- file, variable, function
  found INTEGER NOT NULL
) STRICT;

CREATE TABLE observed_gpu (
  gpu_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  kernel_driver TEXT NOT NULL,
  memory_mib INTEGER,
  free_mib INTEGER,
  compute_mode TEXT NOT NULL,
  mig TEXT NOT NULL,
  mig_instances INTEGER,
  licence TEXT NOT NULL,
  place TEXT NOT NULL,
  bus TEXT NOT NULL,                           -- 0000:01:00.0
  pci TEXT NOT NULL,                           -- 10de:1f97
  capability TEXT NOT NULL                     -- as the driver tells it; '' it does not
) STRICT;

-- The cards that the driver shows, numbered as nvidia-smi does; kept when the rest of the machine is forgotten. Empty where the environment chooses, where the
-- address of one is not known, and where the cards that are judged are not this machine's.
CREATE TABLE card_number (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

CREATE VIEW card_number_now AS
  WITH shown AS (SELECT bus, name FROM observed_gpu WHERE capability <> '' OR compute_mode <> '' OR free_mib IS NOT NULL)
  SELECT row_number() OVER (ORDER BY bus) - 1 AS number, name FROM shown
   WHERE NOT EXISTS (SELECT 1 FROM shown WHERE bus = '') AND NOT EXISTS (SELECT 1 FROM observed_machine WHERE hardware = 0)
     AND NOT EXISTS (SELECT 1 FROM observed_sighting WHERE key = 'env.CUDA_VISIBLE_DEVICES' AND found = 1);

-- Driver libraries in the order in which the loader looks; versions as drivers are numbered.
CREATE TABLE observed_library (
  library_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  version_key INTEGER,                         -- as a driver's
  kind TEXT NOT NULL,
  found_by TEXT NOT NULL,
  path TEXT NOT NULL,
  wins INTEGER NOT NULL
) STRICT;

-- Toolkits on disk (kind toolkit) and CUDA libraries that the loader finds (kind runtime).
CREATE TABLE observed_piece (
  piece_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  version_key INTEGER,
  found_by TEXT NOT NULL,
  place TEXT NOT NULL
) STRICT;

CREATE TABLE observed_python (
  python_id INTEGER PRIMARY KEY,
  version TEXT NOT NULL,
  path TEXT NOT NULL,
  env TEXT NOT NULL,
  kind TEXT NOT NULL,                          -- system venv conda uv pyenv
  active INTEGER NOT NULL
) STRICT;

CREATE TABLE observed_package (
  package_id INTEGER PRIMARY KEY,
  package TEXT NOT NULL,
  version TEXT NOT NULL,
  version_key INTEGER,                         -- PEP 440
  tag TEXT NOT NULL,
  local TEXT NOT NULL,                         -- what stands behind '+' as installed
  python TEXT NOT NULL,
  env TEXT NOT NULL,
  active INTEGER NOT NULL,                     -- of the Python that runs; 1 where nothing says which
  place TEXT NOT NULL
) STRICT;

-- What an installed package says that it needs: one row for each bound, one with empty op where it names no version.
CREATE TABLE observed_requirement (
  requirement_id INTEGER PRIMARY KEY,
  package TEXT NOT NULL,
  needs TEXT NOT NULL,
  op TEXT NOT NULL,
  version TEXT NOT NULL,
  version_key INTEGER,
  optional INTEGER NOT NULL,                   -- of an extra
  installed INTEGER NOT NULL,
  place TEXT NOT NULL
) STRICT;

-- Conditions of NVIDIA_REQUIRE_CUDA: one alternative of several must hold whole.
CREATE TABLE observed_gate (
  alternative INTEGER NOT NULL,
  name TEXT NOT NULL,                          -- cuda, driver, brand, arch
  op TEXT NOT NULL,
  version TEXT NOT NULL,
  version_key INTEGER
) STRICT;

-- Steps of the launch test. device -1: before any device. status: passed failed skipped.
CREATE TABLE observed_launch (
  launch_id INTEGER PRIMARY KEY,
  device INTEGER NOT NULL,
  step TEXT NOT NULL,
  status TEXT NOT NULL,
  code INTEGER NOT NULL,
  code_name TEXT NOT NULL,
  ms INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;

-- What the rules ask again and again, in one row (filled from the view, once everything is observed). NULL: not looked for.
CREATE TABLE machine_state (
  platform TEXT NOT NULL,
  os TEXT NOT NULL,
  hardware INTEGER NOT NULL,
  kernel_driver TEXT,
  kernel_driver_key INTEGER,
  wsl TEXT,                                    -- 1 or 2
  tegra INTEGER NOT NULL,
  container TEXT,
  bus INTEGER,                                 -- cards of NVIDIA on the bus
  card INTEGER,                                -- 1 seen anywhere, 0 looked for and none
  serves INTEGER,                              -- 0: every card is bound to something that keeps it for a virtual machine
  nouveau INTEGER NOT NULL,                    -- the card is bound to another driver
  loaded INTEGER,                              -- NVIDIA's kernel module
  library TEXT,                                -- kind of the libcuda that the loader takes; '' none
  installed INTEGER,                           -- anything of the driver on disk
  maker TEXT,                                  -- setuid, plain or missing: nvidia-modprobe
  init INTEGER,                                -- cuInit
  cards INTEGER,                               -- cuDeviceGetCount
  works INTEGER NOT NULL                       -- the driver starts and counts every card that it may
) STRICT;

CREATE VIEW machine_state_now AS
  SELECT o.platform, o.os, o.hardware, o.kernel_driver, o.kernel_driver_key, s.* FROM observed_machine o CROSS JOIN (
  SELECT max(CASE WHEN key = 'wsl' AND found = 1 THEN value END) AS wsl,
         coalesce(max(CASE WHEN key IN ('jetson', 'jetson.l4t') THEN found END), 0) AS tegra,
         max(CASE WHEN key = 'container' AND found = 1 THEN value END) AS container,
         CASE WHEN max(CASE WHEN key = 'pci.nvidia' THEN 1 END) = 1 THEN sum(CASE WHEN key = 'pci.nvidia' AND found = 1 THEN 1 ELSE 0 END) END AS bus,
         CASE WHEN max(CASE WHEN key IN ('pci.nvidia', 'proc.gpu', 'jetson', 'jetson.l4t') AND found = 1 THEN 1 END) = 1 OR EXISTS (SELECT 1 FROM observed_gpu) THEN 1
              WHEN max(CASE WHEN key = 'pci.nvidia' AND found = 0 THEN 1 END) = 1 THEN 0 END AS card,
         CASE WHEN max(CASE WHEN key = 'pci.driver' THEN 1 END) = 1
              THEN max(CASE WHEN key = 'pci.driver' THEN value NOT IN ('vfio-pci', 'pci-stub', 'xen-pciback') END) END AS serves,
         coalesce(max(CASE WHEN key = 'pci.driver' THEN value IN ('nouveau', 'nova_core', 'nova', 'nvidiafb', 'rivafb') END),
                  (SELECT max(kernel_driver IN ('nouveau', 'nova_core', 'nova', 'nvidiafb', 'rivafb')) FROM observed_gpu), 0) AS nouveau,
         CASE WHEN max(CASE WHEN key IN ('proc.driver.nvidia', 'module.nvidia') THEN 1 END) = 1
              THEN max(CASE WHEN key IN ('proc.driver.nvidia', 'module.nvidia') THEN found END) END AS loaded,
         CASE WHEN max(CASE WHEN key = 'libcuda' THEN 1 END) = 1
              THEN coalesce(max(CASE WHEN key = 'libcuda.kind' AND found = 1 THEN value END), '') END AS library,
         CASE WHEN max(CASE WHEN key IN ('libcuda', 'libnvidia-ml') THEN 1 END) = 1
              THEN max(CASE WHEN key IN ('libcuda.kind', 'libcuda.other', 'libnvidia-ml.kind', 'libnvidia-ml.other') THEN found = 1 AND value IN ('system', 'injected', 'wsl', 'tegra')
                            WHEN key IN ('module.nvidia.file', 'dkms', 'proc.driver.nvidia', 'module.nvidia') THEN found
                            WHEN key = 'libcuda.unreached' THEN found = 1 AND place NOT LIKE '%/compat/%' ELSE 0 END) END AS installed,
         max(CASE WHEN key = 'nvidia-modprobe' THEN CASE found WHEN 1 THEN value ELSE 'missing' END END) AS maker,
         max(CASE WHEN key = 'libcuda.init' AND found = 1 THEN CAST(value AS INTEGER) END) AS init,
         max(CASE WHEN key = 'libcuda.count' AND found = 1 THEN CAST(value AS INTEGER) END) AS cards,
         coalesce(max(CASE WHEN key = 'libcuda.init' AND found = 1 THEN value = '0' END) = 1
              AND max(CASE WHEN key = 'libcuda.count' AND found = 1 THEN value <> '0' END) = 1, 0) AS works
    FROM observed_sighting) s;

CREATE VIEW sentence_observed_sighting AS
  SELECT sighting_id, key || CASE WHEN found = 0 THEN ' was looked for and is not there' WHEN value = '' THEN ' is there' ELSE ' is ' || value END ||
         CASE place WHEN '' THEN '' ELSE ' (' || place || ')' END || '.' AS sentence, '' AS source_id, '' AS locator
    FROM observed_sighting;

-- Names that a framework or extension is installed under, and what it is then; rank: which of several the answer is about.
CREATE VIEW framework_name AS
  SELECT package AS name, package, '' AS tag, CASE WHEN kind = 'framework' AND shown_by_default = 'yes' THEN 1 WHEN kind = 'framework' THEN 2 ELSE 3 END AS rank FROM package WHERE kind IN ('framework', 'extension')
  UNION ALL
  SELECT a.alias, a.package, CASE a.tag WHEN '-' THEN '' ELSE a.tag END, 4 FROM package_alias a JOIN package p ON p.package = a.package
   WHERE p.kind IN ('framework', 'extension') AND a.alias NOT IN (SELECT package FROM package);
