-- Toolkit releases, the drivers they need, the host compilers they accept, the libraries they bring.

CREATE TABLE toolkit (
  release TEXT NOT NULL PRIMARY KEY,           -- 12.4.1
  release_key INTEGER NOT NULL,                -- dotted(release)
  cuda TEXT NOT NULL,                          -- 12.4
  cuda_key INTEGER NOT NULL,                   -- dotted(cuda)
  label TEXT NOT NULL,                         -- 12.4 Update 1
  kind TEXT NOT NULL CHECK (kind IN ('ga','update','rc','preview','patch')),
  driver_branch TEXT NOT NULL,                 -- '550'; '-' for library patches
  released TEXT NOT NULL,                      -- YYYY-MM or unsaid
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- The vendor's own minimum of a CUDA release (its first GA), per system. From 11.0 on the family floor
-- (minor_version_compatibility) is enough to run what it built; before, this number decides.
CREATE TABLE toolkit_min_driver (
  cuda TEXT NOT NULL,
  cuda_key INTEGER NOT NULL,                   -- dotted(cuda)
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  min_driver TEXT NOT NULL,
  min_driver_key INTEGER,                      -- dotted(min_driver)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (cuda, os)
) STRICT;

-- The same per release, with the driver that the installer carries.
CREATE TABLE toolkit_release_driver (
  release TEXT NOT NULL REFERENCES toolkit,
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  min_driver TEXT NOT NULL,
  min_driver_key INTEGER,                      -- dotted(min_driver)
  bundled_driver TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (release, os)
) STRICT;

-- Minor-version compatibility: the driver from which every release of a CUDA major runs. Between min_driver and
-- sure_from the vendor's pages disagree.
CREATE TABLE minor_version_compatibility (
  cuda_major TEXT NOT NULL CHECK (cuda_major GLOB '[0-9]*'),
  cuda_major_key INTEGER NOT NULL,             -- dotted(cuda_major)
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  min_driver TEXT NOT NULL,
  min_driver_key INTEGER NOT NULL,             -- dotted(min_driver)
  sure_from TEXT NOT NULL,
  sure_from_key INTEGER NOT NULL,              -- dotted(sure_from)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (cuda_major, os)
) STRICT;

-- Which host compilers a toolkit's nvcc accepts. For msvc: the _MSC_VER range ('1910' to '1949').
CREATE TABLE host_compiler (
  cuda TEXT NOT NULL,
  cuda_key INTEGER NOT NULL,                   -- dotted(cuda)
  compiler TEXT NOT NULL CHECK (compiler IN ('gcc','clang','msvc')),
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),  -- where nvcc takes it at all
  min_version TEXT NOT NULL,
  min_version_key INTEGER,                     -- dotted(min_version)
  max_version TEXT NOT NULL,
  max_version_key INTEGER,                     -- dotted(max_version)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (cuda, compiler)
) STRICT;

-- What people call a compiler that host_compiler counts otherwise: Visual Studio 2022, its 17.9, the toolset 14.39 and cl 19.39,
-- as a range of _MSC_VER.
CREATE TABLE host_compiler_name (
  compiler TEXT NOT NULL CHECK (compiler IN ('gcc','clang','msvc')),
  name TEXT NOT NULL,                          -- a year, or the first two parts of a version
  name_key INTEGER NOT NULL,                   -- dotted(name)
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- dotted(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- dotted(last_version)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (compiler, name)
) STRICT;

-- Systems a toolkit is published for.
CREATE TABLE toolkit_platform (
  platform TEXT NOT NULL PRIMARY KEY,          -- 'linux-x86_64', 'linux-aarch64', 'linux-aarch64-jetson', 'windows-x86_64', …
  first_toolkit TEXT NOT NULL,
  first_toolkit_key INTEGER,                   -- dotted(first_toolkit)
  last_toolkit TEXT NOT NULL,
  last_toolkit_key INTEGER,                    -- dotted(last_toolkit)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Distributions that a toolkit's installation guide lists.
CREATE TABLE toolkit_distribution (
  release TEXT NOT NULL,
  platform TEXT NOT NULL,
  distribution TEXT NOT NULL,
  versions TEXT NOT NULL,
  default_gcc TEXT NOT NULL,
  glibc TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (release, platform, distribution, versions)
) STRICT;

-- The version of a component (cuda-nvrtc, libcublas …) that a toolkit release brings.
CREATE TABLE toolkit_component (
  release TEXT NOT NULL,
  component TEXT NOT NULL,
  version TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (release, component)
) STRICT;

-- Shared-object names of CUDA libraries and the CUDA majors they belong to (two majors may share one name).
CREATE TABLE soname (
  soname TEXT NOT NULL,
  cuda TEXT NOT NULL,                          -- '12', '11.0', or 'driver' for what the driver brings
  component TEXT NOT NULL,                     -- cudart, cublas, cudnn, …
  package TEXT NOT NULL,                       -- the Python package that carries it: nvidia-cublas-cu12; or -
  versions TEXT NOT NULL,                      -- which of its releases, where not the newest: '<9' (as an installer reads it), or '-'
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (soname, cuda)
) STRICT;
