-- title: Floors of packages and libraries
-- question: Does the package, or a library it uses, refuse this card although an image would run?
-- when: EXISTS (SELECT 1 FROM asked_device d CROSS JOIN capability_floor f WHERE d.stated = 1 AND f.min_cc_key > d.cc_key AND (f.package = 'cudnn' OR f.package IN (SELECT package FROM asked_build)))
-- rule: library-drops-gpu | incompatible | 87 | - | A library that the build uses no longer supports the card.
-- rule: package-needs-newer-gpu | incompatible | 76 | - | The package itself refuses cards below a compute capability.
-- source: nvidia-cudnn-support-matrix | GPU, CUDA toolkit and driver requirements

CREATE VIEW capability_floors AS
  SELECT 'capability_floors/' || b.candidate_id || '/' || d.device_id || '/' || f.package AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key,
         NULL AS driver_os, d.device_id, NULL AS driver_id,
         CASE WHEN f.set_by = 'feature' THEN 'image-missing-in-part' WHEN f.confidence = 'unsure' THEN 'sources-disagree'
              WHEN f.set_by = 'library' THEN 'library-drops-gpu' ELSE 'package-needs-newer-gpu' END AS rule_id,
         f.package AS subject,
         f.package || ' ' || CASE f.package WHEN b.package THEN b.version ELSE (SELECT cudnn FROM build x WHERE x.rowid = b.build_row) END ||
         CASE WHEN f.set_by = 'feature' THEN ': ' || f.feature ELSE '' END || ' needs compute capability ' || f.min_cc || ' or higher; ' ||
         coalesce(d.name, d.given) || ' has ' || d.cc || '.' AS summary,
         'capability_floor/' || f.package || '/' || f.first_version || '/' || f.cuda_major || '/' || f.feature || ' compute_capability/' || d.cc AS premises
    FROM asked_device d CROSS JOIN asked_build b CROSS JOIN capability_floor f
   WHERE d.stated = 1 AND b.kind = 'package' AND b.device = 'cuda' AND d.cc_key < f.min_cc_key
     AND (f.cuda_major = '*' OR f.cuda_major = CAST(b.cuda_key / 1000000000000 AS TEXT))
     AND f.package = b.package AND b.version_key BETWEEN f.first_version_key AND f.last_version_key
  UNION ALL
  SELECT 'capability_floors/' || b.candidate_id || '/' || d.device_id || '/cudnn', 'candidate', b.candidate_id, NULL, d.device_id, NULL,
         CASE f.confidence WHEN 'unsure' THEN 'sources-disagree' ELSE 'library-drops-gpu' END, 'cudnn',
         'cuDNN ' || b.cudnn || ' of this build needs compute capability ' || f.min_cc || ' or higher; ' || coalesce(d.name, d.given) || ' has ' || d.cc || '.',
         'capability_floor/cudnn/' || f.first_version || '/' || f.cuda_major || '/' || f.feature || ' compute_capability/' || d.cc
    FROM asked_device d
   CROSS JOIN (SELECT a.candidate_id, a.cuda_key, x.cudnn, x.cudnn_key FROM asked_build a JOIN build x ON x.rowid = a.build_row
                WHERE a.device = 'cuda' AND x.cudnn_key IS NOT NULL) b
   CROSS JOIN capability_floor f
   WHERE d.stated = 1 AND f.package = 'cudnn' AND f.set_by = 'library' AND d.cc_key < f.min_cc_key
     AND (f.cuda_major = '*' OR f.cuda_major = CAST(b.cuda_key / 1000000000000 AS TEXT))
     AND b.cudnn_key BETWEEN f.first_version_key AND f.last_version_key
  UNION ALL
  -- which cuDNN it holds is not in the data, and that of its twin for another system needs a newer card
  SELECT 'capability_floors/' || b.candidate_id || '/' || d.device_id || '/cudnn-unsaid', 'candidate', b.candidate_id, NULL, d.device_id, NULL, 'unknown-build', 'cudnn',
         'Which cuDNN this build holds is not in the data; ' || b.cudnn || ', in the one for ' || b.twin_os || ', needs compute capability ' || f.min_cc || ' or higher; ' || coalesce(d.name, d.given) || ' has ' || d.cc || '.',
         'capability_floor/cudnn/' || f.first_version || '/' || f.cuda_major || '/' || f.feature || ' compute_capability/' || d.cc
    FROM asked_device d
   CROSS JOIN (SELECT a.candidate_id, a.cuda_key, t.cudnn, max(t.cudnn_key) AS cudnn_key, t.os AS twin_os
                 FROM asked_build a JOIN build x ON x.rowid = a.build_row JOIN build t ON t.package = x.package AND t.version_key = x.version_key AND t.tag = x.tag AND t.cudnn_key IS NOT NULL
                WHERE a.device = 'cuda' AND x.cudnn = 'unsaid' GROUP BY a.candidate_id) b
   CROSS JOIN capability_floor f
   WHERE d.stated = 1 AND f.package = 'cudnn' AND f.set_by = 'library' AND d.cc_key < f.min_cc_key
     AND (f.cuda_major = '*' OR f.cuda_major = CAST(b.cuda_key / 1000000000000 AS TEXT))
     AND b.cudnn_key BETWEEN f.first_version_key AND f.last_version_key;
