-- A machine type is found by its family's cards: a family that is no alias would make its types cards that nobody knows.
SELECT 'cloud_type/' || t.type AS key, 'gpu_alias.csv has no family ' || t.family AS message
  FROM cloud_type t WHERE NOT EXISTS (SELECT 1 FROM gpu_alias a WHERE a.alias = t.family);
