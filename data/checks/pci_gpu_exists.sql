-- gpu_id is '-' where the PCI name is no single card, so it cannot be a foreign key; it must resolve all the same.
SELECT 'gpu_pci/' || device_id AS key, 'gpu.csv has no ' || gpu_id AS message
  FROM gpu_pci WHERE gpu_id <> '-' AND gpu_id NOT IN (SELECT gpu_id FROM gpu);
