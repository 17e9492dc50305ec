-- Builds of frameworks and libraries: which exist, what they need, which images their libraries hold.

CREATE TABLE package (
  package TEXT NOT NULL PRIMARY KEY CHECK (package NOT GLOB '*[^a-z0-9-]*'),  -- as pip compares names
  title TEXT NOT NULL,                         -- 'PyTorch'
  kind TEXT NOT NULL CHECK (kind IN ('framework','extension','companion','library','compiler')),
  main_library TEXT NOT NULL,                  -- the library whose images decide, a GLOB; '-' when none does
  images_from TEXT NOT NULL CHECK (images_from IN ('list','library')),  -- which decides: the documented list (build.images), or the measured main library
  choice TEXT NOT NULL CHECK (choice IN ('one','any')),  -- any: several libraries for one job, one that runs is enough
  runtime_compiler TEXT NOT NULL CHECK (runtime_compiler IN ('-','nvrtc','triton')),  -- compiles its kernels at run time
  install TEXT NOT NULL,                       -- how it is named to an installer: 'jax[{tag}]=={version}', '{package}=={version}+{tag}', '{package}=={version}'
  shown_by_default TEXT NOT NULL CHECK (shown_by_default IN ('yes','no')),  -- among the newest builds of an open question
  numbers TEXT NOT NULL CHECK (numbers IN ('whole','first-parts')),  -- first-parts: the vendor calls 8.6.1 and 10.13.2.6 releases 8.6 and 10.13.2
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Names that people type for a package: pytorch → torch, tf → tensorflow, cupy-cuda12x → cupy with tag cuda12x.
CREATE TABLE package_alias (
  alias TEXT NOT NULL PRIMARY KEY,
  package TEXT NOT NULL REFERENCES package,
  tag TEXT NOT NULL,                           -- the tag that the name implies, or '-'
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- An alias that means another package beside CUDA of another major: cudnn is the alias of CUDA 12's wheel, and beside CUDA 13 that of CUDA 13.
CREATE TABLE package_alias_cuda (
  alias TEXT NOT NULL REFERENCES package_alias,
  cuda_major INTEGER NOT NULL,
  package TEXT NOT NULL REFERENCES package,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (alias, cuda_major)
) STRICT;

-- Which index serves a tag. channel: default (what a plain pip install asks) or framework (the project's own).
CREATE TABLE package_index (
  package TEXT NOT NULL REFERENCES package,
  channel TEXT NOT NULL CHECK (channel IN ('default','framework')),
  tag TEXT NOT NULL,                           -- a GLOB: 'cu*', '*'
  index_url TEXT NOT NULL,                     -- with {tag}; '-' for the default
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, channel, tag)
) STRICT;

-- Where the data claims to list every build of a version: only there may an absent build be called no-such-build.
CREATE TABLE listing (
  package TEXT NOT NULL REFERENCES package,
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  arch TEXT NOT NULL CHECK (arch IN ('x86_64','aarch64')),
  channel TEXT NOT NULL CHECK (channel IN ('default','framework','every')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, first_version, os, arch, channel)
) STRICT;

CREATE TABLE build (
  package TEXT NOT NULL REFERENCES package,
  version TEXT NOT NULL,
  version_key INTEGER NOT NULL,                -- package(version)
  tag TEXT NOT NULL,                           -- cu124, cpu, rocm6.2, xpu, cuda12x; '-' when the package has none
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  arch TEXT NOT NULL CHECK (arch IN ('x86_64','aarch64')),
  channel TEXT NOT NULL CHECK (channel IN ('default','framework')),
  is_default TEXT NOT NULL CHECK (is_default IN ('yes','no')),  -- what a plain pip install of this version gives on this system
  device TEXT NOT NULL CHECK (device IN ('cuda','cpu','rocm','xpu')),
  cuda TEXT NOT NULL,                          -- runtime release it carries or needs: '12.4'; '-' without CUDA; unsaid
  cuda_key INTEGER,                            -- dotted(cuda)
  pythons TEXT NOT NULL,                       -- blank-separated '3.9 3.10 3.13t'; 'any' for py3-none wheels; unsaid
  images TEXT NOT NULL,                        -- of the main library: 'sm_50 sm_60 sm_90a compute_90@8.4'; '-' none; unsaid
  images_kind TEXT NOT NULL CHECK (images_kind IN ('measured','documented','script','inferred','unsaid','-')),
  codec TEXT NOT NULL CHECK (codec IN ('none','lz4','zstd','unsaid','-')),  -- of the cubins, where the list is not measured per library
  cudnn TEXT NOT NULL,                         -- version it is built with or pins; '-' none; unsaid
  cudnn_key INTEGER,                           -- package(cudnn)
  nccl TEXT NOT NULL,
  requires TEXT NOT NULL,                      -- other distributions it pins, blank-separated: 'torch==2.6.0 triton==3.2.0'; '-'; unsaid
  released TEXT NOT NULL,                      -- YYYY-MM-DD, YYYY-MM or unsaid
  confidence TEXT NOT NULL CHECK (confidence IN ('sure','unsure')),  -- unsure: an answer that rests on its images is conditional
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, version, tag, os, arch, channel)
) STRICT;
CREATE INDEX build_by_version ON build (package, version_key, tag);
CREATE INDEX build_by_tag ON build (package, tag COLLATE NOCASE);

-- Builds whose own CUDA release no source says (build.cuda unsaid), but between which two it lies.
CREATE TABLE build_cuda_range (
  package TEXT NOT NULL REFERENCES package,
  version TEXT NOT NULL,
  version_key INTEGER NOT NULL,                -- package(version)
  first_cuda TEXT NOT NULL,
  first_cuda_key INTEGER NOT NULL,             -- dotted(first_cuda)
  last_cuda TEXT NOT NULL,
  last_cuda_key INTEGER NOT NULL,              -- dotted(last_cuda)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, version)
) STRICT;

