-- The first and last branch of a capability are branches of that system.
SELECT 'driver_support/' || s.cc || '/' || s.os AS key, 'driver_branch.csv has no ' || s.os || ' branch ' || s.first_branch AS message
  FROM driver_support s WHERE s.first_branch_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM driver_branch b WHERE b.branch = s.first_branch AND b.os = s.os)
UNION ALL
SELECT 'driver_support/' || s.cc || '/' || s.os, 'driver_branch.csv has no ' || s.os || ' branch ' || s.last_branch
  FROM driver_support s WHERE s.last_branch NOT IN ('open', 'unsaid', '-') AND NOT EXISTS (SELECT 1 FROM driver_branch b WHERE b.branch = s.last_branch AND b.os = s.os);
