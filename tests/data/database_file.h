// A copy of the shipped database in memory, on a bare connection: no code of the program, trusted_schema off.
#pragma once

#include <sqlite3.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "data_folder.h"

namespace cudacompat::test {

inline std::filesystem::path ShippedDatabase() { return CUDACOMPAT_BINARY_DIR "/cudacompat.db"; }
inline std::filesystem::path DataSource() { return CUDACOMPAT_SOURCE_DIR "/data"; }

class BareDatabase {
 public:
  explicit BareDatabase(const std::filesystem::path& file = ShippedDatabase()) {
    const std::string bytes = ReadFile(file);
    auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size() + 1));
    std::memcpy(copy, bytes.data(), bytes.size());
    sqlite3_open(":memory:", &db_);
    const auto size = static_cast<sqlite3_int64>(bytes.size());
    sqlite3_deserialize(db_, "main", copy, size, size,
                        SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
    Run("PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=OFF");
  }
  ~BareDatabase() { sqlite3_close(db_); }
  BareDatabase(const BareDatabase&) = delete;
  BareDatabase& operator=(const BareDatabase&) = delete;

  /// "" or what SQLite says.
  std::string Run(const std::string& sql) {
    char* message = nullptr;
    sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &message);
    std::string text = message == nullptr ? "" : message;
    sqlite3_free(message);
    return text;
  }

  /// Rows as "a|b"; a failure is one row "error: …".
  std::vector<std::string> Rows(const std::string& sql) {
    std::vector<std::string> rows;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return {Failure()};
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) rows.push_back(RowText(statement));
    if (result != SQLITE_DONE) rows.push_back(Failure());
    sqlite3_finalize(statement);
    return rows;
  }

  std::string One(const std::string& sql) {
    const auto rows = Rows(sql);
    return rows.empty() ? "" : rows[0];
  }

 private:
  std::string Failure() const { return std::string("error: ") + sqlite3_errmsg(db_); }

  static std::string RowText(sqlite3_stmt* statement) {
    std::string row;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* cell = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      row += std::string(i == 0 ? "" : "|") + (cell == nullptr ? "NULL" : cell);
    }
    return row;
  }

  sqlite3* db_ = nullptr;
};

}  // namespace cudacompat::test
