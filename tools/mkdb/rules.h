// Runs data/derived/*.sql and data/rules/*.sql and fills rule_view, rule and rule_source from the comment
// blocks. Does not own: what a rule view's columns mean.
#pragma once

#include "mkdb/files.h"
#include "mkdb/problems.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {

void RunDerived(DataDir& data, Database& db, Problems& problems);

/// A file's block: "-- title:", "-- question:", "-- when: condition" (SQL over the asked tables; the view is
/// run only where it holds), "-- rule: id | verdict | stage | code or - | meaning" and "-- source: id |
/// locator" lines, in any order among other comments, before the first statement. While facts are not
/// complete, an unknown source is only a warning.
void RunRules(DataDir& data, bool complete, Database& db, Problems& problems);

/// Every view of the database compiles (SQLite looks inside a view only when it is asked).
void CheckViews(Database& db, Problems& problems);

}  // namespace cudacompat::mkdb
