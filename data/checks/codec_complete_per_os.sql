-- For every compression and system it is known which driver unpacks it (or that every one does): no silent "yes".
SELECT 'codec/' || c.codec || '/' || o.os AS key, 'no row' AS message
  FROM (SELECT 'none' AS codec UNION SELECT 'lz4' UNION SELECT 'lz4-frame' UNION SELECT 'zlib' UNION SELECT 'zstd') c
 CROSS JOIN (SELECT 'linux' AS os UNION SELECT 'windows') o
 WHERE NOT EXISTS (SELECT 1 FROM codec x WHERE x.codec = c.codec AND x.os = o.os);
