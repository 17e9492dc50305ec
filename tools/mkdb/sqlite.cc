#include "mkdb/sqlite.h"

#include <fmt/format.h>

#include "base/text.h"

namespace cudacompat::mkdb {

Database::Database() {
  sqlite3_open(":memory:", &handle_);
  // Old habits of SQLite off: "text" in double quotes is a name, never quietly a string.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  Run("PRAGMA page_size=4096; PRAGMA foreign_keys=OFF");
}

std::optional<std::string> Database::Run(const std::string& sql) {
  char* message = nullptr;
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message) == SQLITE_OK) return std::nullopt;
  std::string text = message != nullptr ? message : "out of memory";
  sqlite3_free(message);
  return text;
}

Statement::Statement(Database& db, const std::string& sql) {
  sqlite3_prepare_v2(db.handle(), sql.c_str(), -1, &handle_, nullptr);
}

std::string Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return text == nullptr ? std::string()
                         : std::string(text, static_cast<size_t>(sqlite3_column_bytes(handle_, column)));
}

void Statement::Bind(int parameter, const std::string& text) {
  sqlite3_bind_text(handle_, parameter, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

std::string Quoted(const std::string& name) { return fmt::format("\"{}\"", ReplaceAll(name, "\"", "\"\"")); }

}  // namespace cudacompat::mkdb
