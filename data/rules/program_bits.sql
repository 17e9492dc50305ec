-- title: Programs of 32 bits
-- question: Does a driver of the card run CUDA in a program of 32 bits?
-- when: EXISTS (SELECT 1 FROM observed_file WHERE bits = 32) AND EXISTS (SELECT 1 FROM asked_device WHERE stated = 1)
-- rule: program-of-32-bits | incompatible | 33 | 100 | No driver of the card runs CUDA in programs of 32 bits.
-- source: nvidia-windows-installation-guide | 2.1 System Requirements

CREATE VIEW program_bits AS
  SELECT 'program_bits/' || b.candidate_id || '/' || d.device_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         d.device_id, NULL AS driver_id, CASE WHEN d.cc_key > h.last_cc_key THEN 'program-of-32-bits' ELSE 'image-not-guaranteed' END AS rule_id, f.name AS subject,
         f.name || ' is a program of 32 bits, and ' || coalesce(d.name, d.given) || CASE WHEN d.cc_key > h.last_cc_key
           THEN ' has no driver that runs CUDA in those: cards after compute capability ' || h.last_cc || ' do not.'
           ELSE ': the vendor promises CUDA in those on GeForce cards alone.' END AS summary,
         'host_bits/' || h.bits || ' compute_capability/' || d.cc AS premises
    FROM observed_file f JOIN host_bits h ON h.bits = f.bits
    JOIN asked_build b ON b.subject_id = f.subject_id AND b.kind = 'binary'
   CROSS JOIN asked_device d
   WHERE f.side = 'new' AND d.stated = 1 AND d.cc_key IS NOT NULL
     AND (f.list_id IS NOT NULL OR EXISTS (SELECT 1 FROM observed_need n WHERE n.file_id = f.file_id))
     AND (d.cc_key > h.last_cc_key OR coalesce(d.class, '') NOT GLOB h.class);
