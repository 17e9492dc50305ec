-- What a question states, or a probe, report or scan has seen. These tables ship empty; every rule starts from them.
-- A thing that is not stated is one row with stated = 0, so that rules join without special cases.

CREATE TABLE asked_target (
  cuda_driver TEXT,                            -- what the user-mode driver reports: '12.4'
  cuda_driver_key INTEGER,
  jetpack TEXT,
  jetpack_key INTEGER,
  python TEXT,
  module_flavour TEXT,                         -- open, proprietary
  platform TEXT,                               -- bare container wsl vm hosted
  host_compiler TEXT,                          -- gcc, clang, msvc
  host_compiler_version TEXT,
  host_compiler_key INTEGER,
  cuda_major INTEGER,                          -- the one that releases and tags of the question say: what a name as cudnn means
  system_name TEXT,                            -- 'centos 7'
  libc TEXT,                                   -- glibc, musl; NULL: not known
  libc_version TEXT,
  libc_key INTEGER,                            -- NULL: newer than what anything asks for
  libc_from TEXT,                              -- the fact that says it; '' where it was stated
  available TEXT                               -- what a report says of torch.cuda.is_available(): true, false
) STRICT;

-- os is what a person calls it (wsl too); build_os whose builds run there, driver_os whose driver numbers count.
CREATE TABLE asked_system (
  system_id INTEGER PRIMARY KEY,
  os TEXT NOT NULL,
  arch TEXT NOT NULL,
  build_os TEXT NOT NULL,
  driver_os TEXT NOT NULL
) STRICT;

-- A row for each card that a typed name fits; position counts what was typed.
CREATE TABLE asked_device (
  device_id INTEGER PRIMARY KEY,
  stated INTEGER NOT NULL,
  position INTEGER NOT NULL,
  given TEXT NOT NULL,
  gpu_id TEXT,
  name TEXT,
  cc TEXT,                                     -- NULL: a name that nobody knows
  cc_key INTEGER,                              -- renamed capabilities (10.1) under their new number
  class TEXT,
  board TEXT,
  count INTEGER NOT NULL,
  apart INTEGER NOT NULL DEFAULT 0             -- 1: judged for itself, in no machine with the others (check --require, every card of a driver)
) STRICT;

-- The members of what was typed as driver: one version, or the ends of each branch of a set.
CREATE TABLE asked_driver (
  driver_id INTEGER PRIMARY KEY,
  stated INTEGER NOT NULL,
  driver_os TEXT NOT NULL,
  given TEXT NOT NULL,
  version TEXT,
  version_key INTEGER,
  branch TEXT,                                 -- NULL: no branch of the data holds that number
  branch_key INTEGER,
  max_cuda TEXT,                               -- the driver's own CUDA
  max_cuda_key INTEGER,
  sure_cuda_key INTEGER,                       -- where sources differ on it (driver_dispute): whose PTX it surely compiles
  said_cuda_key INTEGER                        -- and what it said of itself
) STRICT;

-- What was asked for, as typed: kind package, cuda, images, binary.
CREATE TABLE asked_subject (
  subject_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  package TEXT NOT NULL,
  given TEXT NOT NULL,
  version TEXT,                                -- the exact version typed, else NULL
  version_key INTEGER,
  tag TEXT,
  installed INTEGER NOT NULL DEFAULT 0,        -- 1: seen on the machine, so that what a report says of "available" is about it
  extra TEXT                                   -- of a package, letters and digits: 'andcuda'
) STRICT;

-- The builds that the question is about, each on one system. list_id: its main library's images (list_image).
CREATE TABLE asked_build (
  candidate_id INTEGER PRIMARY KEY,
  subject_id INTEGER NOT NULL,
  system_id INTEGER NOT NULL,
  driver_os TEXT NOT NULL,
  build_row INTEGER,                           -- rowid in build; NULL for what is no known build
  kind TEXT NOT NULL,                          -- package, cuda, images, binary
  package TEXT NOT NULL,
  version TEXT NOT NULL,
  version_key INTEGER,
  tag TEXT NOT NULL,
  os TEXT NOT NULL,
  arch TEXT NOT NULL,
  channel TEXT NOT NULL,
  is_default TEXT NOT NULL,
  device TEXT NOT NULL,
  cuda TEXT NOT NULL,
  cuda_key INTEGER,
  pythons TEXT NOT NULL,
  images_kind TEXT NOT NULL,
  list_id INTEGER
) STRICT;

-- Packages and systems for which an open question has found a build that runs.
CREATE TABLE asked_settled (
  package TEXT NOT NULL,
  system_id INTEGER NOT NULL,
  PRIMARY KEY (package, system_id)
) STRICT, WITHOUT ROWID;

