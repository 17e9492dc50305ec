-- Which remedies a rule's failure has, least change first. how: what is made of the row (src/answer/remedy.cc has a function for each, and a test that it has).
-- Printed, with what is known already:
--   template, gpu: as they stand. captured: only where a log told what its {places} need. general: for a log, where nothing computed changes the same.
--   else: as template, where none of the rows above it that changes the same was worked out; of one that changes the card, where there is nothing above it at all.
--   elsewhere: only where the facts clear what was stated, of the same error by something else; then nothing else is printed.
--   other-card: of several cards those that run the build as it is, where their numbers are known; other-card-unnumbered: where they are not; last-resort: only where no other card does.
--   compiler, library, library-toolkit, forward: looked up in the tables. inspect: how to see what a build holds whose list is not sure.
-- Worked out by asking the same rules again about a changed question, and left out where those do not call it compatible:
--   same-build (the installed one again, with its companions), same-version, newest (another build of the package), twin (a build of the package's twin with CUDA code), pair (what goes with the
--   other package), python, other-os (WSL), toolkit, toolkit-asked (toolkit, where one is the question), driver, combined (driver and build), combined-toolkit (driver and toolkit), jetpack,
--   without-compat (the same build) and without-compat-build (another) where cuda-compat is taken out.
-- open: where nothing was asked for and nothing is wrong, the best build of the package in only_for among those that the answer shows.
-- {subject} in title or commands is what the rule speaks of (a folder, a package), {subjects} the same with each of its words in quotes: such a row is left out where that is not known, and
-- where it is, other templates of the rule that change the same kind of thing are left out.
CREATE TABLE remedy (
  rule_id TEXT NOT NULL,                       -- or a number that has no rule: 'runtime/805', for the driver's as well
  rank INTEGER NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('template','captured','general','open','elsewhere','same-build','same-version','newest','twin','pair','else','toolkit-asked','driver','forward','combined','combined-toolkit','toolkit','jetpack',
                                   'gpu','other-card','other-card-unnumbered','last-resort','python','other-os','without-compat','without-compat-build','compiler','library','library-toolkit','inspect')),
  changes TEXT NOT NULL CHECK (changes IN ('environment','package','python','os','toolkit','driver','gpu','package driver','toolkit driver','environment package')),
  os TEXT NOT NULL CHECK (os IN ('*','linux','windows','wsl')),
  platform TEXT NOT NULL CHECK (platform = '*' OR ltrim(platform, 'abcdefghijklmnopqrstuvwxyz+') = ''),  -- 'bare+vm': of bare container hosted wsl vm tegra
  only_for TEXT NOT NULL,                      -- packages (or host compilers) that it is for, 'torch+vllm', or '*'
  title TEXT NOT NULL,
  commands TEXT NOT NULL,                      -- one a line, lines separated by ' ;; '; '-' for none
  needs TEXT NOT NULL,                         -- blank-separated words of the contract (root reboot host provider rebuild); '-'
  risk TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (rule_id, rank, os, platform, only_for)
) STRICT;

-- What a part of a message means that a pattern of that rule captured.
CREATE TABLE capture_meaning (
  rule_id TEXT NOT NULL,
  capture TEXT NOT NULL,
  means TEXT NOT NULL CHECK (means IN ('gpu','capability','target','cuda-driver','driver','ptx-of-driver','ptx-made','toolkit','gcc','clang','msvc','library','requirement')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (rule_id, capture)
) STRICT;

-- Words by which a message tells which package it speaks of; the lowest rank that occurs counts.
CREATE TABLE package_word (
  word TEXT NOT NULL PRIMARY KEY,
  rank INTEGER NOT NULL,
  package TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Words by which a log tells of the system that it comes from; the lowest rank that occurs counts.
CREATE TABLE system_word (
  word TEXT NOT NULL PRIMARY KEY,
  rank INTEGER NOT NULL,
  os TEXT NOT NULL CHECK (os IN ('-','linux','windows','wsl')),
  platform TEXT NOT NULL CHECK (platform IN ('-','container','hosted','wsl','tegra')),
  engine TEXT NOT NULL,                        -- what runs the container, as in dialect.name, or '-'
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- A package without CUDA code and the one that has it.
CREATE TABLE package_twin (
  package TEXT NOT NULL PRIMARY KEY,
  twin TEXT NOT NULL REFERENCES package,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Extras under the tag that builds have here: jax[cuda12_pip] is cuda12. What names no CUDA gives the build that a plain install gives.
CREATE TABLE extra_tag (
  package TEXT NOT NULL REFERENCES package,
  extra TEXT NOT NULL,
  extra_key TEXT NOT NULL,                     -- name(extra)
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  tag TEXT NOT NULL,
  wheels TEXT NOT NULL CHECK (wheels IN ('yes','no')),  -- whether what the build asks of NVIDIA's wheels (wheel_need) comes with it
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, extra, first_version)
) STRICT;

-- Distributions that a build of another tag leaves behind: both would write into one package, or the old one's plug-in would still be loaded.
CREATE TABLE left_behind (
  package TEXT NOT NULL REFERENCES package,
  tag TEXT NOT NULL,                           -- a GLOB: of what is installed
  distributions TEXT NOT NULL,                 -- blank-separated, with {tag}
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, tag)
) STRICT;

-- Where an index or a range of versions is installed in another way than package.install says.
CREATE TABLE install_form (
  package TEXT NOT NULL REFERENCES package,
  channel TEXT NOT NULL CHECK (channel IN ('default','framework')),
  first_version TEXT NOT NULL,
  first_version_key INTEGER NOT NULL,          -- package(first_version)
  last_version TEXT NOT NULL,
  last_version_key INTEGER NOT NULL,           -- package(last_version)
  os TEXT NOT NULL CHECK (os IN ('linux','windows','*')),
  tag TEXT NOT NULL,                           -- a GLOB: of the builds that this is for
  install TEXT NOT NULL,                       -- as package.install
  option TEXT NOT NULL CHECK (option IN ('-','--index-url','--extra-index-url','--find-links')),  -- how the index is given
  index_url TEXT NOT NULL,                     -- '-' as package_index says
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (package, channel, first_version, os, tag)
) STRICT;

-- What a system calls itself (ID of os-release) or the container engine that runs it, and by whose words remedies are then told.
CREATE TABLE dialect (
  name TEXT NOT NULL PRIMARY KEY,
  dialect TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Words of titles and commands that a dialect says otherwise (other: a system that the table dialect does not have); instead '-': a command that holds them is left out, in a title they go.
CREATE TABLE remedy_word (
  dialect TEXT NOT NULL,
  words TEXT NOT NULL,
  instead TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (dialect, words)
) STRICT;

-- What installs a driver depends on the cards: what a dialect says instead of these words, by the kernel modules that the cards need and the branch that drives them (view
-- driver_need). Of a dialect that has rows for the words, and none that fits, a command that holds them is left out.
CREATE TABLE remedy_driver (
  dialect TEXT NOT NULL,
  words TEXT NOT NULL,
  modules TEXT NOT NULL CHECK (modules IN ('proprietary','either','open')),
  branch TEXT NOT NULL,                        -- the last that drives them; 'newest'
  instead TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (dialect, words, modules, branch)
) STRICT;

-- Remedies that fit only some of what a rule speaks of (a GLOB over the subject of what it concluded). alone: the rule's others are then left out.
CREATE TABLE remedy_about (
  rule_id TEXT NOT NULL,
  rank INTEGER NOT NULL,
  about TEXT NOT NULL,
  alone TEXT NOT NULL CHECK (alone IN ('yes','no')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (rule_id, rank)
) STRICT;
