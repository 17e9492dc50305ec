-- title: The Python that runs, and what is installed in it
-- question: Does the Python that runs hold a framework, and do its libraries and extensions belong together?
-- when: (EXISTS (SELECT 1 FROM observed_python) OR EXISTS (SELECT 1 FROM observed_package)) AND (NOT EXISTS (SELECT 1 FROM asked_subject) OR EXISTS (SELECT 1 FROM asked_subject s WHERE s.installed = 1 OR EXISTS (SELECT 1 FROM observed_package p WHERE p.package = s.package AND p.version_key = s.version_key)))
-- What is typed is not installed yet, and neither what is nor what is not installed speaks against it; a file that is judged for itself needs no framework. A Python without a path is one that a text tells of:
-- nobody looked beside it or asked its loader, and that such a text names no library says nothing.

-- What a framework lacks is that framework's own, and the others are judged without it. A probe saw the environment whole, and what is wrong with an
-- extension there is everybody's. A report names some packages (collect_env leaves most out): there it is the extension's own.
CREATE VIEW environment_seen AS SELECT 1 AS yes FROM observed_sighting WHERE key = 'view';

-- What a conclusion about a package is about: its builds, or it alone where the data has none.
CREATE VIEW judged_package AS
  SELECT package, 'candidate' AS scope, candidate_id AS scope_key FROM asked_build
  UNION ALL
  SELECT s.package, 'subject', s.subject_id FROM asked_subject s WHERE s.kind = 'package' AND NOT EXISTS (SELECT 1 FROM asked_build b WHERE b.subject_id = s.subject_id);

