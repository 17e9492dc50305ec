-- cu124 means CUDA 12.4 and cu92 9.2: a tag that spells a release agrees with the column. cu12 names a major alone.
WITH tagged(build_row, said, cuda_number) AS (
  SELECT rowid, CAST(substr(tag, 3) AS INTEGER),
         cuda_key / 1000000000000 * CASE WHEN tag GLOB 'cu1[0-9]' THEN 1 ELSE 10 END +
         CASE WHEN tag GLOB 'cu1[0-9]' THEN 0 ELSE cuda_key / 1000000000 % 1000 END
    FROM build WHERE cuda_key IS NOT NULL AND (tag GLOB 'cu[0-9][0-9]' OR tag GLOB 'cu[0-9][0-9][0-9]')
)
SELECT 'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel AS key,
       'tag ' || b.tag || ' with cuda ' || b.cuda AS message
  FROM tagged t JOIN build b ON b.rowid = t.build_row WHERE t.said <> t.cuda_number;
