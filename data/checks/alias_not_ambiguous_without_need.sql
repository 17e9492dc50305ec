-- A spelling may fit cards of several capabilities only when each card's own name holds it (RTX 6000: Quadro RTX 6000,
-- RTX 6000 Ada Generation). Anything else makes a plain question "unknown" by mistake.
SELECT 'gpu_alias/' || min(a.alias) || '/' || max(g.gpu_id) AS key,
       'spelling ' || a.alias_key || ' fits ' || group_concat(DISTINCT g.gpu_id) || ' of several capabilities' AS message
  FROM gpu_alias a JOIN gpu g ON g.gpu_id = a.gpu_id
 GROUP BY a.alias_key HAVING count(DISTINCT g.cc) > 1 AND min(instr(g.name_key, a.alias_key)) = 0;