-- Extras that an installer cannot resolve: they ask for what the index does not have.
CREATE TABLE extra_unresolved (
  package TEXT NOT NULL REFERENCES package,
  extra TEXT NOT NULL,
  extra_key TEXT NOT NULL,                     -- name(extra)
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  python TEXT NOT NULL CHECK (python = '*' OR python GLOB '3.[0-9]*'),  -- on this Python alone; '*' on every one
  wheel TEXT NOT NULL,                         -- what it asks for
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, extra, first_version, python)
) STRICT;

-- The Pythons that the metadata of wheels asks for (py3-none and abi3 wheels name none), or that an installer finds a wheel of: the oldest, and the first that is too new.
CREATE TABLE python_floor (
  package TEXT NOT NULL REFERENCES package,
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  min_python TEXT NOT NULL CHECK (min_python = '-' OR min_python GLOB '3.[0-9]*'),
  below_python TEXT NOT NULL CHECK (below_python = '-' OR below_python GLOB '3.[0-9]*'),  -- the first that it is not for
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, first_version)
) STRICT;

-- The oldest GNU C library that the wheels of a build for Linux take: an installer passes a wheel over whose name asks for a newer one.
CREATE TABLE wheel_libc (
  package TEXT NOT NULL REFERENCES package,
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  tag TEXT NOT NULL,                           -- a GLOB
  channel TEXT NOT NULL CHECK (channel IN ('default','framework','*')),
  arch TEXT NOT NULL CHECK (arch IN ('x86_64','aarch64','*')),
  min_glibc TEXT NOT NULL,
  min_glibc_key INTEGER NOT NULL,              -- dotted(min_glibc)
  common TEXT NOT NULL CHECK (common IN ('yes','no')),  -- yes: no distribution that is still kept up has an older one, so that nobody need be told
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, first_version, tag, channel, arch)
) STRICT;

