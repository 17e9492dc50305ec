#include "mkdb/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "mkdb/keys.h"

namespace cudacompat::mkdb {
namespace {

std::string Names(const std::vector<const Column*>& columns, const char* separator) {
  std::vector<std::string> names;
  for (const Column* column : columns) names.push_back(column->name);
  return Join(names, separator);
}

/// "cc GLOB '…'" begins with the word cc, not with c.
bool BeginsWithWord(std::string_view text, std::string_view word) {
  if (!StartsWith(text, word)) return false;
  const char next = text.size() > word.size() ? text[word.size()] : ' ';
  return !IsAlpha(next) && !IsDigit(next) && next != '_';
}

}  // namespace

bool CheckHeader(const Csv& csv, const Table& table, Problems& problems) {
  const auto typed = table.Typed();
  const auto& cells = csv.header.cells;
  for (size_t i = 0; i < std::max(typed.size(), cells.size()); ++i) {
    if (i < typed.size() && i < cells.size() && typed[i]->name == cells[i].text) continue;
    const std::string place = i < cells.size() ? Place(csv, csv.header, cells[i]) : csv.file + ":1";
    problems.Add(place,
                 fmt::format("header: expected {}, got {}; the header is {}",
                             i < typed.size() ? "column " + typed[i]->name : "no more columns",
                             i < cells.size() ? cells[i].text : "the end of the line", Names(typed, ",")));
    return false;
  }
  return true;
}

TableLoader::TableLoader(const Csv& csv, const Table& table, Database& db, Problems& problems)
    : csv_(csv),
      table_(table),
      typed_(table.Typed()),
      db_(db),
      problems_(problems),
      insert_(db, InsertText()) {}

void TableLoader::CheckOrder() {
  const auto key = table_.PrimaryKey();
  for (size_t i = 1; i < csv_.rows.size(); ++i) {
    const int order = Compare(key, csv_.rows[i - 1], csv_.rows[i]);
    if (order < 0) continue;
    if (order == 0) repeated_.insert(csv_.rows[i].line);
    const std::string why = order == 0 ? "same key as line {1}: {2} is unique"
                                       : "out of order: {0} belongs before line {1}; rows are sorted by {2}";
    problems_.Add(Place(csv_, csv_.rows[i]), fmt::format(fmt::runtime(why), KeyText(key, csv_.rows[i]),
                                                         csv_.rows[i - 1].line, Names(key, ", ")));
    if (order > 0) return;  // what follows is most often the same mistake
  }
}

bool TableLoader::Insert(int64_t first_rowid) {
  bool good = true;
  for (const Row& row : csv_.rows) good = InsertRow(row, first_rowid + row.line) && good;
  return good;
}

bool TableLoader::InsertRow(const Row& row, int64_t rowid) {
  insert_.Reset();
  insert_.Bind(1, rowid);
  bool good = true;
  for (size_t i = 0; i < table_.columns.size(); ++i) {
    good = BindColumn(static_cast<int>(i) + 2, table_.columns[i], row) && good;
  }
  if (!good) return false;
  insert_.Step();
  if (insert_.done()) return true;
  ReportConstraint(row, db_.message());
  return false;
}

std::string TableLoader::InsertText() const {
  std::string names = "rowid", marks = "?";
  for (const Column& column : table_.columns) names += "," + Quoted(column.name), marks += ",?";
  return fmt::format("INSERT INTO {}({}) VALUES({})", Quoted(table_.name), names, marks);
}

const Cell& TableLoader::CellOf(const Row& row, const std::string& column) const {
  for (size_t i = 0; i < typed_.size(); ++i) {
    if (typed_[i]->name == column) return row.cells[i];
  }
  return row.cells[0];
}

int TableLoader::Compare(const Key& key, const Row& a, const Row& b) const {
  for (const Column* column : key) {
    const int order =
        CompareCells(column->integer, CellOf(a, column->name).text, CellOf(b, column->name).text);
    if (order != 0) return order;
  }
  return 0;
}

std::string TableLoader::KeyText(const Key& key, const Row& row) const {
  std::vector<std::string> cells;
  for (const Column* column : key) cells.push_back(CellOf(row, column->name).text);
  return Join(cells, "/");
}

void TableLoader::Report(const Row& row, const std::string& column, const std::string& expected) {
  const Cell& cell = CellOf(row, column);
  problems_.Add(Place(csv_, row, cell),
                fmt::format("column {}: expected {}, got '{}'", column, expected, cell.text));
}

bool TableLoader::BindColumn(int parameter, const Column& column, const Row& row) {
  if (column.derivation == Derivation::kNone) return BindTyped(parameter, column, row);
  const auto key = DeriveKey(column.derivation, CellOf(row, column.derived_from).text);
  if (!key) {
    Report(row, column.derived_from, ExpectedFor(column.derivation));
    return false;
  }
  if (std::holds_alternative<std::monostate>(*key) && column.not_null) {
    Report(row, column.derived_from, "a value: only columns whose key may be NULL may be unsaid or -");
    return false;
  }
  if (const auto* number = std::get_if<int64_t>(&*key)) insert_.Bind(parameter, *number);
  if (const auto* text = std::get_if<std::string>(&*key)) insert_.Bind(parameter, *text);
  if (std::holds_alternative<std::monostate>(*key)) insert_.BindNull(parameter);
  return true;
}

bool TableLoader::BindTyped(int parameter, const Column& column, const Row& row) {
  const Cell& cell = CellOf(row, column.name);
  if (!column.integer) {
    insert_.Bind(parameter, cell.text);
    return true;
  }
  const auto number = ParseInteger(cell.text);
  if (!number) {
    Report(row, column.name, "a whole number");
    return false;
  }
  insert_.Bind(parameter, *number);
  return true;
}

/// "CHECK constraint failed: board IN('card')": the first word that is a column tells which cell is meant.
void TableLoader::ReportConstraint(const Row& row, const std::string& message) {
  constexpr std::string_view kCheck = "CHECK constraint failed: ";
  if (StartsWith(message, kCheck)) {
    const std::string condition = message.substr(kCheck.size());
    for (const Column* column : typed_) {
      if (BeginsWithWord(condition, column->name)) return Report(row, column->name, condition);
    }
  }
  if (!StartsWith(message, "UNIQUE constraint failed")) return problems_.Add(Place(csv_, row), message);
  if (repeated_.count(row.line) == 0) problems_.Add(Place(csv_, row), "same key as a row of another file");
}

}  // namespace cudacompat::mkdb
