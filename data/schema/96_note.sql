-- What an answer without a subject adds for people, of the stated cards: what a person asks next.
CREATE VIEW card_note AS
  SELECT DISTINCT 1 AS place, 'half precision' AS about, coalesce(d.name, d.given) || ': ' ||
         CASE WHEN max(CASE f.feature WHEN 'fp16_to_fp32_rate' THEN CAST(f.value AS INTEGER) END) >= 2 AND max(CASE f.feature WHEN 'fp16_arithmetic' THEN f.value END) = 'yes'
                THEN 'FP16 is at least ' || max(CASE f.feature WHEN 'fp16_to_fp32_rate' THEN f.value END) || ' times as fast as FP32, in half the memory'
              WHEN max(CASE f.feature WHEN 'tensor_fp16' THEN f.value END) = 'yes' THEN 'FP16 on tensor cores is faster than FP32, in half the memory'
              WHEN max(CASE f.feature WHEN 'fp16_arithmetic' THEN f.value END) = 'yes' AND max(CASE f.feature WHEN 'fp16_to_fp32_rate' THEN f.value END) = 'unsaid'
                THEN 'it has FP16 arithmetic; how fast beside FP32 is not in the data'
              WHEN max(CASE f.feature WHEN 'fp16_arithmetic' THEN f.value END) = 'yes' THEN 'FP16 arithmetic has ' || max(CASE f.feature WHEN 'fp16_to_fp32_rate' THEN f.value END)
                || ' of the speed of FP32 and there are no tensor cores, so that half precision saves memory, not time'
              ELSE 'no FP16 arithmetic and no tensor cores, so that half precision saves memory, not time' END ||
         CASE max(CASE f.feature WHEN 'bf16' THEN f.value END) WHEN 'yes' THEN '; BF16 too.' ELSE '; no BF16.' END AS note
    FROM asked_device d JOIN capability_feature f ON f.cc = d.cc WHERE d.stated = 1 GROUP BY d.device_id
  UNION ALL
  SELECT 2, 'cuDNN', 'cuDNN ' || version || ' is the newest for ' || CASE count(DISTINCT cc) WHEN 1 THEN 'this card' ELSE 'these cards' END ||
         '. The wheels of PyTorch, of jax[cuda12] or jax[cuda13] and of tensorflow[and-cuda] bring the cuDNN and the CUDA libraries that they need; plain tensorflow, onnxruntime-gpu, CuPy and CTranslate2 load those that are installed.'
    FROM (SELECT l.version, max(l.version_key) AS newest FROM library_release l
           WHERE l.library = 'cudnn' AND l.min_cc_key <= (SELECT min(d.cc_key) FROM asked_device d WHERE d.stated = 1)) CROSS JOIN asked_device
   WHERE newest IS NOT NULL AND stated = 1 AND board <> 'embedded' GROUP BY version;

