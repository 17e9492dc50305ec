-- Every distinct list of images, once. A build's main list comes from what its scripts or vendor list (packages with
-- images_from = 'list'), or from its measured main library, with the share of containers that hold each target:
--   full   at least half as many containers as the most common target
--   part   a tenth to a half: compatible with a caveat
-- and less than a tenth does not count. Other measured libraries of the build have lists of their own.

CREATE TEMP TABLE token AS
  WITH RECURSIVE split(build_row, word, rest) AS (
    SELECT rowid, '', images || ' ' FROM build WHERE images NOT IN ('-', 'unsaid')
    UNION ALL
    SELECT build_row, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1)
      FROM split WHERE rest <> ''
  )
  SELECT build_row, word,
         CASE WHEN instr(word, '@') > 0 THEN substr(word, 1, instr(word, '@') - 1) ELSE word END AS target,
         CASE WHEN instr(word, '@') > 0 THEN substr(word, instr(word, '@') + 1) ELSE '-' END AS isa
    FROM split WHERE word <> '';

-- Code outside the fatbin sections counts where a library holds most of its containers there (TensorFlow's generated kernels,
-- which it loads itself); a few are leftovers of the device linker.
CREATE TEMP TABLE mostly_outside AS
  SELECT package, version, tag, os, arch, library FROM measured_image WHERE kind = 'cubin'
   GROUP BY package, version, tag, os, arch, library
  HAVING sum(CASE in_section WHEN 'no' THEN containers ELSE 0 END) > sum(CASE in_section WHEN 'yes' THEN containers ELSE 0 END)
     AND sum(CASE in_section WHEN 'yes' THEN containers ELSE 0 END) > 0;

-- The role of a measured library: the first pattern of its package that fits, in rank order.
CREATE TEMP TABLE measured AS
  SELECT m.package, m.version, m.tag, m.os, m.arch, m.library, m.kind, m.target, m.codec, m.isa,
         sum(m.containers) AS containers,
         coalesce((SELECT r.role FROM library_role r
                    WHERE r.package = m.package AND replace(m.library, ':', '/') GLOB r.library
                    ORDER BY r.rank LIMIT 1), 'secondary') AS role
    FROM measured_image m
   WHERE m.in_section = 'yes' OR (m.package, m.version, m.tag, m.os, m.arch, m.library) IN (SELECT * FROM mostly_outside)
   GROUP BY m.package, m.version, m.tag, m.os, m.arch, m.library, m.kind, m.target, m.codec, m.isa;

-- PTX of one target in several ISAs is in different containers, and a card that has no cubin needs them all: the newest ISA that at
-- least a tenth of them have is the one that the driver must know.
CREATE TEMP TABLE target_isa AS
  SELECT package, version, tag, os, arch, library, target, isa, (SELECT min(p.isa_key) FROM ptx_isa p WHERE p.isa = measured.isa) AS isa_key, sum(containers) AS containers
    FROM measured WHERE kind = 'ptx' GROUP BY package, version, tag, os, arch, library, target, isa;
UPDATE measured SET isa = (
    SELECT t.isa FROM target_isa t
     WHERE t.package = measured.package AND t.version = measured.version AND t.tag = measured.tag AND t.os = measured.os AND t.arch = measured.arch
       AND t.library = measured.library AND t.target = measured.target
       AND t.containers * 10 >= (SELECT sum(e.containers) FROM target_isa e WHERE e.package = t.package AND e.version = t.version AND e.tag = t.tag AND e.os = t.os
                                    AND e.arch = t.arch AND e.library = t.library AND e.target = t.target)
     ORDER BY t.isa_key DESC LIMIT 1)
 WHERE kind = 'ptx' AND (package, version, tag, os, arch, library, target) IN (
    SELECT package, version, tag, os, arch, library, target FROM target_isa GROUP BY package, version, tag, os, arch, library, target HAVING count(*) > 1);

