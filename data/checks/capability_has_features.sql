-- What a capability can do is stated, for all but those that were renamed.
SELECT 'compute_capability/' || cc AS key, 'capability_feature.csv has no row for it' AS message
  FROM compute_capability WHERE renamed_to = '-' AND cc NOT IN (SELECT cc FROM capability_feature);
