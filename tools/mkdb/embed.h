// The form of the database that the executable embeds. SQLite parses the whole schema at each start, of which
// a question needs a part: so views are rows of the table definition, which the program puts in front of its
// statement as common table expressions, and tables are rows of set_aside, which it declares when a statement
// names them.
#pragma once

#include <filesystem>

#include "mkdb/problems.h"

namespace cudacompat::mkdb {

/// definition(name, body, uses): the SELECT of a view and the views it names, blank-separated, dependencies
/// first. judging_step(step, needs, condition, sql): the view judging as statements that need no view; needs
/// and condition: the row of judging_test(needs, sql) and the column of its SELECT that says whether the step
/// has anything to do. needs: tables of which one must have a row for any of that SELECT's columns to hold.
/// checked(name, sql): the tables whose definition lost its CHECK and REFERENCES clauses, as they were.
/// set_aside: rows of sqlite_schema, a table's before its indexes'. fact_key(name, columns): the key of a
/// fact table.
bool WriteEmbedded(const std::filesystem::path& database, const std::filesystem::path& out,
                   Problems& problems);

/// The rows of the view scan_fact as string literals, "\nkey value", in order of their keys.
bool WriteScanFacts(const std::filesystem::path& database, const std::filesystem::path& out,
                    Problems& problems);

}  // namespace cudacompat::mkdb
