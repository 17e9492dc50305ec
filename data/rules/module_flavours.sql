-- title: One kernel module for all cards
-- question: Does one flavour of the driver's kernel module drive all the cards of the machine?
-- when: (SELECT count(DISTINCT position) FROM asked_device WHERE stated = 1 AND apart = 0) > 1 AND EXISTS (SELECT 1 FROM asked_system WHERE driver_os = 'linux')
-- source: nvidia-ogkm-readme | Compatible GPUs

-- Either card of such a pair is the one that is not seen, as either flavour may be loaded; what both flavours drive runs on.
CREATE VIEW module_flavours AS
  WITH pair AS MATERIALIZED (
    SELECT o.device_id AS open_id, p.device_id AS proprietary_id, coalesce(o.name, o.given) AS open_card, coalesce(p.name, p.given) AS proprietary_card,
           coalesce(o.name, o.given) || CASE coalesce(o.name, o.given) WHEN o.cc THEN '' ELSE ' (' || o.cc || ')' END || ' needs the open kernel modules and ' || coalesce(p.name, p.given) || CASE coalesce(p.name, p.given) WHEN p.cc THEN '' ELSE ' (' || p.cc || ')' END || ' the proprietary ones: one flavour is loaded, and the other card is not seen.' AS summary,
           'driver_support/' || a.cc || '/linux driver_support/' || b.cc || '/linux' AS premises
      FROM asked_device o JOIN driver_support a ON a.cc_key = o.cc_key AND a.os = 'linux' AND a.modules = 'open'
      JOIN asked_device p ON p.position <> o.position JOIN driver_support b ON b.cc_key = p.cc_key AND b.os = 'linux' AND b.modules = 'proprietary'
     WHERE o.stated = 1 AND p.stated = 1 AND o.apart = 0 AND p.apart = 0
  )
  SELECT 'module_flavours/' || open_id || '/' || proprietary_id || '/open' AS conclusion_id, 'system' AS scope, NULL AS scope_key, 'linux' AS driver_os,
         open_id AS device_id, NULL AS driver_id, 'kernel-module-flavour' AS rule_id, 'beside ' || proprietary_card AS subject, summary, premises FROM pair
  UNION ALL
  SELECT 'module_flavours/' || open_id || '/' || proprietary_id || '/proprietary', 'system', NULL, 'linux', proprietary_id, NULL, 'kernel-module-flavour', 'beside ' || open_card, summary, premises FROM pair;
