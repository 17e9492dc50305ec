-- A newer toolkit never needs an older driver. NVIDIA's own page once had a minimum that did: this law found the typo.
WITH needed(fact_id, line, step, text, driver_key) AS (
  SELECT 'toolkit_min_driver/' || cuda || '/' || os, 'cuda ' || os, cuda_key, min_driver, min_driver_key FROM toolkit_min_driver
  UNION ALL
  SELECT 'toolkit_release_driver/' || d.release || '/' || d.os, 'release ' || d.os, t.release_key, d.min_driver, d.min_driver_key
    FROM toolkit_release_driver d JOIN toolkit t ON t.release = d.release
  UNION ALL
  SELECT 'minor_version_compatibility/' || cuda_major || '/' || os, 'floor ' || os, cuda_major_key, min_driver, min_driver_key
    FROM minor_version_compatibility
  UNION ALL
  SELECT 'minor_version_compatibility/' || cuda_major || '/' || os, 'sure ' || os, cuda_major_key, sure_from, sure_from_key
    FROM minor_version_compatibility
), ordered AS (
  SELECT *, max(driver_key) OVER (PARTITION BY line ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS highest
    FROM needed WHERE driver_key IS NOT NULL
)
SELECT fact_id AS key,
       'needs ' || text || ', but ' || (SELECT n.fact_id || ' needs ' || n.text FROM needed n
         WHERE n.line = o.line AND n.step < o.step AND n.driver_key = o.highest) || ' already' AS message
  FROM ordered o WHERE driver_key < highest;
