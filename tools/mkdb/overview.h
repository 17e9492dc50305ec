// Tables and views over all fact tables at once, made from the schema so that a new table is never left out:
//   fact_source  view: fact_id, source_id, locator of every fact
//   unsaid_count table: how often each column says 'unsaid', where it does
#pragma once

#include "mkdb/problems.h"
#include "mkdb/schema.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {

void MakeOverview(const Schema& schema, Database& db, Problems& problems);

}  // namespace cudacompat::mkdb
