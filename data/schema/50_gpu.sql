-- Cards: names, capabilities, PCI ids. A name that fits several capabilities is several rows.

CREATE TABLE gpu (
  gpu_id TEXT NOT NULL PRIMARY KEY CHECK (gpu_id GLOB '[a-z0-9]*' AND gpu_id NOT GLOB '*[^a-z0-9@.+-]*'),
  name TEXT NOT NULL,                          -- the product's name without the vendor's: 'GeForce MX450'
  name_key TEXT NOT NULL,                      -- name(name)
  cc TEXT NOT NULL REFERENCES compute_capability,
  cc_key INTEGER NOT NULL,                     -- cc(cc)
  class TEXT NOT NULL CHECK (class IN ('geforce','geforce-notebook','titan','workstation','workstation-notebook','datacenter','embedded','module','mining','other')),
  chips TEXT NOT NULL,                         -- blank-separated, or unsaid
  memory_mib TEXT NOT NULL,                    -- blank-separated sizes it was sold with, or unsaid
  standing TEXT NOT NULL CHECK (standing IN ('listed','pci-only','secondary')),  -- listed: vendor list or driver name; pci-only: the PCI list alone
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;
CREATE INDEX gpu_by_name ON gpu (name_key);

-- Other spellings: what people and tools print. alias_key is compared without blanks, case and signs.
CREATE TABLE gpu_alias (
  alias TEXT NOT NULL,
  alias_key TEXT NOT NULL,                     -- name(alias)
  gpu_id TEXT NOT NULL REFERENCES gpu,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (alias, gpu_id)
) STRICT;
CREATE INDEX gpu_alias_by_key ON gpu_alias (alias_key);

-- The machine types of clouds that have a family of their own in gpu_alias ("AWS g6e", "GCP a2-highgpu"), each size that exists. Azure's are aliases.
CREATE TABLE cloud_type (
  type TEXT NOT NULL PRIMARY KEY,              -- 'p4d.24xlarge', 'a2-highgpu-8g'
  type_key TEXT NOT NULL,                      -- name(type)
  family TEXT NOT NULL,                        -- gpu_alias.alias: 'AWS p4d'
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

CREATE TABLE gpu_pci (
  device_id TEXT NOT NULL PRIMARY KEY CHECK (device_id GLOB '[0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),
  name TEXT NOT NULL,
  gpu_id TEXT NOT NULL,                        -- the gpu row when the name is one, else '-'
  cc TEXT NOT NULL REFERENCES compute_capability,
  cc_key INTEGER NOT NULL,                     -- cc(cc)
  chip TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Names of virtual and cloud slices ('GRID A100D-16C', 'NVIDIA L4-12Q'); real cards come first in a search.
CREATE TABLE gpu_virtual (
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,                      -- name(name)
  cc TEXT NOT NULL REFERENCES compute_capability,
  cc_key INTEGER NOT NULL,                     -- cc(cc)
  chip TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (name, cc)
) STRICT;
CREATE INDEX gpu_virtual_by_key ON gpu_virtual (name_key);

-- Words that a board's own name has beside its chip's: its maker, its series, and what stands there too ("MSI … Ventus 2X 12G OC"). Some ("ultra", "x2") are
-- part of a chip's name as well: the longest name that is a card is taken first, and the words are looked at only in what that leaves.
CREATE TABLE board_word (
  word TEXT NOT NULL PRIMARY KEY,              -- as name() writes it
  means TEXT NOT NULL CHECK (means IN ('maker','series','before-memory')),  -- before-memory: a letter glued to the memory in a model's name ("O12G")
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Boards that carry their processor: such a card sits beside no other, whatever the capability can do elsewhere.
CREATE TABLE gpu_host (
  gpu_id TEXT NOT NULL REFERENCES gpu,
  processor TEXT NOT NULL,                     -- 'Grace', 'Tegra'
  arch TEXT NOT NULL CHECK (arch IN ('x86_64','aarch64')),
  os TEXT NOT NULL CHECK (os IN ('linux','windows')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (gpu_id, os)
) STRICT;

-- Cards for which the vendor promises no CUDA inside WSL.
CREATE TABLE wsl_limit (
  limit_id TEXT NOT NULL PRIMARY KEY,
  class TEXT NOT NULL,                         -- gpu.class, or '*'
  below_cc TEXT NOT NULL,                      -- cards below this capability; '-' every one of the class
  below_cc_key INTEGER,                        -- cc(below_cc)
  reason TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Words by which a card is another vendor's: a GLOB over the typed name in lower case. No NVIDIA card is called so.
CREATE TABLE other_vendor (
  pattern TEXT NOT NULL PRIMARY KEY,
  vendor TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;

-- Makers of display devices as the PCI bus numbers them. computes: makes cards that people take for CUDA cards.
CREATE TABLE pci_vendor (
  vendor_id TEXT NOT NULL PRIMARY KEY CHECK (vendor_id NOT GLOB '*[^0-9a-f]*'),
  name TEXT NOT NULL,
  computes TEXT NOT NULL CHECK (computes IN ('yes','no')),
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;
