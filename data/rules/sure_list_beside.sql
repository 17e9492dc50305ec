-- title: An unsure list beside a sure one
-- question: Where the list of a build is not sure and its twin for another processor surely lacks the card: is the card too old for both?
-- when: EXISTS (SELECT 1 FROM asked_build b JOIN unsure_lacks u ON u.build_row = b.build_row)
-- source: nvidia-programming-guide | Application compatibility: binary and PTX compatibility
-- source: pytorch-manywheel | TORCH_CUDA_ARCH_LIST of each tag, and what a processor changes of it

CREATE VIEW sure_list_beside AS
  SELECT 'sure_list_beside/' || b.candidate_id || '/' || d.cc AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         d.device_id, NULL AS driver_id, 'no-kernel-image' AS rule_id, b.package AS subject,
         coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ' is older than every image known of this build, and the same build for ' ||
         s.arch || ' surely holds none for it either.' AS summary,
         'compute_capability/' || d.cc || ' build/' || s.package || '/' || s.version || '/' || s.tag || '/' || s.os || '/' || s.arch || '/' || s.channel AS premises
    FROM asked_build b CROSS JOIN asked_device d JOIN unsure_lacks u ON u.build_row = b.build_row AND u.cc_key = d.cc_key JOIN build s ON s.rowid = u.twin_row
   WHERE d.stated = 1;
