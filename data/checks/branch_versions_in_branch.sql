-- The first and the latest release of a branch carry the branch's own numbers, in that order.
SELECT 'driver_branch/' || branch || '/' || os AS key,
       first_version || '..' || latest_version || ' does not lie in ' || first_major || '..' || last_major AS message
  FROM driver_branch
 WHERE first_version_key < first_major_key OR first_version_key > latest_version_key
    OR latest_version_key / 1000000000000 * 1000000000000 > last_major_key;
