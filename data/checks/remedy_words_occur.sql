-- What a dialect says otherwise is said by a remedy, and what is only for some of a rule's subjects is one: else a reworded title loses its other words silently.
SELECT 'remedy_word/' || w.dialect || '/' || w.words AS key, 'no remedy says "' || w.words || '"' AS message
  FROM remedy_word w
 WHERE NOT EXISTS (SELECT 1 FROM remedy r WHERE instr(r.title, w.words) > 0 OR instr(r.commands, w.words) > 0 OR instr(r.risk, w.words) > 0)
UNION ALL
SELECT 'remedy_driver/' || w.dialect || '/' || w.words || '/' || w.modules || '/' || w.branch, 'no remedy says "' || w.words || '"'
  FROM remedy_driver w WHERE NOT EXISTS (SELECT 1 FROM remedy r WHERE instr(r.commands, w.words) > 0)
UNION ALL
SELECT 'remedy_about/' || a.rule_id || '/' || a.rank, 'no remedy of that rule has that rank'
  FROM remedy_about a WHERE NOT EXISTS (SELECT 1 FROM remedy r WHERE r.rule_id = a.rule_id AND r.rank = a.rank);
