-- Which remedies a rule's failure has, least change first. how: 'template' prints title and commands as they stand;
-- the others are worked out by asking the same rules again (same-version, newest: another build of the package;
-- driver: the exact minimum and the newest branch that serves the card; toolkit: the toolkits that build for it).
CREATE TABLE remedy (
  rule_id TEXT NOT NULL,
  rank INTEGER NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('template','same-version','newest','driver','toolkit','gpu','python')),
  changes TEXT NOT NULL CHECK (changes IN ('environment','package','python','os','toolkit','driver','gpu')),
  os TEXT NOT NULL CHECK (os IN ('*','linux','windows','wsl')),
  platform TEXT NOT NULL CHECK (platform IN ('*','bare','container','hosted','wsl','vm')),
  title TEXT NOT NULL,
  commands TEXT NOT NULL,                      -- one a line, lines separated by ' ;; '; '-' for none
  needs TEXT NOT NULL,                         -- blank-separated words of the contract (root reboot host provider rebuild); '-'
  risk TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (rule_id, rank, os, platform)
) STRICT;
