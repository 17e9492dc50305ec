-- title: The library that the framework's CUDA selects
-- question: Of a package with a library per CUDA release, does it hold the one that goes with the framework beside it, and has that the card's image?
-- when: (SELECT count(DISTINCT package) FROM asked_subject WHERE kind = 'package') > 1
-- source: bitsandbytes-cextension | get_cuda_bnb_library_path

-- One build of the framework whose library serves the card is enough, where several are open.
CREATE VIEW framework_chooses_library AS
  WITH beside AS MATERIALIZED (
    SELECT b.candidate_id, b.package, b.version, d.device_id, d.stated, coalesce(d.name, d.given) || ' (' || d.cc || ')' AS card, d.cc, x.choice, x.absent,
           t.package || ' ' || t.version || CASE t.tag WHEN '-' THEN '' ELSE '+' || t.tag END AS framework, x.library, x.held,
           EXISTS (SELECT 1 FROM list_image i WHERE i.list_id = b.list_id AND i.library <> '') AS measured,
           EXISTS (SELECT 1 FROM list_on_capability o WHERE o.list_id = b.list_id AND o.cc_key = d.cc_key AND o.library GLOB '*' || x.library || '[._]*') AS runs
      FROM asked_build b JOIN chosen_library x ON x.package = b.package AND x.version_key = b.version_key
      JOIN (SELECT package, version, tag, system_id, cuda_key, max(version_key) FROM asked_build WHERE device = 'cuda' AND package IN (SELECT framework FROM chosen_library) GROUP BY system_id, package, cuda_key) t
        ON t.package = x.framework AND t.system_id = b.system_id AND t.cuda_key = x.cuda_key
     CROSS JOIN asked_device d WHERE b.kind = 'package' AND b.device = 'cuda')
  SELECT 'framework_chooses_library/' || candidate_id || '/' || device_id AS conclusion_id, 'candidate' AS scope, candidate_id AS scope_key, NULL AS driver_os,
         device_id, NULL AS driver_id, CASE max(held) WHEN 0 THEN 'library-missing' ELSE 'no-kernel-image' END AS rule_id, package AS subject,
         package || ' ' || version || ' beside ' || framework || ' loads ' || library || CASE max(held) WHEN 0 THEN ', which it does not hold.' ELSE ', which holds no image for ' || card || '.' END AS summary,
         'library_choice/' || package || '/' || choice || CASE stated WHEN 1 THEN ' compute_capability/' || cc ELSE '' END AS premises
    FROM (SELECT * FROM beside ORDER BY held DESC)
   GROUP BY candidate_id, device_id HAVING max(CASE WHEN held = 0 THEN absent = 'unsaid' WHEN stated = 1 AND measured = 1 THEN runs ELSE 1 END) = 0;
