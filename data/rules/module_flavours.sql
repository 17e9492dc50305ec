-- title: One kernel module for all cards
-- question: Does one flavour of the driver's kernel module drive all the cards of the machine that would run the build?
-- when: (SELECT count(DISTINCT position) FROM asked_device WHERE stated = 1 AND apart = 0) > 1 AND EXISTS (SELECT 1 FROM asked_system WHERE driver_os = 'linux')
-- source: nvidia-ogkm-readme | Compatible GPUs

-- Either card of such a pair is the one that is not seen, as either flavour may be loaded. A card that no image of the build runs on asks for no
-- flavour: that it is out says more, and the other card has the module that it needs.
CREATE VIEW module_flavours AS
  WITH pair AS MATERIALIZED (
    SELECT o.device_id AS open_id, p.device_id AS proprietary_id, coalesce(o.name, o.given) AS open_card, coalesce(p.name, p.given) AS proprietary_card,
           coalesce(o.name, o.given) || CASE coalesce(o.name, o.given) WHEN o.cc THEN '' ELSE ' (' || o.cc || ')' END || ' needs the open kernel modules and ' || coalesce(p.name, p.given) || CASE coalesce(p.name, p.given) WHEN p.cc THEN '' ELSE ' (' || p.cc || ')' END || ' the proprietary ones: one flavour is loaded, and the other card is not seen.' AS summary,
           'driver_support/' || a.cc || '/linux driver_support/' || b.cc || '/linux' AS premises
      FROM asked_device o JOIN driver_support a ON a.cc_key = o.cc_key AND a.os = 'linux' AND a.modules = 'open'
      JOIN asked_device p ON p.position <> o.position JOIN driver_support b ON b.cc_key = p.cc_key AND b.os = 'linux' AND b.modules = 'proprietary'
     WHERE o.stated = 1 AND p.stated = 1 AND o.apart = 0 AND p.apart = 0
  ), taken AS MATERIALIZED (SELECT DISTINCT list_id, device_id FROM image_taken WHERE driver_os = 'linux' AND rank < 50)
  SELECT 'module_flavours/' || b.candidate_id || '/' || p.open_id || '/' || p.proprietary_id || '/' || d.device_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, 'linux' AS driver_os,
         d.device_id, NULL AS driver_id, 'kernel-module-flavour' AS rule_id, 'beside ' || CASE d.device_id WHEN p.open_id THEN p.proprietary_card ELSE p.open_card END AS subject, p.summary, p.premises
    FROM pair p JOIN asked_device d ON d.device_id IN (p.open_id, p.proprietary_id) JOIN asked_build b ON b.driver_os = 'linux'
   WHERE b.list_id IS NULL OR (SELECT l.confidence FROM image_list l WHERE l.list_id = b.list_id) = 'unsure'
      OR EXISTS (SELECT 1 FROM taken x WHERE x.list_id = b.list_id AND x.device_id = p.open_id) AND EXISTS (SELECT 1 FROM taken x WHERE x.list_id = b.list_id AND x.device_id = p.proprietary_id);
