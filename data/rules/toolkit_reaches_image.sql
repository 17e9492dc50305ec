-- title: An unsure list, and what its toolkit can make
-- question: Where the known images hold none for the card and their list is not sure: could the build's toolkit have made one?
-- when: EXISTS (SELECT 1 FROM asked_build b JOIN image_list i ON i.list_id = b.list_id AND i.confidence = 'unsure' WHERE b.cuda_key IS NOT NULL)
-- source: nvidia-ptx-isa | release history
-- source: nvidia-driver-architecture-matrix | CUDA toolkit, driver and architecture matrix

-- What a toolkit cannot write stands in no list, however unsure. Below the card's first toolkit only PTX of an older target could
-- serve, and a list that holds any has been judged by it; behind the last one no older target is left either.
CREATE VIEW toolkit_reaches_image AS
  SELECT 'toolkit_reaches_image/' || b.candidate_id || '/' || d.cc AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         d.device_id, NULL AS driver_id, 'no-kernel-image' AS rule_id, b.package AS subject,
         'The build is made with CUDA ' || b.cuda || CASE WHEN b.cuda_key < a.first_key THEN ', which makes no code for ' ELSE ', which no longer makes code for ' END ||
         coalesce(d.name, d.given) || ' (' || d.cc || ')' ||
         CASE WHEN b.cuda_key < a.first_key THEN ': CUDA ' || (SELECT t.cuda FROM toolkit t WHERE t.cuda_key >= a.first_key ORDER BY t.cuda_key LIMIT 1) || ' is the first that does, and no PTX of the build is known.'
              ELSE '.' END AS summary,
         'compute_capability/' || d.cc || ' ' || a.facts AS premises
    FROM asked_device d
    JOIN capability_maker a ON a.cc_key = d.cc_key
   CROSS JOIN asked_build b
    JOIN image_list i ON i.list_id = b.list_id AND i.confidence = 'unsure'
   WHERE d.stated = 1 AND b.kind = 'package' AND b.device = 'cuda' AND b.cuda_key NOT BETWEEN a.first_key AND a.last_key
     AND NOT EXISTS (SELECT 1 FROM list_on_capability o WHERE o.list_id = b.list_id AND o.cc_key = d.cc_key);
