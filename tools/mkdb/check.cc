#include "mkdb/check.h"

#include <fmt/format.h>

#include <set>

#include "mkdb/csv.h"
#include "mkdb/sql.h"

namespace cudacompat::mkdb {
namespace {

constexpr const char* kExceptions = "checks/exceptions.csv";

class Checker {
 public:
  Checker(DataDir& data, const CheckOptions& options, Database& db, Problems& problems)
      : data_(data), options_(options), db_(db), problems_(problems) {}

  void Exceptions() {
    const auto text = data_.Read(kExceptions);
    if (!text) return;
    csv_ = ReadCsv(kExceptions, *text, problems_);
    if (CsvLine(csv_.header) != "check,key,reason,source_id\n") {
      csv_.rows.clear();
      return problems_.Add(fmt::format("{}:1", kExceptions), "header: expected check,key,reason,source_id");
    }
    Statement insert(db_,
                     "INSERT INTO check_exception SELECT ?1,?2,?3,source_id FROM source WHERE source_id=?4");
    for (const Row& row : csv_.rows) {
      insert.Reset();
      for (int i = 0; i < 4; ++i) insert.Bind(i + 1, row.cells[static_cast<size_t>(i)].text);
      insert.Step();
      if (!insert.done()) {
        problems_.Add(Place(csv_, row), db_.message());
      } else if (sqlite3_changes(db_.handle()) == 0) {
        problems_.Add(
            Place(csv_, row, row.cells[3]),
            fmt::format("column source_id: expected a row of sources.csv, got '{}'", row.cells[3].text));
      }
    }
  }

  void Law(const std::string& file, const std::string& text) {
    const auto statements = SplitSql(text);
    if (statements.size() != 1) return problems_.Add(file, "expected exactly one SELECT");
    Statement select(db_, statements[0].text);
    if (!select.ok()) return problems_.Add(fmt::format("{}:{}", file, statements[0].line), db_.message());
    if (select.columns() != 2) return problems_.Add(file, "expected two columns: key, message");
    while (select.Step()) {
      if (!IsExcepted(Stem(file), select.Text(0))) {
        Offender(file, fmt::format("{}: {}", select.Text(0), select.Text(1)));
      }
    }
    if (!select.done()) problems_.Add(file, db_.message());
    Statement insert(db_, "INSERT INTO law VALUES(?1,?2)");
    insert.Bind(1, Stem(file));
    insert.Bind(2, statements[0].text);
    insert.Step();
    if (!insert.done()) problems_.Add(file, db_.message());
  }

  void Unneeded() {
    for (const Row& row : csv_.rows) {
      if (used_.count(row.line) != 0) continue;
      Offender(Place(csv_, row), fmt::format("exception no longer needed: {} finds no {}", row.cells[0].text,
                                             row.cells[1].text));
    }
  }

 private:
  void Offender(const std::string& place, const std::string& message) {
    options_.only_warn ? problems_.Warn(place, message) : problems_.Add(place, message);
  }

  bool IsExcepted(const std::string& check, const std::string& key) {
    for (const Row& row : csv_.rows) {
      if (row.cells[0].text != check || row.cells[1].text != key) continue;
      used_.insert(row.line);
      return true;
    }
    return false;
  }

  DataDir& data_;
  CheckOptions options_;
  Database& db_;
  Problems& problems_;
  Csv csv_;
  std::set<int> used_;
};

}  // namespace

void RunChecks(DataDir& data, const CheckOptions& options, Database& db, Problems& problems) {
  Checker checker(data, options, db, problems);
  checker.Exceptions();
  for (const std::string& file : data.List("checks", ".sql")) checker.Law(file, data.Read(file).value_or(""));
  checker.Unneeded();
}

}  // namespace cudacompat::mkdb
