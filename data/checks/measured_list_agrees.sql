-- A build whose list is called measured holds what was measured in its main library: each target of the list was seen
-- there. Where the library decides (images_from), each target in at least half as many containers as the most common
-- one also stands in the list; where the package's own list decides, more may be there from libraries linked into it.
WITH RECURSIVE split(build_row, word, rest) AS (
  SELECT rowid, NULL, images || ' ' FROM build WHERE images_kind = 'measured' AND images NOT IN ('-', 'unsaid')
  UNION ALL
  SELECT build_row, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM split WHERE rest <> ''
), listed AS (
  SELECT DISTINCT build_row, substr(word || '@', 1, instr(word || '@', '@') - 1) AS target FROM split WHERE word IS NOT NULL
), role AS (
  SELECT package, library, (SELECT r.role FROM library_role r WHERE r.package = l.package AND replace(l.library, ':', '/') GLOB r.library ORDER BY r.rank LIMIT 1) AS role
    FROM (SELECT DISTINCT package, library FROM measured_image) l
), seen AS (
  SELECT b.rowid AS build_row, m.library, m.target, sum(m.containers) AS containers
    FROM build b
    JOIN measured_image m ON m.package = b.package AND m.version = b.version AND m.tag = b.tag AND m.os = b.os AND m.arch = b.arch
    JOIN role r ON r.package = m.package AND r.library = m.library AND r.role IN ('main', 'choice')
   WHERE b.images_kind = 'measured' AND m.in_section = 'yes' GROUP BY b.rowid, m.library, m.target
), common AS (
  SELECT s.build_row, s.target, max(s.containers * 2 >= (SELECT max(x.containers) FROM seen x WHERE x.build_row = s.build_row AND x.library = s.library)) AS often
    FROM seen s GROUP BY s.build_row, s.target
), fault AS (
  SELECT c.build_row, 'measured ' || c.target || ' is not in images' AS text FROM common c
   JOIN build b ON b.rowid = c.build_row JOIN package p ON p.package = b.package
   WHERE c.often = 1 AND p.images_from = 'library' AND NOT EXISTS (SELECT 1 FROM listed l WHERE l.build_row = c.build_row AND l.target = c.target)
  UNION ALL
  SELECT l.build_row, l.target || ' of images was not measured in the main library' FROM listed l
   WHERE EXISTS (SELECT 1 FROM seen s WHERE s.build_row = l.build_row)
     AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.build_row = l.build_row AND s.target = l.target)
)
SELECT 'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel AS key, f.text AS message
  FROM fault f JOIN build b ON b.rowid = f.build_row;