CREATE VIEW python_environment AS
  SELECT 'python_environment/' || rule_id || '/' || premise || coalesce('/' || b.scope || '/' || b.scope_key, '') AS conclusion_id, coalesce(b.scope, 'system') AS scope,
         b.scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id, rule_id, subject, summary, premise AS premises
    FROM (SELECT rule_id, subject, premise, summary, CASE WHEN e.rule_id IN ('extension-abi-mismatch', 'package-needs-newer-gpu') THEN CASE WHEN EXISTS (SELECT 1 FROM environment_seen) THEN NULL ELSE subject END
                                                      ELSE (SELECT k.package FROM package k WHERE k.package = coalesce((SELECT a.package FROM package_alias a WHERE a.alias = e.about), e.about) AND k.kind = 'framework') END AS about FROM (
  SELECT 'wrong-python' AS rule_id, coalesce((SELECT o.path FROM observed_python o WHERE o.env = p.env AND o.active = 0 LIMIT 1), p.env || '/bin/python') AS subject, 'observed_python/' || y.python_id AS premise,
         'The Python that runs is ' || y.path || ' (' || y.version || '), which holds no framework; ' || k.title || ' ' || p.version || ' is installed in ' || p.env || '.' AS summary, NULL AS about
    FROM observed_python y CROSS JOIN observed_package p JOIN package k ON k.package = p.package AND k.kind = 'framework'
   WHERE y.active = 1 AND p.active = 0 AND p.package_id = (
           SELECT o.package_id FROM observed_package o JOIN package x ON x.package = o.package AND x.kind = 'framework' WHERE o.active = 0 ORDER BY o.tag = 'cpu', x.package <> 'torch', o.package_id LIMIT 1)
     AND NOT EXISTS (SELECT 1 FROM observed_package o JOIN package x ON x.package = o.package WHERE o.active = 1 AND x.kind IN ('framework', 'extension'))
  UNION ALL
  SELECT 'framework-not-installed', y.path, 'observed_python/' || y.python_id, 'The environment that is active, ' || y.env || ' (Python ' || y.version || '), holds no framework that uses the card.', NULL
    FROM observed_python y WHERE y.active = 1 AND y.kind NOT IN ('system', '') AND NOT EXISTS (SELECT 1 FROM machine_state WHERE hardware = 0)
     AND NOT EXISTS (SELECT 1 FROM observed_package o LEFT JOIN package_alias a ON a.alias = o.package JOIN package x ON x.package = coalesce(a.package, o.package) WHERE x.kind IN ('framework', 'extension'))
  UNION ALL
  SELECT 'library-missing', group_concat(spec, ' '), 'observed_requirement/' || min(first), package || ' needs ' || group_concat(words, ', ') || CASE count(*) WHEN 1 THEN ', which is not' ELSE ', none of which is' END || ' installed beside it.', package
    FROM (SELECT r.package, r.needs || r.op || r.version AS spec, r.needs || CASE r.version WHEN '' THEN '' ELSE ' ' || r.op || ' ' || r.version END AS words, min(r.requirement_id) AS first
            FROM observed_requirement r JOIN observed_package p ON p.package = r.package AND p.active = 1 AND instr(r.place, p.env || '/') = 1
           WHERE r.installed = 0 AND r.optional = 0 AND r.needs LIKE 'nvidia-%' AND p.tag NOT IN ('cpu') AND p.tag NOT LIKE 'rocm%' GROUP BY r.package, r.needs ORDER BY first) GROUP BY package
  UNION ALL
  SELECT 'library-missing', coalesce(nullif(replace(k.install, '{version}', p.version), k.install), group_concat((SELECT s.package FROM soname s WHERE s.component = o.component AND s.package LIKE '%-cu12'), ' ')), 'observed_package/' || p.package_id,
         p.package || ' ' || p.version || ' opens ' || group_concat(o.component, ', ') || ' when it starts, and ' || CASE count(*) WHEN 1 THEN 'that library is' ELSE 'those libraries are' END || ' not here: no package beside it holds them, and the loader finds none.', p.package
    FROM observed_package p JOIN package k ON k.package = p.package JOIN opened_library o ON o.package = p.package AND p.version_key BETWEEN o.first_version_key AND o.last_version_key
    JOIN observed_python y ON y.active = 1 AND y.kind <> 'conda' AND y.path <> '' CROSS JOIN machine_state m
   WHERE p.active = 1 AND p.tag NOT IN ('cpu') AND m.os IN ('linux', 'wsl') AND m.tegra = 0
     AND NOT EXISTS (SELECT 1 FROM observed_package i WHERE i.active = 1 AND i.package IN (SELECT s.package FROM soname s WHERE s.component = o.component))
     AND NOT EXISTS (SELECT 1 FROM observed_piece l WHERE l.kind = 'runtime' AND l.name = o.component) GROUP BY p.package_id
  UNION ALL
  SELECT CASE WHEN h.version IS NULL OR h.version_key >= f.below_version_key THEN 'library-missing' ELSE 'library-too-old' END,
         CASE WHEN k.install LIKE '%[%' THEN replace(k.install, '{version}', p.version) ELSE 'nvidia-cudnn-cu12>=' || f.min_version || CASE f.below_version WHEN '-' THEN '' ELSE ',<' || f.below_version END END ||
         CASE WHEN h.version_key >= f.below_version_key THEN coalesce(' apart from ' || (SELECT min(o.package) FROM observed_package o JOIN package q ON q.package = o.package AND q.kind = 'framework'
                WHERE o.active = 1 AND o.package <> p.package AND o.tag <> 'cpu' AND instr(h.place, o.env || '/') = 1), '') ELSE '' END, 'observed_package/' || p.package_id,
         p.package || ' ' || p.version || ' needs ' || f.library || ' ' || f.min_version || CASE f.below_version WHEN '-' THEN ' or newer' ELSE ' or newer, below ' || f.below_version END ||
         CASE WHEN h.version IS NULL THEN ', and there is none: no package beside it holds one, and the loader finds none.' ELSE ', and ' || h.version || ' is there (' || h.place || ').' END, p.package
    FROM observed_package p JOIN library_floor f ON f.package = p.package AND p.version_key BETWEEN f.first_version_key AND f.last_version_key AND f.library = 'cudnn'
    JOIN package k ON k.package = p.package
    JOIN observed_python y ON y.active = 1 AND y.kind <> 'conda'
    LEFT JOIN (SELECT version, version_key, place, max(version_key) FROM (
                 SELECT version, version_key, place FROM observed_package WHERE active = 1 AND package GLOB 'nvidia-cudnn*'
                 UNION ALL SELECT version, version_key, place FROM observed_piece WHERE kind = 'runtime' AND name = 'cudnn') HAVING count(*) > 0) h
    CROSS JOIN machine_state m
   WHERE p.active = 1 AND p.package IN ('tensorflow', 'tensorflow-gpu', 'onnxruntime-gpu') AND p.tag NOT IN ('cpu') AND m.os IN ('linux', 'wsl') AND m.tegra = 0
     AND (f.tag = '*' OR p.tag GLOB f.tag OR p.tag = '' AND f.tag NOT LIKE '%11%')
     AND (h.version IS NULL AND y.path <> '' OR h.version_key < f.min_version_key OR h.version_key >= f.below_version_key)
  UNION ALL
  SELECT 'library-too-old', r.needs || r.op || r.version, 'observed_requirement/' || r.requirement_id, r.package || ' needs ' || r.needs || ' ' || r.op || ' ' || r.version || ', and ' || i.version || ' is installed.', r.package
    FROM observed_requirement r JOIN observed_package p ON p.package = r.package AND p.active = 1 AND instr(r.place, p.env || '/') = 1
    JOIN observed_package i ON i.package = r.needs AND i.active = 1 AND i.env = p.env
   WHERE r.op IN ('>=', '==', '~=') AND i.version_key < r.version_key
  UNION ALL
  SELECT 'library-shadowed', r.name, 'observed_piece/' || r.piece_id, 'The loader takes ' || r.place || ' (' || r.version || ') by ' || r.found_by || ' before ' || i.package || ' ' || i.version || ', which the framework was built with.', NULL
    FROM observed_piece r JOIN observed_package i ON i.active = 1 AND i.package LIKE 'nvidia-' || r.name || '-cu%'
   WHERE r.kind = 'runtime' AND r.found_by IN ('LD_LIBRARY_PATH', 'PATH') AND r.name <> 'cudart' AND instr(r.place, i.env || '/') <> 1
     AND r.version_key < i.version_key AND CAST(r.version AS INTEGER) = CAST(i.version AS INTEGER)
  UNION ALL
  SELECT 'companion-mismatch', c.companion, 'observed_package/' || i.package_id,
         i.package || ' ' || i.version || CASE i.local WHEN '' THEN '' ELSE '+' || i.local END || ' does not belong to ' || p.package || ' ' || p.version || CASE p.local WHEN '' THEN '' ELSE '+' || p.local END ||
         ', whose ' || c.companion || ' is ' || c.companion_version || CASE WHEN c.same_tag = 'yes' AND p.local <> '' THEN '+' || p.local ELSE '' END || '.', p.package
    FROM observed_package p JOIN companion c ON c.package = p.package AND c.version_key = p.version_key AND c.companion_version NOT IN ('-', 'unsaid')
    JOIN observed_package i ON i.package = c.companion AND i.active = p.active AND i.env = p.env JOIN package k ON k.package = c.companion AND k.kind = 'companion'
   WHERE p.active = 1 AND (substr(i.version, 1, instr(i.version, '.') + instr(substr(i.version, instr(i.version, '.') + 1) || '.', '.')) <> substr(c.companion_version, 1, instr(c.companion_version, '.') + instr(substr(c.companion_version, instr(c.companion_version, '.') + 1) || '.', '.'))
           OR c.same_tag = 'yes' AND i.tag <> '' AND p.tag <> '' AND i.tag <> p.tag)
     AND NOT EXISTS (SELECT 1 FROM companion y WHERE y.companion = c.companion AND y.same_tag = 'any' AND (i.version_key <= y.companion_version_key OR i.version GLOB y.companion_version || '.post*'))
  UNION ALL
  SELECT 'extension-abi-mismatch', substr(s.key, 11), 'observed_sighting/' || s.sighting_id, substr(s.key, 11) || ' was built for ' || s.value || ', and torch ' || p.version || CASE p.local WHEN '' THEN '' ELSE '+' || p.local END || ' is installed.', NULL
    FROM observed_sighting s JOIN observed_package p ON p.package = 'torch' AND p.active = 1 AND instr(s.place, p.env || '/') = 1
   WHERE s.key LIKE 'built-for.%' AND s.value LIKE 'torch %' AND s.value <> 'torch ' || p.version AND s.value NOT LIKE 'torch ' || p.version || '+%'
  UNION ALL
  SELECT 'extension-abi-mismatch', e.package, 'observed_package/' || e.package_id, e.package || ' ' || e.version || '+' || e.local || ' was built for another torch than ' || p.version || ', which is installed.', NULL
    FROM observed_package e JOIN observed_package p ON p.package = 'torch' AND p.active = 1 AND p.env = e.env
   WHERE e.active = 1 AND e.package <> 'torch' AND e.local GLOB '*torch[0-9]*'
     AND instr(replace(e.local, 'pt', 'torch') || 'c', 'torch' || substr(p.version, 1, instr(p.version, '.') + instr(substr(p.version, instr(p.version, '.') + 1) || '.', '.') - 1)) = 0
  UNION ALL
  SELECT 'companion-mismatch', 'jax[' || replace(replace(i.package, 'jax-', ''), '-plugin', '') || ']==' || coalesce((SELECT j.version FROM observed_package j WHERE j.package = 'jax' AND j.env = p.env AND j.active = p.active LIMIT 1), p.version), 'observed_package/' || i.package_id, 'JAX does not use ' || i.package || ' ' || i.version || ', and runs on the CPU: jaxlib is ' || p.version || ', and both must be of one version.', p.package
    FROM observed_package p JOIN observed_package i ON i.package GLOB 'jax-cuda*-plugin' AND i.active = p.active AND i.env = p.env AND i.version_key <> p.version_key
   WHERE p.package = 'jaxlib' AND p.active = 1 AND NOT EXISTS (SELECT 1 FROM observed_package o WHERE o.package GLOB 'jax-cuda*-plugin' AND o.env = p.env AND o.version_key = p.version_key)
  UNION ALL
  SELECT CASE WHEN g.tag = 'cpu' THEN 'cpu-only-build' ELSE 'works-by-facts-but-fails' END, 'one module: ' || o.package || ' ' || g.package, 'observed_package/' || g.package_id,
         CASE WHEN g.tag = 'cpu' THEN o.package || ' ' || o.version || ' was installed over ' || g.package || ' ' || g.version || ', into the same folder: what runs holds no CUDA code.'
              ELSE o.package || ' ' || o.version || ' and ' || g.package || ' ' || g.version || ' lie in one folder: the one that was installed last is there, and nothing says which.' END, g.package
    FROM observed_package g JOIN observed_package o ON o.env = g.env AND o.active = g.active AND o.package <> g.package
   WHERE g.active = 1 AND (replace(replace(g.package, '-gpu', ''), '-cpu', '') = replace(replace(o.package, '-gpu', ''), '-cpu', '') AND g.package NOT LIKE '%-cpu' AND (g.package LIKE '%-gpu' OR o.package LIKE '%-cpu') AND (g.tag = '' OR g.tag = 'cpu' AND g.local = '')
                        OR o.package < g.package AND (g.package GLOB 'cupy-cuda[0-9]*' AND o.package GLOB 'cupy-cuda[0-9]*'
                             OR rtrim(g.package, '0123456789') IN (SELECT stem FROM overlaid_wheel) AND rtrim(o.package, '0123456789') = rtrim(g.package, '0123456789')
                                AND CAST(o.version AS INTEGER) = CAST(g.version AS INTEGER)))
  UNION ALL
  SELECT 'vc-runtime-missing', substr(s.key, 4), 'observed_sighting/' || s.sighting_id, 'The Visual C++ runtime is not complete: ' || s.place || ' is not there.', 'torch'
    FROM observed_sighting s WHERE s.key LIKE 'vc.%' AND s.found = 0 AND EXISTS (SELECT 1 FROM observed_package p WHERE p.active = 1 AND p.package = 'torch')
  UNION ALL
  SELECT 'package-needs-newer-gpu', p.package, 'observed_package/' || p.package_id, p.package || ' ' || p.version || ' needs compute capability ' || f.min_cc || ' or higher; ' || coalesce(d.name, d.given) || ' has ' || d.cc || '.', NULL
    FROM observed_package p JOIN capability_floor f ON f.package = p.package AND p.version_key BETWEEN f.first_version_key AND f.last_version_key AND f.set_by = 'program' AND f.confidence = 'sure'
    JOIN package k ON k.package = p.package AND k.kind = 'extension' JOIN asked_device d ON d.stated = 1 AND d.cc_key < f.min_cc_key
   WHERE p.active = 1
         ) e) LEFT JOIN judged_package b ON b.package = about
   WHERE premise IS NOT NULL AND (about IS NULL OR b.scope IS NOT NULL OR NOT EXISTS (SELECT 1 FROM asked_subject));

CREATE VIEW sentence_observed_package AS
  SELECT package_id, package || ' ' || version || CASE local WHEN '' THEN '' ELSE '+' || local END || ' is installed in ' || env || ' (' || place || ').' AS sentence, '' AS source_id, '' AS locator FROM observed_package;

CREATE VIEW sentence_observed_python AS
  SELECT python_id, 'Python ' || version || ' is ' || path || CASE active WHEN 1 THEN ', the one that runs.' ELSE '.' END AS sentence, '' AS source_id, '' AS locator FROM observed_python;

CREATE VIEW sentence_observed_requirement AS
  SELECT requirement_id, package || ' asks for ' || needs || ' ' || op || version || ' (' || place || ').' AS sentence, '' AS source_id, '' AS locator FROM observed_requirement;

CREATE VIEW sentence_observed_piece AS
  SELECT piece_id, name || ' ' || version || ' is in ' || place || CASE found_by WHEN '' THEN '' ELSE ', found by ' || found_by END || '.' AS sentence, '' AS source_id, '' AS locator FROM observed_piece;
