-- title: Device code of files
-- question: Does every module of a scanned file serve the card?
-- when: EXISTS (SELECT 1 FROM observed_file)
-- rule: binary-for-other-system | incompatible | 3 | - | The file is for another system or processor.
-- rule: device-code-unreadable | conditional | 72 | - | Part of the file could not be read; what it holds is not known.
-- source: fatbin-measurement | a container for each module; its images; leftovers of the device linker
-- source: measured-wheels | containers of hand-tuned libraries differ, those of ordinary builds do not

-- How many modules (containers) of a file hold code, and how many hold its most common target: the measure of shares.
CREATE VIEW observed_total AS
  SELECT a.file_id, a.containers, coalesce(m.most, 0) AS most
    FROM (SELECT file_id, sum(containers) AS containers FROM observed_set GROUP BY file_id) a
    LEFT JOIN (SELECT file_id, max(held) AS most
                 FROM (SELECT s.file_id, sum(s.containers) AS held
                         FROM observed_set s CROSS JOIN (SELECT DISTINCT list_id, target FROM observed_image WHERE target NOT GLOB 'other*') t ON t.list_id = s.list_id
                        GROUP BY s.file_id, t.target)
                GROUP BY file_id) m ON m.file_id = a.file_id;

-- The images of each set as its own list, and of the whole file as one that names what a share of a tenth holds.
CREATE VIEW observed_list_image AS
  SELECT l.list_id, l.target, l.isa, p.isa_key, CASE WHEN l.isa <> '-' AND p.isa IS NULL THEN 9223372036854775807 ELSE p.cuda_key END AS isa_cuda_key, l.codec, l.standing, '' AS library
    FROM (SELECT list_id, target, isa, codec, 'full' AS standing FROM observed_image
          UNION ALL
          SELECT f.list_id, i.target, i.isa, i.codec, CASE WHEN sum(s.containers) * 2 >= t.most THEN 'full' ELSE 'part' END
            FROM observed_file f JOIN observed_set s ON s.file_id = f.file_id CROSS JOIN observed_image i ON i.list_id = s.list_id
            JOIN observed_total t ON t.file_id = f.file_id
           GROUP BY f.list_id, i.target, i.isa, i.codec HAVING sum(s.containers) * 10 >= t.most) l
    LEFT JOIN (SELECT isa, min(isa_key) AS isa_key, min(cuda_key) AS cuda_key FROM ptx_isa GROUP BY isa) p ON p.isa = l.isa;

-- Images of kinds that nothing judges (Tile IR, kinds without a name), on each capability that they may be for.
CREATE VIEW list_image_not_judged AS
  SELECT i.list_id, c.cc_key, 'other' AS how, i.target, i.isa, NULL AS isa_key, NULL AS isa_cuda_key, i.codec, 'full' AS standing, '' AS library, NULL AS from_jetpack_key
    FROM observed_image i JOIN compute_capability c ON c.renamed_to = '-'
   WHERE i.target = 'other' OR i.target GLOB 'other_*' AND (
     EXISTS (SELECT 1 FROM target_on_capability t WHERE t.cc_key = c.cc_key AND t.target = 'compute_' || substr(i.target, 7))
     OR NOT EXISTS (SELECT 1 FROM architecture a WHERE a.target = 'sm_' || substr(i.target, 7)));

-- Files that are hand-tuned by what they are, whatever their containers look like.
CREATE VIEW known_hand_tuned AS
  SELECT file_id FROM observed_file f
   WHERE f.style = 'ordinary' AND EXISTS (SELECT 1 FROM hand_tuned h WHERE f.name GLOB h.library OR f.soname GLOB h.library);

