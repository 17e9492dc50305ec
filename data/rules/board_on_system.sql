-- title: Boards that carry their processor
-- question: Does the card exist beside this processor and under this system?
-- when: EXISTS (SELECT 1 FROM asked_device d JOIN gpu_host h ON h.gpu_id = d.gpu_id)
-- source: nvidia-jetson-modules | modules
-- source: mlcommons-gb200 | host_processor_model_name

CREATE VIEW board_on_system AS
  SELECT 'board_on_system/' || b.candidate_id || '/' || d.device_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key,
         NULL AS driver_os, d.device_id, NULL AS driver_id, 'unsupported-os' AS rule_id, d.name AS subject,
         d.name || ' shares its board with a processor of ' || (SELECT min(h.arch) FROM gpu_host h WHERE h.gpu_id = d.gpu_id) || ' and runs ' ||
         (SELECT group_concat(h.os, ' or ') FROM gpu_host h WHERE h.gpu_id = d.gpu_id) || '; ' || y.os || ' on ' || y.arch || ' does not exist there.' AS summary,
         (SELECT group_concat('gpu_host/' || h.gpu_id || '/' || h.os, ' ') FROM gpu_host h WHERE h.gpu_id = d.gpu_id) AS premises
    FROM asked_device d CROSS JOIN asked_build b JOIN asked_system y ON y.system_id = b.system_id
   WHERE d.gpu_id IN (SELECT gpu_id FROM gpu_host)
     AND NOT EXISTS (SELECT 1 FROM gpu_host h WHERE h.gpu_id = d.gpu_id AND h.os = y.os AND h.arch = y.arch);