-- A file that was scanned. side: 'new' is judged, 'old' is the baseline that it is compared with.
CREATE TABLE observed_file (
  file_id INTEGER PRIMARY KEY,
  subject_id INTEGER,                          -- of asked_subject; NULL for what is not judged
  side TEXT NOT NULL,                          -- 'like': the new one again, as far as its baseline was searched
  unit TEXT NOT NULL,                          -- what is judged for itself: a path that was given, with all that was found by it
  archive TEXT NOT NULL,                       -- the outermost archive that it is in; ''
  path TEXT NOT NULL,
  name TEXT NOT NULL,                          -- the last part of the path
  soname TEXT NOT NULL,
  package TEXT NOT NULL,                       -- normalised; '' when nothing says
  member TEXT NOT NULL,                        -- the path inside the package
  os TEXT NOT NULL,                            -- '-' for raw device code
  arch TEXT NOT NULL,
  package_text TEXT NOT NULL,                  -- as installed: 'torch 2.9.1+cpu'
  style TEXT NOT NULL,                         -- uniform ordinary hand-tuned none: how the scanner takes it to be built, or the table hand_tuned
  problems INTEGER NOT NULL,
  bits INTEGER NOT NULL,                       -- of the program; 0 where its format does not say
  static_runtime INTEGER NOT NULL,             -- 1: the CUDA runtime is linked into it
  pythons TEXT NOT NULL,                       -- any; '3.11', or '3.9 or newer', of an extension or a wheel's tag
  own_name TEXT NOT NULL,                      -- where the file itself is a library of CUDA: the name it is loaded by; else ''
  reading TEXT NOT NULL,                       -- read; programs (the same of a folder of them); opens (CUDA by name, at run time); foreign (code for others, not read); unread
                                               -- (no format that is read); bare (made for device code, and no image in it); empty (no program in it); ignored (left out by the policy)
  note TEXT NOT NULL,                          -- what the scanner says of it; may be empty
  list_id INTEGER                              -- its images as one list; NULL without device code
) STRICT;

-- The older self of a file (src/answer/pair.cc); like_id: the new one as far as the old one was searched.
CREATE TABLE observed_pair (
  old_id INTEGER NOT NULL,
  new_id INTEGER NOT NULL,
  like_id INTEGER NOT NULL
) STRICT;

-- Toolkits that the notes of a file's cubins name.
CREATE TABLE observed_toolkit (
  file_id INTEGER NOT NULL,
  toolkit TEXT NOT NULL
) STRICT;

-- CUDA libraries that a file loads, by every name that may stand in the table soname.
CREATE TABLE observed_need (
  file_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  library TEXT NOT NULL,                       -- 'cudart'; '' for a name that is made of another row's
  release TEXT NOT NULL                        -- the first two parts of the number in the name; ''
) STRICT;

-- What the programs of a unit load that hold nothing of CUDA and ask for none by a known name, but for what lies beside them and was
-- looked at; name '': an object among them, whose program is yet to be linked.
CREATE TABLE observed_load (
  unit TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (unit, name)
) STRICT, WITHOUT ROWID;

-- Modules (containers) of a file that hold exactly the same images; list_id: those images (observed_image). A leftover without
-- kernels is no module.
CREATE TABLE observed_set (
  file_id INTEGER NOT NULL,
  set_id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  containers INTEGER NOT NULL,
  apart TEXT NOT NULL,                         -- of modules compiled for other generations alone (variant_set): those, ' 9 10 '; ' own ' for the cards that they serve alone; else ''
  PRIMARY KEY (file_id, set_id)
) STRICT;

-- The images of a list that a set of modules holds; sets with the same images share one.
CREATE TABLE observed_image (
  list_id INTEGER NOT NULL,
  target TEXT NOT NULL,
  isa TEXT NOT NULL,
  codec TEXT NOT NULL,
  PRIMARY KEY (list_id, target, isa, codec)
) STRICT, WITHOUT ROWID;

-- What must or must not be in the files. wish: present, absent (target is a GLOB over image targets), or
-- runs (position names the card in asked_device).
CREATE TABLE asked_requirement (
  requirement_id INTEGER PRIMARY KEY,
  wish TEXT NOT NULL,
  given TEXT NOT NULL,
  target TEXT,
  position INTEGER
) STRICT;

-- What the rules concluded of this question: each rule view that judges (judgement.view) is copied in once.
-- scope says what scope_key names: candidate, list, runtime (cuda_key of a build), system (nothing more), subject.
-- device_id, driver_id: NULL where the conclusion holds for all of them. premises: ids of facts and of what was seen, blank-separated; '' none; '-' that nothing else explains
-- it (report_contradicts): such a reason is left out beside a worse one.
CREATE TABLE concluded (
  conclusion_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  scope_key INTEGER,
  driver_os TEXT,
  device_id INTEGER,
  driver_id INTEGER,
  rule_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  summary TEXT NOT NULL,
  premises TEXT NOT NULL
) STRICT;
