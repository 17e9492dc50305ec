-- title: A library of the build without the card's image
-- question: Which other libraries of the build hold no image for this card?
-- when: EXISTS (SELECT 1 FROM asked_device WHERE stated = 1)
-- rule: image-missing-in-part | caveat | 0 | 209 | One library of the build, or part of it, holds no image for the card; what uses it fails.
-- source: measured-wheels | images per library

CREATE VIEW library_has_image AS
  SELECT 'library_has_image/' || s.candidate_id || '/' || s.library || '/' || d.cc AS conclusion_id,
         'candidate' AS scope, s.candidate_id AS scope_key, NULL AS driver_os, d.device_id, NULL AS driver_id,
         'image-missing-in-part' AS rule_id, s.name AS subject,
         s.name || ' of this build holds no image for ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ': what uses it fails with error 209.' AS summary,
         'compute_capability/' || d.cc AS premises
    FROM (SELECT b.candidate_id, b.build_row, l.list_id, l.library,
                 replace(l.library, rtrim(l.library, replace(l.library, ':', '')), '') AS name
            FROM asked_build b CROSS JOIN build_list l
           WHERE l.build_row = b.build_row AND l.role = 'secondary') s
   CROSS JOIN asked_device d
   WHERE d.stated = 1 AND d.cc_key IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM list_on_capability o WHERE o.list_id = s.list_id AND o.cc_key = d.cc_key)
  UNION ALL
  SELECT 'library_has_image/inferred/' || b.candidate_id || '/' || i.library || '/' || d.cc, 'candidate', b.candidate_id, NULL, d.device_id, NULL,
         'image-missing-in-part', i.library,
         i.library || ' of the builds measured next to this one (' || group_concat(i.neighbour, ', ') || ') holds no image for ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ': most likely what uses it fails with error 209 here too.',
         'compute_capability/' || d.cc
    FROM asked_build b CROSS JOIN inferred_list i CROSS JOIN asked_device d
   WHERE i.build_row = b.build_row AND d.stated = 1 AND d.cc_key IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM list_on_capability o WHERE o.list_id = i.list_id AND o.cc_key = d.cc_key)
   GROUP BY b.candidate_id, i.library, d.device_id HAVING count(*) = max(i.neighbours);
