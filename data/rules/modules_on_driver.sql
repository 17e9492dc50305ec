-- title: Modules on the driver
-- question: With the driver that is stated, or the oldest that must do, does every module of an ordinary build load on the card?
-- when: EXISTS (SELECT 1 FROM observed_file WHERE side = 'new' AND list_id IS NOT NULL) AND EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1) AND EXISTS (SELECT 1 FROM asked_device WHERE stated = 1)
-- source: fatbin-measurement | a container for each module and the images in it

-- A module without an image for the card is a matter of shares (binary_coverage). One that has an image which the driver does not take is
-- none: whatever uses it fails there, and a newer driver mends it.
CREATE VIEW modules_on_driver AS
  SELECT 'modules_on_driver/' || b.candidate_id || '/' || c.device_id || '/' || c.driver_id || '/' || c.rank AS conclusion_id,
         'candidate' AS scope, b.candidate_id AS scope_key, c.driver_os, c.device_id, c.driver_id,
         CASE WHEN (SELECT f.problems FROM observed_file f WHERE f.file_id = c.file_id) > 0 THEN 'device-code-unreadable' WHEN c.rank = 50 THEN 'compressed-image-needs-newer-driver' ELSE 'ptx-newer-than-driver' END AS rule_id,
         c.name AS subject,
         sum(c.containers) || ' of ' || t.containers || ' modules of ' || c.name || CASE c.rank
           WHEN 50 THEN ' are compressed for ' || c.card || ' in a way that the driver cannot unpack.'
           ELSE ' have only PTX for ' || c.card || ', and it is newer than the driver''s compiler.' END AS summary,
         'compute_capability/' || c.cc || ' ' || group_concat('observed_set/' || c.file_id || '/' || c.set_id, ' ') AS premises
    FROM (SELECT * FROM observed_set_on_device) c JOIN observed_total t ON t.file_id = c.file_id
    JOIN asked_driver r ON r.driver_id = c.driver_id AND r.stated = 1
    JOIN asked_build b ON b.list_id = c.list_id AND b.driver_os = c.driver_os
   WHERE c.rank IN (50, 60) AND c.style <> 'hand-tuned'
   GROUP BY b.candidate_id, c.device_id, c.driver_id, c.rank;
