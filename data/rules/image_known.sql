-- title: Images typed by hand exist
-- question: Does the data know the target and the PTX ISA of each image, and can its PTX be that old?
-- when: EXISTS (SELECT 1 FROM asked_subject WHERE kind = 'images')
-- source: nvidia-ptx-isa | release history

CREATE VIEW image_known AS
  SELECT 'image_known/' || b.candidate_id || '/' || i.target || '@' || i.isa AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key,
         NULL AS driver_os, NULL AS device_id, NULL AS driver_id, 'unknown-build' AS rule_id, i.target AS subject,
         CASE WHEN a.target IS NULL THEN 'No target ' || i.target || ' is in the data, which is not the same as impossible.'
              WHEN i.isa NOT IN ('-', '') AND NOT EXISTS (SELECT 1 FROM ptx_isa p WHERE p.isa = i.isa) THEN 'PTX ISA ' || i.isa || ' of ' || i.target || ' is not in the data, which is not the same as impossible.'
              ELSE 'PTX for ' || i.target || ' begins with ISA ' || a.first_ptx_isa || '; ' || i.isa || ' is older.' END AS summary,
         CASE WHEN a.target IS NULL THEN '' ELSE 'architecture/' || a.target END AS premises
    FROM asked_build b JOIN list_image i ON i.list_id = b.list_id
    LEFT JOIN architecture a ON a.target = 'sm_' || substr(i.target, instr(i.target, '_') + 1)
   WHERE b.kind = 'images' AND (a.target IS NULL OR i.isa_key < a.first_ptx_isa_key
      OR i.isa NOT IN ('-', '') AND NOT EXISTS (SELECT 1 FROM ptx_isa p WHERE p.isa = i.isa));
