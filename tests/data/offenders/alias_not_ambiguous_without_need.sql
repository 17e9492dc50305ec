INSERT INTO gpu VALUES
  ('planted-a', 'Planted A', 'planteda', '7.5', 75, 'geforce', 'unsaid', 'unsaid', 'listed', 'x', 'x'),
  ('planted-b', 'Planted B', 'plantedb', '8.6', 86, 'geforce', 'unsaid', 'unsaid', 'listed', 'x', 'x');
INSERT INTO gpu_alias VALUES ('Weed', 'weed', 'planted-a', 'x', 'x'), ('Weed', 'weed', 'planted-b', 'x', 'x');
