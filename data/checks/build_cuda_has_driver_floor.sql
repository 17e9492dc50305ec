-- For every CUDA release that a build carries it is known which driver it needs, per system of the build: by its major
-- (minor-version compatibility) or by the release itself.
SELECT 'build/' || min(b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel) AS key,
       'no minimum driver for CUDA ' || b.cuda || ' on ' || b.os AS message
  FROM build b
 WHERE b.device = 'cuda' AND b.cuda_key IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM minor_version_compatibility m WHERE m.os = b.os AND m.cuda_major_key = b.cuda_key / 1000000000000 * 1000000000000)
   AND NOT EXISTS (SELECT 1 FROM toolkit_min_driver t WHERE t.os = b.os AND t.cuda_key = b.cuda_key / 1000000000 * 1000000000)
 GROUP BY b.cuda, b.os;