-- Containers per target of a library, its codecs folded: the least demanding codec decides, as one image that loads is enough.
CREATE TEMP TABLE library_target AS
  SELECT package, version, tag, os, arch, library, role, kind, target, isa,
         CASE min(CASE codec WHEN 'none' THEN 0 WHEN 'lz4' THEN 1 WHEN 'zstd' THEN 2 ELSE 3 END)
           WHEN 0 THEN 'none' WHEN 1 THEN 'lz4' WHEN 2 THEN 'zstd' ELSE min(codec) END AS codec,
         sum(containers) AS containers
    FROM measured GROUP BY package, version, tag, os, arch, library, role, kind, target, isa;

CREATE TEMP TABLE library_most AS
  SELECT package, version, tag, os, arch, library, max(containers) AS most
    FROM (SELECT package, version, tag, os, arch, library, target, sum(containers) AS containers
            FROM library_target GROUP BY package, version, tag, os, arch, library, target)
   GROUP BY package, version, tag, os, arch, library;

-- entry: one image of one list, before lists are shared. library '' is the build's own list; the libraries of a package
-- that has several for one job (role choice) share that list, and each image says in chosen which one it is of.
CREATE TEMP TABLE entry AS
  SELECT t.build_row, '' AS library, 'main' AS role, '' AS chosen, t.target, t.isa,
         CASE WHEN b.codec IN ('unsaid', '-') THEN 'none' ELSE b.codec END AS codec, 'full' AS standing, b.confidence
    FROM token t JOIN build b ON b.rowid = t.build_row JOIN package p ON p.package = b.package
   WHERE p.images_from = 'list'
      OR NOT EXISTS (SELECT 1 FROM library_target l WHERE l.package = b.package AND l.version = b.version
                       AND l.tag = b.tag AND l.os = b.os AND l.arch = b.arch AND l.role IN ('main', 'choice'))
  UNION ALL
  SELECT b.rowid, CASE l.role WHEN 'choice' THEN '' ELSE l.library END, CASE l.role WHEN 'choice' THEN 'main' ELSE l.role END,
         CASE l.role WHEN 'choice' THEN l.library ELSE '' END, l.target, l.isa, l.codec,
         CASE WHEN l.containers * 2 >= m.most THEN 'full' ELSE 'part' END, b.confidence
    FROM build b JOIN package p ON p.package = b.package
    JOIN library_target l ON l.package = b.package AND l.version = b.version AND l.tag = b.tag AND l.os = b.os AND l.arch = b.arch
    JOIN library_most m ON m.package = l.package AND m.version = l.version AND m.tag = l.tag AND m.os = l.os
                       AND m.arch = l.arch AND m.library = l.library
   WHERE l.containers * 10 >= m.most
     AND (p.images_from = 'library' OR l.role <> 'main') AND l.role NOT IN ('profiler');

CREATE TEMP TABLE content AS
  SELECT build_row, library, role, group_concat(chosen || target || '@' || isa || ':' || codec || ':' || standing, ' ') ||
         ' ' || confidence AS text, confidence
    FROM (SELECT * FROM entry ORDER BY build_row, library, target, isa, chosen) GROUP BY build_row, library;

CREATE TABLE image_list (
  list_id INTEGER PRIMARY KEY,
  confidence TEXT NOT NULL
) STRICT;
CREATE TEMP TABLE numbered AS
  SELECT row_number() OVER (ORDER BY text) AS list_id, text, min(build_row) AS build_row, min(library) AS library, min(confidence) AS confidence
    FROM content GROUP BY text ORDER BY text;
INSERT INTO image_list SELECT list_id, confidence FROM numbered;

CREATE TABLE list_image (
  list_id INTEGER NOT NULL,
  target TEXT NOT NULL,
  isa TEXT NOT NULL,
  isa_key INTEGER,
  isa_cuda_key INTEGER,
  codec TEXT NOT NULL,
  standing TEXT NOT NULL,
  library TEXT NOT NULL
) STRICT;
CREATE INDEX list_image_by_list ON list_image (list_id);
INSERT INTO list_image
  SELECT n.list_id, e.target, e.isa, (SELECT min(p.isa_key) FROM ptx_isa p WHERE p.isa = e.isa),
         (SELECT min(p.cuda_key) FROM ptx_isa p WHERE p.isa = e.isa), e.codec, e.standing, e.chosen
    FROM numbered n JOIN content c ON c.text = n.text
    JOIN entry e ON e.build_row = c.build_row AND e.library = c.library
   WHERE c.build_row = (SELECT min(x.build_row) FROM content x WHERE x.text = n.text)
     AND c.library = (SELECT min(y.library) FROM content y WHERE y.text = n.text AND y.build_row = c.build_row)
   ORDER BY n.list_id, e.target, e.isa;

