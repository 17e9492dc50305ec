-- The builds that an open question looks through, by age: 1 is the newest release of the package on that system.
CREATE TABLE shown_build (
  package TEXT NOT NULL,
  os TEXT NOT NULL,
  arch TEXT NOT NULL,
  age INTEGER NOT NULL,
  build_row INTEGER NOT NULL,
  list_id INTEGER,                             -- of its main library
  PRIMARY KEY (package, os, arch, age, build_row)
) STRICT, WITHOUT ROWID;
INSERT INTO shown_build
  SELECT b.package, b.os, b.arch, dense_rank() OVER (PARTITION BY b.package, b.os, b.arch ORDER BY b.version_key DESC), b.rowid, l.list_id
    FROM build b JOIN package p ON p.package = b.package
    LEFT JOIN build_list l ON l.build_row = b.rowid AND l.role = 'main'
   WHERE p.shown_by_default = 'yes' AND b.device = 'cuda' AND (b.version_key >> 8 & 7) >= 4;  -- no pre-releases
