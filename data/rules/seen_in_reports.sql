-- title: What reports, logs and probes have seen
-- question: What does the machine, or a text about it, show that no table can know?
-- when: EXISTS (SELECT 1 FROM observed_finding) OR EXISTS (SELECT 1 FROM observed_report WHERE what = 'other-vendor')
-- These cases are recognised by the probe, in a report, a log or a scanned file, and passed through here so that they take
-- part in the verdict: their order among all other rules is the stage. Nothing that a query alone states fires them.
-- A line of the kernel log says nothing against a driver that starts now, nor does any report against one that is stated by hand. machine_*.sql and python_environment.sql fire these rules too.
-- rule: wrong-python | incompatible | 3 | - | Another Python runs than the one that holds the framework.
-- rule: framework-not-installed | incompatible | 4 | - | The framework is not installed in the Python that runs.
-- rule: not-an-nvidia-gpu | unknown | 6 | - | The card or the software stack is another vendor's; nothing here applies to it.
-- rule: container-runtime-missing | incompatible | 20 | - | The container engine has no NVIDIA runtime, so the container does not start.
-- rule: container-requires-newer-driver | incompatible | 21 | - | The image asks for a newer CUDA driver and does not start; that gate is stricter than what the driver can run.
-- rule: driver-not-visible-in-container | incompatible | 22 | 100 | The container does not have the driver's libraries, which come from the host at run time.
-- rule: container-lost-gpu | incompatible | 23 | 100 | A running container has lost its rights to the device files; the host is fine.
-- rule: no-gpu | incompatible | 24 | 100 | There is no NVIDIA card in this machine, or it is not passed to it.
-- rule: wsl-no-gpu | incompatible | 24 | 35 | WSL does not see a card: WSL 1, no NVIDIA card, or a Windows driver or WSL kernel that is too old.
-- rule: wsl-driver-shadowed | incompatible | 24 | 100 | A Linux driver inside WSL covers the libraries that the Windows driver brings.
-- rule: driver-not-installed | incompatible | 25 | 100 | There is no NVIDIA driver.
-- rule: secure-boot-blocks-module | incompatible | 26 | 100 | Secure Boot refuses the driver's module, which is not signed with an enrolled key.
-- rule: nouveau-holds-gpu | incompatible | 26 | 100 | Another driver (nouveau) owns the card.
-- rule: driver-not-loaded | incompatible | 27 | 100 | The driver is installed, but its kernel module is not loaded.
-- rule: gpu-init-failed | incompatible | 28 | 100 | The module is loaded, but the card does not start: firmware setup, power, riser or pass-through.
-- rule: gpu-lost | incompatible | 28 | 100 | The card has fallen off the bus: hardware, power or heat.
-- rule: device-node-missing | incompatible | 29 | 100 | The driver's device files are missing.
-- rule: device-permission | incompatible | 29 | 100 | The user may not open the driver's device files.
-- rule: mig-without-instance | incompatible | 33 | 100 | The card is in MIG mode and has no instance.
-- rule: device-hidden | incompatible | 34 | 100 | The environment hides the card: CUDA_VISIBLE_DEVICES.
-- rule: vgpu-unlicensed | incompatible | 35 | 46 | The virtual card has no licence.
-- rule: device-busy | incompatible | 36 | 46 | Another process holds the card exclusively.
-- rule: uvm-not-ready | incompatible | 43 | 999 | The nvidia_uvm module is stale or its device file is missing; nvidia-smi does not need it, CUDA does.
-- rule: fabric-manager-down | incompatible | 44 | 802 | The NVSwitch fabric is not up: its service is missing, stopped, or of another version than the driver.
-- rule: library-missing | incompatible | 70 | - | A library that the build needs is not found.
-- rule: library-shadowed | incompatible | 71 | - | The library is found, but a wrong copy comes first.
-- rule: library-too-old | incompatible | 72 | - | The library is found and loaded, and older than the build demands.
-- rule: companion-mismatch | incompatible | 73 | - | Two packages that belong together do not: another version, or one of them without CUDA.
-- rule: extension-abi-mismatch | incompatible | 74 | - | An extension was compiled for another version of its framework.
-- rule: vc-runtime-missing | incompatible | 75 | - | The Visual C++ runtime is missing; CUDA has no part in it.
-- rule: nccl-cuda-error | incompatible | 79 | - | NCCL wraps a CUDA error: the first CUDA message above it is the cause.
-- rule: toolkit-differs-from-build | incompatible | 89 | - | The toolkit that compiles an extension is of another CUDA major than PyTorch was built with, or there is none.
-- rule: build-without-gpu | incompatible | 89 | - | The architectures were detected where no card, or another one, was visible.
-- rule: default-build-differs | caveat | 0 | - | What a plain pip install gives is worse than the build that was judged.
-- rule: words-not-understood | caveat | 0 | - | Words of the question that the data has no name for were left out of it.
-- rule: data-too-old | unknown | 0 | - | The data is older than the question allows (--strict-age).
-- rule: harmless-warning | caveat | 0 | - | The warning has no consequence (PyTorch before 2.11, for one, compares minor versions wrongly).
-- source: public-reports | the sentence of each case as reports and logs show it

