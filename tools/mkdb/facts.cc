#include "mkdb/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

#include "base/text.h"
#include "mkdb/csv.h"
#include "mkdb/keys.h"

namespace cudacompat::mkdb {
namespace {

std::string Names(const std::vector<const Column*>& columns, const char* separator) {
  std::vector<std::string> names;
  for (const Column* column : columns) names.push_back(column->name);
  return Join(names, separator);
}

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

/// One CSV on its way into one table.
class TableLoader {
 public:
  TableLoader(const Csv& csv, const Table& table, Database& db, Problems& problems)
      : csv_(csv),
        table_(table),
        typed_(table.Typed()),
        db_(db),
        problems_(problems),
        insert_(db, InsertText()) {}

  void CheckOrder() {
    const auto key = table_.PrimaryKey();
    for (size_t i = 1; i < csv_.rows.size(); ++i) {
      const int order = Compare(key, csv_.rows[i - 1], csv_.rows[i]);
      if (order < 0) continue;
      if (order == 0) repeated_.insert(csv_.rows[i].line);
      const std::string why = order == 0
                                  ? "same key as line {1}: {2} is unique"
                                  : "out of order: {0} belongs before line {1}; rows are sorted by {2}";
      problems_.Add(Place(csv_, csv_.rows[i]), fmt::format(fmt::runtime(why), KeyText(key, csv_.rows[i]),
                                                           csv_.rows[i - 1].line, Names(key, ", ")));
      if (order > 0) return;  // what follows is most often the same mistake
    }
  }

  /// True when every row went in.
  bool Insert(int64_t first_rowid) {
    bool good = true;
    for (const Row& row : csv_.rows) good = InsertRow(row, first_rowid + row.line) && good;
    return good;
  }

