-- title: Machine code and the driver
-- question: Is the driver older than the CUDA major whose compiler made the file's machine code?
-- when: EXISTS (SELECT 1 FROM observed_file WHERE side = 'new') AND EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1)
-- source: nvidia-minor-version-compatibility | Table 1: what a toolkit of a CUDA major compiles runs from that major's minimum driver on
-- source: nvidia-toolkit-release-notes | Table 2 (minor version compatibility)

-- The newest toolkit that shows in a file: from the notes of its cubins, and from the ISA that its compiler gave its PTX.
CREATE VIEW observed_origin AS
  SELECT file_id, max(cuda_key) AS cuda_key
    FROM (SELECT o.file_id, t.cuda_key FROM observed_toolkit o JOIN toolkit t ON t.cuda = o.toolkit
          UNION ALL
          SELECT DISTINCT i.file_id, p.cuda_key
            FROM (SELECT DISTINCT s.file_id, o.isa FROM observed_set s CROSS JOIN observed_image o ON o.list_id = s.list_id WHERE o.isa <> '-') i JOIN (SELECT isa, min(cuda_key) AS cuda_key FROM ptx_isa GROUP BY isa) p ON p.isa = i.isa)
   GROUP BY file_id;

-- The runtime that a file brings with it or loads, or is: what its start asks the driver for.
CREATE VIEW observed_runtime AS
  SELECT file_id, max(cuda_key) AS cuda_key
    FROM (SELECT n.file_id, s.cuda_key FROM observed_need n JOIN runtime_name s ON s.name = lower(n.name)
          UNION ALL
          -- Repairing a wheel names a runtime by its whole number (libcudart-d0da41ae.so.11.8.89), which is its toolkit's.
          SELECT n.file_id, t.cuda_key FROM observed_need n JOIN toolkit t ON t.cuda = n.release WHERE n.library = 'cudart'
          UNION ALL
          SELECT f.file_id, s.cuda_key FROM observed_file f JOIN runtime_name s ON s.name = lower(f.own_name) AND s.component = 'cudart'
          UNION ALL
          SELECT o.file_id, o.cuda_key FROM (SELECT * FROM observed_origin) o JOIN observed_file f ON f.file_id = o.file_id AND f.static_runtime = 1)
   GROUP BY file_id;

-- The driver from which the vendor promises that the machine code of a file loads.
CREATE VIEW observed_machine_code AS
  SELECT f.file_id, f.subject_id, f.name, o.cuda_key, r.cuda, r.driver_os, r.least, r.least_key
    FROM observed_file f JOIN (SELECT * FROM observed_origin) o ON o.file_id = f.file_id
    JOIN runtime_floor r ON r.cuda_key = o.cuda_key / 1000000000 * 1000000000
   WHERE f.side = 'new' AND r.least_key IS NOT NULL
     AND EXISTS (SELECT 1 FROM observed_set s CROSS JOIN observed_image i ON i.list_id = s.list_id WHERE s.file_id = f.file_id AND i.target GLOB 'sm_*');

-- The same as candidate_driver_floor has it, of scanned files alone.
CREATE VIEW observed_driver_floor AS
  SELECT b.candidate_id, NULL AS min_driver, NULL AS min_key, m.least AS sure_from, m.least_key AS sure_key, NULL AS below, NULL AS below_key
    FROM asked_build b JOIN (SELECT * FROM observed_machine_code) m ON m.subject_id = b.subject_id AND m.driver_os = b.driver_os WHERE b.kind = 'binary';

CREATE VIEW machine_code_on_driver AS
  SELECT 'machine_code_on_driver/' || b.candidate_id || '/' || r.driver_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key,
         b.driver_os, NULL AS device_id, r.driver_id, 'image-not-guaranteed' AS rule_id, m.name AS subject,
         'The machine code in ' || m.name || ' was made by CUDA ' || m.cuda || ', whose programs need driver ' || m.least ||
         ' or newer; that ' || CASE WHEN r.version IS NULL THEN 'this driver' ELSE 'driver ' || r.version END || ' loads it the vendor does not promise.' AS summary,
         trim(coalesce((SELECT 'minor_version_compatibility/' || v.cuda_major || '/' || v.os FROM minor_version_compatibility v
                         WHERE v.cuda_major_key = m.cuda_key / 1000000000000 * 1000000000000 AND v.os = m.driver_os), '') ||
              coalesce(' driver_branch/' || r.branch || '/' || r.driver_os, '')) AS premises
    FROM asked_target t CROSS JOIN asked_build b JOIN (SELECT * FROM observed_machine_code) m ON m.subject_id = b.subject_id AND m.driver_os = b.driver_os
    JOIN asked_driver r ON r.driver_os = b.driver_os AND r.stated = 1
   WHERE b.kind = 'binary' AND coalesce(t.cuda_driver_key, 0) < m.cuda_key
     AND (b.cuda_key IS NULL OR b.cuda_key / 1000000000000 < m.cuda_key / 1000000000000)  -- else its runtime says so already
     AND CASE WHEN r.version_key IS NOT NULL THEN r.version_key < m.least_key AND r.branch IS NOT NULL
              ELSE r.max_cuda_key / 1000000000000 < m.cuda_key / 1000000000000 END;
