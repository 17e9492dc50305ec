-- title: Files without device code
-- question: What does it mean that no device code was found in a file?
-- when: EXISTS (SELECT 1 FROM observed_file WHERE side = 'new' AND list_id IS NULL)
-- source: fatbin-measurement | which files hold no image, and what they load instead

-- What the programs of a unit load, and nobody has looked at: neither the system's nor beside them.
CREATE VIEW load_not_seen AS
  SELECT l.unit, l.name FROM observed_load l
   WHERE NOT EXISTS (SELECT 1 FROM system_library s WHERE lower(l.name) GLOB s.library);

-- Only what was read whole, is a program, neither loads nor names a library of CUDA, and loads nothing else than the system's
-- libraries and what was looked at as well, is said to run without a card: CUDA may come through any other library. A build
-- whose own version says cpu is one, whatever its libraries name. Where images are only forbidden, it holds none.
CREATE VIEW binary_without_code AS
  SELECT 'binary_without_code/' || candidate_id AS conclusion_id, 'candidate' AS scope, candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id,
         CASE WHEN kind IN ('cpu', 'programs') THEN 'cpu-only-build' ELSE 'unknown-build' END AS rule_id, name AS subject,
         CASE kind
           WHEN 'cpu' THEN name || ' holds no device code and loads no CUDA library: it runs without a GPU and sees none.'
           WHEN 'programs' THEN 'None of the programs in ' || name || ' (' || note || ') holds device code or loads a CUDA library: they run without a GPU and see none.'
           WHEN 'problems' THEN name || ' holds no device code in the part that could be read.'
           WHEN 'needs' THEN name || ' holds no device code itself: the libraries that it loads decide.'
           WHEN 'loads' THEN name || ' holds no device code itself. What it loads decides, and was not looked at: ' || (
             SELECT group_concat(name, ', ') FROM (SELECT name FROM load_not_seen n WHERE n.unit = what.unit ORDER BY lower(name) LIMIT 3)) ||
             CASE WHEN others > 3 THEN ' and ' || (others - 3) || ' more' ELSE '' END || '.'
           WHEN 'object' THEN name || ' holds no device code; the program that is linked of it, and what that loads, decide.'
           WHEN 'bare' THEN name || ' holds containers for device code, and no image in them that a card could run: what it is for is not known.'
           WHEN 'cuda' THEN name || ' is a library of CUDA without device code of its own: the programs that load it decide.'
           WHEN 'opens' THEN name || ' holds no device code, and may open CUDA at run time (' || note || '): what it runs there is not in the file.'
           WHEN 'foreign' THEN name || ' holds no CUDA images that are read: ' || note || '.'
           WHEN 'unread' THEN name || ' has no format that is read: what is in it is not known.'
           WHEN 'empty' THEN name || ' holds no program, and nothing else that device code is kept in.'
           ELSE name || ': the policy leaves all of it out (ignore), so that nothing is judged.' END AS summary,
         '' AS premises
    FROM (SELECT b.candidate_id, f.name, f.note, f.unit, (SELECT count(*) FROM load_not_seen n WHERE n.unit = f.unit) AS others,
                 CASE WHEN f.reading = 'unread' THEN 'unread'
                      WHEN r.lone = 0 THEN NULL
                      WHEN f.problems > 0 THEN 'problems'
                      WHEN EXISTS (SELECT 1 FROM observed_need n WHERE n.file_id = f.file_id) THEN CASE a.device WHEN 1 THEN 'needs' END
                      WHEN EXISTS (SELECT 1 FROM soname s WHERE s.component = 'cudart' AND lower(s.soname) = lower(f.own_name)) THEN NULL
                      WHEN f.own_name <> '' THEN CASE a.device WHEN 1 THEN 'cuda' END
                      WHEN f.package_text GLOB '*+cpu*' THEN CASE a.wants WHEN 1 THEN 'cpu' END
                      WHEN f.reading IN ('read', 'programs') THEN
                        CASE WHEN a.wants = 0 THEN NULL
                             WHEN EXISTS (SELECT 1 FROM load_not_seen n WHERE n.unit = f.unit AND n.name <> '') THEN 'loads'
                             WHEN EXISTS (SELECT 1 FROM load_not_seen n WHERE n.unit = f.unit) THEN 'object'
                             WHEN f.reading = 'read' THEN 'cpu' ELSE 'programs' END
                      ELSE f.reading END AS kind
            FROM (SELECT EXISTS (SELECT 1 FROM asked_device WHERE stated = 1) AS device,
                         EXISTS (SELECT 1 FROM asked_device WHERE stated = 1) OR EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1)
                      OR EXISTS (SELECT 1 FROM asked_requirement WHERE wish <> 'absent') OR EXISTS (SELECT 1 FROM observed_file WHERE side = 'old') AS wants) a
           CROSS JOIN asked_build b JOIN observed_file f ON f.subject_id = b.subject_id AND f.side = 'new'
            JOIN (SELECT * FROM observed_role) r ON r.file_id = f.file_id
           WHERE b.kind = 'binary' AND f.list_id IS NULL AND r.role NOT IN ('profiler', 'companion')
             AND (a.device = 1 OR EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1) OR EXISTS (SELECT 1 FROM asked_requirement)
               OR EXISTS (SELECT 1 FROM observed_file WHERE side = 'old'))) what
   WHERE kind IS NOT NULL;
