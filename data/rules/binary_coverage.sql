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
                         FROM observed_set s CROSS JOIN (SELECT DISTINCT list_id, target FROM observed_image) t ON t.list_id = s.list_id
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

-- Files that are hand-tuned by what they are, whatever their containers look like.
CREATE VIEW known_hand_tuned AS
  SELECT file_id FROM observed_file f
   WHERE f.style = 'ordinary' AND EXISTS (SELECT 1 FROM hand_tuned h WHERE f.name GLOB h.library OR f.soname GLOB h.library);

-- Modules of an ordinary build that are compiled apart on purpose: all their images name one architecture or family (sm_90a,
-- sm_100f; PTX of that number may stand beside), and none of these is on the library's list, the targets that at least half
-- as many modules hold as the most common one. Cards of other generations than theirs find no hole there.
CREATE VIEW variant_set AS
  WITH listed AS MATERIALIZED (
    SELECT h.file_id, h.target
      FROM (SELECT s.file_id, t.target, sum(s.containers) AS held
              FROM observed_set s CROSS JOIN (SELECT DISTINCT list_id, target FROM observed_image) t ON t.list_id = s.list_id
             GROUP BY s.file_id, t.target) h
      JOIN observed_total m ON m.file_id = h.file_id WHERE h.held * 2 >= m.most),
  image AS MATERIALIZED (
    SELECT f.file_id, s.set_id, CAST(ltrim(i.target, 'smcopute_l') AS INTEGER) / 10 AS generation,
           CASE WHEN i.target GLOB '*[af]' THEN (f.file_id, i.target) NOT IN (SELECT file_id, target FROM listed)
                ELSE i.target GLOB 'compute_*' AND EXISTS (SELECT 1 FROM observed_image a WHERE a.list_id = i.list_id
                       AND a.target GLOB 'sm_' || substr(i.target, 9) || '[af]') END AS apart
      FROM observed_file f JOIN observed_set s ON s.file_id = f.file_id CROSS JOIN observed_image i ON i.list_id = s.list_id WHERE f.style = 'ordinary')
  SELECT file_id, set_id, ' ' || replace(group_concat(DISTINCT generation), ',', ' ') || ' ' AS generations
    FROM image GROUP BY file_id, set_id HAVING min(apart) = 1;

-- Each set of modules beside each card and driver; rank as in image_rank, 46 where LTO-IR could be linked for the card, NULL
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
         sum(CASE WHEN c.rank BETWEEN 22 AND 46 THEN c.containers ELSE 0 END) AS maybe,
         sum(CASE WHEN c.rank <= 46 OR c.apart THEN 0 ELSE c.containers END) AS holes, sum(c.apart * c.containers) AS apart,
         group_concat(CASE WHEN c.rank <= 46 OR c.apart THEN NULL ELSE 'observed_set/' || c.file_id || '/' || c.set_id END, ' ') AS hole_sets
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
           WHERE CASE h.level WHEN 0 THEN b.rank <= 21 WHEN 1 THEN b.rank BETWEEN 22 AND 45 ELSE b.rank > 45 END
           GROUP BY h.list_id, h.driver_os, h.device_id, h.driver_id);

-- What a file is among those that were given with it. Several for one job are judged by the best of them; decides = 'no' only
-- adds caveats: profilers, companions, the secondary libraries of a package whose main library is there too, and what holds
-- no device code and loads no CUDA beside what does. lone = 1: no file of its unit holds device code.
CREATE VIEW observed_role AS
  WITH known AS MATERIALIZED (
    SELECT f.file_id, f.subject_id, f.list_id, f.problems, f.unit, f.archive, coalesce(a.package, f.package) AS package,
           coalesce((SELECT r.role FROM library_role r WHERE r.package = coalesce(a.package, f.package) AND f.member GLOB r.library ORDER BY r.rank LIMIT 1),
                    CASE WHEN EXISTS (SELECT 1 FROM soname s WHERE s.component GLOB 'cupti*' AND (s.soname IN (f.soname, f.name) OR s.package = f.package AND s.package <> '-')) THEN 'profiler'
                         WHEN EXISTS (SELECT 1 FROM library_role r WHERE r.package = coalesce(a.package, f.package)) THEN 'secondary'
                         ELSE 'own' END) AS role
      FROM observed_file f LEFT JOIN package_alias a ON a.alias = f.package
     WHERE f.side = 'new' AND f.subject_id IS NOT NULL),
  main AS MATERIALIZED (SELECT DISTINCT unit, archive, package FROM known WHERE role IN ('main', 'choice') AND list_id IS NOT NULL),
  code AS MATERIALIZED (SELECT DISTINCT unit FROM known WHERE list_id IS NOT NULL AND role <> 'profiler')
  SELECT k.file_id, k.subject_id, k.role,
         CASE k.role WHEN 'choice' THEN 'choice ' || k.package || ' in ' || k.unit || ' ' || k.archive ELSE 'file ' || k.file_id END AS party,
         CASE WHEN k.role IN ('profiler', 'companion') THEN 'no'
              WHEN k.role IN ('secondary', 'feature') AND m.unit IS NOT NULL THEN 'no'
              WHEN c.unit IS NOT NULL AND k.list_id IS NULL AND k.problems = 0 AND NOT EXISTS (SELECT 1 FROM observed_need n WHERE n.file_id = k.file_id) THEN 'no'
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
