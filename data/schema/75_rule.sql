-- Rules as declared in the comment blocks of data/rules/*.sql, and the exceptions of data/checks. Filled by tools/mkdb.

-- A view of the rules: the file of that name. Several views of one file are parts of the named one.
CREATE TABLE rule_view (
  view TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  question TEXT NOT NULL,
  condition TEXT NOT NULL                      -- SQL over the asked tables: the view is run only where it holds
) STRICT;

-- A rule is a case of a view. Its verdict is decided here, once; views join it by rule_id.
CREATE TABLE rule (
  rule_id TEXT NOT NULL PRIMARY KEY CHECK (rule_id GLOB '[a-z]*' AND rule_id NOT GLOB '*[^a-z0-9-]*'),
  verdict TEXT NOT NULL CHECK (verdict IN ('compatible','incompatible','conditional','unknown','caveat','none')),
  stage INTEGER NOT NULL,                      -- which of several a start would meet first: lowest
  code TEXT NOT NULL CHECK (code = '-' OR code NOT GLOB '*[^0-9]*'),  -- the error a start would show
  meaning TEXT NOT NULL,
  view TEXT NOT NULL REFERENCES rule_view,
  weight INTEGER AS (CASE verdict WHEN 'compatible' THEN 0 WHEN 'conditional' THEN 1000 WHEN 'unknown' THEN 2000 WHEN 'incompatible' THEN 3000 END - stage) STORED  -- severity (85_verdict.sql) * 1000 - stage; NULL for what decides nothing
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_source (
  rule_id TEXT NOT NULL REFERENCES rule,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (rule_id, source_id, locator)
) STRICT;

-- Offenders of a law that stand, and why.
CREATE TABLE check_exception (
  check_name TEXT NOT NULL,
  key TEXT NOT NULL,
  reason TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  PRIMARY KEY (check_name, key)
) STRICT;

-- The laws of data/checks as they ran when the database was made; `cudacompat db check` runs them again.
CREATE TABLE law (
  name TEXT NOT NULL PRIMARY KEY,
  statement TEXT NOT NULL
) STRICT;
