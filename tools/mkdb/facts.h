// Loads sources.csv, sources.d/*.csv and facts/*.csv into their tables, with keys derived, and says for each
// row that does not fit where it stands and what was expected.
#pragma once

#include "mkdb/files.h"
#include "mkdb/problems.h"
#include "mkdb/schema.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {

/// True when no CSV is missing: under `strict` that is a problem, otherwise a warning and an empty table.
bool LoadFacts(DataDir& data, const Schema& schema, bool strict, Database& db, Problems& problems);

}  // namespace cudacompat::mkdb
