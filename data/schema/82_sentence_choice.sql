-- Which rule a sentence means whose wording several rules share: the tables decide by the numbers in it. 'else' where
-- they know both sides and see nothing wrong.
CREATE VIEW sentence_choice AS
  SELECT CASE WHEN toolkit.value_key < a.first_toolkit_key THEN 'toolkit-too-old-for-gpu'
              WHEN toolkit.value_key > a.last_toolkit_key / 1000000000 * 1000000000 + 999999999 THEN 'toolkit-drops-gpu'
              ELSE 'else' END AS rule_id
    FROM observed_sentence target JOIN observed_sentence toolkit ON toolkit.name = 'toolkit'
    JOIN architecture a ON a.target = target.value OR a.target = 'sm_' || substr(target.value, 9) OR a.target = 'sm_' || substr(target.value, 5)
   WHERE target.name = 'target'
  UNION ALL
  SELECT CASE WHEN b.branch_key > s.last_branch_key THEN 'gpu-dropped-by-driver'
              WHEN b.branch_key < s.first_branch_key OR (b.branch_key = s.first_branch_key AND driver.value_key < s.first_version_key) THEN 'gpu-needs-newer-driver'
              ELSE 'else' END
    FROM observed_sentence pci JOIN observed_sentence driver ON driver.name = 'driver'
    JOIN gpu_pci p ON p.device_id = lower(substr(pci.value, 6))
    JOIN driver_support s ON s.cc_key = p.cc_key AND s.os = 'linux'
    JOIN driver_branch b ON b.os = 'linux' AND driver.value_key / 1000000000000 * 1000000000000 BETWEEN b.first_major_key AND b.last_major_key
   WHERE pci.name = 'pci'
  UNION ALL
  -- A compiler at run time that refuses the card: stated, or mostly the newest, which has dropped it.
  SELECT CASE WHEN toolkit.value_key BETWEEN t.first_key AND t.last_key THEN 'else'
              WHEN t.last_toolkit <> 'open' AND coalesce(toolkit.value_key > t.last_key, 1) THEN 'jit-toolchain-drops-gpu'
              ELSE 'jit-toolchain-too-old' END
    FROM observed_sentence card JOIN compute_capability c ON c.cc = card.value
    JOIN capability_toolkit t ON t.cc_key = coalesce(c.renamed_to_key, c.cc_key)
    LEFT JOIN observed_sentence toolkit ON toolkit.name = 'toolkit'
   WHERE card.name = 'capability';
