-- For every capability and system it is known which drivers know it.
SELECT 'driver_support/' || c.cc || '/' || o.os AS key, 'no row' AS message
  FROM compute_capability c CROSS JOIN (SELECT 'linux' AS os UNION SELECT 'windows') o
 WHERE NOT EXISTS (SELECT 1 FROM driver_support s WHERE s.cc = c.cc AND s.os = o.os);
