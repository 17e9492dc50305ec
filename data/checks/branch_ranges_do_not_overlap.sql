-- A driver's first number names one branch per system, and a branch's range is not upside down.
SELECT 'driver_branch/' || b.branch || '/' || b.os AS key,
       b.first_major || '..' || b.last_major || ' overlaps branch ' || a.branch || ' (' || a.first_major || '..' || a.last_major || ')' AS message
  FROM driver_branch a JOIN driver_branch b ON b.os = a.os AND b.branch_key > a.branch_key
 WHERE b.first_major_key <= a.last_major_key AND a.first_major_key <= b.last_major_key
UNION ALL
SELECT 'driver_branch/' || branch || '/' || os, 'first_major ' || first_major || ' is above last_major ' || last_major
  FROM driver_branch WHERE first_major_key > last_major_key;
