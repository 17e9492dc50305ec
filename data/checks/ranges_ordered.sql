-- A range that is upside down holds nothing, and the rule that uses it never fires.
SELECT 'capability_floor/' || package || '/' || first_version || '/' || cuda_major || '/' || feature AS key,
       first_version || ' is above ' || last_version AS message
  FROM capability_floor WHERE first_version_key > last_version_key
UNION ALL
SELECT 'library_floor/' || package || '/' || first_version || '/' || tag || '/' || library, first_version || ' is above ' || last_version
  FROM library_floor WHERE first_version_key > last_version_key
UNION ALL
SELECT 'runtime_compiler/' || package || '/' || first_version || '/' || tag || '/' || os || '/' || compiler, first_version || ' is above ' || last_version
  FROM runtime_compiler WHERE first_version_key > last_version_key
UNION ALL
SELECT 'driver_defect/' || first_version || '/' || os, first_version || ' is above ' || last_version
  FROM driver_defect WHERE first_version_key > last_version_key
UNION ALL
SELECT 'driver_support/' || cc || '/' || os, 'first_branch ' || first_branch || ' is above last_branch ' || last_branch
  FROM driver_support WHERE first_branch_key > last_branch_key
UNION ALL
SELECT 'module_flavour/' || flavour, 'first_branch ' || first_branch || ' is above last_branch ' || last_branch
  FROM module_flavour WHERE first_branch_key > last_branch_key
UNION ALL
SELECT 'minor_version_compatibility/' || cuda_major || '/' || os, 'min_driver ' || min_driver || ' is above sure_from ' || sure_from
  FROM minor_version_compatibility WHERE min_driver_key > sure_from_key
UNION ALL
SELECT 'host_compiler/' || cuda || '/' || compiler, 'min_version ' || min_version || ' is above max_version ' || max_version
  FROM host_compiler WHERE min_version_key > max_version_key
UNION ALL
SELECT 'wheel_libc/' || package || '/' || first_version || '/' || tag || '/' || channel || '/' || arch, first_version || ' is above ' || last_version
  FROM wheel_libc WHERE first_version_key > last_version_key;
