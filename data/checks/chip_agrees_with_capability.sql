-- One chip, one capability: PCI ids of one chip that differ are a slip of a row.
SELECT 'gpu_pci/' || max(device_id) AS key, 'chip ' || chip || ' has capabilities ' || group_concat(DISTINCT cc) AS message
  FROM gpu_pci WHERE chip NOT IN ('unsaid', '-') GROUP BY chip HAVING count(DISTINCT cc) > 1;
