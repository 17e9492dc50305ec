-- Compute capabilities, the targets that compilers build for them, and what each can do.

CREATE TABLE compute_capability (
  cc TEXT NOT NULL PRIMARY KEY,
  cc_key INTEGER NOT NULL,                     -- cc(cc)
  architecture TEXT NOT NULL,                  -- Kepler, Maxwell, … as the vendor names the generation
  board TEXT NOT NULL CHECK (board IN ('card','embedded','module')),  -- embedded: cubins are apart from those of cards (5.3 6.2 7.2 8.7 …)
  renamed_to TEXT NOT NULL,                    -- 10.1 → 11.0; '-' otherwise
  renamed_to_key INTEGER,                      -- cc(renamed_to)
  typical TEXT NOT NULL,                       -- two or three cards people know
  years TEXT NOT NULL,                         -- when its cards were launched: '2018-2020'; unsaid allowed
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- One row per sm target of any toolkit; 47 of them. The compute_ target of the same number has the same rules.
CREATE TABLE architecture (
  target TEXT NOT NULL PRIMARY KEY CHECK (target GLOB 'sm_[0-9]*'),
  cc TEXT NOT NULL REFERENCES compute_capability,
  cc_key INTEGER NOT NULL,                     -- cc(cc)
  suffix TEXT NOT NULL CHECK (suffix IN ('-','a','f')),
  virtual_target TEXT NOT NULL,                -- compute_20 for sm_21
  first_toolkit TEXT NOT NULL,
  first_toolkit_key INTEGER,                   -- dotted(first_toolkit)
  last_toolkit TEXT NOT NULL,                  -- 'open' while compilers still build for it
  last_toolkit_key INTEGER,                    -- dotted(last_toolkit)
  deprecated_since TEXT NOT NULL,
  first_ptx_isa TEXT NOT NULL,
  first_ptx_isa_key INTEGER,                   -- dotted(first_ptx_isa)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- On which capabilities an arch-specific (a) or family-specific (f) target runs; base targets follow the rule of their major.
CREATE TABLE target_family (
  target TEXT NOT NULL CHECK (target GLOB 'compute_[0-9]*[af]'),
  cc TEXT NOT NULL REFERENCES compute_capability,
  cc_key INTEGER NOT NULL,                     -- cc(cc)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (target, cc)
) STRICT;

-- Where a cubin of a card may run on an embedded capability after all (Orin from JetPack 7.2), not promised by the vendor.
CREATE TABLE embedded_exception (
  image_cc TEXT NOT NULL REFERENCES compute_capability,
  image_cc_key INTEGER NOT NULL,               -- cc(image_cc)
  device_cc TEXT NOT NULL REFERENCES compute_capability,
  device_cc_key INTEGER NOT NULL,              -- cc(device_cc)
  from_jetpack TEXT NOT NULL,
  from_jetpack_key INTEGER NOT NULL,           -- dotted(from_jetpack)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (image_cc, device_cc)
) STRICT;

-- What a capability can do: feature names as in the programming guide, values as text ('yes','no','1/64','48').
CREATE TABLE capability_feature (
  cc TEXT NOT NULL REFERENCES compute_capability,
  feature TEXT NOT NULL,
  value TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (cc, feature)
) STRICT;
