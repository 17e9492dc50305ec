-- A claim to be complete goes upwards, and is about a package with builds there.
SELECT 'listing/' || package || '/' || first_version || '/' || os || '/' || arch || '/' || channel AS key,
       first_version || ' is above ' || last_version AS message
  FROM listing WHERE first_version_key > last_version_key
UNION ALL
SELECT 'listing/' || l.package || '/' || l.first_version || '/' || l.os || '/' || l.arch || '/' || l.channel,
       'claims to list every build, but build.csv has no version in that range'
  FROM listing l
 WHERE NOT EXISTS (SELECT 1 FROM build b WHERE b.package = l.package AND b.version_key BETWEEN l.first_version_key AND l.last_version_key);
