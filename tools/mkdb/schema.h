// The schema's tables and which columns are derived, read from data/schema/*.sql.
// Does not own: SQL's grammar. A derivation is a comment behind a column: "x_key INTEGER …, -- dotted(x)".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mkdb/files.h"
#include "mkdb/problems.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {

enum class Derivation { kNone, kDotted, kPackage, kCapability, kName };

struct Column {
  std::string name;
  bool integer = false;
  bool not_null = false;
  int primary = 0;  ///< place in the primary key from 1, or 0
  Derivation derivation = Derivation::kNone;
  std::string derived_from;
};

struct Table {
  std::string name;
  std::string file;  ///< schema file that makes it
  std::vector<Column> columns;
  bool of_facts = false;  ///< filled from facts/<name>.csv

  std::vector<const Column*> Typed() const;
  std::vector<const Column*> PrimaryKey() const;
};

/// Tables by name, in byte order.
using Schema = std::map<std::string, Table>;

/// Runs data/schema/*.sql in name order. Files numbered up to 70 hold facts (but `source`); later ones do
/// not.
Schema RunSchema(DataDir& data, Database& db, Problems& problems);

/// Runs each statement of `text`; failures become problems at "file:line". False when one failed.
bool RunSqlFile(const std::string& file, const std::string& text, Database& db, Problems& problems);

}  // namespace cudacompat::mkdb