-- The lists of a build, one row per library that counts: main and choice libraries judge, others only add caveats.
CREATE TABLE build_list (
  build_row INTEGER NOT NULL,
  role TEXT NOT NULL,
  library TEXT NOT NULL,
  list_id INTEGER NOT NULL,
  PRIMARY KEY (build_row, role, library)
) STRICT, WITHOUT ROWID;
INSERT INTO build_list SELECT c.build_row, c.role, c.library, n.list_id FROM content c JOIN numbered n ON n.text = c.text;

-- What of a list may run on a capability: list_image through target_on_capability. Lists that a question brings
-- (images typed by hand, a scanned file) are added to list_image and here, by the same view.
CREATE VIEW list_image_on_capability AS
  SELECT i.list_id, t.cc_key, t.how, i.target, i.isa, i.isa_key, i.isa_cuda_key, i.codec, i.standing, i.library, t.from_jetpack_key
    FROM list_image i JOIN target_on_capability t ON t.target = i.target;
CREATE TABLE list_on_capability (
  list_id INTEGER NOT NULL,
  cc_key INTEGER NOT NULL,
  how TEXT NOT NULL,
  target TEXT NOT NULL,
  isa TEXT NOT NULL,
  isa_key INTEGER,
  isa_cuda_key INTEGER,
  codec TEXT NOT NULL,
  standing TEXT NOT NULL,
  library TEXT NOT NULL,
  from_jetpack_key INTEGER
) STRICT;
INSERT INTO list_on_capability SELECT * FROM list_image_on_capability ORDER BY list_id, cc_key, how, target, isa;
CREATE INDEX list_on_capability_by_list ON list_on_capability (list_id, cc_key);
-- Few are not of the whole library: whether there are any is asked of every card.
CREATE INDEX list_on_capability_in_part ON list_on_capability (list_id, cc_key) WHERE standing <> 'full';

-- The capabilities that a list surely holds nothing for.
CREATE TABLE list_lacks (
  list_id INTEGER NOT NULL,
  cc_key INTEGER NOT NULL,
  PRIMARY KEY (list_id, cc_key)
) STRICT, WITHOUT ROWID;
INSERT INTO list_lacks
  SELECT DISTINCT i.list_id, c.cc_key FROM image_list i CROSS JOIN compute_capability c
   WHERE i.confidence <> 'unsure' AND NOT EXISTS (SELECT 1 FROM list_on_capability o WHERE o.list_id = i.list_id AND o.cc_key = c.cc_key);

-- A build that nobody has measured, beside the nearest measured ones of its tag and system, older and newer: what each of
-- those lacks in a library, this one lacks too.
CREATE TABLE inferred_list (
  build_row INTEGER NOT NULL,
  library TEXT NOT NULL,                       -- the file's name
  list_id INTEGER NOT NULL,
  neighbour TEXT NOT NULL,                     -- its version
  neighbours INTEGER NOT NULL,                 -- how many there are: 1 or 2
  PRIMARY KEY (build_row, library, neighbour)
) STRICT, WITHOUT ROWID;
CREATE TEMP TABLE measured_build AS
  SELECT DISTINCT b.package, b.version, b.version_key, b.tag, b.os, b.arch, min(b.rowid) OVER (PARTITION BY b.package, b.version, b.tag, b.os, b.arch) AS build_row
    FROM build b JOIN (SELECT DISTINCT package, version, tag, os, arch FROM measured_image) m
      ON m.package = b.package AND m.version = b.version AND m.tag = b.tag AND m.os = b.os AND m.arch = b.arch;
