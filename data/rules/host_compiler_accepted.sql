-- title: Host compiler and toolkit
-- question: Does this toolkit's nvcc accept this host compiler?
-- when: EXISTS (SELECT 1 FROM asked_target WHERE host_compiler IS NOT NULL)
-- rule: host-compiler-accepted | compatible | 16 | - | The toolkit accepts this host compiler.
-- rule: host-compiler-in-part | conditional | 74 | - | What was named is several compilers; the toolkit accepts some of them.
-- rule: host-compiler-unsupported | incompatible | 88 | - | The host compiler is newer or older than this toolkit accepts.
-- source: nvidia-linux-installation-guide | system requirements
-- source: spack-cuda-package | host compiler conflicts

-- Where a compiler has names (host_compiler_name), a number that is none of them is its own count: for msvc _MSC_VER, four digits.
CREATE VIEW host_compiler_accepted AS
  WITH pair AS MATERIALIZED (
    SELECT b.candidate_id, b.cuda, b.os, t.host_compiler || ' ' || t.host_compiler_version AS given, t.host_compiler, n.first_version, n.last_version,
           h.cuda AS known, h.compiler, h.min_version, h.max_version, n.name, x.other_value, x.reason,
           CASE
             WHEN NOT EXISTS (SELECT 1 FROM host_compiler s WHERE s.compiler = t.host_compiler AND s.os = b.os) THEN 'system'
             WHEN n.name IS NULL AND EXISTS (SELECT 1 FROM host_compiler_name x WHERE x.compiler = t.host_compiler)
              AND t.host_compiler_key / 1000000000000 NOT BETWEEN 1000 AND 1999 THEN 'name'
             WHEN h.cuda IS NULL THEN 'unknown'
             WHEN x.other_value GLOB 'maximum *'
              AND (coalesce(n.last_version_key, t.host_compiler_key) / 1000000000000 > CAST(substr(x.other_value, 9) AS INTEGER))
               <> (coalesce(n.last_version_key, t.host_compiler_key) / 1000000000000 > h.max_version_key / 1000000000000) THEN 'disputed'
             WHEN x.other_value GLOB 'minimum *'
              AND (coalesce(n.first_version_key, t.host_compiler_key) / 1000000000000 < CAST(substr(x.other_value, 9) AS INTEGER)) <> (coalesce(n.first_version_key, t.host_compiler_key) < h.min_version_key) THEN 'disputed'
             WHEN coalesce(n.first_version_key, t.host_compiler_key) / 1000000000000 > h.max_version_key / 1000000000000
               OR coalesce(n.last_version_key, t.host_compiler_key) < h.min_version_key THEN 'no'
             WHEN n.last_version_key / 1000000000000 > h.max_version_key / 1000000000000 OR n.first_version_key < h.min_version_key THEN 'part'
             ELSE 'yes' END AS fits
      FROM asked_target t CROSS JOIN asked_build b
      LEFT JOIN host_compiler_name n ON n.compiler = t.host_compiler AND n.name_key = t.host_compiler_key / 1000000000 * 1000000000
      LEFT JOIN host_compiler h ON h.compiler = t.host_compiler AND h.cuda_key = b.cuda_key / 1000000000 * 1000000000
      LEFT JOIN dispute x ON x.fact_id = 'host_compiler/' || h.cuda || '/' || h.compiler AND x.stands = 'open'
     WHERE b.kind = 'cuda' AND t.host_compiler IS NOT NULL)
  SELECT 'host_compiler_accepted/' || candidate_id AS conclusion_id, 'candidate' AS scope, candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id,
         CASE fits WHEN 'yes' THEN 'host-compiler-accepted' WHEN 'part' THEN 'host-compiler-in-part' WHEN 'disputed' THEN 'sources-disagree' WHEN 'name' THEN 'unknown-build' WHEN 'unknown' THEN 'unknown-build'
                   ELSE 'host-compiler-unsupported' END AS rule_id,
         host_compiler AS subject,
         CASE fits
           WHEN 'system' THEN 'nvcc on ' || os || ' takes no ' || host_compiler || ', only ' ||
             (SELECT replace(group_concat(DISTINCT s.compiler), ',', ' or ') FROM host_compiler s WHERE s.os = pair.os) || '.'
           WHEN 'name' THEN 'No ' || given || ' is in the data; a version is a year (2022), one of Visual Studio (17.9), of its tools (14.39), of cl (19.39), or _MSC_VER (1939).'
           WHEN 'unknown' THEN 'Which versions of ' || host_compiler || ' CUDA ' || cuda || ' accepts is not in the data.'
           WHEN 'disputed' THEN 'Sources differ on whether CUDA ' || cuda || ' accepts ' || given || ': ' || min_version || ' to ' || max_version || ' by one, ' || other_value || ' by another (' || reason || ').'
           WHEN 'yes' THEN 'CUDA ' || cuda || ' accepts ' || given || '.'
           ELSE 'CUDA ' || cuda || CASE fits WHEN 'part' THEN ' accepts a part of ' ELSE ' does not accept ' END || given ||
             CASE WHEN name IS NULL THEN '' WHEN first_version = last_version THEN ' (' || first_version || ')' ELSE ' (' || first_version || ' to ' || last_version || ')' END ||
             ': it takes ' || CASE min_version WHEN 'unsaid' THEN 'versions up to ' ELSE min_version || ' to ' END || max_version || '.'
         END AS summary,
         trim(coalesce('host_compiler/' || known || '/' || compiler, '') || coalesce(' host_compiler_name/' || host_compiler || '/' || name, '')) AS premises
    FROM pair;
