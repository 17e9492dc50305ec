-- A source that no fact, rule or exception names is a leftover.
SELECT source_id AS key, 'no fact, rule or exception names this source' AS message
  FROM source
 WHERE source_id NOT IN (SELECT source_id FROM fact_source)
   AND source_id NOT IN (SELECT source_id FROM rule_source)
   AND source_id NOT IN (SELECT source_id FROM check_exception);