-- Device code of a build's libraries, read from a real wheel: one row per library, kind, target, compression and ISA.
CREATE TABLE measured_image (
  package TEXT NOT NULL,
  version TEXT NOT NULL,
  tag TEXT NOT NULL,
  os TEXT NOT NULL,
  arch TEXT NOT NULL,
  library TEXT NOT NULL,                       -- path inside the wheel; '/' written as ':' (fact ids use '/')
  kind TEXT NOT NULL CHECK (kind IN ('cubin','ptx')),
  target TEXT NOT NULL,                        -- sm_90a, compute_90
  codec TEXT NOT NULL,
  isa TEXT NOT NULL,                           -- PTX ISA, '-' for cubins
  containers INTEGER NOT NULL,                 -- how many containers (entries) hold it
  in_section TEXT NOT NULL CHECK (in_section IN ('yes','no')),  -- inside the fatbin sections
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,                       -- sha256 of the wheel
  PRIMARY KEY (package, version, tag, os, arch, library, kind, target, codec, isa, in_section)
) STRICT;

-- What a library is to its package. The first GLOB that fits, in rank order, counts; others are 'secondary'.
CREATE TABLE library_role (
  package TEXT NOT NULL REFERENCES package,
  rank INTEGER NOT NULL,
  library TEXT NOT NULL,                       -- a GLOB over the file's name
  role TEXT NOT NULL CHECK (role IN ('main','choice','secondary','feature','companion','profiler')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, rank)
) STRICT;

-- Libraries whose kernels are each made for some cards and chosen by the library itself: a GLOB over the file's name.
CREATE TABLE hand_tuned (
  library TEXT NOT NULL PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Libraries of the system, the compiler's runtime or the interpreter, which bring no CUDA: a GLOB over the name in small letters.
CREATE TABLE system_library (
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  library TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (os, library)
) STRICT;

-- Programs of so many bits: the last capability whose driver runs them, and the class of cards that the vendor names.
CREATE TABLE host_bits (
  bits INTEGER NOT NULL PRIMARY KEY,
  last_cc TEXT NOT NULL,
  last_cc_key INTEGER NOT NULL,                -- cc(last_cc)
  class TEXT NOT NULL,                         -- a GLOB over gpu.class
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Of several libraries for one job (role choice), the one that a framework's CUDA release selects by its name.
CREATE TABLE library_choice (
  package TEXT NOT NULL REFERENCES package,
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  framework TEXT NOT NULL REFERENCES package,
  library TEXT NOT NULL,                       -- the file's name without its ending, {cuda} for 124
  absent TEXT NOT NULL CHECK (absent IN ('fails','nearest','unsaid')),  -- what follows where the package does not hold that file; nearest: the
                                               -- newest older of that CUDA major is loaded, else the oldest newer one, else it fails
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, first_version)
) STRICT;

-- Which C++ ABI a framework's wheels for Linux on x86_64 are compiled with, where extensions are built for either: the word that the
-- tag of such an extension holds. Tags that no row names are left open.
CREATE TABLE wheel_abi (
  package TEXT NOT NULL REFERENCES package,
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  tag TEXT NOT NULL,                           -- a GLOB: 'cu*'
  abi TEXT NOT NULL CHECK (abi IN ('cxx11abiTRUE','cxx11abiFALSE')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, first_version, tag)
) STRICT;

-- The newest capability that a library knows which a package loads, for each CUDA release that the package is built with.
CREATE TABLE library_ceiling (
  package TEXT NOT NULL REFERENCES package,
  library TEXT NOT NULL,
  first_cuda TEXT NOT NULL,
  first_cuda_key INTEGER NOT NULL,             -- dotted(first_cuda)
  last_cuda TEXT NOT NULL,
  last_cuda_key INTEGER NOT NULL,              -- dotted(last_cuda)
  max_cc TEXT NOT NULL,
  max_cc_key INTEGER NOT NULL,                 -- cc(max_cc)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, library, first_cuda)
) STRICT;

