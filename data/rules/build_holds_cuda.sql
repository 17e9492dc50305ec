-- title: The build holds CUDA
-- question: Does the build hold CUDA code at all?
-- when: EXISTS (SELECT 1 FROM asked_build WHERE kind = 'package' AND device <> 'cuda')
-- rule: cpu-only-build | incompatible | 2 | - | The build holds no CUDA code: the framework sees no GPU.
-- source: pytorch-wheel-index | listing of every wheel
-- source: pypi | listing of every wheel

-- That a build sees no card of NVIDIA is no fault where the card is another vendor's: of such a card target_known says what is to be said.
CREATE VIEW build_holds_cuda AS
  WITH other AS MATERIALIZED (SELECT d.device_id FROM asked_device d WHERE d.stated = 1 AND d.cc_key IS NULL AND EXISTS (SELECT 1 FROM other_vendor o WHERE lower(d.given) GLOB o.pattern))
  SELECT 'build_exists/cpu/' || b.candidate_id || coalesce('/' || d.device_id, '') AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         d.device_id, NULL AS driver_id,
         -- a machine without a card of NVIDIA, and a framework for another vendor's: nothing here is about it
         CASE WHEN b.device <> 'cpu' AND EXISTS (SELECT 1 FROM observed_machine) AND NOT EXISTS (SELECT 1 FROM asked_device WHERE stated = 1 AND cc IS NOT NULL)
              THEN 'not-an-nvidia-gpu' ELSE 'cpu-only-build' END AS rule_id, b.package AS subject,
         b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END || ' for ' || b.os || ' ' || b.arch ||
         CASE b.device WHEN 'cpu' THEN ' holds no CUDA code: it sees no GPU.' WHEN 'rocm' THEN ' is built for AMD''s ROCm: it sees no NVIDIA GPU.'
           ELSE ' is built for Intel''s XPU: it sees no NVIDIA GPU.' END AS summary,
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel AS premises
    FROM asked_build b LEFT JOIN asked_device d ON EXISTS (SELECT 1 FROM other)
   WHERE b.kind = 'package' AND b.device <> 'cuda' AND (d.device_id IS NULL OR d.device_id NOT IN (SELECT device_id FROM other));
