-- The checks of `doctor`, in the order of the stack: from the bus to a launch. What a check asks is a row here; whether it holds is said by
-- the rules (doctor_rule says which rule belongs to which check) and, for what nobody complains of, by the view doctor_evidence.

-- class: what kind of trouble it is when no rule names it. alone: the verdict when the check fails and no rule says why; '-' it cannot.
CREATE TABLE doctor_check (
  position INTEGER PRIMARY KEY,
  check_id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  class TEXT NOT NULL,
  alone TEXT NOT NULL,
  not_known TEXT NOT NULL,                     -- what is said when nothing tells
  unsaid TEXT NOT NULL,                        -- the rule of the answer when nothing tells and no check failed; '-' it does not matter
  own TEXT NOT NULL CHECK (own IN ('yes','no')),  -- yes: when it fails behind another failure, that is a thing of its own for later and no symptom
  advice TEXT NOT NULL,                        -- what to do when it fails and no rule names why
  command TEXT NOT NULL
) STRICT;
INSERT INTO doctor_check VALUES
  (10, 'card', 'A card of NVIDIA', 'hardware', '-', 'nothing here shows a card of NVIDIA; state it with --gpu', 'unknown-gpu', 'no', '-', '-'),
  (12, 'wsl', 'WSL shows the card', 'driver', '-', 'nothing shows what WSL was given', '-', 'no', '-', '-'),
  (14, 'container', 'The container has the driver', 'container', '-', 'nothing shows which libraries the loader finds', '-', 'no', '-', '-'),
  (16, 'container-gate', 'The driver satisfies the image', 'container', '-', 'the driver''s CUDA release is not known', '-', 'yes', '-', '-'),
  (18, 'driver-files', 'The driver is installed', 'driver', 'conditional', 'nothing shows which libraries the loader finds', '-', 'no', '-', '-'),
  (20, 'driver-card', 'The driver drives the card', 'driver', '-', 'the card or the driver is not known', '-', 'no', '-', '-'),
  (22, 'module-signature', 'The kernel accepts the module', 'driver', '-', 'the kernel log and the Secure Boot state cannot be read', '-', 'no', '-', '-'),
  (24, 'card-owner', 'No other driver holds the card', 'driver', '-', 'nothing shows which kernel driver has the card', '-', 'no', '-', '-'),
  (26, 'module', 'The kernel module is loaded', 'driver', '-', 'nothing shows the kernel''s modules', '-', 'no', '-', '-'),
  (28, 'device-files', 'The device files are there', 'driver', '-', '/dev is not visible', '-', 'no', '-', '-'),
  (30, 'device-rights', 'This user may open them', 'permission', '-', '/dev is not visible', '-', 'no', '-', '-'),
  (32, 'card-starts', 'The card starts', 'hardware', 'conditional', 'NVML was not asked', '-', 'no', '-', '-'),
  (33, 'cards', 'Every card starts', 'hardware', '-', 'NVML was not asked', '-', 'no', '-', '-'),
  (34, 'libcuda', 'The loader takes the driver''s own libcuda', 'library', '-', 'nothing shows which libraries the loader finds', '-', 'no', '-', '-'),
  (36, 'driver-halves', 'Both halves of the driver are of one version', 'driver', '-', 'one of the two versions is not known', '-', 'no', '-', '-'),
  (38, 'forward-compat', 'No forward compatibility where it is not allowed', 'driver', '-', 'the driver''s CUDA release is not known', '-', 'no', '-', '-'),
  (40, 'uvm', 'nvidia_uvm is ready', 'driver', '-', '/dev/nvidia-uvm is not visible, and libcuda was not asked', '-', 'no', '-', '-'),
  (42, 'fabric', 'The NVSwitch fabric is up', 'driver', '-', 'nothing shows the state of the fabric', '-', 'no', '-', '-'),
  (44, 'mig', 'MIG has an instance', 'environment', '-', 'NVML was not asked', '-', 'no', '-', '-'),
  (46, 'licence', 'The virtual card has a licence', 'driver', '-', 'NVML was not asked', '-', 'no', '-', '-'),
  (48, 'compute-mode', 'The card is not held exclusively', 'environment', '-', 'NVML was not asked', '-', 'no', '-', '-'),
  (50, 'visible', 'The environment hides no card', 'environment', '-', 'the environment is not known', '-', 'yes', '-', '-'),
  (52, 'init', 'The CUDA driver starts', 'driver', 'conditional', 'libcuda was not asked', '-', 'no', 'Read what the driver wrote into the kernel log; if nothing stands there, restart the machine', 'sudo dmesg | grep -iE "nvidia|nvrm|xid"'),
  (54, 'memory', 'Memory is free on the card', 'memory', 'conditional', 'NVML was not asked', '-', 'no', 'See which programs hold the memory, and end those that nobody needs', 'nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv'),
  (60, 'containers', 'Docker knows of the cards', 'container', '-', 'nothing shows what Docker is set up with', '-', 'yes', '-', '-'),
  (62, 'python', 'The right Python runs', 'environment', '-', 'no Python was found', '-', 'yes', '-', '-'),
  (64, 'framework', 'A framework is installed', 'package', '-', 'no Python was found', '-', 'yes', '-', '-'),
  (66, 'cuda-build', 'It is a build with CUDA', 'package', '-', 'no framework was found', '-', 'yes', '-', '-'),
  (68, 'driver-runtime', 'The driver runs its CUDA release', 'driver', '-', 'the driver or the framework is not known', '-', 'yes', '-', '-'),
  (70, 'libraries', 'Its CUDA libraries are there and new enough', 'library', '-', 'no framework was found', '-', 'yes', '-', '-'),
  (72, 'extensions', 'Companions and extensions belong to it', 'package', '-', 'no framework was found', '-', 'yes', '-', '-'),
  (74, 'images', 'It holds code for the card', 'image', '-', 'the card or the framework is not known', '-', 'yes', '-', '-'),
  (90, 'launch', 'A kernel really runs', 'driver', 'incompatible', 'the launch did not come back', '-', 'no', '-', '-');

