-- Within a major, a card of a higher minor runs every plain cubin that one of a lower minor runs; and PTX that compiles
-- for one card compiles for every later one. Embedded boards stand apart: their cubins are their own.
SELECT 'target_on_capability/' || t.target || '/' || n.cc AS key,
       t.target || ' runs on ' || o.cc || ', but not on ' || n.cc AS message
  FROM target_on_capability t
  JOIN compute_capability o ON o.cc_key = t.cc_key
  JOIN compute_capability n ON n.cc_key > o.cc_key AND n.renamed_to = '-'
 WHERE t.target GLOB '*[0-9]'
   AND ((t.how = 'jit') OR (t.how = 'native' AND o.board = 'card' AND n.board = 'card' AND n.cc_key / 10 = o.cc_key / 10))
   AND NOT EXISTS (SELECT 1 FROM target_on_capability x WHERE x.target = t.target AND x.cc_key = n.cc_key AND x.how = t.how);
