-- title: Driver and CUDA runtime
-- question: Does this driver run what was built with this CUDA release?
-- when: EXISTS (SELECT 1 FROM asked_driver WHERE stated = 1)
-- rule: minor-version-compatible | compatible | 20 | - | The driver's own CUDA is older than the runtime's, and minor-version compatibility carries it; PTX of the newer release does not compile.
-- rule: driver-sufficient | compatible | 30 | - | The driver is at least the one that this CUDA release asks for.
-- rule: sources-disagree | conditional | 60 | - | The vendor's pages, or our sources, differ on the fact that decides.
-- rule: driver-too-old | incompatible | 50 | 35 | The driver is older than the oldest that runs this CUDA release.
-- source: nvidia-toolkit-release-notes | Table 2 (minor version compatibility) and Table 3 (toolkit driver versions)
-- source: nvidia-minor-version-compatibility | Minor version compatibility

CREATE VIEW driver_runs_runtime AS
  WITH pair AS MATERIALIZED (
    SELECT a.cuda_key AS asked_key, a.cuda, f.own, f.own_key, f.cuda_major, f.floor, f.floor_key, f.sure_from, f.sure_from_key, f.least, a.driver_os, r.driver_id, CASE WHEN r.version IS NOT NULL THEN 'driver ' || r.version WHEN t.jetpack IS NOT NULL THEN 'JetPack ' || t.jetpack ELSE 'this driver' END AS driver, t.jetpack,
           coalesce(t.cuda_driver, r.max_cuda) AS own_cuda,
           CASE
             WHEN r.version_key IS NULL AND r.max_cuda_key IS NULL THEN 0               -- nothing to compare with
             WHEN r.version_key >= f.floor_key AND r.version_key < f.sure_from_key
              AND coalesce(t.cuda_driver_key, 0) <= coalesce(r.max_cuda_key, 0) THEN 4  -- the vendor's pages differ
             WHEN t.cuda_driver_key > r.max_cuda_key AND t.cuda_driver_key >= a.cuda_key THEN 8  -- forward compatibility
             WHEN r.version_key >= f.own_key AND (t.cuda_driver_key IS NULL OR t.cuda_driver_key >= a.cuda_key) THEN 1
             WHEN coalesce(t.cuda_driver_key, r.max_cuda_key) > a.cuda_key THEN 1
             WHEN f.own_key IS NULL AND coalesce(t.cuda_driver_key, r.max_cuda_key) >= a.cuda_key THEN 1
             WHEN r.version_key IS NULL AND r.max_cuda_key >= a.cuda_key THEN 1
             WHEN r.version_key >= f.sure_from_key THEN 2
             WHEN r.version_key IS NULL AND r.max_cuda_key / 1000000000000 = a.cuda_key / 1000000000000 AND f.cuda_major IS NOT NULL THEN 2
             WHEN f.own_key IS NULL AND f.floor_key IS NULL
              AND coalesce(t.cuda_driver_key, r.max_cuda_key, 0) < a.cuda_key
              AND a.cuda_key > (SELECT max(cuda_key) FROM toolkit) THEN 6               -- a release the data does not have
             WHEN r.said_cuda_key >= a.cuda_key / 1000000000 * 1000000000 THEN 9               -- as some releases of the branch said of themselves
             WHEN t.available = 'true' THEN 7                                           -- too old by the tables, and yet it runs
             ELSE 5
           END AS rank
      FROM asked_target t
     CROSS JOIN (SELECT DISTINCT cuda_key, driver_os, CAST(cuda_key / 1000000000000 AS TEXT) || '.' || (cuda_key / 1000000000 % 1000) AS cuda
                   FROM asked_build WHERE cuda_key IS NOT NULL) a
     CROSS JOIN asked_driver r
      LEFT JOIN runtime_floor f ON f.cuda_key = a.cuda_key / 1000000000 * 1000000000 AND f.driver_os = a.driver_os
     WHERE r.stated = 1 AND r.driver_os = a.driver_os AND (r.branch IS NOT NULL OR r.version IS NULL)
  )
  SELECT 'driver_runs_runtime/' || cuda || '/' || driver_os || '/' || driver_id AS conclusion_id,
         'runtime' AS scope, asked_key AS scope_key, driver_os, NULL AS device_id, driver_id,
         CASE rank WHEN 1 THEN 'driver-sufficient' WHEN 8 THEN 'driver-sufficient' WHEN 2 THEN 'minor-version-compatible' WHEN 4 THEN 'sources-disagree' WHEN 9 THEN 'sources-disagree'
           WHEN 6 THEN 'unknown-build' WHEN 7 THEN 'forward-compat-in-use' ELSE 'driver-too-old' END AS rule_id,
         cuda AS subject,
         CASE rank
           WHEN 1 THEN upper(substr(driver, 1, 1)) || substr(driver, 2) || ' runs CUDA ' || cuda || '.'
           WHEN 8 THEN 'The libcuda of CUDA ' || own_cuda || ' runs CUDA ' || cuda || ', where ' || driver || ' carries it.'
           WHEN 2 THEN upper(substr(driver, 1, 1)) || substr(driver, 2) || coalesce(' (CUDA ' || own_cuda || ')', '') || ' runs CUDA ' || cuda
             || ' by minor-version compatibility' || CASE WHEN jetpack IS NULL THEN ' (from ' || floor || ' on)' ELSE '' END || '; PTX made by a toolkit newer than the driver does not compile on it.'
           WHEN 4 THEN 'CUDA ' || cuda || ' needs driver ' || floor || ' by one page of the vendor and ' || sure_from || ' by another; ' || driver || ' lies between.'
           WHEN 9 THEN 'Sources differ on whether ' || driver || ' runs CUDA ' || cuda || ': it said so of itself, and the vendor''s table asks for ' || coalesce(own, 'a newer branch') || '.'
           WHEN 7 THEN 'CUDA ' || cuda || ' needs a newer driver than ' || driver || ', and yet the report says that CUDA is available: it rests on cuda-compat, which works on data-center cards only and ends with the container.'
           WHEN 6 THEN 'CUDA ' || cuda || ' is not in the data, which is not the same as impossible.'
           ELSE 'CUDA ' || cuda || ' needs ' || CASE WHEN jetpack IS NULL THEN 'driver ' || coalesce(CASE WHEN floor_key > own_key AND own_key IS NOT NULL THEN own ELSE floor END, own, least, 'of a newer branch')
             ELSE 'a JetPack with CUDA ' || CASE WHEN floor_key IS NULL THEN cuda ELSE cuda_major || '.0' END END || ' or newer; ' || driver || coalesce(' (CUDA ' || own_cuda || ')', '') || ' is older.'
         END AS summary,
         trim(coalesce((SELECT 'toolkit_min_driver/' || m.cuda || '/' || m.os FROM toolkit_min_driver m WHERE m.cuda = pair.cuda AND m.os = driver_os), '') ||
         coalesce(' minor_version_compatibility/' || cuda_major || '/' || driver_os, '') ||
         coalesce((SELECT ' driver_branch/' || r.branch || '/' || r.driver_os FROM asked_driver r WHERE r.driver_id = pair.driver_id AND r.branch IS NOT NULL), '')) AS premises
    FROM pair WHERE rank > 0;
