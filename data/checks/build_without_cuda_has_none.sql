-- Only a CUDA build carries a CUDA release and images; and a CUDA build says so, or 'unsaid'.
SELECT 'build/' || package || '/' || version || '/' || tag || '/' || os || '/' || arch || '/' || channel AS key,
       'device ' || device || ' with cuda ' || cuda || ' and images ' || images AS message
  FROM build
 WHERE (device <> 'cuda' AND (cuda <> '-' OR images <> '-')) OR (device = 'cuda' AND cuda = '-');
