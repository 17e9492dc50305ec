-- title: What must not be in the files
-- question: Does a module hold an image that was forbidden?
-- when: EXISTS (SELECT 1 FROM asked_requirement WHERE wish = 'absent')
-- rule: forbidden-image-present | incompatible | 92 | - | A module holds an image that was forbidden.
-- source: fatbin-measurement | a container for each module and the images in it

CREATE VIEW forbidden_image AS
  SELECT 'forbidden_image/' || b.candidate_id || '/' || q.requirement_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key,
         NULL AS driver_os, NULL AS device_id, NULL AS driver_id, 'forbidden-image-present' AS rule_id, q.given AS subject,
         q.holding || ' of ' || t.containers || ' modules of ' || q.name || CASE t.containers WHEN 1 THEN ' holds ' ELSE ' hold ' END || CASE q.given WHEN '+PTX' THEN 'PTX, which is forbidden.' ELSE q.given || ' images, which are forbidden.' END AS summary,
         q.sets AS premises
    FROM (SELECT requirement_id, given, file_id, list_id, name, sum(holds * containers) AS holding,
                 group_concat(CASE holds WHEN 1 THEN 'observed_set/' || file_id || '/' || set_id END, ' ') AS sets
            FROM (SELECT * FROM requirement_set) WHERE wish = 'absent' GROUP BY requirement_id, file_id) q
    JOIN observed_total t ON t.file_id = q.file_id
    JOIN asked_build b ON b.list_id = q.list_id
   WHERE q.holding > 0;
