-- 10.1 became 11.0: the new name is a capability of its own, and is not renamed again.
SELECT 'compute_capability/' || c.cc AS key, 'renamed_to ' || c.renamed_to || ' is no capability, or is renamed itself' AS message
  FROM compute_capability c
 WHERE c.renamed_to <> '-'
   AND NOT EXISTS (SELECT 1 FROM compute_capability n WHERE n.cc = c.renamed_to AND n.renamed_to = '-');
