-- title: Images on a card
-- question: Which image of a build does this card execute, and does the driver unpack and compile it?
-- when: EXISTS (SELECT 1 FROM asked_device WHERE stated = 1) AND EXISTS (SELECT 1 FROM asked_build WHERE list_id IS NOT NULL)
-- rule: native-image | compatible | 10 | - | The build holds machine code that the card executes as it is.
-- rule: ptx-jit | compatible | 12 | - | The build holds PTX that the driver compiles for the card at the first start, which is slow.
-- rule: image-not-guaranteed | conditional | 70 | - | An image may run there, but the vendor does not promise it or its PTX version is not known.
-- rule: no-kernel-image | incompatible | 80 | 209 | No image of the build runs on the card.
-- rule: compressed-image-needs-newer-driver | incompatible | 82 | 200 | The image is compressed in a way that this driver cannot unpack.
-- rule: ptx-newer-than-driver | incompatible | 84 | 222 | Only PTX is left for the card, and it is newer than the driver's compiler.
-- source: nvidia-programming-guide | Application compatibility: binary and PTX compatibility
-- source: nvidia-nvjitlink | Introduction; Supported Link Options: LTO-IR is an input, -arch names the card that it is linked for
-- source: pytorch-cuda-init | torch/cuda/__init__.py: which cubin runs on which device

-- An image of an asked list beside a capability and a member of the driver's set. rank orders what a loader would take:
-- 10 native, 11 native in part of the library, 20 21 by JIT, 30 an exception that nobody promises, 40 PTX of unknown
-- version, 45 a compression whose floor nobody says, 47 a kind of image that nothing judges, 48 PTX newer than every ISA of the data, 50 compressed too new, 60 PTX too new, 70 an exception not reached.
CREATE VIEW image_rank AS
  SELECT l.list_id, l.driver_os, o.cc_key, r.driver_id, o.how, o.target, o.isa, o.codec, o.library,
         CASE
           WHEN o.how = 'other' THEN 47
           WHEN r.stated = 1 AND c.min_driver = 'unsaid' THEN 45
           -- libcuda unpacks: under forward compatibility that of the stated CUDA driver, not the kernel driver's own
           WHEN r.version_key < c.min_driver_key
            AND coalesce((SELECT max(g.latest_version_key) FROM driver_branch g WHERE g.os = r.driver_os AND t.cuda_driver_key > r.max_cuda_key
                             AND g.max_cuda_key = t.cuda_driver_key), r.version_key) < c.min_driver_key THEN 50
           WHEN o.how = 'native' THEN CASE o.standing WHEN 'full' THEN 10 ELSE 11 END
           WHEN o.how = 'exception' THEN CASE WHEN t.jetpack_key < o.from_jetpack_key THEN 70 ELSE 30 END
           WHEN o.isa_cuda_key = 9223372036854775807 AND r.stated = 0 THEN 48
           WHEN r.stated = 0 THEN CASE o.standing WHEN 'full' THEN 20 ELSE 21 END
           WHEN o.isa_cuda_key IS NULL OR coalesce(t.cuda_driver_key, r.max_cuda_key) IS NULL THEN 40
           WHEN o.isa_cuda_key <= coalesce(t.cuda_driver_key, r.max_cuda_key)
             THEN CASE o.standing WHEN 'full' THEN 20 ELSE 21 END
           ELSE 60
         END AS rank
    FROM asked_target t
   CROSS JOIN asked_list l
   CROSS JOIN asked_driver r
   CROSS JOIN list_on_capability o
    LEFT JOIN codec c ON c.codec = o.codec AND c.os = l.driver_os
   WHERE r.driver_os = l.driver_os AND o.list_id = l.list_id;

-- The lists to look at: of the asked builds, and of the modules of scanned files, which data/rules/binary_coverage.sql
-- folds into one row for the file.
CREATE VIEW asked_list AS
  SELECT DISTINCT list_id, driver_os FROM asked_build
   WHERE list_id IS NOT NULL AND list_id NOT IN (SELECT f.list_id FROM observed_file f WHERE f.list_id IS NOT NULL)
  UNION
  SELECT s.list_id, b.driver_os FROM observed_set s
    JOIN observed_file f ON f.file_id = s.file_id JOIN asked_build b ON b.list_id = f.list_id;

CREATE VIEW image_best AS
  SELECT list_id, driver_os, device_id, driver_id, rank, how, target, isa, codec, library
    FROM (WITH option AS MATERIALIZED (SELECT i.*, d.device_id FROM asked_device d JOIN image_rank i ON i.cc_key = d.cc_key WHERE d.stated = 1)
          SELECT *, min(rank * 10000 + (how = 'jit') * 1000 - CAST(ltrim(target, 'smcopute_') AS INTEGER)) AS best
            FROM option GROUP BY list_id, driver_os, device_id, driver_id);

