-- title: The toolkit exists
-- question: Is the toolkit or runtime release of the question one that the data has?
-- when: EXISTS (SELECT 1 FROM asked_subject WHERE kind = 'cuda')
-- source: nvidia-toolkit-release-notes | Table "CUDA Toolkit and Corresponding Driver Versions"

CREATE VIEW toolkit_known AS
  SELECT 'toolkit_known/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id, 'unknown-build' AS rule_id, s.given AS subject,
         s.given || ' is not in the data, which has ' ||
         (SELECT count(DISTINCT cuda_key) FROM toolkit) || ' releases from ' || (SELECT cuda FROM toolkit ORDER BY cuda_key LIMIT 1) || ' to ' ||
         (SELECT cuda FROM toolkit ORDER BY cuda_key DESC LIMIT 1) || '; that is not the same as impossible.' AS summary,
         '' AS premises
    FROM asked_subject s JOIN asked_build b ON b.subject_id = s.subject_id
   WHERE s.kind = 'cuda' AND NOT EXISTS (SELECT 1 FROM toolkit t WHERE t.cuda_key = s.version_key OR t.release_key = s.version_key);
