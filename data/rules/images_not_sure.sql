-- title: Images that nobody is sure of
-- question: Does the answer rest on an image list that is not sure?
-- when: EXISTS (SELECT 1 FROM asked_device WHERE stated = 1) AND EXISTS (SELECT 1 FROM asked_build b JOIN image_list i ON i.list_id = b.list_id WHERE i.confidence <> 'sure')
-- source: measured-wheels | images per library

CREATE VIEW images_not_sure AS
  SELECT 'images_not_sure/' || i.list_id || '/' || d.cc || '/' || i.driver_id AS conclusion_id, 'list' AS scope, i.list_id AS scope_key, i.driver_os,
         i.device_id, i.driver_id, 'sources-disagree' AS rule_id, i.target AS subject,
         'That the build holds ' || i.target || ' code rests on a list that is not sure.' AS summary,
         'compute_capability/' || d.cc || ' architecture/sm_' || ltrim(i.target, 'smcopute_') AS premises
    FROM image_taken i JOIN image_list l ON l.list_id = i.list_id JOIN asked_device d ON d.device_id = i.device_id
   WHERE l.confidence = 'unsure' AND i.rank < 50 AND (i.list_id, i.target) NOT IN (SELECT list_id, target FROM unsure_holds)
     AND d.cc_key IN (SELECT cc_key FROM compute_capability)
     AND EXISTS (SELECT 1 FROM asked_build b WHERE b.list_id = i.list_id AND b.driver_os = i.driver_os);
