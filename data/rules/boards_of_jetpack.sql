-- title: Boards and their JetPacks
-- question: With the JetPack open: is there one for this board that runs the build? With the board open: is there one that this JetPack drives and that runs an image?
-- when: EXISTS (SELECT 1 FROM asked_target WHERE jetpack IS NOT NULL OR platform = 'tegra') OR NOT EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1) AND EXISTS (SELECT 1 FROM asked_device WHERE stated = 1 AND board = 'embedded')
-- source: jetson-stats | NVIDIA_JETPACK and CUDA_TABLE
-- source: nvidia-jetson-cuda-upgrade | CUDA upgrades on JetPack 5.0 and later

-- The newest JetPack of a board whose CUDA is known, and from which CUDA on packages put a newer libcuda on it. A capability that was
-- typed is no board where the question is what a toolkit or a driver makes for it: only packages are judged there, unless the question says that it is
-- a Jetson.
CREATE VIEW board_jetpack AS
  SELECT d.device_id, d.gpu_id, d.cc, d.cc_key, coalesce(d.name, d.given) AS card, j.l4t, j.jetpack, j.cuda, j.cuda_key, max(j.l4t_key) AS l4t_key, u.first_jetpack, u.first_cuda, u.first_cuda_key
    FROM asked_device d JOIN compute_capability c ON c.cc_key = d.cc_key AND c.renamed_to = '-'
    JOIN jetpack j ON instr(' ' || j.modules || ' ', ' ' || c.cc || ' ') > 0 AND j.cuda_key IS NOT NULL AND j.jetpack_key IS NOT NULL
    LEFT JOIN jetpack_upgrade u ON j.jetpack_key >= u.first_jetpack_key
   WHERE d.stated = 1 AND d.board = 'embedded' GROUP BY d.device_id;

