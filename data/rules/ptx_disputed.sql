-- title: PTX of which sources differ
-- question: Is only PTX left for the card, of which sources differ whether this driver compiles it?
-- when: EXISTS (SELECT 1 FROM asked_driver WHERE sure_cuda_key IS NOT NULL)
-- source: nvidia-ptx-isa | release history

CREATE VIEW ptx_disputed AS
  SELECT 'ptx_disputed/' || i.list_id || '/' || i.device_id || '/' || i.driver_id AS conclusion_id, 'list' AS scope, i.list_id AS scope_key, i.driver_os, i.device_id, i.driver_id,
         'sources-disagree' AS rule_id, i.target AS subject,
         'Sources differ on whether driver ' || r.version || ' compiles PTX ISA ' || i.isa || ': ' || x.reason || '.' AS summary, x.fact AS premises
    FROM asked_driver r JOIN driver_dispute x ON x.driver_os = r.driver_os AND r.version_key >= x.first_key AND r.version_key < x.below_key
    JOIN image_taken i ON i.driver_id = r.driver_id AND i.rank IN (20, 21)
   WHERE r.sure_cuda_key < (SELECT min(p.cuda_key) FROM ptx_isa p WHERE p.isa = i.isa);
