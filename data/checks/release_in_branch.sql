-- A driver release belongs to the branch that its first number names.
SELECT 'driver_release/' || r.version || '/' || r.os AS key,
       'branch ' || b.branch || ' holds ' || b.first_major || '..' || b.last_major AS message
  FROM driver_release r JOIN driver_branch b ON b.branch = r.branch AND b.os = r.os
 WHERE r.version_key < b.first_major_key OR r.version_key / 1000000000000 * 1000000000000 > b.last_major_key;
