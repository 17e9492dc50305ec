-- Distributions of Linux: which C library their releases have.

CREATE TABLE distribution_libc (
  distribution TEXT NOT NULL,                  -- as ID in /etc/os-release
  release TEXT NOT NULL,                       -- as VERSION_ID, or its first parts: '9' is 9.4 too; '*' every one
  libc TEXT NOT NULL CHECK (libc IN ('glibc','musl')),
  version TEXT NOT NULL,                       -- '-': rolling, as new as that library itself
  version_key INTEGER,                         -- dotted(version)
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL,
  PRIMARY KEY (distribution, release)
) STRICT;

-- Other names that a distribution with the same numbers has: rocky, centos → rhel.
CREATE TABLE distribution_like (
  name TEXT NOT NULL PRIMARY KEY,
  distribution TEXT NOT NULL,
  source_id TEXT NOT NULL REFERENCES source,
  locator TEXT NOT NULL
) STRICT;
