-- Where every fact comes from. Every fact table ends with source_id and locator (the place in the source).
-- Words used instead of an empty cell, in every table: 'unsaid' the source does not say, 'open' still going on,
-- '-' does not apply. A column NAME_key is never typed: tools/mkdb fills it as the comment behind it says
-- (dotted, package, cc, name: src/base/version.h, text.h); unsaid and - become NULL, open the largest integer.

CREATE TABLE source (
  source_id TEXT NOT NULL PRIMARY KEY CHECK (source_id GLOB '[a-z0-9]*'),
  kind TEXT NOT NULL CHECK (kind IN ('vendor-doc','vendor-header','vendor-code','project','index','thread','measured','secondary','inferred')),
  title TEXT NOT NULL,
  edition TEXT NOT NULL,
  url TEXT NOT NULL,
  retrieved TEXT NOT NULL CHECK (retrieved GLOB '[12][09][0-9][0-9]-[01][0-9]*')
) STRICT;

-- Where sources disagree: the fact that stands, the value it does not hold, and why. An answer that rests on a
-- disputed range is 'conditional'.
CREATE TABLE dispute (
  fact_id TEXT NOT NULL,
  other_value TEXT NOT NULL,
  stands TEXT NOT NULL CHECK (stands IN ('ours','open')),
  reason TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (fact_id, other_value)
) STRICT;

-- Facts about this data set itself: version, as_of.
CREATE TABLE meta (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