CREATE VIEW boards_of_jetpack AS
  WITH open AS MATERIALIZED (SELECT * FROM board_jetpack WHERE NOT EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1)),
  late AS MATERIALIZED (
    SELECT o.*, b.cuda_key AS asked_key, CAST(b.cuda_key / 1000000000000 AS TEXT) || '.' || (b.cuda_key / 1000000000 % 1000) AS asked
      FROM open o CROSS JOIN (SELECT DISTINCT kind, cuda_key FROM asked_build WHERE cuda_key IS NOT NULL AND driver_os = 'linux') b
     WHERE (b.kind = 'package' OR o.gpu_id IS NOT NULL OR EXISTS (SELECT 1 FROM asked_target WHERE platform = 'tegra')) AND b.cuda_key / 1000000000 > o.cuda_key / 1000000000
       AND (b.cuda_key / 1000000000000 > o.cuda_key / 1000000000000
         OR NOT EXISTS (SELECT 1 FROM minor_version_compatibility v WHERE v.os = 'linux' AND v.cuda_major_key = b.cuda_key / 1000000000000 * 1000000000000))
  ), late_ptx AS MATERIALIZED (
    SELECT o.*, i.list_id, i.target, i.isa FROM open o JOIN image_taken i ON i.device_id = o.device_id AND i.driver_os = 'linux' AND i.rank IN (20, 21, 48)
     WHERE (o.gpu_id IS NOT NULL OR EXISTS (SELECT 1 FROM asked_target WHERE platform = 'tegra')) AND (SELECT min(p.cuda_key) FROM ptx_isa p WHERE p.isa = i.isa) > o.cuda_key
       AND NOT EXISTS (SELECT 1 FROM list_on_capability x WHERE x.list_id = i.list_id AND x.cc_key = o.cc_key AND x.isa_cuda_key <= o.cuda_key)
  ), module AS MATERIALIZED (
    SELECT DISTINCT c.cc_key, c.cc FROM asked_target t
      JOIN jetpack j ON j.jetpack_key = t.jetpack_key OR j.jetpack_key / 1000000000 = t.jetpack_key / 1000000000
        OR t.jetpack NOT GLOB '*.*' AND j.jetpack_key / 1000000000000 = t.jetpack_key / 1000000000000 OR t.jetpack IS NULL
      JOIN compute_capability c ON c.renamed_to = '-' AND instr(' ' || j.modules || ' ', ' ' || c.cc || ' ') > 0
     WHERE NOT EXISTS (SELECT 1 FROM asked_device WHERE stated = 1)
  ), best AS (
    SELECT p.list_id, p.driver_os, i.driver_id, i.target, i.isa, i.codec, l.confidence, min(i.rank) AS rank
      FROM list_part p JOIN image_list l ON l.list_id = p.list_id
      LEFT JOIN image_rank i ON i.list_id = p.part_id AND i.cc_key IN (SELECT cc_key FROM module)
     WHERE EXISTS (SELECT 1 FROM module) GROUP BY p.list_id, p.driver_os
  )
  SELECT 'boards_of_jetpack/' || asked || '/' || device_id AS conclusion_id, 'runtime' AS scope, asked_key AS scope_key, 'linux' AS driver_os, device_id, NULL AS driver_id,
         CASE WHEN asked_key >= first_cuda_key THEN 'forward-compat-in-use' ELSE 'driver-too-old' END AS rule_id, asked AS subject,
         'The newest JetPack of ' || card || CASE card WHEN cc THEN '' ELSE ' (' || cc || ')' END || ' is ' || jetpack || ' with CUDA ' || cuda || ', which does not run CUDA ' || asked ||
         CASE WHEN asked_key >= first_cuda_key THEN '; packages (cuda-compat) put a newer libcuda on it, up to which CUDA is not in the data.' ELSE '.' END AS summary,
         'jetpack/' || l4t || CASE WHEN asked_key >= first_cuda_key THEN ' jetpack_upgrade/' || first_jetpack ELSE '' END AS premises
    FROM late
  UNION ALL
  SELECT 'boards_of_jetpack/ptx/' || list_id || '/' || device_id, 'list', list_id, 'linux', device_id, NULL,
         CASE WHEN first_cuda_key IS NOT NULL THEN 'forward-compat-in-use' ELSE 'ptx-newer-than-driver' END, target,
         'The newest JetPack of ' || card || CASE card WHEN cc THEN '' ELSE ' (' || cc || ')' END || ' is ' || jetpack || ' with CUDA ' || cuda || ', which does not compile PTX ISA ' || isa ||
         CASE WHEN first_cuda_key IS NOT NULL THEN '; packages (cuda-compat) put a newer libcuda on it, up to which CUDA is not in the data.' ELSE '.' END,
         'jetpack/' || l4t || CASE WHEN first_cuda_key IS NOT NULL THEN ' jetpack_upgrade/' || first_jetpack ELSE '' END
    FROM late_ptx
  UNION ALL
  SELECT 'boards_of_jetpack/images/' || list_id, 'list', list_id, driver_os, NULL, NULL,
         CASE WHEN rank IS NULL AND confidence = 'unsure' THEN 'sources-disagree' WHEN confidence = 'cut' AND coalesce(rank, 70) > 48 THEN 'device-code-unreadable' WHEN rank IS NULL OR rank = 70 THEN 'no-kernel-image' WHEN rank <= 45 THEN 'image-not-guaranteed' WHEN rank <= 48 THEN 'unknown-build'
              WHEN rank = 50 THEN 'compressed-image-needs-newer-driver' ELSE 'ptx-newer-than-driver' END,
         coalesce(target, (SELECT group_concat(cc, ', ') FROM module)),
         CASE WHEN rank IS NULL AND confidence = 'unsure' THEN 'The images known of this build hold none for a board' WHEN confidence = 'cut' AND coalesce(rank, 70) > 48 THEN 'The images that could be read run on no board' WHEN rank IS NULL THEN 'The build holds no image for a board'
              WHEN rank = 70 THEN 'The build''s ' || target || ' code does not run on a board' WHEN rank = 30 THEN 'The build''s ' || target || ' code may run, which the vendor does not promise, on a board'
              WHEN rank = 60 THEN 'Only PTX ISA ' || isa || ' is left, which is newer than its CUDA, for a board' WHEN rank = 50 THEN 'The ' || target || ' image is compressed with ' || codec || ', which the driver cannot unpack, on a board'
              WHEN rank = 48 THEN 'PTX ISA ' || isa || ' is newer than every one in the data: it is not known what it does on a board' ELSE 'Whether the ' || target || ' image runs is not known on a board' END ||
         coalesce(' of JetPack ' || (SELECT jetpack FROM asked_target), ' of Jetson') || ' (' || (SELECT group_concat(cc, ', ') FROM module) || ')' ||
         CASE WHEN rank IS NULL AND confidence = 'unsure' THEN ', but their list is not sure.' ELSE '.' END,
         coalesce('architecture/sm_' || ltrim(target, 'smcopute_') || ' ', '') || (SELECT group_concat('compute_capability/' || cc, ' ') FROM module)
    FROM best WHERE rank IS NULL OR rank > 21
  UNION ALL
  -- a libcuda that is not the JetPack's own
  SELECT 'boards_of_jetpack/upgrade/' || t.jetpack || '/' || t.cuda_driver, 'system', NULL, 'linux', NULL, NULL,
         CASE WHEN t.cuda_driver_key < r.max_cuda_key THEN 'driver-stack-mismatch' WHEN t.cuda_driver_key >= u.first_cuda_key THEN 'forward-compat-in-use' ELSE 'forward-compat-unsupported' END,
         t.cuda_driver,
         'JetPack ' || t.jetpack || ' brings CUDA ' || r.max_cuda || ', and the CUDA driver in use says ' || t.cuda_driver ||
         CASE WHEN t.cuda_driver_key < r.max_cuda_key THEN ': the two halves do not belong together.' WHEN t.cuda_driver_key >= u.first_cuda_key THEN ': it rests on cuda-compat; up to which CUDA there is one is not in the data.'
              ELSE ': no package (cuda-compat) puts that on it.' END,
         CASE WHEN u.first_jetpack IS NULL THEN '' ELSE 'jetpack_upgrade/' || u.first_jetpack END
    FROM asked_target t JOIN asked_driver r ON r.stated = 1 AND r.driver_os = 'linux' LEFT JOIN jetpack_upgrade u ON t.jetpack_key >= u.first_jetpack_key
   WHERE t.jetpack IS NOT NULL AND r.max_cuda_key IS NOT NULL AND t.cuda_driver_key <> r.max_cuda_key;
