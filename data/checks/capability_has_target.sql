-- A capability that cards have is one that some toolkit builds for.
SELECT 'compute_capability/' || cc AS key, 'architecture.csv has no target of that capability' AS message
  FROM compute_capability WHERE cc NOT IN (SELECT cc FROM architecture);
