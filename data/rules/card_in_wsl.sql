-- title: The card in WSL
-- question: Is this a card for which NVIDIA promises CUDA inside WSL?
-- when: EXISTS (SELECT 1 FROM asked_system WHERE os = 'wsl')
-- source: nvidia-wsl-guide | WSL 2 Support Constraints

CREATE VIEW card_in_wsl AS
  SELECT 'card_in_wsl/' || w.limit_id || '/' || d.device_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, 'windows' AS driver_os, d.device_id, NULL AS driver_id,
         'works-by-facts-but-fails' AS rule_id, 'in WSL: ' || coalesce(d.name, d.given) AS subject,
         'That WSL sees ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ' is not promised: ' || w.reason || '.' AS summary,
         'wsl_limit/' || w.limit_id AS premises
    FROM asked_device d JOIN wsl_limit w ON (w.class = '*' OR w.class = d.class AND d.gpu_id IS NOT NULL) AND (w.below_cc_key IS NULL OR d.cc_key < w.below_cc_key)
   WHERE d.stated = 1 AND d.cc_key IS NOT NULL AND coalesce(d.board, '') <> 'embedded' AND NOT EXISTS (SELECT 1 FROM observed_machine);
