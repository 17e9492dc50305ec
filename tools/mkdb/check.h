// Runs the laws of data/checks/*.sql: each is one SELECT of offenders (key, message) that must find none but
// those of checks/exceptions.csv; and every exception must still be needed.
#pragma once

#include <set>
#include <string>

#include "mkdb/files.h"
#include "mkdb/problems.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {

/// Fills check_exception before the laws run, and law. A law that reads a table of `missing` (its facts are
/// still being written) only warns: laws over several tables cannot hold then.
void RunChecks(DataDir& data, const std::set<std::string>& missing, Database& db, Problems& problems);

}  // namespace cudacompat::mkdb
