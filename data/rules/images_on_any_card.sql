-- title: Images and driver, the card open
-- question: With a driver stated and no card: is there a card that this driver drives and that runs an image of the build?
-- when: EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1) AND NOT EXISTS (SELECT 1 FROM asked_device WHERE stated = 1)
-- source: nvidia-programming-guide | Application compatibility: binary and PTX compatibility
-- source: nvidia-driver-architecture-matrix | CUDA toolkit, driver and architecture matrix

-- The best image over all capabilities that have drivers of their own (a Jetson's comes with its system and is not judged here).
-- A card that the driver drives counts before one that it does not; one that runs an image is enough, and nothing is said.
-- What no such card runs at all is the matter of images_on_no_card.
CREATE VIEW images_on_any_card AS
  WITH part AS MATERIALIZED (             -- most lists hold machine code that needs no driver to unpack it, for a card that this one drives
    SELECT l.list_id, l.part_id, r.driver_id, r.driver_os, r.version_key, r.version, r.branch, r.max_cuda,
           EXISTS (SELECT 1 FROM list_on_capability n JOIN codec k ON k.codec = n.codec AND k.os = l.driver_os JOIN capability_driver v ON v.cc_key = n.cc_key AND v.driver_os = l.driver_os
                    WHERE n.list_id = l.part_id AND n.how = 'native' AND k.min_driver = '-' AND r.version_key >= coalesce(v.sure_key, v.min_key) AND (v.below_key IS NULL OR r.version_key < v.below_key)) AS served
      FROM list_part l CROSS JOIN asked_driver r ON r.driver_os = l.driver_os
     WHERE r.stated = 1 AND r.branch IS NOT NULL
  ), pending AS MATERIALIZED (
    SELECT * FROM part WHERE list_id << 20 | driver_id NOT IN (SELECT list_id << 20 | driver_id FROM part WHERE served = 1)
  ), fit AS MATERIALIZED (
    SELECT r.list_id, i.driver_os, i.driver_id, i.rank, i.target, i.isa, i.codec, i.cc_key, r.version, r.branch, r.max_cuda, l.confidence,
           CASE WHEN r.version_key >= s.below_key THEN 2000 WHEN r.version_key < s.min_key THEN 1000 WHEN r.version_key < s.sure_key THEN 35 ELSE 0 END AS away  -- between what two sources say: worse than what runs, better than a refusal
      FROM pending r CROSS JOIN image_rank i ON i.list_id = r.part_id AND i.driver_id = r.driver_id LEFT JOIN image_list l ON l.list_id = r.list_id
      JOIN capability_driver s ON s.cc_key = i.cc_key AND s.driver_os = i.driver_os
  ), best AS (
    SELECT *, min(away + rank) AS least FROM fit GROUP BY list_id, driver_os, driver_id
  )
  SELECT 'images_on_any_card/' || list_id || '/' || driver_id AS conclusion_id, 'list' AS scope, list_id AS scope_key, driver_os, NULL AS device_id, driver_id,
         CASE WHEN confidence = 'unsure' OR away = 35 AND rank <= 21 THEN 'sources-disagree' WHEN confidence = 'cut' AND least > 48 THEN 'device-code-unreadable' WHEN least >= 2000 THEN 'gpu-dropped-by-driver' WHEN least >= 1000 THEN 'gpu-needs-newer-driver'
              WHEN rank <= 45 THEN 'image-not-guaranteed' WHEN rank <= 48 THEN 'unknown-build' WHEN rank = 50 THEN 'compressed-image-needs-newer-driver'
              WHEN rank = 60 THEN 'ptx-newer-than-driver' ELSE 'no-kernel-image' END AS rule_id,
         target AS subject,
         CASE WHEN confidence = 'unsure' THEN 'No image that is known of this build runs on a card that driver ' || version || ' drives, but their list is not sure.'
              WHEN away = 35 AND rank <= 21 THEN 'Only cards run the ' || target || ' code of which sources differ on whether driver ' || version || ' drives them.'
              WHEN confidence = 'cut' AND least > 48 THEN 'None of the images that could be read runs on a card that driver ' || version || ' drives; what could not be read is not known.'
              WHEN least >= 1000
                THEN 'No card that driver ' || version || ' drives runs any of the images: ' || target || ' is for cards that '
                  || CASE WHEN least >= 2000 THEN 'branch ' || branch || ' no longer drives.' ELSE 'need a newer driver.' END
              WHEN rank = 40 THEN 'Whether this driver compiles the ' || target || ' PTX depends on its PTX ISA version, which is not stated.'
              WHEN rank = 45 THEN 'From which driver on ' || codec || ' compression is unpacked is not known.'
              WHEN rank = 47 THEN 'For cards that driver ' || version || ' drives there are only images of a kind that nothing here judges.'
              WHEN rank = 48 THEN 'PTX ISA ' || isa || ' is newer than every one in the data.'
              WHEN rank = 50 THEN 'On every card that driver ' || version || ' drives the images are compressed with ' || codec || ', which needs driver '
                || (SELECT k.min_driver FROM codec k WHERE k.codec = best.codec AND k.os = driver_os) || ' or newer.'
              WHEN rank = 60 THEN 'On every card that driver ' || version || ' drives only PTX ISA ' || isa || ' is left, and a CUDA ' || coalesce((SELECT t.cuda_driver FROM asked_target t), max_cuda) || ' driver does not compile it.'
              WHEN rank < 40 THEN 'Cards that driver ' || version || ' drives may run the ' || target || ' code, which the vendor does not promise.'
              ELSE 'On cards that driver ' || version || ' drives the ' || target || ' code does not run.'
         END AS summary,
         'driver_branch/' || branch || '/' || driver_os || CASE WHEN least >= 1000 THEN ' driver_support/' || (SELECT s.cc FROM driver_support s WHERE s.cc_key = best.cc_key AND s.os = driver_os) || '/' || driver_os
           WHEN rank = 50 THEN ' codec/' || codec || '/' || driver_os
           ELSE coalesce((SELECT ' ptx_isa/' || p.isa || '/' || p.cuda FROM ptx_isa p WHERE p.isa = best.isa ORDER BY p.cuda_key LIMIT 1), '') END AS premises
    FROM best WHERE least > 21;
