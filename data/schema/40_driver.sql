-- Kernel drivers: branches, releases, what each knows and has dropped; PTX and compression; forward compatibility; JetPack.

-- A branch per system. On Windows the number's first part runs ahead of the branch: 551 to 553 are R550.
CREATE TABLE driver_branch (
  branch TEXT NOT NULL CHECK (branch GLOB '[0-9]*'),  -- '550'
  branch_key INTEGER NOT NULL,                 -- dotted(branch)
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  first_major TEXT NOT NULL,
  first_major_key INTEGER,                     -- dotted(first_major)
  last_major TEXT NOT NULL,
  last_major_key INTEGER,                      -- dotted(last_major)
  kind TEXT NOT NULL,                          -- LTS, PB (production), NFB (new feature), legacy, unsaid
  max_cuda TEXT NOT NULL,                      -- the CUDA version it reports: '12.4'; unsaid before that was fixed
  max_cuda_key INTEGER,                        -- dotted(max_cuda)
  first_version TEXT NOT NULL,
  first_version_key INTEGER,                   -- dotted(first_version)
  latest_version TEXT NOT NULL,
  latest_version_key INTEGER,                  -- dotted(latest_version)
  released TEXT NOT NULL,
  end_of_life TEXT NOT NULL,                   -- a date, open or unsaid
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (branch, os)
) STRICT;

CREATE TABLE driver_release (
  version TEXT NOT NULL,
  version_key INTEGER NOT NULL,                -- dotted(version)
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  branch TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (version, os),
  FOREIGN KEY (branch, os) REFERENCES driver_branch
) STRICT;

-- Which branches drive a capability: the first that knew it, the last before it was dropped ('open' if none did).
CREATE TABLE driver_support (
  cc TEXT NOT NULL REFERENCES compute_capability,
  cc_key INTEGER NOT NULL,                     -- cc(cc)
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  first_branch TEXT NOT NULL,
  first_branch_key INTEGER,                    -- dotted(first_branch)
  first_version TEXT NOT NULL,                 -- the first release of that branch that knows it, on this system; unsaid allowed
  first_version_key INTEGER,                   -- dotted(first_version)
  last_branch TEXT NOT NULL,
  last_branch_key INTEGER,                     -- dotted(last_branch)
  modules TEXT NOT NULL CHECK (modules IN ('proprietary','either','open','-')),  -- Linux kernel module flavours that drive it
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (cc, os)
) STRICT;

-- From which branch on a module flavour exists at all (open: 515; proprietary: gone after 610).
CREATE TABLE module_flavour (
  flavour TEXT NOT NULL PRIMARY KEY CHECK (flavour IN ('open','proprietary')),
  first_branch TEXT NOT NULL,
  first_branch_key INTEGER,                    -- dotted(first_branch)
  last_branch TEXT NOT NULL,
  last_branch_key INTEGER,                     -- dotted(last_branch)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Driver releases known to fail on some cards or calls.
CREATE TABLE driver_defect (
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- dotted(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- dotted(last_version)
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  system TEXT NOT NULL CHECK (system IN ('linux','windows','wsl','*')),  -- where it fails, as a person names the system; * everywhere
  platform TEXT NOT NULL CHECK (platform IN ('container','vm','*')),     -- and on which platform
  symptom TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (first_version, os)
) STRICT;

-- PTX ISA versions: the CUDA release that introduced one, and the first driver branch whose JIT compiles it.
CREATE TABLE ptx_isa (
  isa TEXT NOT NULL,
  isa_key INTEGER NOT NULL,                    -- dotted(isa)
  cuda TEXT NOT NULL,
  cuda_key INTEGER,                            -- dotted(cuda)
  driver_branch TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (isa, cuda)
) STRICT;

-- Fat binary compression and the driver that can unpack it.
CREATE TABLE codec (
  codec TEXT NOT NULL CHECK (codec IN ('none','lz4','lz4-frame','zlib','zstd')),
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  min_driver TEXT NOT NULL,                    -- '-' for every driver
  min_driver_key INTEGER,                      -- dotted(min_driver)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (codec, os)
) STRICT;

-- The vendor's matrix of cuda-compat packages against kernel driver branches.
CREATE TABLE forward_compatibility (
  cuda TEXT NOT NULL,                          -- of the package: '12.4'
  cuda_key INTEGER NOT NULL,                   -- dotted(cuda)
  kernel_branch TEXT NOT NULL,
  kernel_branch_key INTEGER NOT NULL,          -- dotted(kernel_branch)
  status TEXT NOT NULL CHECK (status IN ('compatible','incompatible','native')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (cuda, kernel_branch)
) STRICT;

-- On which kinds of card (gpu.class) forward compatibility is allowed at all.
CREATE TABLE forward_compatibility_class (
  class TEXT NOT NULL PRIMARY KEY,
  allowed TEXT NOT NULL CHECK (allowed IN ('yes','no','some')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Jetson releases: L4T ↔ JetPack ↔ CUDA, and the capabilities of the modules they serve.
CREATE TABLE jetpack (
  l4t TEXT NOT NULL PRIMARY KEY,
  l4t_key INTEGER NOT NULL,                    -- dotted(l4t)
  jetpack TEXT NOT NULL,                       -- '6.2'; previews as '6.0-DP'
  jetpack_key INTEGER,                         -- dotted(jetpack)
  cuda TEXT NOT NULL,
  cuda_key INTEGER,                            -- dotted(cuda)
  modules TEXT NOT NULL,                       -- capabilities, blank-separated: '7.2 8.7'
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Packages that put a newer libcuda on a JetPack than the one it came with (cuda-compat for Jetson).
CREATE TABLE jetpack_upgrade (
  first_jetpack TEXT NOT NULL PRIMARY KEY,     -- the first JetPack that takes them, and every later one
  first_jetpack_key INTEGER NOT NULL,          -- dotted(first_jetpack)
  first_cuda TEXT NOT NULL,                    -- the first CUDA release that has one
  first_cuda_key INTEGER NOT NULL,             -- dotted(first_cuda)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;
