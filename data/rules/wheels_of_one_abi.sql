-- title: C++ ABI of an extension
-- question: Is there a published wheel of the framework with the C++ ABI that this extension is built for?
-- when: EXISTS (SELECT 1 FROM asked_build WHERE package IN (SELECT package FROM pin_orphan))
-- rule: framework-of-other-abi | caveat | 0 | - | The published wheels of the framework have another C++ ABI: this file is for a framework that was compiled otherwise.
-- source: pytorch-wheel-abi | C++ ABI of the Linux wheels
-- source: flash-attn-repository | setup.py: the file is chosen by torch._C._GLIBCXX_USE_CXX11_ABI

CREATE VIEW wheels_of_one_abi AS
  SELECT 'wheels_of_one_abi/' || b.candidate_id AS conclusion_id, 'candidate' AS scope, b.candidate_id AS scope_key, NULL AS driver_os, NULL AS device_id, NULL AS driver_id,
         'framework-of-other-abi' AS rule_id, o.other AS subject,
         b.package || ' ' || b.version || '+' || b.tag || ' is built for another C++ ABI than the published wheels of ' || o.other || ' ' || o.other_version || ' have: its twin of the other ABI goes with those.' AS summary,
         o.fact AS premises
    FROM asked_build b JOIN pin_orphan o ON o.package = b.package AND o.version_key = b.version_key AND o.tag = b.tag
   WHERE b.kind = 'package';
