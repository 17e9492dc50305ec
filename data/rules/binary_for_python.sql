-- title: Files and Python
-- question: Is an extension for the Python that was stated?
-- when: EXISTS (SELECT 1 FROM asked_target WHERE python IS NOT NULL) AND EXISTS (SELECT 1 FROM asked_build WHERE kind = 'binary' AND pythons <> 'any')
-- rule: binary-for-other-python | incompatible | 3 | - | The extension is for another Python than the one that was stated.
-- source: python-packaging-tags | PEP 425: the Python and ABI tags of a wheel; PEP 3149: those of an extension

CREATE VIEW binary_for_python AS
  SELECT 'binary_for_python/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os, NULL AS device_id,
         NULL AS driver_id, 'binary-for-other-python' AS rule_id, b.package AS subject,
         b.package || ' is for Python ' || b.pythons || ', and Python ' || t.python || ' does not load it.' AS summary, '' AS premises
    FROM asked_target t CROSS JOIN asked_build b
   WHERE t.python IS NOT NULL AND b.kind = 'binary' AND b.pythons <> 'any' AND t.python <> b.pythons
     -- the stable ABI: a later Python, but not a free-threaded one
     AND NOT (b.pythons GLOB '* or newer' AND t.python NOT GLOB '*t' AND CAST(substr(t.python, 3) AS INTEGER) >= CAST(substr(b.pythons, 3) AS INTEGER));