-- Modules that are compiled apart on purpose: all their images name one architecture or family (sm_90a, sm_100f; PTX of that
-- number may stand beside), and none of these is on the library's list, the targets that at least half as many modules hold as
-- the most common one; or the whole library is so, beside others of its (named) package that are not. Cards of other generations than
-- theirs find no hole there. The same holds of kernels for one card each, as a linked-in cuBLAS or cuDNN brings them: of an ordinary list sets of
-- machine code alone, of one generation or two that follow each other, and what fuller modules hold with PTX: where there are three or more of one generation, of several.
CREATE VIEW variant_set AS
  WITH listed AS MATERIALIZED (
    SELECT h.file_id, h.target
      FROM (SELECT s.file_id, t.target, sum(s.containers) AS held
              FROM observed_set s CROSS JOIN (SELECT DISTINCT list_id, target FROM observed_image) t ON t.list_id = s.list_id
             GROUP BY s.file_id, t.target) h
      JOIN observed_total m ON m.file_id = h.file_id WHERE h.held * 2 >= m.most),
  image AS MATERIALIZED (
    SELECT f.file_id, s.set_id, f.style, CAST(ltrim(i.target, 'smcopute_l') AS INTEGER) / 10 AS generation,
           i.target GLOB '*[af]' OR i.target GLOB 'compute_*' AND EXISTS (SELECT 1 FROM observed_image a WHERE a.list_id = i.list_id
             AND a.target GLOB 'sm_' || substr(i.target, 9) || '[af]') AS named,
           i.target GLOB '*[af]' AND (f.file_id, i.target) IN (SELECT file_id, target FROM listed) AS listed
      FROM observed_file f JOIN observed_set s ON s.file_id = f.file_id CROSS JOIN observed_image i ON i.list_id = s.list_id
     WHERE s.list_id IN (SELECT list_id FROM observed_image WHERE target GLOB '*[af]')),
  whole AS MATERIALIZED (
    SELECT f.file_id, f.side, f.unit, f.archive, f.package
      FROM (SELECT file_id, count(DISTINCT set_id) AS sets FROM image GROUP BY file_id HAVING min(named) = 1) n JOIN observed_file f ON f.file_id = n.file_id
     WHERE n.sets = (SELECT count(*) FROM observed_set s WHERE s.file_id = n.file_id)),
  beside AS MATERIALIZED (
    SELECT DISTINCT side, unit, archive, package FROM observed_file WHERE list_id IS NOT NULL AND file_id NOT IN (SELECT file_id FROM whole)),
  piece AS MATERIALIZED (
    SELECT f.file_id, s.set_id, group_concat(i.target, ' ') AS targets, min(CAST(substr(i.target, 4) AS INTEGER) / 10) AS oldest, max(CAST(substr(i.target, 4) AS INTEGER) / 10) AS newest
      FROM observed_file f JOIN observed_set s ON s.file_id = f.file_id JOIN observed_total m ON m.file_id = f.file_id
     CROSS JOIN (SELECT DISTINCT list_id, target FROM observed_image) i ON i.list_id = s.list_id
     WHERE f.style = 'ordinary' AND EXISTS (
       SELECT 1 FROM observed_set w WHERE w.file_id = s.file_id AND w.containers * 10 >= m.most AND EXISTS (SELECT 1 FROM observed_image x WHERE x.list_id = w.list_id AND x.target GLOB 'compute_*')
          AND NOT EXISTS (SELECT 1 FROM observed_image p WHERE p.list_id = s.list_id AND NOT EXISTS (SELECT 1 FROM observed_image x WHERE x.list_id = w.list_id AND x.target = p.target)))
     GROUP BY f.file_id, s.set_id HAVING min(i.target GLOB 'sm_*') = 1 AND newest - oldest < 2),
  tuned AS MATERIALIZED (SELECT file_id FROM piece WHERE oldest = newest GROUP BY file_id HAVING count(DISTINCT targets) > 2 AND count(DISTINCT oldest) > 1)
  SELECT file_id, set_id, ' ' || replace(group_concat(DISTINCT generation), ',', ' ') || ' ' AS generations
    FROM image GROUP BY file_id, set_id
  HAVING min(named) = 1 AND (max(style) = 'ordinary' AND max(listed) = 0
      OR file_id IN (SELECT w.file_id FROM whole w JOIN beside b ON w.package <> '' AND b.side = w.side AND b.unit = w.unit AND b.archive = w.archive AND b.package = w.package))
  UNION ALL
  SELECT file_id, set_id, ' own ' FROM piece WHERE file_id IN (SELECT file_id FROM tuned);

