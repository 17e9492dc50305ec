-- How a typed name finds its cards: the key of each name and alias, the brand word in front set apart, because it may be
-- left out but must not contradict. rank: 0 a card's own name, 1 an alias, 2 a virtual card.
CREATE TABLE gpu_key (
  rest TEXT NOT NULL,
  brand TEXT NOT NULL,
  rank INTEGER NOT NULL,
  gpu_id TEXT,
  name TEXT NOT NULL,
  cc TEXT NOT NULL,
  class TEXT NOT NULL,
  standing TEXT NOT NULL,
  PRIMARY KEY (rest, rank, brand, name, cc)
) STRICT, WITHOUT ROWID;

CREATE TABLE gpu_brand (brand TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO gpu_brand VALUES ('geforce'), ('quadro'), ('tesla');

-- The classes of card that a brand stands for: where a card's own name has no brand word, the typed one must fit its class.
CREATE TABLE brand_class (
  brand TEXT NOT NULL,
  class TEXT NOT NULL,
  PRIMARY KEY (brand, class)
) STRICT, WITHOUT ROWID;
INSERT INTO brand_class VALUES
  ('geforce', 'geforce'), ('geforce', 'geforce-notebook'), ('geforce', 'titan'), ('geforce', 'other'),
  ('quadro', 'workstation'), ('quadro', 'workstation-notebook'), ('quadro', 'other'),
  ('tesla', 'datacenter'), ('tesla', 'other');

INSERT OR IGNORE INTO gpu_key
  SELECT substr(k.key, length(coalesce(b.brand, '')) + 1), coalesce(b.brand, ''), k.rank, k.gpu_id, k.name, k.cc, k.class, k.standing
    FROM (SELECT name_key AS key, 0 AS rank, gpu_id, name, cc, class, standing FROM gpu
          UNION ALL
          SELECT a.alias_key, 1, g.gpu_id, g.name, g.cc, g.class, g.standing FROM gpu_alias a JOIN gpu g ON g.gpu_id = a.gpu_id
          UNION ALL
          -- The PCI list writes "RTX 3070 Mobile / Max-Q" where one chip is both: the notebook card of that name.
          SELECT n.base || s.suffix, 1, n.gpu_id, n.name, n.cc, n.class, n.standing
            FROM (SELECT base, gpu_id, name, cc, class, standing, row_number() OVER (PARTITION BY base, cc ORDER BY rank, gpu_id) AS place
                    FROM (SELECT gpu_id, name, cc, class, standing,
                                 CASE WHEN name_key LIKE '%laptop' THEN substr(name_key, 1, length(name_key) - 6)
                                      WHEN name_key LIKE '%withmaxqdesign' THEN substr(name_key, 1, length(name_key) - 14)
                                      WHEN name_key LIKE '%maxq' THEN substr(name_key, 1, length(name_key) - 4)
                                      ELSE name_key END AS base,
                                 CASE WHEN name_key LIKE '%laptop' THEN 1 WHEN name_key LIKE '%maxq%' THEN 3 ELSE 2 END AS rank
                            FROM gpu WHERE class IN ('geforce-notebook', 'workstation-notebook'))) n
            JOIN (SELECT 'laptopmaxq' AS suffix UNION ALL SELECT 'maxqlaptop') s  -- name() makes "laptop" of "Mobile"
           WHERE n.place = 1
          UNION ALL
          -- "Quadro RTX 3000 with Max-Q" and "… Max-Q" for what the vendor calls "… with Max-Q Design".
          SELECT substr(g.name_key, 1, length(g.name_key) - 14) || s.suffix, 1, g.gpu_id, g.name, g.cc, g.class, g.standing
            FROM gpu g JOIN (SELECT 'withmaxq' AS suffix UNION ALL SELECT 'maxq') s
           WHERE g.name_key LIKE '%withmaxqdesign'
             AND NOT EXISTS (SELECT 1 FROM gpu x WHERE x.name_key = substr(g.name_key, 1, length(g.name_key) - 14) || s.suffix)
          UNION ALL
          -- A cloud's machine types (families are aliases: "AWS g6e", "GCP a2-highgpu").
          SELECT t.type_key, 1, g.gpu_id, g.name, g.cc, g.class, g.standing
            FROM cloud_type t JOIN gpu_alias a ON a.alias = t.family JOIN gpu g ON g.gpu_id = a.gpu_id
          UNION ALL
          -- Azure's sizes are typed with and without the word in front.
          SELECT substr(a.alias_key, 9), 1, g.gpu_id, g.name, g.cc, g.class, g.standing
            FROM gpu_alias a JOIN gpu g ON g.gpu_id = a.gpu_id WHERE a.alias LIKE 'Standard\_N%' ESCAPE '\'
          UNION ALL
          -- A chip, as lspci and the PCI list call it: all its cards have one capability.
          SELECT lower(chip), 2, NULL, chip, min(cc), 'other', 'listed' FROM gpu_pci WHERE chip <> 'unsaid' GROUP BY chip HAVING min(cc) = max(cc)
          UNION ALL
          SELECT name_key, 2, NULL, name, cc, 'datacenter', 'listed' FROM gpu_virtual) k
    LEFT JOIN gpu_brand b ON substr(k.key, 1, length(b.brand)) = b.brand AND length(k.key) > length(b.brand)
   ORDER BY 1, 3, 2;

-- Of a card whose capability is openly disputed both values are judged, as two cards of one name.
INSERT OR IGNORE INTO gpu_key
  SELECT k.rest, k.brand, k.rank, k.gpu_id, k.name, x.other_value, k.class, k.standing
    FROM gpu_key k JOIN dispute x ON x.fact_id = 'gpu/' || k.gpu_id AND x.stands = 'open' JOIN compute_capability c ON c.cc = x.other_value
   ORDER BY k.standing = 'pci-only';  -- where two cards of a name dispute for the same value, the vendor's own row stands
