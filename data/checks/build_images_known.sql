-- Each image of a build is a target that its toolkit compiles, written once, one blank between: sm_90a, compute_90,
-- compute_90@8.4. (Where a package brings several libraries for one job, or is itself a library for any release of its
-- CUDA major, build.cuda is the least that it needs, not what compiled it: there only the target's name is judged.)
WITH RECURSIVE split(build_row, word, rest) AS (
  SELECT rowid, NULL, images || ' ' FROM build WHERE images NOT IN ('-', 'unsaid')
  UNION ALL
  SELECT build_row, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM split WHERE rest <> ''
), image AS (
  SELECT build_row, word, substr(word || '@', 1, instr(word || '@', '@') - 1) AS target,
         substr(word, instr(word || '@', '@') + 1) AS isa
    FROM split WHERE word IS NOT NULL
), fault AS (
  SELECT i.build_row, i.word,
         CASE WHEN a.target IS NULL THEN 'architecture.csv has no such target'
              WHEN i.target NOT GLOB 'compute_*' AND i.word <> i.target THEN 'only PTX has an ISA'
              WHEN i.isa <> '' AND i.isa NOT IN (SELECT isa FROM ptx_isa) THEN 'ptx_isa.csv has no such ISA'
              WHEN p.choice = 'any' OR p.kind = 'library' THEN NULL
              WHEN b.cuda_key / 1000000000 < a.first_toolkit_key / 1000000000 THEN 'CUDA ' || b.cuda || ' does not know it yet (first is ' || a.first_toolkit || ')'
              WHEN b.cuda_key / 1000000000 > a.last_toolkit_key / 1000000000 THEN 'CUDA ' || b.cuda || ' no longer builds it (last is ' || a.last_toolkit || ')'
         END AS text
    FROM image i CROSS JOIN build b ON b.rowid = i.build_row JOIN package p ON p.package = b.package
    LEFT JOIN architecture a ON a.target = CASE WHEN i.target GLOB 'compute_*' THEN 'sm_' || substr(i.target, 9) ELSE i.target END
  UNION ALL
  SELECT build_row, word, 'stands ' || count(*) || ' times' FROM image GROUP BY build_row, word HAVING count(*) > 1
)
SELECT 'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel AS key,
       'image ' || f.word || ': ' || f.text AS message
  FROM fault f JOIN build b ON b.rowid = f.build_row WHERE f.text IS NOT NULL;