-- "No kernel image" is said of one card of several: of those for which what is installed holds none, where there are such.
CREATE VIEW card_without_image AS
  SELECT d.device_id FROM asked_device d
   WHERE d.stated = 1 AND NOT EXISTS (SELECT 1 FROM image_taken i WHERE i.device_id = d.device_id AND i.rank <= 45)
     AND EXISTS (SELECT 1 FROM image_taken i WHERE i.rank <= 45);

-- A line that names a framework, and complains of what is installed, is that framework's own; the others are judged without it.
CREATE VIEW finding_about AS
  SELECT f.finding_id, b.package FROM observed_finding f JOIN rule r ON r.rule_id = f.rule_id AND (r.stage IN (1, 2) OR r.stage >= 50)
    JOIN package k ON k.kind = 'framework' AND k.package = f.package OR k.package IN (SELECT t.package FROM package_twin t WHERE t.twin = f.package)
    JOIN (SELECT DISTINCT package FROM judged_package) b ON b.package = k.package;

CREATE VIEW seen_in_reports AS
  SELECT 'seen_in_reports/' || f.finding_id || coalesce('/' || b.scope || '/' || b.scope_key, '') AS conclusion_id, coalesce(b.scope, 'system') AS scope, b.scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         CASE WHEN f.shown > 0 THEN 'works-by-facts-but-fails' ELSE f.rule_id END AS rule_id, f.subject,
         f.text || CASE f.place WHEN '' THEN '' ELSE ' (' || f.place || ')' END || CASE f.shown WHEN 1 THEN '; and yet it shows the card and its driver.' WHEN 2 THEN '; and yet the card is one.' ELSE '' END AS summary, '' AS premises
    FROM (SELECT *, CASE WHEN rule_id = 'package-needs-newer-gpu' AND floor_key <= (SELECT min(cc_key) FROM asked_device WHERE stated = 1) THEN 2 ELSE rule_id = 'no-gpu' AND EXISTS (SELECT 1 FROM observed_report WHERE what = 'gpu' AND count > 0) AND EXISTS (SELECT 1 FROM observed_report WHERE what = 'driver' AND count > 0) END AS shown FROM observed_finding) f
    LEFT JOIN finding_about a ON a.finding_id = f.finding_id LEFT JOIN judged_package b ON b.package = a.package
   WHERE NOT (f.place LIKE 'kernel log%' AND EXISTS (SELECT 1 FROM machine_state WHERE works = 1 OR hardware = 0))
     AND NOT (EXISTS (SELECT 1 FROM machine_state WHERE hardware = 0) AND f.rule_id IN (SELECT rule_id FROM rule WHERE stage BETWEEN 24 AND 49))
     AND (f.rule_id <> 'no-kernel-image' OR NOT EXISTS (SELECT 1 FROM card_without_image))
  UNION ALL
  SELECT 'seen_in_reports/' || f.finding_id || '/' || c.device_id, 'system', NULL, NULL, c.device_id, NULL,
         f.rule_id, f.subject, f.text || CASE f.place WHEN '' THEN '' ELSE ' (' || f.place || ')' END, ''
    FROM observed_finding f CROSS JOIN card_without_image c WHERE f.rule_id = 'no-kernel-image'
  UNION ALL
  SELECT 'seen_in_reports/other-vendor', 'system', NULL, NULL, NULL, NULL, 'not-an-nvidia-gpu', text,
         'The report is about ' || text || ', which is not NVIDIA''s: nothing here applies to it.', ''
    FROM observed_report WHERE what = 'other-vendor' AND count > 0
  UNION ALL
  SELECT 'seen_in_reports/card-unread', 'system', NULL, NULL, NULL, NULL, 'unknown-gpu', text, 'The report names a card in a line that was not understood: ' || text, ''
    FROM observed_report WHERE what = 'card-unread' AND count > 0 AND NOT EXISTS (SELECT 1 FROM asked_device WHERE stated = 1);
