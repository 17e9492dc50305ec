-- A newer driver branch never reports an older CUDA: otherwise "a newer driver runs what an older one ran" is broken.
SELECT 'driver_branch/' || b.branch || '/' || b.os AS key,
       'reports CUDA ' || b.max_cuda || ', but branch ' || a.branch || ' reports ' || a.max_cuda AS message
  FROM driver_branch a JOIN driver_branch b ON b.os = a.os AND b.branch_key > a.branch_key
 WHERE b.max_cuda_key < a.max_cuda_key;
