-- Each build has an index that serves it: without one there is no command that installs it.
SELECT 'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel AS key,
       'package_index.csv has no index for channel ' || b.channel || ', tag ' || b.tag AS message
  FROM build b
 WHERE NOT EXISTS (SELECT 1 FROM package_index i WHERE i.package = b.package AND i.channel = b.channel AND b.tag GLOB i.tag);