-- What is missing for all that needs a check which failed: the reason why they are not examined.
CREATE TABLE doctor_lack (
  check_id TEXT NOT NULL PRIMARY KEY REFERENCES doctor_check (check_id),
  lack TEXT NOT NULL
) STRICT;
INSERT INTO doctor_lack VALUES
  ('card', 'no card'), ('wsl', 'WSL shows no card'), ('container', 'the container has no driver'), ('container-gate', 'the image''s gate is closed'), ('driver-files', 'no driver'),
  ('driver-card', 'the driver leaves the card out'), ('module-signature', 'the kernel refuses the module'), ('card-owner', 'another driver has the card'), ('module', 'no kernel module'),
  ('device-files', 'no device files'), ('device-rights', 'the device files do not open'), ('card-starts', 'no card has started'), ('cards', 'a card has not started'), ('libcuda', 'not the driver''s own libcuda'),
  ('driver-halves', 'the halves of the driver differ'), ('forward-compat', 'cuda-compat is in the way'), ('uvm', 'nvidia_uvm is not ready'), ('fabric', 'the fabric is not up'), ('mig', 'no MIG instance'),
  ('licence', 'no licence'), ('compute-mode', 'another program has the card'), ('visible', 'the environment hides the card'), ('init', 'the CUDA driver does not start'), ('memory', 'no free memory on the card'),
  ('python', 'another Python runs'), ('framework', 'no framework'), ('cuda-build', 'a build without CUDA'), ('driver-runtime', 'the driver does not run its CUDA release'), ('libraries', 'its libraries are not there'),
  ('extensions', 'its companions do not belong to it'), ('images', 'no code for the card');

-- A check that failed makes those that need it its symptoms. The need goes on through others.
CREATE TABLE doctor_need (
  check_id TEXT NOT NULL REFERENCES doctor_check (check_id),
  needs TEXT NOT NULL REFERENCES doctor_check (check_id),
  PRIMARY KEY (check_id, needs)
) STRICT;
INSERT INTO doctor_need VALUES
  ('wsl', 'card'), ('container', 'card'), ('container', 'wsl'), ('container-gate', 'container'), ('driver-files', 'container'), ('driver-card', 'driver-files'),
  ('module-signature', 'driver-card'), ('card-owner', 'module-signature'), ('module', 'card-owner'), ('device-files', 'module'), ('device-rights', 'device-files'),
  ('card-starts', 'device-rights'), ('card-starts', 'driver-halves'), ('cards', 'card-starts'), ('init', 'cards'), ('libcuda', 'driver-files'), ('driver-halves', 'module'), ('driver-halves', 'libcuda'), ('forward-compat', 'libcuda'), ('forward-compat', 'driver-halves'),
  ('uvm', 'card-starts'), ('uvm', 'driver-halves'), ('uvm', 'forward-compat'), ('fabric', 'card-starts'), ('mig', 'card-starts'), ('licence', 'card-starts'),
  ('compute-mode', 'card-starts'), ('visible', 'card-starts'), ('init', 'uvm'), ('init', 'fabric'), ('init', 'mig'), ('init', 'licence'), ('init', 'compute-mode'),
  ('init', 'visible'), ('init', 'libcuda'), ('init', 'memory'), ('memory', 'uvm'), ('memory', 'fabric'), ('memory', 'mig'), ('memory', 'licence'), ('memory', 'compute-mode'), ('memory', 'visible'), ('containers', 'module'), ('framework', 'python'), ('cuda-build', 'framework'), ('cuda-build', 'card'), ('python', 'card'),
  ('driver-runtime', 'cuda-build'), ('driver-runtime', 'driver-card'), ('driver-runtime', 'driver-halves'), ('driver-runtime', 'forward-compat'), ('driver-runtime', 'container-gate'),
  ('libraries', 'cuda-build'), ('extensions', 'cuda-build'), ('images', 'cuda-build'), ('images', 'driver-card'), ('images', 'libraries'), ('images', 'driver-runtime'), ('launch', 'init'), ('launch', 'memory'), ('launch', 'libraries'), ('launch', 'extensions'), ('launch', 'images'), ('launch', 'driver-runtime');

