#include "mkdb/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

#include "base/text.h"
#include "mkdb/csv.h"
#include "mkdb/table.h"

namespace cudacompat::mkdb {
namespace {

/// A table's rows may stand in several files (facts/x.csv and facts/x.d/*.csv); a row's rowid is its line
/// number plus this much for each file before its own, so that what is found after loading can be placed.
constexpr int64_t kLinesPerFile = 1000000;

constexpr const char* kSources = "sources.csv";

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
    files.insert(files.begin(), kSources);
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

  std::set<std::string> Missing(bool strict) {
    std::set<std::string> tables;
    for (const std::string& file : missing_) {
      tables.insert(file == kSources ? "source" : Stem(file));
      if (strict) {
        problems_.Add(file, "missing: every fact table of schema/ has its CSV, at least the header");
      }
    }
    if (!strict && !missing_.empty()) {
      problems_.Warn("facts", "missing, and its table empty: " + Join(missing_, " "));
    }
    return tables;
  }

  void ForeignKeys() {
    Statement check(db_, "SELECT \"table\", rowid, parent, fkid FROM pragma_foreign_key_check");
    while (check.Step()) {
      const std::string table = check.Text(0), parent = check.Text(2);
      const auto target = loaded_.find(parent);
      const bool parent_known = parent == "source" ? sources_read_ && !sources_damaged_
                                                   : target != loaded_.end() && !target->second.damaged;
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

std::set<std::string> LoadFacts(DataDir& data, const Schema& schema, bool strict, Database& db,
                                Problems& problems) {
  Loader loader(data, schema, db, problems);
  loader.Sources();
  loader.Facts();
  loader.ForeignKeys();
  return loader.Missing(strict);
}

}  // namespace cudacompat::mkdb