CREATE TEMP TABLE neighbour AS
  SELECT b.rowid AS build_row, m.version, m.build_row AS measured_row
    FROM build b JOIN measured_build m ON m.package = b.package AND m.tag = b.tag AND m.os = b.os AND m.arch = b.arch
   WHERE b.device = 'cuda' AND NOT EXISTS (SELECT 1 FROM measured_build x WHERE x.package = b.package AND x.version = b.version AND x.tag = b.tag AND x.os = b.os AND x.arch = b.arch)
     AND m.version_key IN ((SELECT max(x.version_key) FROM measured_build x WHERE x.package = b.package AND x.tag = b.tag AND x.os = b.os AND x.arch = b.arch AND x.version_key < b.version_key),
                           (SELECT min(x.version_key) FROM measured_build x WHERE x.package = b.package AND x.tag = b.tag AND x.os = b.os AND x.arch = b.arch AND x.version_key > b.version_key));
INSERT INTO inferred_list
  SELECT n.build_row, replace(l.library, rtrim(l.library, replace(l.library, ':', '')), ''), min(l.list_id), n.version, (SELECT count(*) FROM neighbour o WHERE o.build_row = n.build_row)
    FROM neighbour n JOIN build_list l ON l.build_row = n.measured_row AND l.role = 'secondary' GROUP BY 1, 2, 4;

-- What a list that is not sure lacks all the same. Its twin (same version, tag and system) is made from the same list of the release. What is
-- in doubt is how much of that a rarer processor gets, and never more of old cards than the twin has: what the twin lacks below all that
-- the list names is lacking, unless a source that differs names it.
CREATE TABLE unsure_lacks (
  build_row INTEGER NOT NULL,
  cc_key INTEGER NOT NULL,
  twin_row INTEGER NOT NULL,
  PRIMARY KEY (build_row, cc_key)
) STRICT, WITHOUT ROWID;
INSERT INTO unsure_lacks
  SELECT b.rowid, k.cc_key, min(s.rowid)
    FROM build b JOIN build_list m ON m.build_row = b.rowid AND m.role = 'main' JOIN image_list i ON i.list_id = m.list_id AND i.confidence = 'unsure'
    JOIN build s ON s.package = b.package AND s.version_key = b.version_key AND s.tag = b.tag AND s.os = b.os AND s.arch <> b.arch
    JOIN build_list l ON l.build_row = s.rowid AND l.role = 'main'
    JOIN list_lacks k ON k.list_id = l.list_id
   WHERE NOT EXISTS (SELECT 1 FROM list_image o JOIN image_target t ON t.target = o.target WHERE o.list_id = m.list_id AND t.cc_key <= k.cc_key)
     AND NOT EXISTS (SELECT 1 FROM dispute x JOIN target_on_capability t ON t.cc_key = k.cc_key
                      WHERE x.fact_id = 'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel
                        AND instr(' ' || x.other_value || ' ', ' ' || t.target || ' ') > 0)
   GROUP BY b.rowid, k.cc_key;

-- What an unsure list and the sure one of its twin both hold is in no doubt, where the unsure one is what the release's own scripts or notes say:
-- the doubt is about what they say beyond each other.
CREATE TABLE unsure_holds (
  list_id INTEGER NOT NULL,
  target TEXT NOT NULL,
  PRIMARY KEY (list_id, target)
) STRICT, WITHOUT ROWID;
INSERT INTO unsure_holds
  SELECT i.list_id, o.target
    FROM image_list i JOIN (SELECT DISTINCT list_id, target FROM list_image) o ON o.list_id = i.list_id
   WHERE i.confidence = 'unsure' AND EXISTS (SELECT 1 FROM build_list m WHERE m.list_id = i.list_id AND m.role = 'main')
     AND NOT EXISTS (
       SELECT 1 FROM build_list m JOIN build b ON b.rowid = m.build_row
        WHERE m.list_id = i.list_id AND m.role = 'main' AND (b.images_kind NOT IN ('script', 'documented') OR NOT EXISTS (
          SELECT 1 FROM build s JOIN build_list l ON l.build_row = s.rowid AND l.role = 'main' JOIN image_list j ON j.list_id = l.list_id AND j.confidence = 'sure'
            JOIN list_image t ON t.list_id = l.list_id AND t.target = o.target AND t.standing = 'full'
           WHERE s.package = b.package AND s.version_key = b.version_key AND s.tag = b.tag AND s.os = b.os AND s.arch <> b.arch)));
