-- A plain pip install gives one build of a version on a system.
SELECT 'build/' || package || '/' || version || '/' || min(tag) || '/' || os || '/' || arch || '/' || min(channel) AS key,
       'is_default is yes for ' || count(*) || ' builds: tags ' || group_concat(tag, ', ') AS message
  FROM build WHERE is_default = 'yes' GROUP BY package, version, os, arch HAVING count(*) > 1;
