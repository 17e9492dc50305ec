-- A dispute is about a fact of the data. (A dispute that no longer has its fact is forgotten work.)
SELECT 'dispute/' || fact_id || '/' || other_value AS key, 'no fact ' || fact_id AS message
  FROM dispute WHERE fact_id NOT IN (SELECT fact_id FROM fact_source);
