-- By which name a file loads a runtime of CUDA or is one, in small letters, and the first toolkit that has that runtime. Of thousands of
-- scanned files each asks for its own names.
CREATE TABLE runtime_name (
  name TEXT NOT NULL,
  component TEXT NOT NULL,
  cuda_key INTEGER NOT NULL,
  PRIMARY KEY (name, component)
) STRICT, WITHOUT ROWID;
INSERT INTO runtime_name
  SELECT lower(s.soname), s.component, min(t.cuda_key) FROM soname s JOIN toolkit t ON t.cuda IN (s.cuda, s.cuda || '.0') GROUP BY 1, 2;
