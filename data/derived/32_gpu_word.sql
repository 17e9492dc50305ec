-- Words of letters alone that names of cards are made of, or that stand beside them: a word that is none is no part of a card's name.
CREATE TABLE gpu_word (
  word TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
WITH RECURSIVE
  said(name) AS (
    SELECT name FROM gpu UNION SELECT alias FROM gpu_alias UNION SELECT name FROM gpu_virtual UNION SELECT word FROM board_word UNION SELECT brand FROM gpu_brand UNION SELECT 'nvidia'
    UNION SELECT replace(pattern, '*', ' ') FROM other_vendor UNION SELECT vendor FROM other_vendor),
  part(word, rest) AS (
    SELECT '', replace(replace(replace(replace(replace(replace(replace(replace(lower(name), '-', ' '), '/', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), ':', ' '), '.', ' ') || ' ' FROM said
    UNION SELECT substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM part WHERE rest <> '')
INSERT OR IGNORE INTO gpu_word SELECT DISTINCT word FROM part WHERE word <> '' AND word NOT GLOB '*[0-9]*' AND length(word) > 1;