CREATE VIEW device_runs_images AS
  WITH choice AS MATERIALIZED (
    SELECT l.list_id, l.driver_os, d.device_id, d.cc,
           -- LTO-IR: what links it makes the code, for that card as for any newer one
           CASE WHEN b.rank IS NULL THEN (SELECT max(i.target) FROM list_image i JOIN target_on_capability t ON t.target = 'compute_' || substr(i.target, 5) AND t.cc_key = d.cc_key
             WHERE i.list_id = l.list_id AND i.target GLOB 'lto_*' AND i.standing = 'full') END AS lto,
           coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END AS card,
           r.driver_id, r.given AS driver, r.max_cuda, t.cuda_driver, i.confidence,
           b.rank, b.target, b.isa, b.codec, b.library,
           CASE WHEN b.target IS NULL THEN '' ELSE ' architecture/sm_' || ltrim(b.target, 'smcopute_') END AS image_fact
      FROM asked_target t
     CROSS JOIN (SELECT DISTINCT list_id, driver_os FROM asked_build WHERE list_id IS NOT NULL) l
     CROSS JOIN asked_device d
     CROSS JOIN asked_driver r
      JOIN image_list i ON i.list_id = l.list_id
      LEFT JOIN image_taken b ON b.list_id = l.list_id AND b.driver_os = l.driver_os AND b.device_id = d.device_id AND b.driver_id = r.driver_id
     WHERE d.stated = 1 AND d.cc_key IN (SELECT cc_key FROM compute_capability) AND r.driver_os = l.driver_os
  )
  SELECT 'device_runs_images/' || list_id || '/' || cc || '/' || driver_id AS conclusion_id,
         'list' AS scope, list_id AS scope_key, driver_os, device_id, driver_id,
         CASE
           WHEN rank IS NULL AND confidence = 'unsure' THEN 'sources-disagree'
           WHEN confidence = 'cut' AND coalesce(rank, 70) > 48 THEN 'device-code-unreadable'
           WHEN rank IS NULL AND lto IS NOT NULL THEN 'image-not-guaranteed'
           WHEN rank IS NULL OR rank = 70 THEN 'no-kernel-image'
           WHEN rank <= 11 THEN 'native-image'
           WHEN rank <= 21 THEN 'ptx-jit'
           WHEN rank <= 45 THEN 'image-not-guaranteed'
           WHEN rank <= 48 THEN 'unknown-build'
           WHEN rank = 50 THEN 'compressed-image-needs-newer-driver'
           ELSE 'ptx-newer-than-driver'
         END AS rule_id,
         coalesce(target, cc) AS subject,
         CASE
           WHEN rank IS NULL AND confidence = 'unsure'
             THEN 'The images known of this build hold none for ' || card || ', but their list is not sure.'
           WHEN confidence = 'cut' AND coalesce(rank, 70) > 48 THEN 'None of the images that could be read runs on ' || card || '; what could not be read is not known.'
           WHEN rank IS NULL AND lto IS NOT NULL THEN 'For ' || card || ' the build holds LTO-IR only (' || lto || '): it runs there once a program links it for the card (nvJitLink), which nothing here shows.'
           WHEN rank IS NULL THEN 'The build holds no image that runs on ' || card || '.'
           WHEN rank = 70 THEN 'The build''s ' || target || ' code does not run on ' || card || ' under this JetPack.'
           WHEN rank <= 11 THEN 'The build''s ' || target || ' code runs on ' || card || '.'
           WHEN rank <= 21 THEN 'The driver compiles the build''s ' || target || ' PTX for ' || card || ' at the first start.'
           WHEN rank = 30 THEN 'The build''s ' || target || ' code may run on ' || card || ', which the vendor does not promise.'
           WHEN rank = 40 THEN 'Whether this driver compiles the ' || target || ' PTX depends on its PTX ISA version, which is not stated.'
           WHEN rank = 45 THEN 'From which driver on ' || codec || ' compression is unpacked is not known.'
           WHEN rank = 47 THEN 'For ' || card || ' there are only images of a kind that nothing here judges (Tile IR, or one without a name), which may serve it.'
           WHEN rank = 48 THEN 'PTX ISA ' || isa || ' is newer than every one in the data, the last of which is ' || (SELECT p.isa FROM ptx_isa p ORDER BY p.isa_key DESC LIMIT 1) || '.'
           WHEN rank = 50 THEN 'The ' || target || ' image for ' || card || ' is compressed with ' || codec || ', which needs driver '
             || (SELECT min_driver FROM codec k WHERE k.codec = choice.codec AND k.os = driver_os) || ' or newer.'
           ELSE 'For ' || card || ' only PTX ISA ' || isa || ' is left, and a CUDA ' || coalesce(cuda_driver, max_cuda) || ' driver does not compile it.'
         END AS summary,
         'compute_capability/' || cc || image_fact ||
         CASE WHEN rank >= 20 AND isa <> '-' THEN coalesce((SELECT ' ptx_isa/' || p.isa || '/' || p.cuda FROM ptx_isa p WHERE p.isa = choice.isa ORDER BY p.cuda_key LIMIT 1), '') ELSE '' END ||
         CASE WHEN rank IN (45, 50) THEN ' codec/' || codec || '/' || driver_os ELSE '' END ||
         CASE WHEN rank IN (30, 70) THEN (SELECT coalesce(max(' embedded_exception/' || e.image_cc || '/' || e.device_cc), '') FROM embedded_exception e
            WHERE e.device_cc = choice.cc AND 'sm_' || e.image_cc_key = choice.target) ELSE '' END AS premises
    FROM choice;
