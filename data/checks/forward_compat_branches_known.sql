-- The matrix of cuda-compat packages speaks of branches and CUDA releases of the data; a package is native to one
-- branch at most.
SELECT 'forward_compatibility/' || cuda || '/' || kernel_branch AS key, 'driver_branch.csv has no linux branch ' || kernel_branch AS message
  FROM forward_compatibility WHERE kernel_branch NOT IN (SELECT branch FROM driver_branch WHERE os = 'linux')
UNION ALL
SELECT 'forward_compatibility/' || cuda || '/' || kernel_branch, 'toolkit.csv has no CUDA ' || cuda
  FROM forward_compatibility WHERE cuda NOT IN (SELECT cuda FROM toolkit)
UNION ALL
SELECT 'forward_compatibility/' || cuda || '/' || max(kernel_branch), 'native to ' || count(*) || ' branches'
  FROM forward_compatibility WHERE status = 'native' GROUP BY cuda HAVING count(*) > 1;
