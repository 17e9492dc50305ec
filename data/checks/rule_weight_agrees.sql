-- A rule's weight is that of its verdict's severity.
SELECT 'rule/' || u.rule_id AS key, 'weight ' || coalesce(u.weight, 'NULL') || ', expected ' || coalesce(s.severity * 1000 - u.stage, 'NULL') AS message
  FROM rule u LEFT JOIN severity s ON s.verdict = u.verdict WHERE u.weight IS NOT s.severity * 1000 - u.stage;
