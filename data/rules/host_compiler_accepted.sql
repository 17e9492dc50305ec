-- title: Host compiler and toolkit
-- question: Does this toolkit's nvcc accept this host compiler?
-- when: EXISTS (SELECT 1 FROM asked_target WHERE host_compiler IS NOT NULL)
-- rule: host-compiler-accepted | compatible | 16 | - | The toolkit accepts this host compiler.
-- rule: host-compiler-unsupported | incompatible | 88 | - | The host compiler is newer or older than this toolkit accepts.
-- source: nvidia-linux-installation-guide | system requirements
-- source: spack-cuda-package | host compiler conflicts

CREATE VIEW host_compiler_accepted AS
  SELECT 'host_compiler_accepted/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id,
         CASE WHEN h.cuda IS NULL THEN 'unknown-build'
              WHEN t.host_compiler_key / 1000000000000 > h.max_version_key / 1000000000000 OR t.host_compiler_key < h.min_version_key THEN 'host-compiler-unsupported'
              ELSE 'host-compiler-accepted' END AS rule_id,
         t.host_compiler AS subject,
         CASE WHEN h.cuda IS NULL THEN 'Which versions of ' || t.host_compiler || ' CUDA ' || b.cuda || ' accepts is not in the data.'
              WHEN t.host_compiler_key / 1000000000000 > h.max_version_key / 1000000000000 OR t.host_compiler_key < h.min_version_key
              THEN 'CUDA ' || b.cuda || ' does not accept ' || t.host_compiler || ' ' || t.host_compiler_version || ': it takes ' ||
                   CASE h.min_version WHEN 'unsaid' THEN 'versions up to ' ELSE h.min_version || ' to ' END || h.max_version || '.'
              ELSE 'CUDA ' || b.cuda || ' accepts ' || t.host_compiler || ' ' || t.host_compiler_version || '.' END AS summary,
         coalesce('host_compiler/' || h.cuda || '/' || h.compiler, '') AS premises
    FROM asked_target t CROSS JOIN asked_build b
    LEFT JOIN host_compiler h ON h.compiler = t.host_compiler AND h.cuda_key = b.cuda_key / 1000000000 * 1000000000
   WHERE b.kind = 'cuda' AND t.host_compiler IS NOT NULL;
