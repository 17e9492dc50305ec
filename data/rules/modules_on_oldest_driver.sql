-- title: Modules on the oldest driver
-- question: With the oldest driver that must do, does every module of an ordinary build still load?
-- when: EXISTS (SELECT 1 FROM asked_requirement WHERE wish = 'oldest')
-- source: fatbin-measurement | a container for each module and the images in it

CREATE VIEW modules_on_oldest_driver AS
  SELECT 'modules_on_oldest_driver/' || b.candidate_id || '/' || c.device_id || '/' || c.driver_id || '/' || c.rank AS conclusion_id,
         'candidate' AS scope, b.candidate_id AS scope_key, c.driver_os, c.device_id, c.driver_id,
         CASE c.rank WHEN 50 THEN 'compressed-image-needs-newer-driver' ELSE 'ptx-newer-than-driver' END AS rule_id,
         c.name AS subject,
         sum(c.containers) || ' of ' || t.containers || ' modules of ' || c.name || CASE c.rank
           WHEN 50 THEN ' are compressed for ' || c.card || ' in a way that the driver cannot unpack.'
           ELSE ' have only PTX for ' || c.card || ', and it is newer than the driver''s compiler.' END AS summary,
         'compute_capability/' || c.cc || ' ' || group_concat('observed_set/' || c.file_id || '/' || c.set_id, ' ') AS premises
    FROM (SELECT * FROM observed_set_on_device) c JOIN observed_total t ON t.file_id = c.file_id
    JOIN asked_build b ON b.list_id = c.list_id AND b.driver_os = c.driver_os
   WHERE c.rank IN (50, 60) AND c.style <> 'hand-tuned'
   GROUP BY b.candidate_id, c.device_id, c.driver_id, c.rank;
