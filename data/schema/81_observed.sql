-- What a probe, report, log or scan shows that no table can know: a rule id, what it is about, the text seen, and where.
CREATE TABLE observed_finding (
  finding_id INTEGER PRIMARY KEY,
  rule_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  place TEXT NOT NULL                          -- file:line, or empty
) STRICT;
