-- title: The card, as the bus, WSL and the container show it
-- question: Is there a card of NVIDIA that this system may use?
-- when: EXISTS (SELECT 1 FROM machine_state WHERE hardware = 1)

CREATE VIEW machine_bus AS
  SELECT 'machine_bus/' || rule_id || '/' || sighting_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         rule_id, subject, summary, 'observed_sighting/' || sighting_id AS premises
    FROM (
  SELECT 'not-an-nvidia-gpu' AS rule_id, v.name AS subject, min(s.sighting_id) AS sighting_id,
         'The only graphics card here is made by ' || v.name || ' (' || s.value || '): CUDA does not run on it, and nothing here applies to it.' AS summary
    FROM machine_state m JOIN observed_sighting s ON s.key = 'pci.display.other' JOIN pci_vendor v ON v.vendor_id = substr(s.value, 1, 4)
   WHERE m.card = 0 AND m.wsl IS NULL AND v.computes = 'yes' AND coalesce(m.installed, 0) = 0 GROUP BY v.name
  UNION ALL
  SELECT 'no-gpu', 'bus', s.sighting_id,
         CASE WHEN m.platform = 'hosted' THEN 'This machine was given no card: there is none of NVIDIA on its bus.'
              WHEN m.platform = 'vm' THEN 'No card of NVIDIA is passed to this virtual machine: its bus has none.'
              ELSE 'There is no card of NVIDIA on the bus.' END
    FROM machine_state m JOIN observed_sighting s ON s.key = 'pci.nvidia' AND s.found = 0
   WHERE m.card = 0 AND m.wsl IS NULL
     AND NOT (coalesce(m.installed, 0) = 0 AND EXISTS (SELECT 1 FROM observed_sighting x JOIN pci_vendor v ON v.vendor_id = substr(x.value, 1, 4)
                                         WHERE x.key = 'pci.display.other' AND v.computes = 'yes'))
  UNION ALL
  SELECT 'no-gpu', 'kept by ' || s.value, min(s.sighting_id), 'The card is bound to ' || s.value || ': it is kept for a virtual machine and not for this system.'
    FROM machine_state m JOIN observed_sighting s ON s.key = 'pci.driver' WHERE m.serves = 0 AND m.works = 0 GROUP BY s.value
  UNION ALL
  SELECT 'wsl-no-gpu', 'wsl', s.sighting_id, 'This is WSL 1, which has no access to graphics cards; only WSL 2 has.'
    FROM machine_state m JOIN observed_sighting s ON s.key = 'wsl' AND s.found = 1 WHERE m.wsl = '1' AND m.works = 0
  UNION ALL
  SELECT 'wsl-no-gpu', 'wsl', s.sighting_id,
         CASE s.key WHEN 'dev.dxg' THEN 'WSL shows no card: ' || s.place || ' is not there. Windows has no NVIDIA card or driver for WSL, or WSL is too old.'
                    ELSE 'Windows brings no CUDA driver into WSL: ' || s.place || ' is not there. The Windows driver is missing or too old.' END
    FROM machine_state m JOIN observed_sighting s ON s.key IN ('dev.dxg', 'wsl.libcuda') AND s.found = 0
   WHERE m.wsl = '2' AND m.works = 0 AND m.container IS NULL GROUP BY m.wsl HAVING min(s.key) IS NOT NULL
  UNION ALL
  SELECT 'container-requires-newer-driver', 'NVIDIA_REQUIRE_CUDA', s.sighting_id,
         'The image asks for ' || (SELECT group_concat(g.name || g.op || g.version, ', ') FROM observed_gate g WHERE g.alternative = (SELECT min(alternative) FROM observed_gate)) ||
         ', and this driver does CUDA ' || coalesce(t.cuda_driver, (SELECT max_cuda FROM asked_driver WHERE stated = 1 LIMIT 1)) || ': it is a gate of the image, stricter than what the driver can run.'
    FROM machine_state m CROSS JOIN asked_target t JOIN observed_sighting s ON s.key = 'env.NVIDIA_REQUIRE_CUDA' AND s.found = 1
   WHERE m.container IS NOT NULL AND coalesce(t.cuda_driver_key, (SELECT max_cuda_key FROM asked_driver WHERE stated = 1 LIMIT 1)) IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM observed_sighting d WHERE d.key = 'env.NVIDIA_DISABLE_REQUIRE' AND d.value IN ('1', 'true', 'True'))
     AND EXISTS (SELECT 1 FROM observed_gate)
     AND NOT (m.works = 1 AND EXISTS (SELECT 1 FROM observed_package p JOIN package k ON k.package = p.package WHERE k.kind = 'framework'))  -- it is past the gate
     AND NOT EXISTS (SELECT 1 FROM observed_gate a WHERE NOT EXISTS (
           SELECT 1 FROM observed_gate g WHERE g.alternative = a.alternative AND NOT CASE g.name
             WHEN 'cuda' THEN CASE g.op WHEN '>=' THEN coalesce(t.cuda_driver_key, (SELECT max_cuda_key FROM asked_driver WHERE stated = 1 LIMIT 1)) >= g.version_key
                                        WHEN '<' THEN coalesce(t.cuda_driver_key, (SELECT max_cuda_key FROM asked_driver WHERE stated = 1 LIMIT 1)) < g.version_key ELSE 1 END
             WHEN 'driver' THEN m.kernel_driver_key IS NOT NULL AND CASE g.op WHEN '>=' THEN m.kernel_driver_key >= g.version_key WHEN '<' THEN m.kernel_driver_key < g.version_key ELSE 1 END
             WHEN 'brand' THEN EXISTS (SELECT 1 FROM asked_device d WHERE d.stated = 1 AND (lower(d.name) LIKE '%' || g.version || '%' OR g.version = 'tesla' AND d.class = 'datacenter'))
             ELSE 1 END))
  UNION ALL
  SELECT 'container-runtime-missing', 'docker', s.sighting_id, 'Docker here does not know of the cards: no NVIDIA runtime is registered and no container toolkit is installed.' ||
         CASE WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'docker.snap' AND x.found = 1) THEN ' Docker comes from snap, which does not find one.' ELSE '' END
    FROM machine_state m JOIN observed_sighting s ON s.key = 'docker.runtime.nvidia' AND s.found = 0
   WHERE m.container IS NULL AND EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'nvidia-container-toolkit' AND x.found = 0)
     AND EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'docker' AND x.found = 1)
     AND NOT EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'cdi' AND x.found = 1)
     AND m.card = 1 AND coalesce(m.loaded, 1) = 1
     AND NOT EXISTS (SELECT 1 FROM observed_package p JOIN package k ON k.package = p.package WHERE k.kind = 'framework')
     AND NOT EXISTS (SELECT 1 FROM observed_python p WHERE p.active = 1 AND p.kind <> 'system')
  UNION ALL
  SELECT 'driver-not-visible-in-container', 'libcuda', s.sighting_id,
         CASE WHEN s.key = 'dev.nvidiactl' THEN 'The container has a libcuda of its own, and no device files of the cards: it was started without them.'
              WHEN EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key IN ('dev.nvidiactl', 'container.mount') AND x.found = 1)
                THEN 'The container was given the card but not libcuda: NVIDIA_DRIVER_CAPABILITIES must hold "compute".'
              ELSE 'The container does not have the driver: no libcuda and nothing mounted in from the host.' END
    FROM machine_state m JOIN observed_sighting s ON s.found = 0 AND s.key IN ('libcuda', 'dev.nvidiactl')
   WHERE m.container IS NOT NULL AND m.tegra = 0 AND m.works = 0 AND (m.wsl IS NOT NULL OR coalesce(m.loaded, 1) = 1)
     AND (s.key = 'libcuda' AND NOT (m.wsl IS NULL AND EXISTS (SELECT 1 FROM observed_sighting u WHERE u.key = 'libcuda.unreached' AND u.found = 1 AND u.place NOT LIKE '%/compat/%'))
       OR s.key <> 'libcuda' AND m.wsl IS NULL AND m.library <> '' AND NOT EXISTS (SELECT 1 FROM observed_sighting x WHERE x.key = 'container.mount' AND x.found = 1))
         ) WHERE sighting_id IS NOT NULL;
