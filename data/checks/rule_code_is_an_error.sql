-- The error that a rule predicts is one of the runtime's: there its name comes from.
SELECT 'rule/' || rule_id AS key, 'error_code.csv has no runtime error ' || code AS message
  FROM rule WHERE code <> '-' AND code NOT IN (SELECT CAST(code AS TEXT) FROM error_code WHERE family = 'runtime');