  bool InsertRow(const Row& row, int64_t rowid) {
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

 private:
  std::string InsertText() const {
    std::string names = "rowid", marks = "?";
    for (const Column& column : table_.columns) names += "," + Quoted(column.name), marks += ",?";
    return fmt::format("INSERT INTO {}({}) VALUES({})", Quoted(table_.name), names, marks);
  }

  const Cell& CellOf(const Row& row, const std::string& column) const {
    for (size_t i = 0; i < typed_.size(); ++i) {
      if (typed_[i]->name == column) return row.cells[i];
    }
    return row.cells[0];
  }

  int Compare(const std::vector<const Column*>& key, const Row& a, const Row& b) const {
    for (const Column* column : key) {
      const int order =
          CompareCells(column->integer, CellOf(a, column->name).text, CellOf(b, column->name).text);
      if (order != 0) return order;
    }
    return 0;
  }

  std::string KeyText(const std::vector<const Column*>& key, const Row& row) const {
    std::vector<std::string> cells;
    for (const Column* column : key) cells.push_back(CellOf(row, column->name).text);
    return Join(cells, "/");
  }

  void Report(const Row& row, const std::string& column, const std::string& expected) {
    const Cell& cell = CellOf(row, column);
    problems_.Add(Place(csv_, row, cell),
                  fmt::format("column {}: expected {}, got '{}'", column, expected, cell.text));
  }

  bool BindColumn(int parameter, const Column& column, const Row& row) {
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

  bool BindTyped(int parameter, const Column& column, const Row& row) {
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
  void ReportConstraint(const Row& row, const std::string& message) {
    constexpr std::string_view kCheck = "CHECK constraint failed: ";
    if (StartsWith(message, kCheck)) {
      const std::string condition = message.substr(kCheck.size());
      for (const Column* column : typed_) {
        if (StartsWith(condition, column->name)) return Report(row, column->name, condition);
      }
    }
    if (!StartsWith(message, "UNIQUE constraint failed")) return problems_.Add(Place(csv_, row), message);
    if (repeated_.count(row.line) == 0) problems_.Add(Place(csv_, row), "same key as a row of another file");
  }

  const Csv& csv_;
  const Table& table_;
  std::vector<const Column*> typed_;
  Database& db_;
  Problems& problems_;
  Statement insert_;
  std::set<int> repeated_;  ///< lines already reported as repeating a key
};

/// A table's rows may stand in several files (facts/x.csv and facts/x.d/*.csv); a row's rowid is its line
/// number plus this much for each file before its own, so that what is found after loading can be placed.
constexpr int64_t kLinesPerFile = 1000000;

struct Loaded {
  std::deque<Csv> files;
  bool damaged = false;  ///< a row is missing: what refers to it is not to blame
};

class Loader {
 public:
  Loader(DataDir& data, const Schema& schema, Database& db, Problems& problems)
      : data_(data), schema_(schema), db_(db), problems_(problems) {}

  void Sources() {
    const auto table = schema_.find("source");
    if (table == schema_.end()) return;
    auto files = data_.List("sources.d", ".csv");
    files.insert(files.begin(), "sources.csv");
    for (const std::string& file : files) SourceFile(file, table->second);
    if (!sources_read_) missing_.push_back(files[0]);
  }

  void Facts() {
    auto files = data_.List("facts", ".csv");
    for (std::string& folder : data_.Folders("facts", ".d")) files.push_back(std::move(folder));
    for (const std::string& file : files) {
      const auto table = schema_.find(Stem(file));
      if (table == schema_.end() || !table->second.of_facts) {
        problems_.Add(file, fmt::format("no fact table {} in schema/", Stem(file)));
      }
    }
    for (const auto& [unused, table] : schema_) {
      if (table.of_facts) FactTable(table);
    }
  }

  /// True when no file is missing.
  bool Missing(bool strict) {
    for (const std::string& file : missing_) {
      if (strict)
        problems_.Add(file, "missing: every fact table of schema/ has its CSV, at least the header");
    }
    if (!strict && !missing_.empty()) {
      problems_.Warn("facts", "missing, and its table empty: " + Join(missing_, " "));
    }
    return missing_.empty();
  }

  void ForeignKeys() {
    Statement check(db_, "SELECT \"table\", rowid, parent, fkid FROM pragma_foreign_key_check");
    while (check.Step()) {
      const std::string table = check.Text(0), parent = check.Text(2);
      const auto target = loaded_.find(parent);
      const bool parent_known =
          parent == "source" ? !sources_damaged_ : target != loaded_.end() && !target->second.damaged;
      if (parent_known) ForeignKey(table, check.Integer(1), parent, check.Integer(3));
    }
  }

 private:
  void SourceFile(const std::string& file, const Table& table) {
    const auto text = data_.Read(file);
    if (!text) return;
    sources_read_ = true;
    const Csv csv = ReadCsv(file, *text, problems_);
    sources_damaged_ |= csv.damaged;
    if (csv.header.cells.empty() || !CheckHeader(csv, table, problems_)) return;
    TableLoader loader(csv, table, db_, problems_);
    loader.CheckOrder();
    for (const Row& row : csv.rows) {
      const auto [found, is_new] =
          sources_.emplace(row.cells[0].text, std::make_pair(CsvLine(row), Place(csv, row)));
      if (is_new) {
        if (!loader.InsertRow(row, static_cast<int64_t>(sources_.size()))) sources_damaged_ = true;
      } else if (found->second.first != CsvLine(row)) {
        problems_.Add(Place(csv, row), fmt::format("source {} is already described otherwise at {}",
                                                   row.cells[0].text, found->second.second));
      }
    }
  }

  void FactTable(const Table& table) {
    auto files = data_.List("facts/" + table.name + ".d", ".csv");
    files.insert(files.begin(), "facts/" + table.name + ".csv");
    Loaded& loaded = loaded_[table.name];
    bool found = false;
    for (const std::string& file : files) {
      const auto text = data_.Read(file);
      if (!text) continue;
      found = true;
      loaded.files.push_back(ReadCsv(file, *text, problems_));
      if (!Load(loaded.files.back(), table, static_cast<int64_t>(loaded.files.size() - 1) * kLinesPerFile)) {
        loaded.damaged = true;
      }
    }
    if (!found) missing_.push_back(files[0]);
    loaded.damaged |= !found;
  }

  bool Load(const Csv& csv, const Table& table, int64_t first_rowid) {
    if (csv.header.cells.empty() || !CheckHeader(csv, table, problems_)) return false;
    TableLoader loader(csv, table, db_, problems_);
    loader.CheckOrder();
    return loader.Insert(first_rowid) && !csv.damaged;
  }

  void ForeignKey(const std::string& table, int64_t rowid, const std::string& parent, int64_t id) {
    const Csv& csv = loaded_.at(table).files[static_cast<size_t>(rowid / kLinesPerFile)];
    const int64_t line = rowid % kLinesPerFile;
    const auto row =
        std::find_if(csv.rows.begin(), csv.rows.end(), [&](const Row& r) { return r.line == line; });
    Statement keys(db_, "SELECT \"from\" FROM pragma_foreign_key_list(?1) WHERE id=?2 ORDER BY seq");
    keys.Bind(1, table);
    keys.Bind(2, id);
    std::vector<std::string> columns, values;
    const Cell* first = nullptr;
    while (keys.Step()) {
      columns.push_back(keys.Text(0));
      for (size_t i = 0; i < csv.header.cells.size(); ++i) {
        if (csv.header.cells[i].text != columns.back()) continue;
        values.push_back(row->cells[i].text);
        if (first == nullptr) first = &row->cells[i];
      }
    }
    problems_.Add(
        Place(csv, *row, *first),
        fmt::format("column {}: expected a row of {}, got '{}'", Join(columns, ", "),
                    parent == "source" ? "sources.csv" : "facts/" + parent + ".csv", Join(values, "/")));
  }

  DataDir& data_;
  const Schema& schema_;
  Database& db_;
  Problems& problems_;
  std::map<std::string, Loaded> loaded_;
  std::map<std::string, std::pair<std::string, std::string>> sources_;  ///< id → line, place
  bool sources_read_ = false;
  bool sources_damaged_ = false;
  std::vector<std::string> missing_;
};

}  // namespace

bool LoadFacts(DataDir& data, const Schema& schema, bool strict, Database& db, Problems& problems) {
  Loader loader(data, schema, db, problems);
  loader.Sources();
  loader.Facts();
  loader.ForeignKeys();
  return loader.Missing(strict);
}

}  // namespace cudacompat::mkdb
