-- title: What must be in the files
-- question: Does every module hold the images that were required, and serve the cards that were required?
-- when: EXISTS (SELECT 1 FROM asked_requirement WHERE wish <> 'absent')
-- rule: required-image-missing | incompatible | 79 | - | A module lacks an image that was required, or cannot serve a card that was required.
-- rule: demand-not-proven | conditional | 74 | - | What was demanded was not found in what could be read of the file.
-- source: fatbin-measurement | a container for each module and the images in it

-- Whether each set of modules of a judged file holds what a requirement names.
CREATE VIEW requirement_set AS
  SELECT q.requirement_id, q.wish, q.given, f.file_id, f.list_id, f.name, f.style, f.problems, s.set_id, s.containers, s.apart,
         q.target, EXISTS (SELECT 1 FROM observed_image i WHERE i.list_id = s.list_id AND i.target GLOB q.target) AS holds
    FROM asked_requirement q CROSS JOIN observed_file f JOIN observed_role r ON r.file_id = f.file_id AND r.role NOT IN ('profiler', 'companion')
    JOIN observed_set s ON s.file_id = f.file_id
   WHERE q.target IS NOT NULL AND f.side = 'new';

-- In a hand-tuned library a kernel for one card is no hole for another: there a share of a tenth is enough.
CREATE VIEW required_image AS
  SELECT 'required_image/' || b.candidate_id || '/' || q.requirement_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key,
         NULL AS driver_os, NULL AS device_id, NULL AS driver_id, CASE WHEN NOT q.known THEN 'unknown-build' WHEN q.problems > 0 THEN 'demand-not-proven' ELSE 'required-image-missing' END AS rule_id,
         CASE WHEN q.known THEN q.given ELSE q.target END AS subject,
         CASE WHEN NOT q.known THEN 'No target ' || q.target || ' is in the data, which is not the same as impossible; ' || q.name || ' holds no such image.'
              WHEN q.problems > 0 THEN 'Part of ' || q.name || ' could not be read, and ' || q.lacking || ' of ' || t.containers || ' modules in the rest hold no ' || q.what || ', which is required.'
              WHEN q.lacking = t.containers THEN q.name || ' holds no ' || q.what || ', which is required.'
              WHEN q.style = 'hand-tuned' THEN 'Only ' || q.holding || ' of ' || t.containers || ' modules of ' || q.name || ' hold a ' || q.what || ', which is required: too few, even where modules are made for one card each.'
              ELSE q.lacking || ' of ' || t.containers || ' modules of ' || q.name || ' hold no ' || q.what || ', which is required.' ||
                CASE WHEN q.lacking = q.apart THEN ' Those are compiled for other generations alone: a demand for the card or capability, not the image, passes them over.' ELSE '' END END AS summary,
         q.sets AS premises
    FROM (SELECT requirement_id, given, target, target GLOB '*[*]' OR sum(holds) > 0 OR EXISTS (SELECT 1 FROM architecture a WHERE a.target = 'sm_' || substr(requirement_set.target, instr(requirement_set.target, '_') + 1)) AS known,
                 CASE given WHEN '+PTX' THEN 'PTX' ELSE given || ' image' END AS what, file_id, list_id, name, style, problems, sum((1 - holds) * containers) AS lacking, sum(holds * containers) AS holding,
                 sum((1 - holds) * containers * (apart <> '')) AS apart, group_concat(CASE holds WHEN 0 THEN 'observed_set/' || file_id || '/' || set_id END, ' ') AS sets
            FROM (SELECT * FROM requirement_set) requirement_set WHERE wish = 'present' GROUP BY requirement_id, file_id) q
    JOIN observed_total t ON t.file_id = q.file_id
    JOIN asked_build b ON b.list_id = q.list_id
   WHERE q.lacking > 0 AND (q.style <> 'hand-tuned' OR q.holding * 10 < t.most)
  UNION ALL
  SELECT 'required_image/' || b.candidate_id || '/' || q.requirement_id || '/' || h.device_id || '/' || h.driver_id, 'candidate', b.candidate_id,
         h.driver_os, h.device_id, h.driver_id, CASE f.problems WHEN 0 THEN 'required-image-missing' ELSE 'demand-not-proven' END, q.given,
         CASE WHEN f.problems > 0 THEN 'Part of ' || h.name || ' could not be read, and ' || h.holes || ' of ' || h.containers || ' modules in the rest hold no image that ' || h.card || ' can use; it must run there.'
              WHEN h.holes + h.apart = h.containers THEN h.name || ' holds no image that ' || h.card || ' can use; it must run there.'
              WHEN h.style = 'hand-tuned' THEN 'Only ' || (h.containers - h.holes) || ' of ' || h.containers || ' modules of ' || h.name || ' hold an image that ' || h.card || ' can use, too few to serve it even where modules are made for one card each; it must run there.'
              ELSE h.holes || ' of ' || h.containers || ' modules of ' || h.name || ' hold no image that ' || h.card || ' can use; it must run there.' END,
         'compute_capability/' || h.cc || ' ' || h.hole_sets
    FROM asked_requirement q JOIN (SELECT * FROM observed_share) h ON h.position = q.position
    JOIN observed_file f ON f.file_id = h.file_id
    JOIN observed_role r ON r.file_id = h.file_id AND r.role NOT IN ('profiler', 'companion')
    JOIN asked_build b ON b.list_id = h.list_id AND b.driver_os = h.driver_os
   WHERE q.wish = 'runs' AND h.holes > 0 AND (h.style <> 'hand-tuned' OR h.served * 10 < h.most);
