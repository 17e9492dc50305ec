-- title: A report that contradicts the tables
-- question: The tables say that it runs; what does the machine say?
-- when: EXISTS (SELECT 1 FROM asked_target WHERE available = 'false')
-- rule: works-by-facts-but-fails | conditional | 68 | - | By the facts it runs, and yet the machine says that CUDA is not available: a local defect.
-- source: public-reports | reports whose tables say yes and whose own line says no

CREATE VIEW report_contradicts AS
  SELECT 'report_contradicts/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id, 'works-by-facts-but-fails' AS rule_id, b.package AS subject,
         'Nothing that is known rules ' || b.package || ' ' || b.version || ' out, and yet the report says that CUDA is not available: a local defect (doctor tells which).' AS summary,
         '-' AS premises  -- nothing else: left out where anything worse fires
    FROM asked_build b JOIN asked_subject q ON q.subject_id = b.subject_id AND q.installed = 1 WHERE b.kind = 'package' AND b.device = 'cuda';
