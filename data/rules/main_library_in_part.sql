-- title: A main library that holds the image in part
-- question: Do all containers of the main library hold code for this card, or only some?
-- when: EXISTS (SELECT 1 FROM asked_device d CROSS JOIN asked_build b CROSS JOIN list_on_capability o WHERE d.stated = 1 AND o.list_id = b.list_id AND o.cc_key = d.cc_key AND o.standing <> 'full')
-- source: measured-wheels | images per library

CREATE VIEW main_library_in_part AS
  SELECT 'main_library_in_part/' || i.list_id || '/' || d.cc || '/' || i.driver_id AS conclusion_id, 'list' AS scope, i.list_id AS scope_key, i.driver_os,
         i.device_id, i.driver_id, 'image-missing-in-part' AS rule_id, 'main library' AS subject,
         'Only part of the main library holds ' || i.target || ' code: some functions fail on ' || coalesce(d.name, d.given) ||
         CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ' with error 209.' AS summary,
         'compute_capability/' || d.cc || ' architecture/sm_' || ltrim(i.target, 'smcopute_') AS premises
    FROM image_taken i JOIN asked_device d ON d.device_id = i.device_id JOIN asked_driver r ON r.driver_id = i.driver_id CROSS JOIN asked_target t
   WHERE i.rank IN (11, 21) AND d.cc_key IN (SELECT cc_key FROM compute_capability)
     AND EXISTS (SELECT 1 FROM asked_build b WHERE b.list_id = i.list_id AND b.driver_os = i.driver_os)
     -- what holds no machine code is compiled, where the driver can
     AND NOT EXISTS (SELECT 1 FROM list_on_capability o
                      WHERE o.list_id = i.list_id AND o.cc_key = d.cc_key AND o.standing = 'full' AND o.how NOT IN ('native', 'exception')
                        AND (r.stated = 0 OR o.isa_cuda_key <= coalesce(t.cuda_driver_key, r.max_cuda_key)));
