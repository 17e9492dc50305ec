#include "store/statement.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

namespace cudacompat::store {
namespace {

[[noreturn]] void Die(sqlite3_stmt* stmt) {
  std::fprintf(stderr, "cudacompat: internal error in SQL: %s\n%s\n", sqlite3_errmsg(sqlite3_db_handle(stmt)),
               sqlite3_sql(stmt));
  std::_Exit(kExitInternal);
}

}  // namespace

Statement::~Statement() {
  if (stmt_ == nullptr) return;
  if (in_use_ == nullptr) {
    sqlite3_finalize(stmt_);
    return;
  }
  sqlite3_reset(stmt_);
  sqlite3_clear_bindings(stmt_);
  *in_use_ = false;
}

Statement& Statement::Bind(int index, const Value& value) {
  int code = SQLITE_OK;
  if (const auto* number = std::get_if<int64_t>(&value)) {
    code = sqlite3_bind_int64(stmt_, index, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    code = sqlite3_bind_text64(stmt_, index, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } else if (const auto* real = std::get_if<double>(&value)) {
    code = sqlite3_bind_double(stmt_, index, *real);
  } else {
    code = sqlite3_bind_null(stmt_, index);
  }
  if (code != SQLITE_OK) Die(stmt_);
  return *this;
}

Statement& Statement::BindAll(const std::vector<Value>& values) {
  int index = 0;
  for (const Value& value : values) Bind(++index, value);
  return *this;
}

bool Statement::Step() {
  int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Die(stmt_);
  return false;
}

Statement::Stepped Statement::TryStep(std::string* error) {
  int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return Stepped::kRow;
  if (code == SQLITE_DONE) return Stepped::kDone;
  *error = sqlite3_errmsg(sqlite3_db_handle(stmt_));
  return Stepped::kError;
}

void Statement::Reset() { sqlite3_reset(stmt_); }

int Statement::columns() const { return sqlite3_column_count(stmt_); }

std::string Statement::column_name(int column) const { return sqlite3_column_name(stmt_, column); }

bool Statement::is_null(int column) const { return sqlite3_column_type(stmt_, column) == SQLITE_NULL; }

int64_t Statement::integer(int column) const { return sqlite3_column_int64(stmt_, column); }

std::string_view Statement::view(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(stmt_, column));
  return bytes == nullptr ? std::string_view()
                          : std::string_view(bytes, static_cast<size_t>(sqlite3_column_bytes(stmt_, column)));
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(stmt_, column));
  if (bytes == nullptr) return "";
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(stmt_, column))};
}

Value Statement::value(int column) const {
  switch (sqlite3_column_type(stmt_, column)) {
    case SQLITE_NULL:
      return std::monostate();
    case SQLITE_INTEGER:
      return integer(column);
    case SQLITE_FLOAT:
      return sqlite3_column_double(stmt_, column);
    default:
      return text(column);
  }
}

}  // namespace cudacompat::store
