#include "mkdb/overview.h"

#include <fmt/format.h>

#include "base/text.h"

namespace cudacompat::mkdb {
namespace {

bool HasSource(const Table& table) {
  int found = 0;
  for (const Column& column : table.columns) found += column.name == "source_id" || column.name == "locator";
  return found == 2;
}

/// 'toolkit_min_driver/'||cuda||'/'||os
std::string FactId(const Table& table) {
  std::string id = fmt::format("'{}'", table.name);
  const char* separator = "||'/'||";
  for (const Column* column : table.PrimaryKey()) id += separator + column->name;
  return ReplaceAll(std::move(id), fmt::format("'{}'||'/'", table.name), fmt::format("'{}/'", table.name));
}

std::string FactView(const Schema& schema) {
  std::vector<std::string> parts;
  for (const auto& [name, table] : schema) {
    if (!table.of_facts || !HasSource(table)) continue;
    parts.push_back(fmt::format("SELECT {}{},source_id,locator FROM {}", FactId(table),
                                parts.empty() ? " AS fact_id" : "", name));
  }
  return parts.empty() ? "" : "CREATE VIEW fact_source AS " + Join(parts, " UNION ALL ");
}

constexpr const char* kUnsaidTable =
    "CREATE TABLE unsaid_count(table_name TEXT NOT NULL,column_name TEXT NOT NULL,count INTEGER NOT NULL,"
    "PRIMARY KEY(table_name,column_name)) STRICT, WITHOUT ROWID";

std::string UnsaidRow(const Table& table, const Column& column) {
  return fmt::format(
      "INSERT INTO unsaid_count SELECT '{0}','{1}',count(*) FROM {0} WHERE {1}='unsaid' HAVING count(*)>0",
      table.name, column.name);
}

}  // namespace

void MakeOverview(const Schema& schema, Database& db, Problems& problems) {
  const auto run = [&](const std::string& sql) {
    if (const auto message = db.Run(sql)) problems.Add("overview", *message + " in " + sql);
  };
  if (const std::string view = FactView(schema); !view.empty()) run(view);
  run(kUnsaidTable);
  for (const auto& [unused, table] : schema) {
    if (!table.of_facts) continue;
    for (const Column* column : table.Typed()) {
      if (!column->integer) run(UnsaidRow(table, *column));
    }
  }
}

}  // namespace cudacompat::mkdb
