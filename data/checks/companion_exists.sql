-- Versions that belong together exist: the package's own, and the companion's from the first one on that is in the data.
SELECT 'companion/' || c.package || '/' || c.version || '/' || c.companion AS key,
       'build.csv has no ' || c.package || ' ' || c.version AS message
  FROM companion c
 WHERE NOT EXISTS (SELECT 1 FROM build b WHERE b.package = c.package AND b.version_key = c.version_key)
UNION ALL
SELECT 'companion/' || c.package || '/' || c.version || '/' || c.companion,
       'build.csv has older versions of ' || c.companion || ', but not ' || c.companion_version
  FROM companion c
 WHERE NOT EXISTS (SELECT 1 FROM build b WHERE b.package = c.companion AND b.version = c.companion_version)
   AND EXISTS (SELECT 1 FROM companion o JOIN build b ON b.package = o.companion AND b.version = o.companion_version
                WHERE o.package = c.package AND o.companion = c.companion AND o.version_key < c.version_key);
