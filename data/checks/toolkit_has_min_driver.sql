-- From the oldest CUDA release whose minimum driver is stated, none is left out: 'unsaid' is an answer, no row is not.
SELECT DISTINCT 'toolkit_min_driver/' || t.cuda || '/' || o.os AS key, 'no row for CUDA ' || t.cuda AS message
  FROM toolkit t CROSS JOIN (SELECT os, min(cuda_key) AS oldest FROM toolkit_min_driver GROUP BY os) o
 WHERE t.kind = 'ga' AND t.cuda_key > o.oldest
   AND NOT EXISTS (SELECT 1 FROM toolkit_min_driver d WHERE d.cuda = t.cuda AND d.os = o.os);