-- Packages that load CUDA's libraries of their own major without bringing them, where the framework's are found. binds: 'must' for what is compiled against
-- the framework and does not load without it; 'may' where the libraries can come from elsewhere as well, so that another major is a caveat.
CREATE TABLE shared_runtime (
  package TEXT NOT NULL REFERENCES package,
  framework TEXT NOT NULL REFERENCES package,
  binds TEXT NOT NULL CHECK (binds IN ('must','may')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, framework)
) STRICT;

-- Which of NVIDIA's own wheels (nvidia-cudnn-cu12 …) the wheels of a build ask for on Linux, by their metadata: two builds whose bounds exclude
-- each other cannot be installed together. tools/wheel_needs reads them.
CREATE TABLE wheel_need (
  package TEXT NOT NULL REFERENCES package,
  version TEXT NOT NULL,
  version_key INTEGER NOT NULL,                -- package(version)
  tag TEXT NOT NULL,
  arch TEXT NOT NULL CHECK (arch IN ('x86_64','aarch64','*')),
  extra TEXT NOT NULL,                         -- only with this extra (and-cuda); '-' always
  wheel TEXT NOT NULL,
  min_version TEXT NOT NULL,                   -- '-' none
  min_version_key INTEGER,                     -- package(min_version)
  below_version TEXT NOT NULL,                 -- first version that is too new; '-' none
  below_version_key INTEGER,                   -- package(below_version)
  exact TEXT NOT NULL CHECK (exact IN ('yes','no')),  -- yes: min_version and no other
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, version, tag, arch, extra, wheel)
) STRICT;

-- NVIDIA's own wheels whose files of one major version lie in the same place whatever CUDA they are for: the later one overwrites the other's.
CREATE TABLE overlaid_wheel (
  stem TEXT NOT NULL PRIMARY KEY,              -- the wheel's name without the number behind 'cu'
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- From which version on the builds of a framework's own index ask for those wheels too, instead of holding the libraries themselves.
CREATE TABLE wheel_need_index (
  package TEXT NOT NULL PRIMARY KEY REFERENCES package,
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Versions that belong together: torch 2.6.0 ↔ torchvision 0.21.0, torchaudio 2.6.0, triton 3.2.0.
CREATE TABLE companion (
  package TEXT NOT NULL,
  version TEXT NOT NULL,
  version_key INTEGER NOT NULL,                -- package(version)
  companion TEXT NOT NULL,
  companion_version TEXT NOT NULL,
  companion_version_key INTEGER,               -- package(companion_version)
  same_tag TEXT NOT NULL CHECK (same_tag IN ('yes','no','any')),  -- yes: the companion carries the same local tag, from the same index; any: it holds no compiled code and takes any version of the package
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, version, companion)
) STRICT;

-- What the framework's own index holds of a companion: beside each build of the framework with such a tag the paired version with the
-- same tag, on every system that the framework has it for, with these images. derived/05_companion_build.sql makes the builds of it.
CREATE TABLE companion_build (
  package TEXT NOT NULL REFERENCES package,
  companion TEXT NOT NULL REFERENCES package,
  first_version TEXT NOT NULL,                 -- of the framework
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  tag TEXT NOT NULL,
  arch TEXT NOT NULL CHECK (arch IN ('x86_64','aarch64')),
  images TEXT NOT NULL,                        -- as build.images
  confidence TEXT NOT NULL CHECK (confidence IN ('sure','unsure')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, companion, first_version, tag, arch)
) STRICT;

-- Floors that a package's own program or a library it uses sets on the card.
CREATE TABLE capability_floor (
  package TEXT NOT NULL,                       -- a package, or a library: cudnn, nccl, cutensor
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  cuda_major TEXT NOT NULL,                    -- '12', or '*' for every one
  min_cc TEXT NOT NULL,
  min_cc_key INTEGER NOT NULL,                 -- cc(min_cc)
  set_by TEXT NOT NULL CHECK (set_by IN ('program','library','feature')),  -- feature: only part of the package needs it
  feature TEXT NOT NULL,                       -- which feature, or '-'
  confidence TEXT NOT NULL CHECK (confidence IN ('sure','unsure')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, first_version, cuda_major, feature)
) STRICT;

-- Releases that run by every table and yet fail on cards of some capabilities.
CREATE TABLE known_failure (
  package TEXT NOT NULL REFERENCES package,
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  first_cc TEXT NOT NULL,
  first_cc_key INTEGER NOT NULL,               -- cc(first_cc)
  last_cc TEXT NOT NULL,
  last_cc_key INTEGER NOT NULL,                -- cc(last_cc)
  symptom TEXT NOT NULL,
  basis TEXT NOT NULL CHECK (basis IN ('reported','inferred')),  -- reports of several people; inferred: from what newer releases or newer cards fail for
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, first_version, first_cc)
) STRICT;

