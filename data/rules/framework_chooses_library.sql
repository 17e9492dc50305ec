-- title: The library that the framework's CUDA selects
-- question: Of a package with a library per CUDA release, does it hold the one that goes with the framework beside it, and has that the card's image?
-- when: (SELECT count(DISTINCT package) FROM asked_subject WHERE kind = 'package') > 1
-- source: bitsandbytes-cextension | get_cuda_bnb_library_path

-- One build of the framework whose library serves the card is enough, where several are open.
CREATE VIEW framework_chooses_library AS
  WITH number AS MATERIALIZED (
    -- the CUDA releases in the names of the libraries that a release holds: known where one of its builds was measured, for any processor
    SELECT DISTINCT a.package, a.version_key, CAST(substr(i.library, instr(i.library, replace(x.library, '{cuda}', '')) + length(x.library) - 6) AS INTEGER) AS cuda
      FROM (SELECT DISTINCT package, version_key FROM asked_build WHERE kind = 'package' AND device = 'cuda') a
      JOIN library_choice x ON x.package = a.package AND a.version_key BETWEEN x.first_version_key AND x.last_version_key
      JOIN build y ON y.package = a.package AND y.version_key = a.version_key
      JOIN build_list l ON l.build_row = y.rowid AND l.role = 'main' JOIN list_image i ON i.list_id = l.list_id AND i.library <> ''),
  wanted AS MATERIALIZED (
    SELECT b.candidate_id, b.package, b.version, b.list_id, x.first_version, x.library, x.absent,
           t.package || ' ' || t.version || CASE t.tag WHEN '-' THEN '' ELSE '+' || t.tag END AS framework,
           (SELECT CASE WHEN max(n.cuda = w.cuda) OR x.absent <> 'nearest' THEN w.cuda
                        ELSE coalesce(max(CASE WHEN n.cuda / 10 = w.cuda / 10 AND n.cuda < w.cuda THEN n.cuda END),
                                      min(CASE WHEN n.cuda / 10 = w.cuda / 10 AND n.cuda > w.cuda THEN n.cuda END), w.cuda) END
              FROM number n, (SELECT CAST(replace(t.cuda, '.', '') AS INTEGER) AS cuda) w WHERE n.package = b.package AND n.version_key = b.version_key) AS cuda,
           b.version_key
      FROM asked_build b
      JOIN library_choice x ON x.package = b.package AND b.version_key BETWEEN x.first_version_key AND x.last_version_key
      JOIN asked_build t ON t.package = x.framework AND t.system_id = b.system_id AND t.device = 'cuda' AND t.cuda_key IS NOT NULL
     WHERE b.kind = 'package' AND b.device = 'cuda' AND EXISTS (SELECT 1 FROM number n WHERE n.package = b.package AND n.version_key = b.version_key)),
  beside AS MATERIALIZED (
    SELECT w.candidate_id, w.package, w.version, d.device_id, d.stated, coalesce(d.name, d.given) || ' (' || d.cc || ')' AS card, d.cc, w.framework, w.first_version, w.absent,
           replace(w.library, '{cuda}', w.cuda) AS library,
           EXISTS (SELECT 1 FROM list_image i WHERE i.list_id = w.list_id AND i.library <> '') AS measured,
           EXISTS (SELECT 1 FROM number n WHERE n.package = w.package AND n.version_key = w.version_key AND n.cuda = w.cuda) AS held,
           EXISTS (SELECT 1 FROM list_on_capability o WHERE o.list_id = w.list_id AND o.cc_key = d.cc_key AND o.library GLOB '*' || replace(w.library, '{cuda}', w.cuda) || '[._]*') AS runs
      FROM wanted w CROSS JOIN asked_device d)
  SELECT 'framework_chooses_library/' || candidate_id || '/' || device_id AS conclusion_id, 'candidate' AS scope, candidate_id AS scope_key, NULL AS driver_os,
         device_id, NULL AS driver_id, CASE max(held) WHEN 0 THEN 'library-missing' ELSE 'no-kernel-image' END AS rule_id, package AS subject,
         package || ' ' || version || ' beside ' || framework || ' loads ' || library || CASE max(held) WHEN 0 THEN ', which it does not hold.' ELSE ', which holds no image for ' || card || '.' END AS summary,
         'library_choice/' || package || '/' || first_version || CASE stated WHEN 1 THEN ' compute_capability/' || cc ELSE '' END AS premises
    FROM (SELECT * FROM beside ORDER BY held DESC)
   GROUP BY candidate_id, device_id HAVING max(CASE WHEN held = 0 THEN absent = 'unsaid' WHEN stated = 1 AND measured = 1 THEN runs ELSE 1 END) = 0;