-- Which rule fails which check; subject, a GLOB, narrows it where a rule has several ('*': any other). merit orders rules that say that all is well: the first is told;
-- -1: whatever its verdict, nothing behind it counts.
CREATE TABLE doctor_rule (
  rule_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  check_id TEXT NOT NULL REFERENCES doctor_check (check_id),
  merit INTEGER NOT NULL,
  PRIMARY KEY (rule_id, subject)
) STRICT;
INSERT INTO doctor_rule VALUES
  ('no-gpu', '*', 'card', 0), ('not-an-nvidia-gpu', '*', 'card', -1), ('unsupported-os', '*', 'card', -1), ('unknown-gpu', '*', 'card', 0), ('wsl-no-gpu', '*', 'wsl', 0),
  ('driver-not-visible-in-container', '*', 'container', 0), ('container-requires-newer-driver', '*', 'container-gate', 0), ('container-runtime-missing', '*', 'containers', 0),
  ('container-lost-gpu', '*', 'device-rights', 0), ('driver-not-installed', '*', 'driver-files', 0), ('gpu-dropped-by-driver', '*', 'driver-card', 0),
  ('gpu-needs-newer-driver', '*', 'driver-card', 0), ('kernel-module-flavour', '*', 'driver-card', 0), ('unknown-driver', '*', 'driver-card', 0),
  ('secure-boot-blocks-module', '*', 'module-signature', 0), ('nouveau-holds-gpu', '*', 'card-owner', 0), ('driver-not-loaded', '*', 'module', 0),
  ('device-node-missing', '*', 'device-files', 0), ('device-permission', '*', 'device-rights', 0), ('gpu-init-failed', '*', 'card-starts', 0), ('gpu-lost', '*', 'card-starts', 0),
  ('gpu-dropped-by-driver', '10de:*', 'cards', 0), ('gpu-needs-newer-driver', '10de:*', 'cards', 0), ('kernel-module-flavour', '10de:*', 'cards', 0),
  ('nouveau-holds-gpu', '10de:*', 'cards', 0), ('gpu-init-failed', '10de:*', 'cards', 0), ('gpu-lost', '10de:*', 'cards', 0), ('gpu-lost', 'one card', 'cards', 0),
  ('secure-boot-blocks-module', '10de:*', 'cards', 0), ('driver-not-loaded', '10de:*', 'cards', 0), ('driver-not-installed', '10de:*', 'cards', 0),
  ('wsl-driver-shadowed', '*', 'libcuda', 0), ('library-shadowed', 'libcuda', 'libcuda', 0), ('library-missing', '/*', 'libcuda', 0), ('driver-stack-mismatch', '*', 'driver-halves', 0),
  ('forward-compat-unsupported', '*', 'forward-compat', 0), ('forward-compat-in-use', '*', 'forward-compat', 0), ('uvm-not-ready', '*', 'uvm', 0),
  ('fabric-manager-down', '*', 'fabric', 0), ('mig-without-instance', '*', 'mig', 0), ('vgpu-unlicensed', '*', 'licence', 0), ('device-busy', '*', 'compute-mode', 0),
  ('device-hidden', '*', 'visible', 0), ('driver-defect', '*', 'init', 0), ('works-by-facts-but-fails', '*', 'launch', 0), ('works-by-facts-but-fails', 'one module: *', 'extensions', 0),
  ('wrong-python', '*', 'python', 0), ('framework-not-installed', '*', 'framework', 0), ('no-such-build', '*', 'framework', 0), ('unknown-build', '*', 'framework', 0),
  ('cpu-only-build', '*', 'cuda-build', 0), ('driver-too-old', '*', 'driver-runtime', 0), ('sources-disagree', '*', 'driver-runtime', 0),
  ('library-missing', '*', 'libraries', 0), ('library-shadowed', '*', 'libraries', 0), ('library-too-old', '*', 'libraries', 0), ('library-drops-gpu', '*', 'images', 0),
  ('vc-runtime-missing', '*', 'libraries', 0), ('companion-mismatch', '*', 'extensions', 0), ('extension-abi-mismatch', '*', 'extensions', 0),
  ('package-needs-newer-gpu', '*', 'extensions', 0), ('nccl-cuda-error', '*', 'extensions', 0), ('no-kernel-image', '*', 'images', 0), ('ptx-newer-than-driver', '*', 'images', 0),
  ('compressed-image-needs-newer-driver', '*', 'images', 0), ('image-not-guaranteed', '*', 'images', 0), ('jit-toolchain-too-old', '*', 'images', 0), ('jit-toolchain-drops-gpu', '*', 'images', 0),
  ('minor-version-compatible', '*', 'driver-runtime', 1), ('ptx-jit', '*', 'images', 2), ('native-image', '*', 'images', 3), ('driver-sufficient', '*', 'driver-runtime', 4), ('build-exists', '*', 'framework', 8), ('target-consistent', '*', 'driver-card', 9);

