-- title: What was stated fits together
-- question: Does anything that was stated rule out anything else? This says no, below every other rule.
-- rule: target-consistent | compatible | 99 | - | Nothing that was stated rules out anything else that was stated.
-- source: nvidia-driver-architecture-matrix | CUDA toolkit, driver and architecture matrix

CREATE VIEW target_consistent AS
  SELECT 'target_consistent' AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         'target-consistent' AS rule_id, '' AS subject, 'No fact speaks against what was stated; what it needs besides, and what goes with it, is listed below.' AS summary, '' AS premises;
