#include "mkdb/check.h"

#include <fmt/format.h>

#include <set>

#include "mkdb/csv.h"
#include "mkdb/sql.h"

namespace cudacompat::mkdb {
namespace {

constexpr const char* kExceptions = "checks/exceptions.csv";

/// While alive, notes which tables the statements read that are compiled, inside of views too.
class ReadTables {
 public:
  explicit ReadTables(Database& db) : db_(db) { sqlite3_set_authorizer(db.handle(), Note, this); }
  ~ReadTables() { sqlite3_set_authorizer(db_.handle(), nullptr, nullptr); }
  ReadTables(const ReadTables&) = delete;
  ReadTables& operator=(const ReadTables&) = delete;

  bool ReadOneOf(const std::set<std::string>& tables) const {
    for (const std::string& table : tables_) {
      if (tables.count(table) != 0) return true;
    }
    return false;
  }

 private:
  static int Note(void* self, int action, const char* table, const char*, const char*, const char*) {
    if (action == SQLITE_READ) static_cast<ReadTables*>(self)->tables_.insert(table);
    return SQLITE_OK;
  }

  Database& db_;
  std::set<std::string> tables_;
};

class Checker {
 public:
  Checker(const std::set<std::string>& missing, Database& db, Problems& problems)
      : missing_(missing), db_(db), problems_(problems) {}

  void Exceptions(const std::string& text) {
    csv_ = ReadCsv(kExceptions, text, problems_);
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
    const ReadTables tables(db_);
    Statement select(db_, statements[0].text);
    const bool soft = tables.ReadOneOf(missing_);
    if (soft) soft_.insert(Stem(file));
    if (!select.ok()) return problems_.Add(fmt::format("{}:{}", file, statements[0].line), db_.message());
    if (select.columns() != 2) return problems_.Add(file, "expected two columns: key, message");
    while (select.Step()) {
      if (!IsExcepted(Stem(file), select.Text(0))) {
        Offender(soft, file, fmt::format("{}: {}", select.Text(0), select.Text(1)));
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
      const bool soft = soft_.count(row.cells[0].text) != 0;
      Offender(
          soft, Place(csv_, row),
          fmt::format("exception no longer needed: {} finds no {}", row.cells[0].text, row.cells[1].text));
    }
  }

 private:
  void Offender(bool soft, const std::string& place, const std::string& message) {
    soft ? problems_.Warn(place, message) : problems_.Add(place, message);
  }

  bool IsExcepted(const std::string& check, const std::string& key) {
    for (const Row& row : csv_.rows) {
      if (row.cells[0].text != check || row.cells[1].text != key) continue;
      used_.insert(row.line);
      return true;
    }
    return false;
  }

  const std::set<std::string>& missing_;
  Database& db_;
  Problems& problems_;
  Csv csv_;
  std::set<int> used_;
  std::set<std::string> soft_;  ///< laws that read a missing table
};

}  // namespace

void RunChecks(DataDir& data, const std::set<std::string>& missing, Database& db, Problems& problems) {
  Checker checker(missing, db, problems);
  if (const auto text = data.Read(kExceptions)) checker.Exceptions(*text);
  for (const std::string& file : data.List("checks", ".sql")) checker.Law(file, data.Read(file).value_or(""));
  checker.Unneeded();
}

}  // namespace cudacompat::mkdb
