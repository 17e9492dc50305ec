-- title: The framework that a package pins
-- question: Does any build of the framework version that this package pins hold an image for the card?
-- when: EXISTS (SELECT 1 FROM asked_device WHERE stated = 1) AND EXISTS (SELECT 1 FROM asked_build b WHERE b.kind = 'package' AND b.package IN (SELECT package FROM pin_framework))
-- source: measured-wheels | images per library
-- source: pypi | what a package's metadata requires

-- Only where every build of every version that will do, on that system, has its images in the data.
CREATE VIEW pinned_framework_runs AS
  WITH needed AS MATERIALIZED (
    SELECT b.candidate_id, b.package, b.version, p.other, p.other_version, t.rowid AS build_row, l.list_id
      FROM asked_build b JOIN pin p ON p.package = b.package AND p.version_key = b.version_key AND p.tag IN ('*', b.tag) AND p.needs = 1
      JOIN package f ON f.package = p.other AND f.kind = 'framework'
      JOIN build t ON t.package = p.other AND t.version_key = p.other_version_key AND t.os = b.os AND t.arch = b.arch AND t.device = 'cuda'
                  AND (p.same_tag = 'no' OR b.tag = '-' OR t.tag = b.tag) AND (p.other_tag = '' OR t.tag GLOB p.other_tag)
      LEFT JOIN build_list l ON l.build_row = t.rowid AND l.role = 'main'
     WHERE b.kind = 'package' AND b.device = 'cuda')
  SELECT 'pinned_framework_runs/' || n.candidate_id || '/' || d.device_id AS conclusion_id, 'candidate' AS scope, n.candidate_id AS scope_key, NULL AS driver_os,
         d.device_id, NULL AS driver_id, 'no-kernel-image' AS rule_id, n.other AS subject,
         n.package || ' ' || n.version || ' runs with ' || n.other || ' ' || group_concat(DISTINCT n.other_version) || ' alone, and no build of that holds an image for ' ||
         coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || '.' AS summary,
         'compute_capability/' || d.cc AS premises
    FROM needed n CROSS JOIN asked_device d
   WHERE d.stated = 1 AND d.cc_key IS NOT NULL
   GROUP BY n.candidate_id, d.device_id
  HAVING max(n.list_id IS NULL) = 0 AND max(EXISTS (SELECT 1 FROM list_on_capability o WHERE o.list_id = n.list_id AND o.cc_key = d.cc_key)) = 0;
