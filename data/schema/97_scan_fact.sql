-- What the scanner's listing says without a database: lines "key value", which the build writes into the executable
-- (src/database/scan_facts.h). A key is a kind and what is asked, as in "codec/linux/zstd".
CREATE VIEW scan_fact AS
  SELECT 'codec/' || os || '/' || codec AS key, min_driver AS value FROM codec
  UNION ALL
  -- the first driver that compiles it, and the toolkit that writes it
  SELECT 'isa/' || i.driver_os || '/' || i.isa, i.min_driver || ' ' || (SELECT t.cuda FROM ptx_isa t WHERE t.isa = i.isa ORDER BY t.cuda_key LIMIT 1) FROM isa_driver i
  UNION ALL
  -- its first driver, where two sources differ the later one, and the first that no longer drives it
  SELECT 'capability/' || v.driver_os || '/' || c.cc, coalesce(v.sure_driver, v.min_driver) || coalesce(' ' || v.below, '') FROM capability_driver v JOIN compute_capability c ON c.cc_key = v.cc_key AND c.renamed_to = '-'
  UNION ALL
  -- the capabilities that run it, native or (j) compiled
  SELECT 'target/' || t.target, group_concat(c.cc || CASE t.how WHEN 'jit' THEN 'j' ELSE '' END, ' ')
    FROM target_on_capability t JOIN compute_capability c ON c.cc_key = t.cc_key AND c.renamed_to = '-' WHERE t.how <> 'exception' AND t.target NOT GLOB 'lto_*' GROUP BY t.target
  UNION ALL
  SELECT 'runtime/' || driver_os || '/' || cuda, least || coalesce(' ' || least_sure, '') FROM runtime_floor WHERE least IS NOT NULL
  UNION ALL
  -- what it is, the first toolkit with it, and the release that its name stands for ('11': any of 11), where that is one
  SELECT 'library/' || n.name, n.component || ' ' || t.cuda || coalesce((SELECT ' ' || min(s.cuda) FROM soname s WHERE lower(s.soname) = n.name HAVING count(DISTINCT s.cuda) = 1), '')
    FROM runtime_name n JOIN toolkit t ON t.cuda_key = n.cuda_key;
