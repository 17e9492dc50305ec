-- A spelling that is the name of a card with another capability would make that card ambiguous; variants whose own
-- name holds the spelling (GT 630 Rev. 2) are meant to.
SELECT 'gpu_alias/' || a.alias || '/' || a.gpu_id AS key, 'is the name of ' || g.gpu_id || ', capability ' || g.cc AS message
  FROM gpu_alias a JOIN gpu own ON own.gpu_id = a.gpu_id
  JOIN gpu g ON g.name_key = a.alias_key AND g.cc_key <> own.cc_key
 WHERE instr(own.name_key, a.alias_key) = 0;
