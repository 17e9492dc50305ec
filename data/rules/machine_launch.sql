-- title: What a real start shows
-- question: Does the driver start, and does a kernel really run?
-- when: EXISTS (SELECT 1 FROM observed_launch WHERE status = 'failed')

CREATE VIEW machine_launch AS
  SELECT 'machine_launch/' || l.launch_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         coalesce((SELECT e.rule_id FROM error_code e JOIN rule u ON u.rule_id = e.rule_id WHERE e.family = 'driver' AND e.code = l.code), 'works-by-facts-but-fails') AS rule_id, 'launch' AS subject,
         'A real launch failed at "' || l.step || '"' || CASE l.device WHEN -1 THEN '' ELSE ' on card ' || l.device END || ': ' ||
         CASE l.code WHEN -1 THEN '' ELSE l.code || ' ' || l.code_name END || CASE l.detail WHEN '' THEN '' ELSE ' (' || l.detail || ')' END || '.' AS summary,
         'observed_launch/' || l.launch_id AS premises
    FROM observed_launch l WHERE l.status = 'failed' AND l.launch_id = (SELECT min(launch_id) FROM observed_launch WHERE status = 'failed');

CREATE VIEW sentence_observed_launch AS
  SELECT launch_id, 'Launch test, ' || step || ': ' || status || CASE code_name WHEN '' THEN '' ELSE ' (' || code_name || ')' END || '.' AS sentence, '' AS source_id, '' AS locator FROM observed_launch;
