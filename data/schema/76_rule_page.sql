-- The page of each rule, docs/rules/RULE.md, as explain prints it. Filled by tools/mkdb.
CREATE TABLE rule_page (
  rule_id TEXT NOT NULL PRIMARY KEY,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
