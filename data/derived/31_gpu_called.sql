-- What a card may be called, whole: every name with its brand word, without it, or with one that fits its class, and the
-- cards that it then means. Of the cards that share a rest, those of the typed brand win, then names before aliases before
-- virtual cards; what only the PCI list knows is no second card beside a listed one. Names that are cut short are matched
-- by the same order when they are asked (src/query/compile.cc).
CREATE TABLE gpu_called (
  key TEXT NOT NULL,
  cc_key INTEGER NOT NULL,                     -- renamed capabilities under their own number: the order of an answer
  name TEXT NOT NULL,
  cc TEXT NOT NULL,
  gpu_id TEXT,
  class TEXT NOT NULL,
  PRIMARY KEY (key, cc_key, name)
) STRICT, WITHOUT ROWID;

CREATE TEMP TABLE hit AS
  SELECT b.brand || k.rest AS key, b.brand AS typed, k.rank, k.gpu_id, k.name, k.cc, k.class, k.standing,
         CASE WHEN k.rank = 2 THEN 2 WHEN k.brand = b.brand THEN 0 ELSE 1 END AS distance
    FROM gpu_key k
    JOIN (SELECT '' AS brand UNION ALL SELECT brand FROM gpu_brand) b
      ON b.brand IN ('', k.brand) OR k.brand = '' AND k.class IN (SELECT c.class FROM brand_class c WHERE c.brand = b.brand);
CREATE TEMP TABLE near AS
  SELECT *, min(rank) OVER (PARTITION BY key) < 2 AS has_real, max(standing <> 'pci-only') OVER (PARTITION BY key) AS has_listed
    FROM (SELECT *, min(distance) OVER (PARTITION BY key) AS nearest FROM hit)
   WHERE typed = '' AND rank < 2 OR distance = nearest;
INSERT OR IGNORE INTO gpu_called
  SELECT n.key, c.cc_key, n.name, n.cc, n.gpu_id, n.class
    FROM near n JOIN compute_capability c ON c.cc = n.cc
   WHERE (n.rank < 2 OR NOT n.has_real) AND (n.standing <> 'pci-only' OR NOT n.has_listed)
   ORDER BY n.key, c.cc_key, n.name, n.rank, n.gpu_id;
DROP TABLE near;
DROP TABLE hit;
