-- Which toolkits make code for a capability, from the targets that serve it. A last toolkit counts with all its updates.

-- By the target of the capability itself, or of the one that it was renamed to.
CREATE TABLE capability_toolkit (
  cc_key INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  first_toolkit TEXT NOT NULL,
  first_key INTEGER,
  last_toolkit TEXT NOT NULL,
  last_key INTEGER
) STRICT;
INSERT INTO capability_toolkit
  SELECT coalesce(c.renamed_to_key, x.cc_key), x.target, x.first_toolkit, min(x.first_toolkit_key),
         (SELECT y.last_toolkit FROM architecture y JOIN compute_capability k ON k.cc = y.cc
           WHERE y.suffix = '-' AND coalesce(k.renamed_to_key, y.cc_key) = coalesce(c.renamed_to_key, x.cc_key) ORDER BY y.last_toolkit_key DESC LIMIT 1),
         max(x.last_toolkit_key / 1000000000 * 1000000000 + CASE x.last_toolkit WHEN 'open' THEN 0 ELSE 999999999 END)
    FROM architecture x JOIN compute_capability c ON c.cc = x.cc WHERE x.suffix = '-' GROUP BY 1;

-- By all machine code that runs on it, older minors too: what a compiler at run time may fall back to.
CREATE TABLE capability_compiler (
  cc TEXT NOT NULL PRIMARY KEY,
  target TEXT NOT NULL,
  first_toolkit TEXT NOT NULL,
  first_key INTEGER,
  last_toolkit TEXT NOT NULL,
  last_key INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO capability_compiler
  SELECT c.cc, y.target, y.first_toolkit, min(y.first_toolkit_key), x.last_toolkit, x.last_toolkit_key
    FROM compute_capability c JOIN architecture x ON x.cc = c.cc AND x.suffix = '-'
    JOIN target_on_capability t ON t.cc_key = c.cc_key AND t.how = 'native' JOIN architecture y ON y.target = t.target AND y.suffix = '-'
   GROUP BY c.cc;

-- By every image that is not compiled at the start: embedded exceptions and suffixes too.
CREATE TABLE capability_maker (
  cc_key INTEGER PRIMARY KEY,
  first_key INTEGER,
  last_key INTEGER,
  facts TEXT NOT NULL
) STRICT;
INSERT INTO capability_maker
  SELECT t.cc_key, min(x.first_toolkit_key), max(x.last_toolkit_key / 1000000000 * 1000000000 + CASE x.last_toolkit WHEN 'open' THEN 0 ELSE 999999999 END),
         group_concat('architecture/' || x.target, ' ')
    FROM target_on_capability t JOIN architecture x ON x.target = t.target WHERE t.how <> 'jit' GROUP BY t.cc_key;

-- What a compiler at run time is asked for: the card's own name, plain or with an a; where that is not known and the card is newer than all that is (a package that
-- then asks for the newest), whatever it makes and the card runs.
CREATE TABLE runtime_asks (
  runtime_compiler TEXT NOT NULL,
  cc_key INTEGER NOT NULL,
  cuda_key INTEGER NOT NULL,                   -- of the compiler
  target TEXT NOT NULL,
  first_toolkit TEXT NOT NULL,
  first_key INTEGER NOT NULL,
  last_toolkit TEXT NOT NULL,
  last_key INTEGER,
  PRIMARY KEY (runtime_compiler, cc_key, cuda_key)
) STRICT, WITHOUT ROWID;
INSERT INTO runtime_asks
  SELECT runtime_compiler, cc_key, cuda_key, CASE own WHEN 1 THEN own_target ELSE target END, CASE own WHEN 1 THEN own_toolkit ELSE first_toolkit END, CASE own WHEN 1 THEN own_key ELSE first_key END,
         last_toolkit, last_key
    FROM (
  SELECT r.runtime_compiler, k.cc_key, c.cuda_key, x.target AS own_target, x.first_toolkit AS own_toolkit, x.first_toolkit_key AS own_key, a.target, a.first_toolkit, a.first_key, a.last_toolkit, a.last_key,
         r.beyond = 'asks' OR x.first_toolkit_key <= c.cuda_key OR EXISTS (SELECT 1 FROM architecture n WHERE n.first_toolkit_key <= c.cuda_key AND n.cc_key > k.cc_key) AS own
    FROM runtime_target r CROSS JOIN compute_capability k JOIN capability_compiler a ON a.cc = k.cc
    JOIN architecture x ON x.cc = k.cc AND x.suffix = CASE WHEN k.cc_key >= r.suffix_from_key THEN 'a' ELSE '-' END
   CROSS JOIN (SELECT DISTINCT cuda_key FROM runtime_compiler WHERE cuda_key IS NOT NULL) c
   WHERE k.renamed_to = '-');
