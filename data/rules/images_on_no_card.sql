-- title: Images that no card runs
-- question: With no card stated: are there images that no card runs, or only boards whose driver comes with their system?
-- when: NOT EXISTS (SELECT 1 FROM asked_device WHERE stated = 1) AND EXISTS (SELECT 1 FROM asked_build b WHERE b.list_id IS NOT NULL AND (b.kind = 'images' OR EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1)) AND NOT EXISTS (SELECT 1 FROM list_on_capability n JOIN capability_driver v ON v.cc_key = n.cc_key WHERE n.list_id = b.list_id AND v.driver_os = b.driver_os))
-- source: nvidia-programming-guide | Application compatibility: binary and PTX compatibility
-- source: jetson-stats | which capabilities are Jetson modules

-- The lists to look at, in the parts that are loaded each for itself: of a scanned file its sets of modules, else the list.
CREATE VIEW list_part AS
  SELECT l.list_id, l.driver_os, coalesce(s.list_id, l.list_id) AS part_id
    FROM (SELECT DISTINCT list_id, driver_os FROM asked_build WHERE list_id IS NOT NULL) l
    LEFT JOIN observed_file f ON f.list_id = l.list_id LEFT JOIN observed_set s ON s.file_id = f.file_id;

-- Where no driver is stated only images typed by hand are judged: a file of link-time code is one on its way to a linker, and
-- what it becomes there is not in it.
CREATE VIEW images_on_no_card AS
  WITH part AS MATERIALIZED (
    SELECT l.*, max(EXISTS (SELECT 1 FROM list_on_capability n JOIN capability_driver v ON v.cc_key = n.cc_key WHERE n.list_id = l.part_id AND v.driver_os = l.driver_os))
             OVER (PARTITION BY l.list_id, l.driver_os) AS card,
           max(EXISTS (SELECT 1 FROM list_on_capability n WHERE n.list_id = l.part_id)) OVER (PARTITION BY l.list_id, l.driver_os) AS board,
           (SELECT i.confidence FROM image_list i WHERE i.list_id = l.list_id) AS confidence
      FROM list_part l)
  -- on Windows there are no boards whose driver comes with their system
  SELECT 'images_on_no_card/' || p.list_id || '/' || r.driver_id AS conclusion_id, 'list' AS scope, p.list_id AS scope_key, p.driver_os, NULL AS device_id, r.driver_id,
         CASE WHEN p.driver_os <> 'windows' THEN 'image-not-guaranteed' WHEN p.confidence = 'cut' THEN 'device-code-unreadable' ELSE 'no-kernel-image' END AS rule_id, min(n.target) AS subject,
         CASE p.driver_os WHEN 'windows' THEN 'No card that has a driver for Windows runs any of the images: they are for boards such as Jetson.'
              ELSE 'The images are for boards whose driver comes with their system (Jetson), and whether driver ' || r.version || ' is one of these is not in the data.' END AS summary,
         'driver_branch/' || r.branch || '/' || p.driver_os || ' driver_support/' || min(s.cc) || '/' || p.driver_os AS premises
    FROM part p JOIN asked_driver r ON r.driver_os = p.driver_os AND r.stated = 1 AND r.branch IS NOT NULL
    JOIN list_on_capability n ON n.list_id = p.part_id JOIN driver_support s ON s.cc_key = n.cc_key AND s.os = p.driver_os
   WHERE p.card = 0 AND p.board = 1
     AND (SELECT cuda_driver IS NULL AND jetpack IS NULL FROM asked_target)   -- else it may stand for the board's own
   GROUP BY p.list_id, r.driver_id
  UNION ALL
  SELECT 'images_on_no_card/' || list_id || '/' || driver_os, 'list', list_id, driver_os, NULL, NULL,
         CASE WHEN new IS NOT NULL THEN 'unknown-build' WHEN confidence = 'unsure' THEN 'sources-disagree' WHEN typed = 0 THEN 'image-not-guaranteed' ELSE 'no-kernel-image' END, coalesce(new, 'every card'),
         CASE WHEN new IS NOT NULL THEN 'No target ' || new || ' is in the data, which is not the same as impossible.'
              WHEN confidence = 'unsure' THEN 'No image that is known of this build runs on any card, but their list is not sure.'
              ELSE 'No card runs any of these images: a linker has to make code for a card of them first.' END, ''
    FROM (SELECT p.list_id, p.driver_os, p.confidence, EXISTS (SELECT 1 FROM asked_build b WHERE b.list_id = p.list_id AND b.kind = 'images') AS typed,
                 max((SELECT m.target FROM list_image m WHERE m.list_id = p.part_id
                         AND NOT EXISTS (SELECT 1 FROM architecture a WHERE a.target = 'sm_' || substr(m.target, instr(m.target, '_') + 1)) LIMIT 1)) AS new
            FROM part p
           WHERE p.board = 0 AND (EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1) OR EXISTS (SELECT 1 FROM asked_build b WHERE b.list_id = p.list_id AND b.kind = 'images'))
           GROUP BY p.list_id, p.driver_os);
