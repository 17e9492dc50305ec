#include "mkdb/schema.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.h"
#include "mkdb/sql.h"

namespace cudacompat::mkdb {
namespace {

constexpr int kLastFactFile = 70;

struct Comment {
  int line = 0;
  Derivation derivation = Derivation::kNone;
  std::string from;
};

/// Comments of one file by "table.column"; a column NAME_key without one has kNone.
using Comments = std::map<std::string, Comment>;

Derivation ParseFunction(std::string_view name) {
  if (name == "dotted") return Derivation::kDotted;
  if (name == "package") return Derivation::kPackage;
  if (name == "cc") return Derivation::kCapability;
  if (name == "name") return Derivation::kName;
  return Derivation::kNone;
}

/// "dotted(first_toolkit)" at the start of a comment.
void ParseDerivation(std::string_view comment, Comment& result) {
  const size_t open = comment.find('('), close = comment.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return;
  result.derivation = ParseFunction(comment.substr(0, open));
  result.from = std::string(comment.substr(open + 1, close - open - 1));
}

Comments ReadComments(std::string_view text) {
  Comments comments;
  std::string table;
  int number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    const auto words = Words(line.substr(0, line.find("--")));
    if (words.size() > 2 && words[0] == "CREATE") {
      table = words[1] == "TABLE" ? std::string(words[2].substr(0, words[2].find('('))) : "";
    } else if (!table.empty() && words.size() > 1 && EndsWith(words[0], "_key")) {
      Comment comment;
      comment.line = number;
      const size_t dashes = line.find("--");
      if (dashes != std::string_view::npos) ParseDerivation(Trim(line.substr(dashes + 2)), comment);
      comments[table + "." + std::string(words[0])] = comment;
    }
  }
  return comments;
}

std::vector<std::string> TableNames(Database& db) {
  std::vector<std::string> names;
  Statement select(db, "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%'");
  while (select.Step()) names.push_back(select.Text(0));
  return names;
}

Table Describe(const std::string& name, const std::string& file, Database& db) {
  Table table;
  table.name = name;
  table.file = file;
  const std::string number = file.substr(file.find('/') + 1);
  table.of_facts = std::atoi(number.c_str()) <= kLastFactFile && name != "source";
  Statement select(db, "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid");
  select.Bind(1, name);
  while (select.Step()) {
    Column column;
    column.name = select.Text(0);
    column.integer = select.Text(1) == "INTEGER";
    column.not_null = select.Integer(2) != 0;
    column.primary = static_cast<int>(select.Integer(3));
    table.columns.push_back(std::move(column));
  }
  return table;
}

bool HasTyped(const Table& table, const std::string& name) {
  for (const Column& column : table.columns) {
    if (column.name == name && column.derivation == Derivation::kNone) return true;
  }
  return false;
}

/// Fills in the derivations, and refuses keys that nobody says how to make.
void Derive(Table& table, const Comments& comments, Problems& problems) {
  for (Column& column : table.columns) {
    if (!EndsWith(column.name, "_key")) continue;
    const auto found = comments.find(table.name + "." + column.name);
    const Comment comment = found == comments.end() ? Comment{} : found->second;
    const std::string place = fmt::format("{}:{}", table.file, comment.line);
    if (comment.derivation == Derivation::kNone) {
      problems.Add(place, fmt::format("{}.{}: a key column needs a comment that says how it is made: -- "
                                      "dotted(x), package(x), cc(x) or name(x)",
                                      table.name, column.name));
    }
    column.derivation = comment.derivation;
    column.derived_from = comment.from;
  }
  for (const Column& column : table.columns) {
    if (column.derivation == Derivation::kNone || HasTyped(table, column.derived_from)) continue;
    problems.Add(fmt::format("{}:{}", table.file, comments.at(table.name + "." + column.name).line),
                 fmt::format("{}.{}: made from {}, which is no typed column of {}", table.name, column.name,
                             column.derived_from, table.name));
  }
}

}  // namespace

std::vector<const Column*> Table::Typed() const {
  std::vector<const Column*> typed;
  for (const Column& column : columns) {
    if (column.derivation == Derivation::kNone) typed.push_back(&column);
  }
  return typed;
}

std::vector<const Column*> Table::PrimaryKey() const {
  std::vector<const Column*> key;
  for (int place = 1; place <= static_cast<int>(columns.size()); ++place) {
    for (const Column& column : columns) {
      if (column.primary == place) key.push_back(&column);
    }
  }
  return key;
}

bool RunSqlFile(const std::string& file, const std::string& text, Database& db, Problems& problems) {
  for (const SqlStatement& statement : SplitSql(text)) {
    if (const auto message = db.Run(statement.text)) {
      problems.Add(fmt::format("{}:{}", file, statement.line), *message);
      return false;
    }
  }
  return true;
}

Schema RunSchema(DataDir& data, Database& db, Problems& problems) {
  Schema schema;
  const auto files = data.List("schema", ".sql");
  if (files.empty()) problems.Add("schema", "no *.sql file here: this is not a data folder");
  for (const std::string& file : files) {
    const std::string text = data.Read(file).value_or("");
    if (!RunSqlFile(file, text, db, problems)) continue;
    const Comments comments = ReadComments(text);
    for (const std::string& name : TableNames(db)) {
      if (schema.count(name) != 0) continue;
      Table& table = schema[name] = Describe(name, file, db);
      if (table.of_facts) Derive(table, comments, problems);
    }
  }
  return schema;
}

}  // namespace cudacompat::mkdb
