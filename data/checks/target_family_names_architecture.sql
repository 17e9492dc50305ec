-- A family is that of a target which some toolkit builds.
SELECT 'target_family/' || target || '/' || cc AS key, 'architecture.csv has no virtual target ' || target AS message
  FROM target_family WHERE target NOT IN (SELECT virtual_target FROM architecture);