-- Each set of modules beside each card and driver; rank as in image_rank (47: an image that nothing judges), 46 where LTO-IR could be linked for the card, NULL
-- where it has no image for it.
CREATE VIEW observed_set_on_device AS
  SELECT f.file_id, f.list_id, f.name, f.style, s.set_id, s.list_id AS set_list_id, s.containers, l.driver_os, d.device_id, d.position,
         coalesce(d.name, d.given) || CASE WHEN d.cc IS NULL OR d.cc = d.given THEN '' ELSE ' (' || d.cc || ')' END AS card, d.cc,
         r.driver_id, coalesce(b.rank, (SELECT 46 FROM observed_image i JOIN target_on_capability t ON t.target = 'compute_' || substr(i.target, 5) AND t.cc_key = d.cc_key
                                         WHERE i.list_id = s.list_id AND i.target GLOB 'lto_*')) AS rank,
         b.rank IS NULL AND s.apart <> '' AND instr(s.apart, ' ' || d.cc_key / 10 || ' ') = 0 AS apart
    FROM observed_file f
    JOIN (SELECT DISTINCT list_id, driver_os FROM asked_build WHERE kind = 'binary') l ON l.list_id = f.list_id
    JOIN observed_set s ON s.file_id = f.file_id
   CROSS JOIN asked_device d
   CROSS JOIN asked_driver r
    LEFT JOIN image_taken b ON b.list_id = s.list_id AND b.driver_os = l.driver_os AND b.device_id = d.device_id AND b.driver_id = r.driver_id
   WHERE d.stated = 1 AND d.cc_key IS NOT NULL AND r.driver_os = l.driver_os;

-- The modules of a file that serve a card: surely, perhaps, not; apart from those that are not meant for it.
CREATE VIEW observed_share AS
  SELECT c.file_id, c.list_id, c.name, c.style, c.driver_os, c.device_id, c.position, c.card, c.cc, c.driver_id, t.containers, t.most,
         sum(CASE WHEN c.rank <= 21 THEN c.containers ELSE 0 END) AS served,
         sum(CASE WHEN c.rank BETWEEN 22 AND 47 THEN c.containers ELSE 0 END) AS maybe,
         sum(CASE WHEN c.rank <= 47 OR c.apart THEN 0 ELSE c.containers END) AS holes, sum(c.apart * c.containers) AS apart,
         group_concat(CASE WHEN c.rank <= 47 OR c.apart THEN NULL ELSE 'observed_set/' || c.file_id || '/' || c.set_id END, ' ') AS hole_sets
    FROM (SELECT * FROM observed_set_on_device) c JOIN observed_total t ON t.file_id = c.file_id
   GROUP BY c.file_id, c.driver_os, c.device_id, c.driver_id;

-- What decides for the whole file, as one row of image_taken: the image of most of the modules that serve the card, when
-- they are at least a tenth of those that hold the most common target; else why the others fail.
CREATE VIEW observed_best AS
  WITH share AS MATERIALIZED (
    SELECT *, CASE WHEN served * 10 >= most THEN 0 WHEN (served + maybe) * 10 >= most THEN 1 ELSE 2 END AS level FROM observed_share)
  SELECT list_id, driver_os, device_id, driver_id, rank, how, target, isa, codec, library
    FROM (SELECT h.list_id, h.driver_os, h.device_id, h.driver_id, b.rank, b.how, b.target, b.isa, b.codec, b.library,
                 max(s.containers * 100 - b.rank) AS weight
            FROM share h JOIN observed_set s ON s.file_id = h.file_id
            JOIN image_taken b ON b.list_id = s.list_id AND b.driver_os = h.driver_os AND b.device_id = h.device_id AND b.driver_id = h.driver_id
           WHERE CASE h.level WHEN 0 THEN b.rank <= 21 WHEN 1 THEN b.rank BETWEEN 22 AND 47 ELSE b.rank > 47 END
           GROUP BY h.list_id, h.driver_os, h.device_id, h.driver_id);

