-- title: The build exists
-- question: Is there such a build for this system and processor?
-- when: EXISTS (SELECT 1 FROM asked_build WHERE kind IN ('package', 'unlisted'))
-- rule: build-exists | compatible | 95 | - | The data holds such a build.
-- source: pytorch-wheel-index | listing of every wheel
-- source: pypi | listing of every wheel

-- The other questions about builds (build_holds_cuda, build_for_python, build_facts_known) are views of their own: most
-- questions need none of them, and compiling one takes longer than running it.
CREATE VIEW build_exists AS
  SELECT 'build_exists/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         NULL AS device_id, NULL AS driver_id, 'build-exists' AS rule_id, b.package AS subject,
         b.package || ' ' || b.version || CASE b.tag WHEN '-' THEN '' ELSE '+' || b.tag END || ' exists for ' || b.os || ' ' || b.arch || '.' AS summary,
         'build/' || b.package || '/' || b.version || '/' || b.tag || '/' || b.os || '/' || b.arch || '/' || b.channel AS premises
    FROM asked_build b WHERE b.kind = 'package'
  UNION ALL
  SELECT 'build_exists/unlisted/' || b.candidate_id, 'candidate', b.candidate_id, NULL, NULL, NULL, 'unknown-build', b.package,
         'The data has no CUDA build of ' || b.package || ' ' || b.version || ' for ' || b.os || ' ' || b.arch ||
         ', and does not claim to list every build there.', ''
    FROM asked_build b WHERE b.kind = 'unlisted';
