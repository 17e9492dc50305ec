// The pages of the rules, docs/rules/RULE.md beside the data folder, into the table rule_page.
#pragma once

#include "mkdb/files.h"
#include "mkdb/problems.h"
#include "mkdb/schema.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {

/// Call after the rules: a rule without a page is a problem, a page without a rule a warning. Does nothing
/// where the schema has no rule_page.
void LoadPages(DataDir& data, const Schema& schema, Database& db, Problems& problems);

}  // namespace cudacompat::mkdb
