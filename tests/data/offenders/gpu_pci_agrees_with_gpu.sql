INSERT INTO gpu VALUES ('planted', 'Planted', 'planted', '7.5', 75, 'geforce', 'unsaid', 'unsaid', 'listed', 'x', 'x');
INSERT INTO gpu_pci VALUES ('ffff', 'Planted', 'planted', '8.6', 86, 'GX999', 'x', 'x');