-- MiB of the card. A context alone takes some 300; what an idle card has in use is less.
CREATE TABLE doctor_limit (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
INSERT INTO doctor_limit VALUES ('free-for-a-context', 400), ('used-by-a-program', 1000);

-- The candidate that stands for each subject (0: the target alone), and whether the answer is about it.
CREATE TABLE doctor_candidate (
  candidate_id INTEGER PRIMARY KEY,
  subject_id INTEGER NOT NULL,
  kind TEXT NOT NULL,                          -- framework, extension …; '-' the target alone
  leads INTEGER NOT NULL
) STRICT;

-- Every rule that fired for these candidates, beside its check. A package that has no CUDA by its nature is not blamed for it beside one that has.
CREATE TABLE doctor_fired (
  check_id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  severity INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  merit INTEGER NOT NULL,
  subject_id INTEGER NOT NULL,
  candidate_id INTEGER NOT NULL,
  conclusion_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  summary TEXT NOT NULL,
  place TEXT NOT NULL
) STRICT;

CREATE VIEW doctor_fired_now AS
  SELECT check_id, rule_id, severity, stage, merit, subject_id, candidate_id, conclusion_id, subject, summary,
         coalesce((SELECT o.place FROM observed_sighting o WHERE premises = 'observed_sighting/' || o.sighting_id),
                  (SELECT o.place FROM observed_gpu o WHERE premises = 'observed_gpu/' || o.gpu_id),
                  (SELECT o.place FROM observed_package o WHERE premises = 'observed_package/' || o.package_id),
                  (SELECT o.place FROM observed_requirement o WHERE premises = 'observed_requirement/' || o.requirement_id),
                  (SELECT o.place FROM observed_piece o WHERE premises = 'observed_piece/' || o.piece_id),
                  (SELECT o.path FROM observed_python o WHERE premises = 'observed_python/' || o.python_id),
                  (SELECT f.place FROM observed_finding f WHERE conclusion_id = 'seen_in_reports/' || f.finding_id), '') AS place
    FROM (SELECT coalesce(n.check_id, r.check_id) AS check_id, c.rule_id, s.severity, u.stage, coalesce(n.merit, r.merit) AS merit, min(d.subject_id) AS subject_id, d.candidate_id,
                 c.conclusion_id, c.subject, c.summary, c.premises, max(d.leads) AS leads
            FROM doctor_candidate d JOIN applied a ON a.candidate_id = d.candidate_id JOIN concluded c ON c.rowid = a.conclusion
            JOIN rule u ON u.rule_id = c.rule_id JOIN severity s ON s.verdict = u.verdict
            LEFT JOIN doctor_rule n ON n.rule_id = c.rule_id AND n.subject <> '*' AND c.subject GLOB n.subject JOIN doctor_rule r ON r.rule_id = c.rule_id AND r.subject = '*'
           WHERE (s.severity < 2 OR d.leads = 1 OR s.severity = 3 AND d.subject_id = 0)  -- the answer is about one framework; what is wrong with another is a caveat
             AND NOT (c.premises = '-' AND EXISTS (SELECT 1 FROM applied x JOIN concluded y ON y.rowid = x.conclusion JOIN rule v ON v.rule_id = y.rule_id JOIN severity z ON z.verdict = v.verdict
                        WHERE x.candidate_id = d.candidate_id AND v.rule_id <> c.rule_id AND z.severity >= s.severity))  -- it rests on nothing else having fired
             AND NOT (c.rule_id = 'unknown-driver' AND EXISTS (SELECT 1 FROM machine_state m WHERE m.hardware = 1 AND m.works = 1 AND EXISTS (SELECT 1 FROM asked_system y WHERE y.os = m.os)))  -- it is seen to start
           GROUP BY c.rule_id, c.summary
          UNION ALL
          SELECT r.check_id, c.rule_id, s.severity, u.stage, r.merit, c.scope_key, 0, c.conclusion_id, c.subject, c.summary, c.premises, 1
            FROM concluded c JOIN rule u ON u.rule_id = c.rule_id JOIN severity s ON s.verdict = u.verdict JOIN doctor_rule r ON r.rule_id = c.rule_id AND r.subject = '*'
           WHERE c.scope = 'subject' AND c.scope_key = (SELECT min(subject_id) FROM asked_subject));

-- doctor_step as a table: several questions are asked of it.
CREATE TABLE doctor_result (
  position INTEGER PRIMARY KEY,
  check_id TEXT NOT NULL,
  title TEXT NOT NULL,
  class TEXT NOT NULL,
  status TEXT NOT NULL,                        -- passed failed unknown skipped
  detail TEXT NOT NULL,
  place TEXT NOT NULL,
  rule_id TEXT NOT NULL,                       -- that fired; '' none
  severity INTEGER NOT NULL,                   -- 0: nothing to blame
  follows TEXT NOT NULL,                       -- the first failed check that it needs and that is a cause; '' none: then it is one itself
  subject_id INTEGER NOT NULL,
  subject TEXT NOT NULL,                       -- what the rule says it of
  summary TEXT NOT NULL,                       -- detail, without the word that it is for later
  card TEXT NOT NULL                           -- the card that the subject is, where programs do not see that one: 10de:1f97; '' none
) STRICT;

-- The memory of the card that has most of it free, and of the first, which a program takes where nothing else is chosen.
CREATE VIEW doctor_memory AS
  SELECT max(g.free_mib) AS free, g.memory_mib AS mib, g.place, (SELECT o.free_mib FROM observed_gpu o WHERE o.free_mib IS NOT NULL AND o.memory_mib > 0 ORDER BY o.bus, o.gpu_id LIMIT 1) AS first_free,
         (SELECT o.memory_mib FROM observed_gpu o WHERE o.free_mib IS NOT NULL AND o.memory_mib > 0 ORDER BY o.bus, o.gpu_id LIMIT 1) AS first_mib
    FROM observed_gpu g WHERE g.free_mib IS NOT NULL AND g.memory_mib > 0;

-- What to do when a check fails and no rule names why: another card where one has memory, then what the check itself says.
CREATE VIEW doctor_advice AS
  SELECT 'memory' AS check_id, 1 AS rank, 'Let the program see a card that has memory free (number as nvidia-smi shows it)' AS advice,
         'export CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES=' || (row_number() OVER (ORDER BY bus) - 1) AS command, free_mib
    FROM observed_gpu WHERE (SELECT count(*) FROM card_number) > 1 AND free_mib IS NOT NULL AND EXISTS (SELECT 1 FROM machine_state WHERE os <> 'windows')
  UNION ALL
  SELECT check_id, 2, advice, command, NULL FROM doctor_check WHERE advice <> '-';

-- What is seen of a check where no rule complains: passed or skipped with the reason; failed: a symptom, or what no rule explains.
CREATE VIEW doctor_evidence AS
  SELECT 'card' AS check_id, 'passed' AS status, coalesce(nullif(g.name, ''), 'a card') || coalesce(' (' || (SELECT group_concat(x.value, ', ') FROM observed_sighting x WHERE x.key = 'pci.nvidia' AND x.found = 1) || ')', '') AS detail, g.place
    FROM machine_state m JOIN observed_gpu g ON g.gpu_id = (SELECT min(gpu_id) FROM observed_gpu) WHERE m.card = 1
  UNION ALL SELECT 'card', 'passed', s.value, s.place FROM machine_state m JOIN observed_sighting s ON s.key IN ('jetson', 'pci.nvidia') AND s.found = 1 WHERE NOT EXISTS (SELECT 1 FROM observed_gpu)
  UNION ALL SELECT 'card', 'skipped', 'WSL has no PCI bus', '' FROM machine_state WHERE wsl IS NOT NULL AND card IS NOT 1
  UNION ALL SELECT 'wsl', 'skipped', 'this is not WSL', '' FROM machine_state WHERE wsl IS NULL
  UNION ALL SELECT 'wsl', 'passed', s.place || ' and the Windows driver''s libcuda are there', s.place FROM machine_state JOIN observed_sighting s ON s.key = 'dev.dxg' AND s.found = 1 WHERE wsl = '2'
  UNION ALL SELECT 'container', 'skipped', 'this is not a container', '' FROM machine_state WHERE container IS NULL
  UNION ALL SELECT 'container', 'passed', container || ': libcuda is there', coalesce((SELECT place FROM observed_sighting WHERE key = 'libcuda' AND found = 1), '') FROM machine_state WHERE container IS NOT NULL AND library <> ''
  UNION ALL SELECT 'container-gate', 'skipped', 'no image asks for a driver', '' FROM machine_state WHERE NOT EXISTS (SELECT 1 FROM observed_gate)
  UNION ALL SELECT 'container-gate', 'passed', CASE m.works WHEN 1 THEN 'the container runs, so NVIDIA_REQUIRE_CUDA did not stop it' ELSE 'NVIDIA_REQUIRE_CUDA holds' END, 'NVIDIA_REQUIRE_CUDA' FROM machine_state m WHERE EXISTS (SELECT 1 FROM observed_gate) AND (m.kernel_driver IS NOT NULL OR m.works = 1)
  UNION ALL SELECT 'driver-files', 'passed', l.name || coalesce(' ' || nullif(l.version, ''), ''), l.path FROM machine_state m JOIN observed_library l ON l.library_id = (SELECT min(library_id) FROM observed_library WHERE kind IN ('system', 'injected', 'wsl', 'tegra')) WHERE m.installed = 1
  UNION ALL SELECT 'driver-files', 'passed', 'kernel driver ' || kernel_driver, '' FROM machine_state WHERE kernel_driver IS NOT NULL
  UNION ALL SELECT 'driver-files', CASE WHEN container IS NOT NULL OR loaded IS NULL AND card IS NULL THEN 'skipped' ELSE 'failed' END, CASE WHEN container IS NOT NULL THEN 'a container gets them from its host' WHEN loaded IS NULL AND card IS NULL THEN 'an image holds no driver' ELSE 'no driver is installed' END, '' FROM machine_state JOIN observed_sighting v ON v.key = 'view' WHERE installed = 0
  UNION ALL SELECT 'driver-card', 'passed', 'branch ' || r.branch || ' drives ' || coalesce(d.name, d.given), '' FROM machine_state JOIN asked_driver r ON r.stated = 1 AND r.branch IS NOT NULL JOIN asked_device d ON d.stated = 1 AND d.cc IS NOT NULL
  UNION ALL SELECT 'driver-card', 'passed', 'JetPack ' || jetpack || ' brings its driver', '' FROM asked_target WHERE jetpack IS NOT NULL
  UNION ALL SELECT 'driver-card', 'skipped', CASE WHEN wsl IS NOT NULL THEN 'Windows drives the card' ELSE 'the board brings its driver' END, '' FROM machine_state WHERE wsl IS NOT NULL OR tegra = 1
  UNION ALL SELECT check_id, 'skipped', CASE WHEN wsl IS NOT NULL THEN 'WSL loads no NVIDIA module' WHEN tegra = 1 THEN 'the board''s own kernel drives the card' ELSE 'Windows has no such thing' END, ''
      FROM machine_state m JOIN doctor_check c ON c.check_id IN ('module-signature', 'card-owner', 'module', 'driver-halves', 'uvm') AND (wsl IS NOT NULL OR tegra = 1 OR os = 'windows' AND c.check_id IN ('module-signature', 'uvm', 'driver-halves'))
  UNION ALL SELECT 'module-signature', 'passed', 'the module is loaded', '/proc/modules' FROM machine_state WHERE loaded = 1
  UNION ALL SELECT 'module-signature', 'passed', 'Secure Boot is off', s.place FROM observed_sighting s WHERE s.key = 'secure-boot' AND (s.found = 0 OR s.value = 'off')
  UNION ALL SELECT 'card-owner', 'passed', 'bound to ' || s.value, s.place FROM observed_sighting s WHERE s.key = 'pci.driver'
  UNION ALL SELECT 'card-owner', 'passed', 'the driver has it', '' FROM machine_state WHERE works = 1
  UNION ALL SELECT 'module', 'passed', coalesce('version ' || kernel_driver, 'loaded') || coalesce(', ' || (SELECT module_flavour FROM asked_target) || ' modules', ''), '/proc/driver/nvidia/version' FROM machine_state WHERE loaded = 1
  UNION ALL SELECT 'device-files', 'passed', s.place || ' is there', s.place FROM observed_sighting s WHERE s.key IN ('dev.nvidiactl', 'dev.dxg', 'dev.nvmap', 'dev.nvhost-ctrl-gpu') AND s.found = 1
  UNION ALL SELECT 'device-files', 'passed', 'nvidia-modprobe makes them at the first use', '/usr/bin/nvidia-modprobe' FROM machine_state WHERE loaded = 1 AND maker = 'setuid'
  UNION ALL SELECT 'device-files', 'skipped', 'Windows has no such files', '' FROM machine_state WHERE os = 'windows'
  UNION ALL SELECT 'device-rights', 'passed', s.place || ' opens', s.place FROM observed_sighting s WHERE s.key IN ('dev.nvidiactl', 'dev.dxg', 'dev.nvmap', 'dev.nvhost-ctrl-gpu') AND s.value = 'rw'
  UNION ALL SELECT 'device-rights', 'skipped', 'Windows has no such files', '' FROM machine_state WHERE os = 'windows'
  UNION ALL SELECT 'card-starts', 'passed', 'NVML counts ' || s.value, s.place FROM observed_sighting s WHERE s.key = 'nvml.count' AND s.value <> '0'
  UNION ALL SELECT 'card-starts', 'passed', 'the CUDA driver counts ' || cards, '' FROM machine_state WHERE works = 1
  UNION ALL SELECT 'card-starts', 'failed', 'NVML gives ' || s.value || coalesce(', ' || (SELECT value FROM observed_sighting WHERE key = 'nvml.init.name'), ''), s.place FROM machine_state m JOIN observed_sighting s ON s.key = 'nvml.init' AND s.value NOT IN ('0', '12') WHERE m.works = 0 AND m.tegra = 0
  UNION ALL SELECT 'cards', 'skipped', 'there is one card', '' FROM machine_state WHERE (SELECT count(*) FROM observed_gpu) = 1
  UNION ALL SELECT 'cards', 'skipped', 'a container or a scheduler gives them away one by one', '' FROM machine_state m WHERE m.container IS NOT NULL OR EXISTS (SELECT 1 FROM observed_sighting WHERE key = 'scheduler' AND found = 1)
  UNION ALL SELECT 'cards', 'passed', CASE WHEN CAST(s.value AS INTEGER) > (SELECT cards FROM machine_state) THEN 'each answers NVML; the CUDA driver counts ' || (SELECT cards FROM machine_state) ELSE 'each answers' END || coalesce('; ' || (SELECT count(*) || ' kept for virtual machines' FROM observed_gpu v WHERE v.kernel_driver IN ('vfio-pci', 'pci-stub', 'xen-pciback') HAVING count(*) > 0), ''), s.place FROM observed_sighting s
      WHERE s.key = 'nvml.count' AND s.value <> '0' AND (SELECT count(*) FROM observed_gpu) > 1
  UNION ALL SELECT 'libcuda', 'passed', 'libcuda' || coalesce(' ' || nullif(l.version, ''), '') || ' (' || l.kind || CASE l.found_by WHEN '' THEN '' ELSE ', found by ' || l.found_by END || ')', l.path FROM machine_state m JOIN observed_library l ON l.name = 'libcuda' AND l.wins = 1 WHERE l.kind NOT IN ('stub', 'empty')
  UNION ALL SELECT 'driver-halves', 'passed', 'both are ' || m.kernel_driver, l.path FROM machine_state m JOIN observed_library l ON l.wins = 1 AND l.version_key = m.kernel_driver_key
  UNION ALL SELECT 'driver-halves', 'passed', 'the driver starts', '' FROM machine_state WHERE works = 1
  UNION ALL SELECT 'forward-compat', 'passed', 'no cuda-compat package in front', '' FROM machine_state WHERE library NOT IN ('compat', '')
  UNION ALL SELECT 'uvm', 'passed', '/dev/nvidia-uvm opens', s.place FROM observed_sighting s WHERE s.key = 'dev.nvidia-uvm' AND s.value = 'rw'
  UNION ALL SELECT 'uvm', 'passed', 'the driver starts', '' FROM machine_state WHERE works = 1
  UNION ALL SELECT 'fabric', 'skipped', 'no NVSwitch here', '' FROM machine_state WHERE NOT EXISTS (SELECT 1 FROM observed_sighting WHERE key IN ('pci.nvswitch', 'gpu.fabric') AND found = 1)
  UNION ALL SELECT 'fabric', 'passed', 'the driver starts', '' FROM machine_state WHERE works = 1
  UNION ALL SELECT 'mig', 'passed', CASE max(g.mig) WHEN 'enabled' THEN group_concat(DISTINCT CASE g.mig WHEN 'enabled' THEN g.name || ': ' || g.mig_instances || ' instances' END) ELSE 'MIG is off' END, g.place FROM observed_gpu g WHERE g.compute_mode <> '' HAVING count(*) > 0
  UNION ALL SELECT 'licence', 'skipped', 'no virtual card', '' FROM machine_state WHERE NOT EXISTS (SELECT 1 FROM observed_gpu WHERE licence <> '')
  UNION ALL SELECT 'licence', 'passed', 'licensed', g.place FROM observed_gpu g WHERE g.licence = 'licensed'
  UNION ALL SELECT 'compute-mode', 'passed', 'compute mode ' || replace(group_concat(DISTINCT g.compute_mode), '_', ' '), g.place FROM observed_gpu g WHERE g.compute_mode <> '' HAVING count(*) > 0
  UNION ALL SELECT 'visible', 'passed', 'CUDA_VISIBLE_DEVICES is not set', '' FROM observed_sighting v WHERE v.key = 'view' AND v.value <> 'root' AND NOT EXISTS (SELECT 1 FROM observed_sighting WHERE key = 'env.CUDA_VISIBLE_DEVICES' AND found = 1)
  UNION ALL SELECT 'visible', 'passed', 'CUDA_VISIBLE_DEVICES is "' || s.value || '"' || coalesce('; "' || (SELECT nullif(r.value, '') FROM observed_sighting r WHERE r.key = 'visible.refused') || '" names no card here and ends the list', ''), s.place FROM observed_sighting s WHERE s.key = 'env.CUDA_VISIBLE_DEVICES' AND s.found = 1
  UNION ALL SELECT 'init', 'passed', 'cuInit succeeds; cards: ' || m.cards, s.place FROM machine_state m JOIN observed_sighting s ON s.key = 'libcuda.init' WHERE m.works = 1
  UNION ALL SELECT 'init', 'failed', 'cuInit gives ' || s.value || coalesce(' ' || (SELECT value FROM observed_sighting WHERE key = 'libcuda.init.name'), ''), coalesce((SELECT value FROM observed_sighting WHERE key = 'libcuda.path'), s.place) FROM observed_sighting s WHERE s.key = 'libcuda.init' AND s.value <> '0'
  UNION ALL SELECT 'init', 'failed', 'libcuda does not open: ' || s.value, s.place FROM observed_sighting s WHERE s.key = 'libcuda.opened' AND s.value NOT IN ('ok', '')
  UNION ALL SELECT 'init', 'failed', 'the driver did not answer: ' || s.value, s.place FROM observed_sighting s WHERE s.key = 'libcuda.status' AND s.value NOT IN ('done', '')
  UNION ALL SELECT 'init', 'failed', 'cuInit succeeds and counts no card', s.place FROM observed_sighting s WHERE s.key = 'libcuda.count' AND s.value = '0'
  UNION ALL SELECT 'memory', CASE WHEN f.first_free < l.value THEN 'failed' ELSE 'passed' END,
             CASE WHEN f.free >= l.value AND f.first_free < l.value THEN 'Of ' || f.first_mib || ' MiB of the first card, which programs take where nobody chooses, ' || f.first_free || ' are free: too little for a CUDA context. Another program holds the rest; ' || f.free || ' are free on another card.'
                  ELSE 'Of ' || f.mib || ' MiB, ' || f.free || ' are free' || CASE WHEN f.free < l.value THEN ': too little for a CUDA context. Another program holds the rest.' ELSE '' END END, f.place
      FROM doctor_limit l CROSS JOIN doctor_memory f WHERE l.name = 'free-for-a-context' AND f.free IS NOT NULL
  UNION ALL SELECT 'containers', 'skipped', CASE WHEN container IS NOT NULL THEN 'this is a container' WHEN EXISTS (SELECT 1 FROM observed_sighting WHERE key = 'docker' AND found = 1) THEN 'Docker has no NVIDIA runtime, which only containers need' ELSE 'no Docker here' END, '' FROM machine_state
      WHERE NOT EXISTS (SELECT 1 FROM observed_sighting WHERE key = 'docker.runtime.nvidia' AND found = 1)
  UNION ALL SELECT 'containers', 'passed', 'the NVIDIA runtime is registered', s.place FROM observed_sighting s WHERE s.key = 'docker.runtime.nvidia' AND s.found = 1
  UNION ALL SELECT 'python', 'passed', 'Python ' || y.version || coalesce('; ' || (SELECT group_concat(substr(s.key, 8) || ' names ' || s.place || ', which is not there or may not be read', '; ') FROM observed_sighting s WHERE s.key IN ('python.VIRTUAL_ENV', 'python.CONDA_PREFIX') AND s.found = 0), ''), y.path FROM observed_python y WHERE y.active = 1
  UNION ALL SELECT 'framework', 'passed', group_concat(q.given, ', '), coalesce((SELECT o.env FROM observed_package o WHERE o.active = 1 LIMIT 1), '') FROM asked_subject q WHERE EXISTS (SELECT 1 FROM asked_build b WHERE b.subject_id = q.subject_id) HAVING count(*) > 0
  UNION ALL SELECT 'python', 'skipped', 'nothing says which of the ' || count(*) || ' Pythons runs; each framework is judged', '' FROM observed_python HAVING count(*) > 0 AND max(active) = 0
  UNION ALL SELECT 'framework', 'skipped', 'this Python holds no framework; CUDA itself needs none', '' FROM observed_python y WHERE y.active = 1 AND NOT EXISTS (SELECT 1 FROM asked_subject)
  UNION ALL SELECT 'cuda-build', 'passed', b.package || ' ' || b.version || ' carries CUDA ' || b.cuda, '' FROM doctor_candidate d JOIN asked_build b ON b.candidate_id = d.candidate_id WHERE d.leads = 1 AND b.device = 'cuda' AND b.kind = 'package'
  UNION ALL SELECT c.check_id, 'passed', CASE c.check_id WHEN 'libraries' THEN 'nothing that it names is missing or too old' ELSE 'nothing that was seen contradicts' END, '' FROM doctor_check c JOIN doctor_candidate d ON d.leads = 1 AND d.subject_id > 0 WHERE c.check_id IN ('libraries', 'extensions')
  UNION ALL SELECT c.check_id, 'skipped', 'there is no framework to judge', '' FROM doctor_check c WHERE c.check_id IN ('cuda-build', 'driver-runtime', 'libraries', 'extensions', 'images') AND NOT EXISTS (SELECT 1 FROM asked_subject)
  UNION ALL SELECT f.check_id, 'passed', f.summary, '' FROM doctor_fired f WHERE f.severity = 0 AND f.merit BETWEEN 1 AND 7
  UNION ALL SELECT 'launch', 'skipped', l.detail, '' FROM observed_launch l WHERE l.status = 'skipped' AND l.device = -1
  UNION ALL SELECT 'launch', 'passed', 'PTX and cubin ran and gave the right result on ' || count(DISTINCT l.device) || CASE count(DISTINCT l.device) WHEN 1 THEN ' card' ELSE ' cards' END || coalesce('; the first compilation took ' || (SELECT ms FROM observed_launch WHERE step = 'load ptx' LIMIT 1) || ' ms', ''), 'libcuda'
      FROM observed_launch l WHERE l.device >= 0 AND NOT EXISTS (SELECT 1 FROM observed_launch WHERE status = 'failed') HAVING count(*) > 0;

-- For each check what stands: the worst rule that fired, else the evidence; and what it follows from: the first among those it needs that failed
-- and follows from none.
CREATE VIEW doctor_step AS
  WITH RECURSIVE
  worst AS MATERIALIZED (SELECT check_id, rule_id, severity, subject_id, merit, subject, summary, place, max(severity * 1000 - stage) FROM doctor_fired WHERE severity > 0 GROUP BY check_id),
  by_hand AS MATERIALIZED (SELECT c.check_id FROM doctor_check c JOIN machine_state m ON m.hardware = 0 WHERE c.position < 60 AND c.check_id <> 'driver-card' AND (c.check_id <> 'card' OR EXISTS (SELECT 1 FROM asked_device WHERE stated = 1))),  -- which facts alone decide
  seen AS MATERIALIZED (SELECT check_id, status, detail, place, min(CASE status WHEN 'failed' THEN 0 WHEN 'passed' THEN 1 ELSE 2 END)
                          FROM (SELECT * FROM doctor_evidence WHERE check_id NOT IN by_hand UNION ALL SELECT check_id, 'skipped', 'the card or the driver is stated by hand', '' FROM by_hand) GROUP BY check_id),
  failed AS MATERIALIZED (SELECT c.check_id, c.position FROM doctor_check c LEFT JOIN worst w ON w.check_id = c.check_id LEFT JOIN seen s ON s.check_id = c.check_id WHERE w.severity = 3 OR w.merit = -1 OR s.status = 'failed'),
  behind(check_id, needs) AS (SELECT check_id, needs FROM doctor_need UNION SELECT b.check_id, n.needs FROM behind b JOIN doctor_need n ON n.check_id = b.needs),
  cause AS MATERIALIZED (SELECT b.check_id, f.check_id AS follows, min(f.position) FROM behind b JOIN failed f ON f.check_id = b.needs
                          WHERE NOT EXISTS (SELECT 1 FROM behind x JOIN failed y ON y.check_id = x.needs WHERE x.check_id = f.check_id) GROUP BY b.check_id)
  SELECT position, check_id, title, class, CASE WHEN later THEN 'skipped' ELSE status END AS status, CASE WHEN later THEN 'for later: ' ELSE '' END || summary AS detail, place, rule_id, severity, follows,
         subject_id, subject, summary, coalesce((SELECT g.pci FROM observed_gpu g WHERE g.pci = subject AND g.pci <> '' LIMIT 1), '') AS card
  FROM (SELECT c.position, c.check_id, c.title, c.class, c.own = 'yes' AND k.follows IS NOT NULL AND w.severity > 0 AS later,
         CASE WHEN w.severity = 3 OR s.status = 'failed' THEN 'failed' WHEN w.severity IS NOT NULL THEN 'unknown' WHEN s.status IS NOT NULL AND NOT (s.status = 'skipped' AND k.follows IS NOT NULL) THEN s.status
              WHEN k.follows IS NOT NULL THEN 'skipped' ELSE 'unknown' END AS status,
         CASE WHEN w.summary IS NOT NULL THEN w.summary WHEN s.detail IS NOT NULL THEN s.detail WHEN k.follows IS NOT NULL THEN coalesce((SELECT l.lack || ', so nothing to examine' FROM doctor_lack l WHERE l.check_id = k.follows), 'not examined') ELSE c.not_known END AS summary,
         coalesce(nullif(w.place, ''), s.place, '') AS place, coalesce(w.rule_id, '') AS rule_id, coalesce(w.severity, CASE WHEN s.status = 'failed' AND c.alone <> '-' THEN (SELECT severity FROM severity WHERE verdict = c.alone) ELSE 0 END) AS severity,
         coalesce(k.follows, '') AS follows, coalesce(w.subject_id, 0) AS subject_id, coalesce(w.subject, '') AS subject
    FROM doctor_check c LEFT JOIN worst w ON w.check_id = c.check_id LEFT JOIN seen s ON s.check_id = c.check_id LEFT JOIN cause k ON k.check_id = c.check_id);
