-- title: The toolkit and the platform
-- question: Is that release of CUDA published for this system and processor?
-- when: EXISTS (SELECT 1 FROM asked_system WHERE arch <> 'x86_64') AND EXISTS (SELECT 1 FROM asked_build WHERE kind = 'cuda')
-- source: spack-cuda-package | installers of each release, by system and processor
-- source: nvidia-toolkit-release-notes | component table, systems of each release

-- A Jetson has releases of its own, which count where a card is one or no card is stated; and those for every aarch64.
CREATE VIEW toolkit_on_platform AS
  WITH place AS MATERIALIZED (
    SELECT y.system_id, p.platform, p.first_toolkit, coalesce(p.first_toolkit_key, 0) AS first_key, p.last_toolkit, coalesce(p.last_toolkit_key, 9223372036854775807) AS last_key
      FROM asked_system y JOIN toolkit_platform p ON p.platform = y.build_os || '-' || y.arch
        OR p.platform = y.build_os || '-' || y.arch || '-jetson' AND NOT EXISTS (SELECT 1 FROM asked_device d WHERE d.stated = 1 AND coalesce(d.board, '') <> 'embedded')
  )
  SELECT 'toolkit_on_platform/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id, 'no-such-build' AS rule_id, b.version AS subject,
         'CUDA ' || b.version || ' is not published for ' || CASE b.os WHEN 'windows' THEN 'Windows' WHEN 'linux' THEN 'Linux' ELSE b.os END || ' on ' || b.arch || ': its releases there ' ||
         (SELECT group_concat(CASE WHEN first_key > b.cuda_key THEN 'begin with ' || first_toolkit ELSE 'end with ' || last_toolkit END, ', of Jetson ') FROM place WHERE system_id = b.system_id) || '.' AS summary,
         (SELECT group_concat('toolkit_platform/' || platform, ' ') FROM place WHERE system_id = b.system_id) AS premises
    FROM asked_build b
   WHERE b.kind = 'cuda' AND EXISTS (SELECT 1 FROM place WHERE system_id = b.system_id)
     AND NOT EXISTS (SELECT 1 FROM place WHERE system_id = b.system_id AND b.cuda_key >= first_key AND b.cuda_key / 1000000000 <= last_key / 1000000000);
