// The little of SQLite that mkdb needs: own a database, own a statement, say what failed.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>

namespace cudacompat::mkdb {

class Database {
 public:
  /// In memory. Foreign keys are checked at the end, over everything, so that order does not matter.
  Database();
  /// A file that is there; message() says what is wrong when it cannot be opened.
  explicit Database(const std::string& path) { sqlite3_open(path.c_str(), &handle_); }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs one or more statements; the message of the first that fails.
  std::optional<std::string> Run(const std::string& sql);
  std::string message() const { return sqlite3_errmsg(handle_); }
  sqlite3* handle() { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

class Statement {
 public:
  /// `ok()` is false when the text does not compile; the database's message() says why.
  Statement(Database& db, const std::string& sql);
  ~Statement() { sqlite3_finalize(handle_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  bool ok() const { return handle_ != nullptr; }
  /// True while there is a row.
  bool Step() { return (result_ = sqlite3_step(handle_)) == SQLITE_ROW; }
  /// Whether the last Step ended because all was done, not because it failed.
  bool done() const { return result_ == SQLITE_DONE; }
  void Reset() { sqlite3_reset(handle_); }

  int columns() const { return sqlite3_column_count(handle_); }
  std::string Text(int column) const;
  int64_t Integer(int column) const { return sqlite3_column_int64(handle_, column); }
  void Bind(int parameter, const std::string& text);
  void Bind(int parameter, int64_t number) { sqlite3_bind_int64(handle_, parameter, number); }
  void BindNull(int parameter) { sqlite3_bind_null(handle_, parameter); }

 private:
  sqlite3_stmt* handle_ = nullptr;
  int result_ = SQLITE_OK;
};

/// A name as SQL text: "gpu" with quotes.
std::string Quoted(const std::string& name);

}  // namespace cudacompat::mkdb