-- Drivers that a package or library asks for beyond its CUDA runtime, and known minimums of libraries in it.
CREATE TABLE library_floor (
  package TEXT NOT NULL,
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  tag TEXT NOT NULL,                           -- a GLOB
  library TEXT NOT NULL,                       -- cudnn, nccl, cublas, cufft, cusparse, cupti, torch, cudart …
  min_version TEXT NOT NULL,
  min_version_key INTEGER,                     -- package(min_version)
  below_version TEXT NOT NULL,                 -- first version that is too new, or '-'
  below_version_key INTEGER,                   -- package(below_version)
  reason TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, first_version, tag, library)
) STRICT;

-- Libraries that a package opens by name when it starts, and without which it uses no card.
CREATE TABLE opened_library (
  package TEXT NOT NULL,
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  component TEXT NOT NULL,                     -- as in soname: cublas, cudart …
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, first_version, component)
) STRICT;

-- The compiler a run-time compiling package brings: triton's ptxas, cupy's NVRTC.
CREATE TABLE runtime_compiler (
  package TEXT NOT NULL,
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  tag TEXT NOT NULL,                           -- a GLOB
  os TEXT NOT NULL CHECK (os IN ('linux','windows','*')),
  compiler TEXT NOT NULL CHECK (compiler IN ('ptxas','ptxas-blackwell','nvrtc')),
  cuda TEXT NOT NULL,                          -- '12.8'
  cuda_key INTEGER,                            -- dotted(cuda)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, first_version, tag, os, compiler)
) STRICT;

-- The name of the card that such a package asks its compiler for. beyond: what it does where the card is newer than all that the compiler knows:
-- newest, it asks for the newest of those; asks, it asks for the card's all the same.
CREATE TABLE runtime_target (
  runtime_compiler TEXT NOT NULL PRIMARY KEY CHECK (runtime_compiler IN ('nvrtc','triton')),
  suffix_from TEXT NOT NULL,                   -- from this capability on the name with an a (sm_90a); '-' never
  suffix_from_key INTEGER,                     -- cc(suffix_from)
  beyond TEXT NOT NULL CHECK (beyond IN ('newest','asks')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Releases of NVIDIA's own libraries (cuDNN, NCCL, TensorRT): CUDA majors they are built for, capability and driver floors.
CREATE TABLE library_release (
  library TEXT NOT NULL,                       -- cudnn, nccl, tensorrt
  version TEXT NOT NULL,
  version_key INTEGER NOT NULL,                -- dotted(version)
  cuda_major TEXT NOT NULL,                    -- '12'
  platforms TEXT NOT NULL,                     -- blank-separated 'linux-x86_64 windows-x86_64', or unsaid
  min_cc TEXT NOT NULL,
  min_cc_key INTEGER,                          -- cc(min_cc)
  min_driver_linux TEXT NOT NULL,
  min_driver_windows TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (library, version, cuda_major)
) STRICT;
