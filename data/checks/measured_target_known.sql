-- A measured image is a target of architecture.csv: a new one is a fact to add first.
SELECT 'measured_image/' || m.target AS key, 'architecture.csv has no sm_' || ltrim(m.target, 'smcopute_') || ' (' || min(m.package || ' ' || m.version) || ')' AS message
  FROM measured_image m
 WHERE 'sm_' || ltrim(m.target, 'smcopute_') NOT IN (SELECT target FROM architecture)
    OR m.target NOT GLOB CASE m.kind WHEN 'cubin' THEN 'sm_[0-9]*' ELSE 'compute_[0-9]*' END
 GROUP BY m.target;
