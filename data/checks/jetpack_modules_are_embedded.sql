-- A Jetson serves capabilities that are no card's.
WITH RECURSIVE split(l4t, word, rest) AS (
  SELECT l4t, '', modules || ' ' FROM jetpack WHERE modules <> 'unsaid'
  UNION ALL
  SELECT l4t, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM split WHERE rest <> ''
)
SELECT 'jetpack/' || l4t AS key, 'module ' || word || ' is no embedded capability' AS message
  FROM split WHERE word <> '' AND word NOT IN (SELECT cc FROM compute_capability WHERE board <> 'card');
