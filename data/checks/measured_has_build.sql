-- What was measured is a build of build.csv: otherwise nobody can ask about it.
SELECT DISTINCT 'measured_image/' || m.package || '/' || m.version || '/' || m.tag || '/' || m.os || '/' || m.arch AS key,
       'build.csv has no such build' AS message
  FROM measured_image m
 WHERE NOT EXISTS (SELECT 1 FROM build b
   WHERE b.package = m.package AND b.version = m.version AND b.tag = m.tag AND b.os = m.os AND b.arch = m.arch);
