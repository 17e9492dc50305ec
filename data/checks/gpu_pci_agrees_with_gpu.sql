-- A PCI id and the card it points at have one capability: an answer must not depend on how the card was named.
SELECT 'gpu_pci/' || p.device_id AS key, p.name || ' has ' || p.cc || ', gpu ' || g.gpu_id || ' has ' || g.cc AS message
  FROM gpu_pci p JOIN gpu g ON g.gpu_id = p.gpu_id WHERE g.cc_key <> p.cc_key;
