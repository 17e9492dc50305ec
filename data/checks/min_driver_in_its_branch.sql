-- A toolkit's minimum driver lies in a branch of the data on that system: otherwise a rule that goes from driver to
-- branch finds nothing and has to say "unknown".
WITH needed(fact_id, os, text, driver_key) AS (
  SELECT 'toolkit_min_driver/' || cuda || '/' || os, os, min_driver, min_driver_key FROM toolkit_min_driver
  UNION
  SELECT 'toolkit_release_driver/' || release || '/' || os, os, min_driver, min_driver_key FROM toolkit_release_driver
  UNION
  SELECT 'minor_version_compatibility/' || cuda_major || '/' || os, os, min_driver, min_driver_key FROM minor_version_compatibility
  UNION
  SELECT 'codec/' || codec || '/' || os, os, min_driver, min_driver_key FROM codec
)
SELECT fact_id AS key, 'no ' || os || ' branch of driver_branch.csv holds ' || text AS message
  FROM needed n
 WHERE driver_key IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM driver_branch b
     WHERE b.os = n.os AND n.driver_key >= b.first_major_key AND n.driver_key / 1000000000000 * 1000000000000 <= b.last_major_key);
