-- title: One kernel module for all cards
-- question: Does one flavour of the driver's kernel module drive all the cards of the machine?
-- when: (SELECT count(DISTINCT position) FROM asked_device WHERE stated = 1 AND apart = 0) > 1 AND EXISTS (SELECT 1 FROM asked_system WHERE driver_os = 'linux')
-- rule: module-flavours-differ | caveat | 0 | 100 | One card needs the open kernel modules and another the proprietary ones; only one flavour can be loaded.
-- source: nvidia-ogkm-readme | Compatible GPUs

CREATE VIEW module_flavours AS
  SELECT 'module_flavours/' || o.device_id || '/' || p.device_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, 'linux' AS driver_os,
         NULL AS device_id, NULL AS driver_id, 'module-flavours-differ' AS rule_id, coalesce(o.name, o.given) AS subject,
         coalesce(o.name, o.given) || CASE coalesce(o.name, o.given) WHEN o.cc THEN '' ELSE ' (' || o.cc || ')' END || ' needs the open kernel modules and ' || coalesce(p.name, p.given) || CASE coalesce(p.name, p.given) WHEN p.cc THEN '' ELSE ' (' || p.cc || ')' END || ' the proprietary ones: one flavour is loaded, and the other card is not seen.' AS summary,
         'driver_support/' || a.cc || '/linux driver_support/' || b.cc || '/linux' AS premises
    FROM asked_device o JOIN driver_support a ON a.cc_key = o.cc_key AND a.os = 'linux' AND a.modules = 'open'
    JOIN asked_device p ON p.position <> o.position JOIN driver_support b ON b.cc_key = p.cc_key AND b.os = 'linux' AND b.modules = 'proprietary'
   WHERE o.stated = 1 AND p.stated = 1 AND o.apart = 0 AND p.apart = 0;
