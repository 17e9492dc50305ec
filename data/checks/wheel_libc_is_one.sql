-- A build has one answer to which C library it needs: two rows that hold for it would be two verdicts.
SELECT 'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel AS key,
       count(*) || ' rows of wheel_libc hold for it' AS message
  FROM build b JOIN wheel_libc w ON w.package = b.package AND b.version_key BETWEEN w.first_version_key AND w.last_version_key AND b.tag GLOB w.tag
   AND w.channel IN ('*', b.channel) AND w.arch IN ('*', b.arch)
 WHERE b.os = 'linux' GROUP BY b.rowid HAVING count(*) > 1;
