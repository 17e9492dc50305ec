-- Of a package with a library per CUDA release: the one that it loads beside each CUDA release of its framework. It is known which it holds where one
-- of its builds was measured, for any processor; a version that was not has no row.
CREATE TABLE chosen_library (
  package TEXT NOT NULL,
  version_key INTEGER NOT NULL,
  framework TEXT NOT NULL,
  cuda_key INTEGER NOT NULL,                   -- of the framework's build
  library TEXT NOT NULL,
  held INTEGER NOT NULL,
  absent TEXT NOT NULL,                        -- library_choice.absent
  choice TEXT NOT NULL,                        -- library_choice.first_version
  PRIMARY KEY (package, version_key, framework, cuda_key)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO chosen_library
  WITH number AS MATERIALIZED (
    SELECT DISTINCT x.package, y.version_key, CAST(substr(i.library, instr(i.library, replace(x.library, '{cuda}', '')) + length(x.library) - 6) AS INTEGER) AS cuda
      FROM library_choice x JOIN build y ON y.package = x.package AND y.version_key BETWEEN x.first_version_key AND x.last_version_key
      JOIN build_list l ON l.build_row = y.rowid AND l.role = 'main' JOIN list_image i ON i.list_id = l.list_id AND i.library <> ''),
  wanted AS MATERIALIZED (
    SELECT v.package, v.version_key, x.framework, t.cuda_key, x.library, x.absent, x.first_version,
           (SELECT CASE WHEN max(n.cuda = w.cuda) OR x.absent <> 'nearest' THEN w.cuda
                        ELSE coalesce(max(CASE WHEN n.cuda / 10 = w.cuda / 10 AND n.cuda < w.cuda THEN n.cuda END),
                                      min(CASE WHEN n.cuda / 10 = w.cuda / 10 AND n.cuda > w.cuda THEN n.cuda END), w.cuda) END
              FROM number n, (SELECT CAST(replace(t.cuda, '.', '') AS INTEGER) AS cuda) w WHERE n.package = v.package AND n.version_key = v.version_key) AS cuda
      FROM (SELECT DISTINCT package, version_key FROM number) v
      JOIN library_choice x ON x.package = v.package AND v.version_key BETWEEN x.first_version_key AND x.last_version_key
      JOIN (SELECT DISTINCT package, cuda, cuda_key FROM build WHERE device = 'cuda' AND cuda_key IS NOT NULL) t ON t.package = x.framework)
  SELECT package, version_key, framework, cuda_key, replace(library, '{cuda}', cuda),
         EXISTS (SELECT 1 FROM number n WHERE n.package = wanted.package AND n.version_key = wanted.version_key AND n.cuda = wanted.cuda), absent, first_version
    FROM wanted;
