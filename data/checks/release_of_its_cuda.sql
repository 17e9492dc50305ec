-- Release 12.4.1 is CUDA 12.4, and each release says so.
SELECT 'toolkit/' || release AS key, 'cuda is ' || cuda AS message
  FROM toolkit WHERE cuda_key <> release_key / 1000000000 * 1000000000;
