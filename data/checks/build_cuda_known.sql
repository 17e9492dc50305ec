-- A build's CUDA is a release of toolkit.csv: from there come its driver and its compiler's range.
SELECT 'build/' || package || '/' || version || '/' || tag || '/' || os || '/' || arch || '/' || channel AS key,
       'toolkit.csv has no CUDA ' || cuda AS message
  FROM build WHERE cuda_key IS NOT NULL AND cuda_key NOT IN (SELECT cuda_key FROM toolkit);
