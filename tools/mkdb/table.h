// One CSV on its way into one table: header, order, each cell's value, and for each row that does not fit
// where it stands and what was expected. Does not own: which files there are, what refers to what.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "mkdb/csv.h"
#include "mkdb/problems.h"
#include "mkdb/schema.h"
#include "mkdb/sqlite.h"

namespace cudacompat::mkdb {

/// The header is the table's typed columns in the schema's order.
bool CheckHeader(const Csv& csv, const Table& table, Problems& problems);

/// Use only after CheckHeader.
class TableLoader {
 public:
  TableLoader(const Csv& csv, const Table& table, Database& db, Problems& problems);

  /// Rows are sorted by the primary key: numbers in INTEGER columns, bytes elsewhere; and no key comes twice.
  void CheckOrder();

  /// All rows, rowid = first_rowid + line. True when every row went in.
  bool Insert(int64_t first_rowid);
  bool InsertRow(const Row& row, int64_t rowid);

 private:
  using Key = std::vector<const Column*>;

  std::string InsertText() const;
  const Cell& CellOf(const Row& row, const std::string& column) const;
  int Compare(const Key& key, const Row& a, const Row& b) const;
  std::string KeyText(const Key& key, const Row& row) const;
  void Report(const Row& row, const std::string& column, const std::string& expected);
  bool BindColumn(int parameter, const Column& column, const Row& row);
  bool BindTyped(int parameter, const Column& column, const Row& row);
  void ReportConstraint(const Row& row, const std::string& message);

  const Csv& csv_;
  const Table& table_;
  Key typed_;
  Database& db_;
  Problems& problems_;
  Statement insert_;
  std::set<int> repeated_;  ///< lines already reported as repeating a key
};

}  // namespace cudacompat::mkdb
