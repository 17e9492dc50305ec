INSERT INTO gpu_pci VALUES
  ('fffe', 'Planted', '-', '8.6', 86, 'GX999', 'x', 'x'), ('ffff', 'Planted', '-', '8.9', 89, 'GX999', 'x', 'x');
