// Runs the laws of data/checks/*.sql: each is one SELECT of offenders (key, message) that must find none but
// those of checks/exceptions.csv; and every exception must still be needed.
#pragma once

#include "mkdb/files.h"
#include "mkdb/problems.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {

struct CheckOptions {
  bool only_warn = false;  ///< while tables are missing, laws over several of them cannot hold
};

/// Fills check_exception too, before the laws run.
void RunChecks(DataDir& data, const CheckOptions& options, Database& db, Problems& problems);

}  // namespace cudacompat::mkdb
