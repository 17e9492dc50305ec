-- sm_90a is capability 9.0 with suffix a: the columns say what the name says. The virtual target has the same suffix
-- and no higher number.
SELECT 'architecture/' || target AS key,
       'cc ' || cc || ', suffix ' || suffix || ', virtual_target ' || virtual_target || ' do not fit the name' AS message
  FROM architecture
 WHERE target <> 'sm_' || replace(cc, '.', '') || CASE suffix WHEN '-' THEN '' ELSE suffix END
    OR virtual_target NOT GLOB 'compute_[0-9]*'
    OR (suffix <> '-' AND virtual_target <> 'compute_' || substr(target, 4))
    OR CAST(substr(virtual_target, 9) AS INTEGER) > cc_key;