-- What a file is among those that were given with it. Several for one job are judged by the best of them; decides = 'no' only
-- adds caveats: profilers, companions (what repairing a wheel put beside the package's own libraries, too), the secondary libraries
-- of a package whose main library is there too, a library of modules that are apart, and what holds no device code and neither
-- loads CUDA nor is its runtime, beside what does. lone = 1: no file of its unit holds device code.
CREATE VIEW observed_role AS
  WITH placed AS MATERIALIZED (
    SELECT f.file_id, f.subject_id, f.list_id, f.problems, f.unit, f.archive, coalesce(a.package, f.package) AS package, f.package AS named, f.member, f.name, f.soname, f.own_name,
           '/' || f.member GLOB '*.libs/?*' AS vendored
      FROM observed_file f LEFT JOIN package_alias a ON a.alias = f.package
     WHERE f.side = 'new' AND f.subject_id IS NOT NULL),
  own AS MATERIALIZED (SELECT DISTINCT unit, archive, package FROM placed WHERE vendored = 0 AND list_id IS NOT NULL),
  apart AS MATERIALIZED (SELECT file_id FROM observed_set GROUP BY file_id HAVING min(apart) <> ''),
  known AS MATERIALIZED (
    SELECT f.*,
           coalesce((SELECT r.role FROM library_role r WHERE r.package = f.package AND f.member GLOB r.library ORDER BY r.rank LIMIT 1),
                    CASE WHEN EXISTS (SELECT 1 FROM soname s WHERE s.component GLOB 'cupti*' AND (s.soname IN (f.soname, f.name) OR s.package = f.named AND s.package <> '-')) THEN 'profiler'
                         WHEN f.vendored = 1 AND (f.unit, f.archive, f.package) IN (SELECT unit, archive, package FROM own) THEN 'companion'
                         WHEN EXISTS (SELECT 1 FROM library_role r WHERE r.package = f.package) THEN 'secondary'
                         WHEN f.file_id IN (SELECT file_id FROM apart) THEN 'variant'
                         ELSE 'own' END) AS role
      FROM placed f),
  main AS MATERIALIZED (SELECT DISTINCT unit, archive, package FROM known WHERE role IN ('main', 'choice') AND list_id IS NOT NULL),
  code AS MATERIALIZED (SELECT DISTINCT unit FROM known WHERE list_id IS NOT NULL AND role <> 'profiler')
  SELECT k.file_id, k.subject_id, k.role,
         CASE k.role WHEN 'choice' THEN 'choice ' || k.package || ' in ' || k.unit || ' ' || k.archive ELSE 'file ' || k.file_id END AS party,
         CASE WHEN k.role IN ('profiler', 'companion', 'variant') THEN 'no'
              WHEN k.role IN ('secondary', 'feature') AND m.unit IS NOT NULL THEN 'no'
              WHEN c.unit IS NOT NULL AND k.list_id IS NULL AND k.problems = 0 AND NOT EXISTS (SELECT 1 FROM observed_need n WHERE n.file_id = k.file_id)
               AND NOT EXISTS (SELECT 1 FROM soname s WHERE s.component = 'cudart' AND lower(s.soname) = lower(k.own_name)) THEN 'no'
              ELSE 'yes' END AS decides,
         c.unit IS NULL AS lone
    FROM known k LEFT JOIN main m ON m.unit = k.unit AND m.archive = k.archive AND m.package = k.package
    LEFT JOIN code c ON c.unit = k.unit;

CREATE VIEW binary_coverage AS
  SELECT 'binary_coverage/system/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id, 'binary-for-other-system' AS rule_id, f.name AS subject,
         f.name || ' is for ' || f.os || ' ' || f.arch || ', not for ' || b.os || ' ' || b.arch || '.' AS summary,
         '' AS premises
    FROM asked_build b JOIN observed_file f ON f.subject_id = b.subject_id AND f.side = 'new'
   WHERE b.kind = 'binary' AND (f.os NOT IN ('-', b.os) OR f.arch NOT IN ('-', b.arch))
  UNION ALL
  SELECT 'binary_coverage/problems/' || b.candidate_id, 'candidate', b.candidate_id, NULL, NULL, NULL, 'device-code-unreadable', f.name,
         'Part of ' || f.name || ' could not be read: what is in it is not known.', ''
    FROM asked_build b JOIN observed_file f ON f.subject_id = b.subject_id AND f.side = 'new'
   WHERE b.kind = 'binary' AND f.problems > 0
  UNION ALL
  SELECT 'binary_coverage/' || b.candidate_id || '/' || h.device_id || '/' || h.driver_id, 'candidate', b.candidate_id, h.driver_os, h.device_id, h.driver_id,
         'image-missing-in-part', h.name,
         h.holes || ' of ' || h.containers || ' modules of ' || h.name || ' hold no image that ' || h.card || CASE h.style WHEN 'hand-tuned' THEN ' can use: those are made for other cards, and the library chooses.' ELSE ' can use: what uses them fails.' END,
         'compute_capability/' || h.cc || ' ' || h.hole_sets
    FROM (SELECT * FROM observed_share) h JOIN asked_build b ON b.list_id = h.list_id AND b.driver_os = h.driver_os
   WHERE h.holes > 0 AND h.served * 10 >= h.most AND (h.style <> 'hand-tuned' OR h.served * 2 < h.most)
     AND NOT EXISTS (SELECT 1 FROM asked_requirement q WHERE q.wish = 'runs' AND q.position = h.position);
