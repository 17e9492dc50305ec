-- What an error or a sentence of a log points at is a rule.
SELECT 'error_code/' || family || '/' || code AS key, 'no rule ' || rule_id AS message
  FROM error_code WHERE rule_id <> '-' AND rule_id NOT IN (SELECT rule_id FROM rule)
UNION ALL
SELECT 'error_pattern/' || pattern_id, 'no rule ' || rule_id
  FROM error_pattern WHERE rule_id <> '-' AND rule_id NOT IN (SELECT rule_id FROM rule)
UNION ALL
SELECT 'error_wording/' || wording_id, 'no rule ' || rule_id
  FROM error_wording WHERE rule_id <> '-' AND rule_id NOT IN (SELECT rule_id FROM rule)
UNION ALL
SELECT 'candidate/' || rule_id || '/' || candidate_rule, 'no rule ' || rule_id
  FROM candidate WHERE rule_id NOT IN (SELECT rule_id FROM rule UNION ALL SELECT 'wording/' || wording_id FROM error_wording
                                         UNION ALL SELECT 'wording/' || pattern_id FROM error_pattern UNION ALL SELECT family || '/' || code FROM error_code)
UNION ALL
SELECT 'candidate/' || rule_id || '/' || candidate_rule, 'no rule ' || candidate_rule
  FROM candidate WHERE candidate_rule NOT IN (SELECT rule_id FROM rule)
UNION ALL
SELECT 'error_choice/' || pattern_id || '/' || rule_id, 'no rule ' || rule_id
  FROM error_choice WHERE rule_id <> '-' AND rule_id NOT IN (SELECT rule_id FROM rule)
UNION ALL
SELECT 'error_choice/' || pattern_id || '/' || rule_id, 'no sentence ' || pattern_id
  FROM error_choice WHERE pattern_id NOT IN (SELECT pattern_id FROM error_pattern UNION ALL SELECT wording_id FROM error_wording);
