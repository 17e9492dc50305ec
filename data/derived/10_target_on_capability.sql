-- Which image target runs on which compute capability, drivers and compression aside: the law of cubins and PTX over
-- all pairs, materialised because it depends on facts alone. Only pairs that may run have a row; how is
--   native     a cubin the card executes as it is
--   jit        PTX that a new enough driver compiles for the card
--   exception  a card's cubin on an embedded board that may run it from a JetPack on, not promised; code for a family of which sources differ whether the card belongs to it
-- Sources: programming guide (application compatibility), PTX ISA table 71, arch families (target_family).

CREATE VIEW image_target AS
  SELECT a.target AS target, 'cubin' AS kind, a.target AS fact, a.suffix,
         coalesce(c.renamed_to_key, a.cc_key) AS cc_key, c.board
    FROM architecture a JOIN compute_capability c ON c.cc = a.cc
  UNION ALL
  SELECT 'compute_' || substr(a.target, 4), 'ptx', a.target, a.suffix, coalesce(c.renamed_to_key, a.cc_key), c.board
    FROM architecture a JOIN compute_capability c ON c.cc = a.cc;

CREATE TABLE target_on_capability (
  target TEXT NOT NULL,
  cc_key INTEGER NOT NULL,
  how TEXT NOT NULL,
  from_jetpack_key INTEGER,
  premises TEXT NOT NULL,
  PRIMARY KEY (target, cc_key)
) STRICT, WITHOUT ROWID;

INSERT INTO target_on_capability
  SELECT t.target, d.cc_key,
         CASE WHEN x.fact_id IS NOT NULL THEN 'exception' WHEN t.kind = 'ptx' THEN 'jit' WHEN e.image_cc IS NOT NULL THEN 'exception' ELSE 'native' END,
         CASE WHEN t.kind = 'cubin' THEN e.from_jetpack_key END,
         'architecture/' || t.fact || ' compute_capability/' || d.cc ||
         CASE WHEN f.target IS NOT NULL THEN ' target_family/' || f.target || '/' || f.cc ELSE '' END ||
         CASE WHEN t.kind = 'cubin' AND e.image_cc IS NOT NULL
              THEN ' embedded_exception/' || e.image_cc || '/' || e.device_cc ELSE '' END
    FROM image_target t
    JOIN compute_capability d ON d.renamed_to = '-'
    LEFT JOIN target_family f ON f.target = 'compute_' || ltrim(t.target, 'smcopute_') AND f.cc_key = d.cc_key
    LEFT JOIN dispute x ON x.fact_id = 'architecture/' || t.fact AND x.stands = 'open' AND x.other_value GLOB 'family * only' AND x.other_value <> 'family ' || d.cc || ' only'
    LEFT JOIN embedded_exception e ON t.suffix = '-' AND e.image_cc_key = t.cc_key AND e.device_cc_key = d.cc_key
   WHERE CASE
           WHEN t.suffix <> '-' THEN f.target IS NOT NULL                    -- a: itself; f: its family
           WHEN t.kind = 'ptx' THEN t.cc_key <= d.cc_key                     -- PTX goes forward
           WHEN t.cc_key = d.cc_key THEN 1
           WHEN t.board = 'embedded' THEN 0                                  -- cubins of embedded boards: only there
           WHEN d.board = 'embedded' THEN e.image_cc IS NOT NULL
           ELSE t.cc_key / 10 = d.cc_key / 10 AND t.cc_key <= d.cc_key       -- same major, minor not higher
         END;
