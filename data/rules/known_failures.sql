-- title: Releases that are known to fail
-- question: Do people report that this release fails on such cards, although every table says that it runs?
-- when: EXISTS (SELECT 1 FROM known_failure f JOIN asked_build b ON b.package = f.package)
-- source: tensorflow-blackwell-issues | kernels generated at run time
-- source: tensorflow-ampere-issues | CUDA 10 libraries on newer cards

CREATE VIEW known_failures AS
  SELECT 'known_failures/' || b.candidate_id || '/' || d.device_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         d.device_id, NULL AS driver_id, 'works-by-facts-but-fails' AS rule_id, b.package AS subject,
         b.package || ' ' || b.version || ' starts on ' || coalesce(d.name, d.given) || ' (' || d.cc || '), but ' || f.symptom || CASE f.basis WHEN 'reported' THEN ': several people report it.' ELSE ': it follows from what other releases fail for, and nobody reports that it works.' END AS summary,
         'known_failure/' || f.package || '/' || f.first_version || '/' || f.first_cc AS premises
    FROM asked_build b JOIN known_failure f ON f.package = b.package AND b.version_key BETWEEN f.first_version_key AND f.last_version_key
    JOIN asked_device d ON d.stated = 1 AND d.cc_key BETWEEN f.first_cc_key AND f.last_cc_key
   WHERE b.kind = 'package' AND b.device = 'cuda';
