-- title: Toolkit and card
-- question: Does this toolkit's compiler build for this card?
-- when: EXISTS (SELECT 1 FROM asked_build WHERE kind = 'cuda') AND EXISTS (SELECT 1 FROM asked_device WHERE stated = 1)
-- rule: toolkit-builds-for-gpu | compatible | 40 | - | The toolkit's compiler builds code for the card.
-- rule: toolkit-too-old-for-gpu | incompatible | 86 | - | The toolkit is older than the card's architecture.
-- rule: toolkit-drops-gpu | incompatible | 85 | - | The toolkit no longer builds for the card's architecture.
-- source: nvidia-ptx-isa | release history
-- source: nvidia-driver-architecture-matrix | CUDA toolkit, driver and architecture matrix

CREATE VIEW toolkit_builds_for_gpu AS
  SELECT 'toolkit_builds_for_gpu/' || b.cuda || '/' || d.cc AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         d.device_id, NULL AS driver_id,
         CASE WHEN b.cuda_key < a.first_key THEN 'toolkit-too-old-for-gpu'
              WHEN b.cuda_key > a.last_key THEN 'toolkit-drops-gpu' ELSE 'toolkit-builds-for-gpu' END AS rule_id,
         b.cuda AS subject,
         CASE WHEN b.cuda_key < a.first_key THEN 'CUDA ' || b.cuda || ' does not know ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || '; CUDA ' || a.first_toolkit || ' is the first that does.'
              WHEN b.cuda_key > a.last_key THEN 'CUDA ' || b.cuda || ' no longer builds for ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || '; CUDA ' || a.last_toolkit || ' is the last that does.'
              ELSE 'CUDA ' || b.cuda || ' builds for ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || '.' END AS summary,
         'architecture/' || a.target || coalesce((SELECT ' architecture/' || o.target FROM compute_capability c JOIN architecture o ON o.cc_key = c.cc_key AND o.suffix = '-'
           WHERE c.renamed_to_key = d.cc_key AND b.cuda_key BETWEEN o.first_toolkit_key AND o.last_toolkit_key + 999999999), '') AS premises
    FROM asked_build b CROSS JOIN asked_device d
    JOIN capability_toolkit a ON a.cc_key = d.cc_key
   WHERE b.kind = 'cuda' AND d.stated = 1 AND b.cuda_key <= (SELECT max(cuda_key) FROM toolkit);
