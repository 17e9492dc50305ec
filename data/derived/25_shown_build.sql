-- The builds that an open question looks through, by age: 1 is the newest release of the package on that system.
CREATE TABLE shown_build (
  age INTEGER NOT NULL,
  build_row INTEGER NOT NULL,
  PRIMARY KEY (age, build_row)
) STRICT, WITHOUT ROWID;
INSERT INTO shown_build
  SELECT dense_rank() OVER (PARTITION BY b.package, b.os, b.arch ORDER BY b.version_key DESC), b.rowid
    FROM build b JOIN package p ON p.package = b.package
   WHERE p.shown_by_default = 'yes' AND b.device = 'cuda' AND (b.version_key >> 8 & 7) >= 4;  -- no pre-releases
