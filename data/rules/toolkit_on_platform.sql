-- title: The toolkit and the platform
-- question: Is that release of CUDA published for this system and processor?
-- when: EXISTS (SELECT 1 FROM asked_system WHERE arch <> 'x86_64') AND EXISTS (SELECT 1 FROM asked_build WHERE kind = 'cuda')
-- source: spack-cuda-package | installers of each release, by system and processor
-- source: nvidia-toolkit-release-notes | component table, systems of each release

-- A Jetson has releases of its own beside those for every aarch64: they count where a Jetson is stated, as a module, a JetPack or tegra. An aarch64 of which
-- nothing more is said has only the latter.
CREATE VIEW toolkit_on_platform AS
  WITH place AS MATERIALIZED (
    SELECT y.system_id, p.platform, p.first_toolkit, coalesce(p.first_toolkit_key, 0) AS first_key, p.last_toolkit, coalesce(p.last_toolkit_key, 9223372036854775807) AS last_key,
           p.platform GLOB '*-jetson' AS jetson
      FROM asked_system y JOIN toolkit_platform p ON p.platform = y.build_os || '-' || y.arch
        OR p.platform = y.build_os || '-' || y.arch || '-jetson' AND NOT EXISTS (SELECT 1 FROM asked_device d WHERE d.stated = 1 AND coalesce(d.board, '') <> 'embedded')
  ), board AS MATERIALIZED (SELECT EXISTS (SELECT 1 FROM asked_device WHERE stated = 1) OR EXISTS (SELECT 1 FROM asked_target WHERE jetpack IS NOT NULL OR platform = 'tegra') AS stated)
  SELECT 'toolkit_on_platform/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id, 'no-such-build' AS rule_id, b.version AS subject,
         'CUDA ' || b.version || ' is not published for ' || CASE b.os WHEN 'windows' THEN 'Windows' WHEN 'linux' THEN 'Linux' ELSE b.os END || ' on ' || b.arch || ': its releases there ' ||
         (SELECT group_concat(CASE WHEN first_key > b.cuda_key THEN 'begin with ' || first_toolkit ELSE 'end with ' || last_toolkit END, ', of Jetson ') FROM place WHERE system_id = b.system_id AND jetson <= board.stated) || '.' ||
         CASE WHEN EXISTS (SELECT 1 FROM place WHERE system_id = b.system_id AND jetson > board.stated AND b.cuda_key >= first_key AND b.cuda_key / 1000000000 <= last_key / 1000000000)
              THEN ' A Jetson has it by its JetPack: state the module, the JetPack or tegra.' ELSE '' END AS summary,
         (SELECT group_concat('toolkit_platform/' || platform, ' ') FROM place WHERE system_id = b.system_id) AS premises
    FROM asked_build b CROSS JOIN board
   WHERE b.kind = 'cuda' AND EXISTS (SELECT 1 FROM place WHERE system_id = b.system_id AND jetson <= board.stated)
     AND NOT EXISTS (SELECT 1 FROM place WHERE system_id = b.system_id AND jetson <= board.stated AND b.cuda_key >= first_key AND b.cuda_key / 1000000000 <= last_key / 1000000000);
