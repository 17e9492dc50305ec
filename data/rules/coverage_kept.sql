-- title: Coverage beside an older build
-- question: Does the file still serve every compute capability that its older self served?
-- when: EXISTS (SELECT 1 FROM observed_file WHERE side = 'old')
-- rule: coverage-lost | incompatible | 93 | - | A compute capability that the baseline served is served no longer, or in part only.
-- rule: native-code-lost | caveat | 0 | - | Machine code that the baseline had for a card is PTX now, which the driver compiles at the first start.
-- source: nvidia-programming-guide | Application compatibility: binary and PTX compatibility
-- source: measured-wheels | containers of hand-tuned libraries differ, those of ordinary builds do not

-- How far a file serves each capability, drivers aside. level: 2 all modules but those that are apart (of a hand-tuned library: half of the most
-- common target's), 1 some, 0 none or less than a tenth.
CREATE VIEW file_on_capability AS
  SELECT f.file_id, f.side, f.name, c.cc, c.cc_key, t.containers, coalesce(x.served, 0) AS served, coalesce(a.apart, 0) AS apart,
         CASE WHEN coalesce(x.served, 0) = 0 OR x.served * 10 < t.most THEN 0
              WHEN x.served + coalesce(a.apart, 0) = t.containers OR f.style = 'hand-tuned' AND x.served * 2 >= t.most THEN 2
              ELSE 1 END AS level,
         x.how
    FROM observed_file f JOIN observed_total t ON t.file_id = f.file_id
    JOIN compute_capability c ON c.renamed_to = '-'
    LEFT JOIN (SELECT file_id, cc_key, sum(containers) AS served,
                      CASE min(native) WHEN 1 THEN 'native' ELSE CASE max(native) WHEN 1 THEN 'mixed' ELSE 'jit' END END AS how
                 FROM (SELECT s.file_id, s.set_id, s.containers, o.cc_key, max(o.how = 'native') AS native
                         FROM observed_set s JOIN list_on_capability o ON o.list_id = s.list_id
                        WHERE o.how NOT IN ('exception', 'other') GROUP BY s.file_id, s.set_id, o.cc_key)
                GROUP BY file_id, cc_key) x ON x.file_id = f.file_id AND x.cc_key = c.cc_key
    LEFT JOIN (SELECT file_id, cc_key, sum(containers) AS apart FROM (SELECT * FROM set_apart) GROUP BY file_id, cc_key) a ON a.file_id = f.file_id AND a.cc_key = c.cc_key;

-- The sets of modules that are made for other generations than the capability's, and do not serve it.
CREATE VIEW set_apart AS
  SELECT s.file_id, s.set_id, s.containers, c.cc_key FROM observed_set s CROSS JOIN compute_capability c
   WHERE s.apart <> '' AND instr(s.apart, ' ' || c.cc_key / 10 || ' ') = 0
     AND NOT EXISTS (SELECT 1 FROM list_on_capability o WHERE o.list_id = s.list_id AND o.cc_key = c.cc_key);

CREATE VIEW coverage_kept AS
  WITH coverage AS MATERIALIZED (SELECT * FROM file_on_capability)
  SELECT 'coverage_kept/' || b.candidate_id || '/' || o.file_id || '/' || o.cc AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key,
         NULL AS driver_os, NULL AS device_id, NULL AS driver_id, CASE f.problems WHEN 0 THEN 'coverage-lost' ELSE 'demand-not-proven' END AS rule_id, o.cc AS subject,
         CASE WHEN f.problems > 0 THEN 'As far as it could be read, ' ELSE '' END || CASE n.level WHEN 0 THEN n.name || ' no longer serves compute capability ' || o.cc || ', which the baseline served'
              ELSE (n.containers - n.served - n.apart) || ' of ' || n.containers || ' modules of ' || n.name || ' do not serve compute capability ' || o.cc ||
                   ', which the baseline served' END || CASE o.level WHEN 1 THEN ' in part.' ELSE '.' END AS summary,
         'compute_capability/' || o.cc || coalesce(' ' || (
           SELECT group_concat('observed_set/' || s.file_id || '/' || s.set_id, ' ') FROM observed_set s WHERE s.file_id = n.file_id
              AND NOT EXISTS (SELECT 1 FROM list_on_capability p WHERE p.list_id = s.list_id AND p.cc_key = o.cc_key)
              AND NOT EXISTS (SELECT 1 FROM set_apart m WHERE m.file_id = s.file_id AND m.set_id = s.set_id AND m.cc_key = o.cc_key)), '') AS premises
    FROM observed_pair p
    JOIN coverage o ON o.file_id = p.old_id
    JOIN coverage n ON n.file_id = p.like_id AND n.cc_key = o.cc_key
    JOIN observed_file f ON f.file_id = p.new_id
    JOIN asked_build b ON b.list_id = f.list_id
   WHERE n.level < o.level
  UNION ALL
  SELECT 'coverage_kept/native/' || b.candidate_id || '/' || o.file_id, 'candidate', b.candidate_id, NULL, NULL, NULL, 'native-code-lost', n.name,
         n.name || ' had machine code in the baseline for compute capability ' || group_concat(o.cc, ', ') || ', and has PTX alone there now' || CASE max(n.how) WHEN 'mixed' THEN ', in part' ELSE '' END ||
           ': drivers compile it at the first start, and those older than it do not.', group_concat('compute_capability/' || o.cc, ' ')
    FROM observed_pair p
    JOIN coverage o ON o.file_id = p.old_id
    JOIN coverage n ON n.file_id = p.like_id AND n.cc_key = o.cc_key
    JOIN observed_file f ON f.file_id = p.new_id
    JOIN asked_build b ON b.list_id = f.list_id
   WHERE n.level >= o.level AND o.how = 'native' AND n.how <> 'native' GROUP BY b.candidate_id, o.file_id
  UNION ALL
  SELECT 'coverage_kept/gone/' || b.candidate_id || '/' || o.file_id, 'candidate', b.candidate_id, NULL, NULL, NULL, CASE WHEN x.problems > 0 THEN 'demand-not-proven' ELSE 'coverage-lost' END, o.name,
         o.name || ' of the baseline, which holds device code, is not among these files' || CASE WHEN x.problems > 0 THEN ', part of which could not be read.' ELSE '.' END, ''
    FROM observed_file o JOIN (SELECT min(candidate_id) AS candidate_id FROM asked_build WHERE kind = 'binary') b CROSS JOIN (SELECT max(problems) AS problems FROM observed_file WHERE side = 'new') x
   WHERE o.side = 'old' AND o.list_id IS NOT NULL AND b.candidate_id IS NOT NULL AND o.file_id NOT IN (SELECT old_id FROM observed_pair);
