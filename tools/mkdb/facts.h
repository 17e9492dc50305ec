// Loads sources.csv, sources.d/*.csv and facts/*.csv into their tables, with keys derived, and says for each
// row that does not fit where it stands and what was expected.
#pragma once

#include <set>
#include <string>

#include "mkdb/files.h"
#include "mkdb/problems.h"
#include "mkdb/schema.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {

/// Tables without a CSV: under `strict` each is a problem, otherwise together a warning, and they stay empty.
std::set<std::string> LoadFacts(DataDir& data, const Schema& schema, bool strict, Database& db,
                                Problems& problems);

}  // namespace cudacompat::mkdb
