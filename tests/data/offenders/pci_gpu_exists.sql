INSERT INTO gpu_pci VALUES ('ffff', 'No Such Card', 'no-such-card', '9.0', 90, 'GX999', 'x', 'x');
