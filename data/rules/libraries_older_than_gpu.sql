-- title: Libraries older than the card
-- question: Does the driver compile the package's PTX for the card, while a library that it loads was made before that generation?
-- when: EXISTS (SELECT 1 FROM asked_build WHERE cuda_key <= (SELECT max(last_cuda_key) FROM library_ceiling))
-- rule: libraries-older-than-gpu | conditional | 71 | - | The build's PTX would do, but a library that it loads knows no card of that generation.
-- source: nvidia-cudnn-support-matrix | supported hardware per CUDA release
-- source: torch-ampere-issues | CUDA 10 builds on RTX 30 cards

-- Cards of the newest major that the library knows run its code as it is; of a newer major they need PTX, which nobody promises of it.
CREATE VIEW libraries_older_than_gpu AS
  SELECT 'libraries_older_than_gpu/' || b.candidate_id || '/' || i.device_id || '/' || i.driver_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, i.driver_os,
         i.device_id, i.driver_id, 'libraries-older-than-gpu' AS rule_id, c.library AS subject,
         'The driver compiles the ' || i.target || ' PTX of ' || b.package || ' for ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END ||
         ', but ' || CASE c.library WHEN 'cudnn' THEN 'cuDNN' ELSE c.library END || ' for CUDA ' || b.cuda || ', which it loads, knows cards up to ' || c.max_cc || ': what calls it may fail with CUDNN_STATUS_EXECUTION_FAILED, as people report of RTX 30 cards under CUDA 10.' AS summary,
         'library_ceiling/' || c.package || '/' || c.library || '/' || c.first_cuda || ' compute_capability/' || d.cc AS premises
    FROM asked_device d CROSS JOIN asked_build b JOIN library_ceiling c ON c.package = b.package AND b.cuda_key BETWEEN c.first_cuda_key AND c.last_cuda_key
    JOIN image_taken i ON i.list_id = b.list_id AND i.driver_os = b.driver_os AND i.device_id = d.device_id AND i.rank BETWEEN 20 AND 40
   WHERE d.stated = 1 AND d.cc_key / 10 > c.max_cc_key / 10 AND b.kind = 'package' AND b.device = 'cuda';
