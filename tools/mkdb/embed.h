// The form of the database that the executable embeds: every view is a row of the table definition instead of
// an entry of the schema. SQLite parses the whole schema at each start (10 of 13 million instructions were
// views); a question needs a few of them, which the program puts in front of its statement as common table
// expressions.
#pragma once

#include <filesystem>

#include "mkdb/problems.h"

namespace cudacompat::mkdb {

/// definition(name, body, uses): the SELECT of a view and the views it names, blank-separated, dependencies
/// first. judging_step(step, condition, sql): the view judging as statements that need no view; condition:
/// the column of the one SELECT in judging_test(sql) that says whether the step has anything to do.
/// checked(name, sql): the tables whose definition lost its CHECK and REFERENCES clauses, as they were.
bool WriteEmbedded(const std::filesystem::path& database, const std::filesystem::path& out,
                   Problems& problems);

}  // namespace cudacompat::mkdb