-- Of the stated drivers; of a set the lowest member says it: the others take what it takes.
CREATE VIEW driver_note AS
  SELECT 3 AS place, 'minor versions' AS about, 'CUDA ' || min_cuda || CASE cuda WHEN min_cuda THEN ' runs' ELSE ' to ' || cuda || ' run' END || ' on driver ' || version || ' (CUDA ' || max_cuda || ')' ||
         CASE members WHEN 1 THEN '' ELSE ', the lowest of these,' END || ' by minor-version compatibility: PTX made by a toolkit newer than ' || max_cuda
         || ' does not compile on it. The higher driver numbers on the pages of these toolkits are the drivers that they are shipped with, not the lowest that run them.' AS note
    FROM (SELECT r.version, r.max_cuda, r.members,
                 (SELECT f.cuda FROM runtime_floor f WHERE f.driver_os = r.driver_os AND f.own_key > r.version_key AND f.least_key <= r.version_key AND f.cuda_key > r.max_cuda_key ORDER BY f.cuda_key LIMIT 1) AS min_cuda,
                 (SELECT f.cuda FROM runtime_floor f WHERE f.driver_os = r.driver_os AND f.own_key > r.version_key AND f.least_key <= r.version_key AND f.cuda_key > r.max_cuda_key ORDER BY f.cuda_key DESC LIMIT 1) AS cuda
            FROM lowest_driver r WHERE NOT EXISTS (SELECT 1 FROM asked_target WHERE cuda_driver IS NOT NULL))
   WHERE cuda IS NOT NULL
  UNION ALL
  SELECT 4, 'forward compatibility', 'cuda-compat, a newer CUDA on the same kernel driver, is for data-center cards only' ||
         coalesce((SELECT ' (' || group_concat(card || CASE allowed WHEN 'yes' THEN ' is one' WHEN 'some' THEN ' may be allowed' ELSE ' is none' END, ', ') || ')'
                     FROM (SELECT DISTINCT coalesce(d.name, d.given) AS card, c.allowed FROM asked_device d JOIN forward_compatibility_class c ON c.class = d.class WHERE d.stated = 1 ORDER BY d.device_id)), '') ||
         '; for branch ' || branch || coalesce(' the vendor lists CUDA ' || first || CASE last WHEN first THEN '' ELSE ' to ' || last END, ' the vendor lists none') ||
         CASE WHEN every_last <> last THEN ' of those whose driver still knows ' || CASE cards WHEN 1 THEN 'this card' ELSE 'these cards' END
              WHEN first IS NULL AND every_last IS NOT NULL THEN ' whose driver still knows ' || CASE cards WHEN 1 THEN 'this card' ELSE 'these cards' END ELSE '' END || '.'
    FROM (WITH listed AS MATERIALIZED (SELECT * FROM listed_compat WHERE kernel_branch_key IN (SELECT branch_key FROM lowest_driver WHERE driver_os = 'linux')),
               last_known AS MATERIALIZED (SELECT min(s.last_branch_key) AS branch_key FROM asked_device d CROSS JOIN driver_support s WHERE d.stated = 1 AND s.cc_key = d.cc_key AND s.os = 'linux'),
               known AS MATERIALIZED (SELECT l.cuda, l.cuda_key FROM listed l CROSS JOIN last_known k WHERE k.branch_key IS NULL OR l.branch_key IS NULL OR l.branch_key <= k.branch_key)
          SELECT r.branch, (SELECT count(*) FROM asked_device WHERE stated = 1) AS cards,
                 (SELECT cuda FROM known ORDER BY cuda_key LIMIT 1) AS first, (SELECT cuda FROM known ORDER BY cuda_key DESC LIMIT 1) AS last,
                 (SELECT cuda FROM listed ORDER BY cuda_key DESC LIMIT 1) AS every_last
            FROM lowest_driver r
           WHERE r.driver_os = 'linux' AND r.branch IS NOT NULL AND r.max_cuda_key < (SELECT max(cuda_key) FROM toolkit)
             AND NOT EXISTS (SELECT 1 FROM asked_target WHERE cuda_driver IS NOT NULL));

-- The stated driver; of a set its lowest member on each system.
CREATE VIEW lowest_driver AS
  SELECT driver_os, version, min(version_key) AS version_key, branch, branch_key, max_cuda, max_cuda_key, count(*) AS members
    FROM asked_driver WHERE stated = 1 AND version_key IS NOT NULL GROUP BY driver_os;

-- The cuda-compat packages that the vendor lists for a kernel branch, and the branch that each is of: the first that reports its CUDA.
CREATE VIEW listed_compat AS
  SELECT f.kernel_branch_key, f.cuda, f.cuda_key, (SELECT min(g.branch_key) FROM driver_branch g WHERE g.os = 'linux' AND g.max_cuda_key = f.cuda_key) AS branch_key
    FROM forward_compatibility f WHERE f.status = 'compatible';

-- Behind a conclusion that no image of a list runs on a card: which one would, and which ones there are.
CREATE VIEW lacking_image AS
  SELECT c.conclusion_id, ': its own is ' || a.target || ', the build holds ' ||
         (SELECT group_concat(target, ', ') FROM (SELECT DISTINCT l.target, CAST(ltrim(l.target, 'smcoputel_') AS INTEGER) AS number FROM list_image l WHERE l.list_id = c.scope_key ORDER BY number, l.target DESC)) AS detail
    FROM concluded c JOIN rule r ON r.rule_id = c.rule_id AND r.view = 'device_runs_images' JOIN asked_device d ON d.device_id = c.device_id
    JOIN architecture a ON a.cc = d.cc AND a.suffix = '-'
   WHERE c.scope = 'list' AND c.subject = d.cc;
