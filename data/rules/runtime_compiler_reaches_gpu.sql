-- title: Packages that compile at run time
-- question: Does the compiler that the package uses at run time (NVRTC, ptxas) build for this card?
-- when: EXISTS (SELECT 1 FROM asked_build b JOIN package p ON p.package = b.package WHERE p.runtime_compiler <> '-')
-- rule: jit-toolchain-too-old | incompatible | 78 | - | The run-time compiler is older than the card.
-- rule: jit-toolchain-drops-gpu | incompatible | 77 | - | The run-time compiler no longer builds for the card.
-- source: cupy-install | requirements; cupy/cupy#9121
-- source: nvidia-ptx-isa | release history
-- source: triton-nvidia-backend | sm_arch_from_capability

CREATE VIEW runtime_compiler_reaches_gpu AS
  SELECT 'runtime_compiler/' || b.candidate_id || '/' || d.cc AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os,
         d.device_id, NULL AS driver_id,
         CASE WHEN c.cuda_key < a.first_key THEN 'jit-toolchain-too-old' WHEN c.cuda_key > a.last_key THEN 'jit-toolchain-drops-gpu' ELSE 'native-image' END AS rule_id,
         c.compiler AS subject,
         b.package || ' compiles its kernels at run time with ' || c.compiler || ' of CUDA ' || c.cuda ||
         CASE WHEN c.cuda_key < a.first_key THEN ', which builds nothing that is asked for on ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ': CUDA ' || a.first_toolkit || ' is the first that knows ' || a.target || '.'
              WHEN c.cuda_key > a.last_key THEN ', which no longer builds for ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || ': CUDA ' || a.last_toolkit || ' was the last.'
              ELSE ', which builds for ' || coalesce(d.name, d.given) || CASE coalesce(d.name, d.given) WHEN d.cc THEN '' ELSE ' (' || d.cc || ')' END || '.' END AS summary,
         'runtime_compiler/' || c.package || '/' || c.first_version || '/' || c.tag || '/' || c.os || '/' || c.compiler || ' runtime_target/' || p.runtime_compiler || ' architecture/' || a.target AS premises
    FROM asked_device d CROSS JOIN asked_build b
    JOIN package p ON p.package = b.package AND p.runtime_compiler <> '-'
    JOIN runtime_compiler c ON c.package = b.package AND b.version_key BETWEEN c.first_version_key AND c.last_version_key
                           AND b.tag GLOB c.tag AND c.os IN (b.os, '*')
                           -- of several compilers for one job the newest serves the newest card
                           AND NOT EXISTS (SELECT 1 FROM runtime_compiler n WHERE n.package = c.package AND b.version_key BETWEEN n.first_version_key AND n.last_version_key
                                              AND b.tag GLOB n.tag AND n.os IN (b.os, '*') AND n.cuda_key > c.cuda_key)
    JOIN runtime_asks a ON a.runtime_compiler = p.runtime_compiler AND a.cc_key = d.cc_key AND a.cuda_key = c.cuda_key
   WHERE d.stated = 1 AND b.kind = 'package' AND b.device = 'cuda';
