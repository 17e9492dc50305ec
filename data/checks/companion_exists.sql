-- Versions that belong together exist: the package's own, and the companion's where its builds are in the data.
SELECT 'companion/' || c.package || '/' || c.version || '/' || c.companion AS key,
       'build.csv has no ' || c.package || ' ' || c.version AS message
  FROM companion c
 WHERE NOT EXISTS (SELECT 1 FROM build b WHERE b.package = c.package AND b.version_key = c.version_key)
UNION ALL
SELECT 'companion/' || c.package || '/' || c.version || '/' || c.companion,
       'build.csv has ' || c.companion || ', but not ' || c.companion_version
  FROM companion c
 WHERE EXISTS (SELECT 1 FROM build b WHERE b.package = c.companion)
   AND NOT EXISTS (SELECT 1 FROM build b WHERE b.package = c.companion AND b.version = c.companion_version);
