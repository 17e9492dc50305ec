-- title: A name of two chips
-- question: Was the card stated by a name that the PCI list has on another chip as well?
-- when: EXISTS (SELECT 1 FROM asked_device WHERE gpu_id GLOB '*@*')
-- rule: name-of-two-chips | caveat | 99 | - | The PCI list has a second card of this name, on a chip of another compute capability.
-- source: pci-ids | names of device ids

CREATE VIEW name_of_two_chips AS
  SELECT 'name_of_two_chips/' || d.device_id AS conclusion_id, 'system' AS scope, NULL AS scope_key, NULL AS driver_os, d.device_id, NULL AS driver_id,
         'name-of-two-chips' AS rule_id, d.name AS subject,
         'Some cards called ' || d.name || ' have compute capability ' || o.cc || ' by the PCI list alone' ||
         coalesce(' (' || (SELECT group_concat('10de:' || p.device_id, ', ') FROM gpu_pci p WHERE p.gpu_id = o.gpu_id) || ')', '') || '; this answer is for ' || d.cc || '. State the PCI id to be sure.' AS summary,
         'gpu/' || d.gpu_id || ' gpu/' || o.gpu_id AS premises
    FROM asked_device d JOIN gpu g ON g.gpu_id = d.gpu_id AND g.standing <> 'pci-only'
    JOIN gpu o ON o.name_key = g.name_key AND o.standing = 'pci-only' AND o.cc_key <> g.cc_key
   WHERE d.stated = 1 AND instr(d.given, ':') = 0;
