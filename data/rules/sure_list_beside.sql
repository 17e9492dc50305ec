-- title: An unsure list beside a sure one
-- question: Where the list of a build is not sure and its twin for another processor surely lacks the card: is the card too old for both?
-- when: EXISTS (SELECT 1 FROM asked_device WHERE stated = 1) AND EXISTS (SELECT 1 FROM asked_build b JOIN image_list i ON i.list_id = b.list_id AND i.confidence = 'unsure' WHERE b.build_row IS NOT NULL)
-- source: nvidia-programming-guide | Application compatibility: binary and PTX compatibility
-- source: pytorch-manywheel | TORCH_CUDA_ARCH_LIST of each tag, and what a processor changes of it

-- The twin (same version, tag and system) is made from the same list of the release. What is in doubt is how much of that a rarer
-- processor gets, and never more of old cards than the twin has: what the twin lacks below all that the list names is lacking, unless
-- a source that differs names it.
CREATE VIEW sure_list_beside AS
  SELECT 'sure_list_beside/' || b.candidate_id || '/' || d.cc AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         d.device_id, NULL AS driver_id, 'no-kernel-image' AS rule_id, b.package AS subject,
         coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ' is older than every image known of this build, and the same build for ' ||
         s.arch || ' surely holds none for it either.' AS summary,
         'compute_capability/' || d.cc || ' build/' || s.package || '/' || s.version || '/' || s.tag || '/' || s.os || '/' || s.arch || '/' || s.channel AS premises
    FROM asked_build b
    JOIN image_list i ON i.list_id = b.list_id AND i.confidence = 'unsure'
   CROSS JOIN asked_device d
    JOIN build s ON s.package = b.package AND s.version_key = b.version_key AND s.tag = b.tag AND s.os = b.os AND s.arch <> b.arch
    JOIN build_list l ON l.build_row = s.rowid AND l.role = 'main'
    JOIN list_lacks k ON k.list_id = l.list_id AND k.cc_key = d.cc_key
   WHERE b.kind = 'package' AND d.stated = 1
     AND NOT EXISTS (SELECT 1 FROM list_image o JOIN image_target t ON t.target = o.target WHERE o.list_id = b.list_id AND t.cc_key <= d.cc_key)
     AND NOT EXISTS (SELECT 1 FROM dispute x JOIN target_on_capability t ON t.cc_key = d.cc_key
                      WHERE x.fact_id = 'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel
                        AND instr(' ' || x.other_value || ' ', ' ' || t.target || ' ') > 0)
   GROUP BY b.candidate_id, d.device_id;
