#include "store/store.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

// The image and the room behind it (tools/mkdb's output, placed by src/store/database.S or its CMake rule).
extern "C" {
extern unsigned char cudacompat_db_begin[];
extern unsigned char cudacompat_db_end[];
extern unsigned char cudacompat_db_room_end[];
}

namespace cudacompat::store {
namespace {

bool writable_open = false;

Result<sqlite3*> OpenImage(bool writable) {
  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code == SQLITE_OK) {
    auto size = static_cast<sqlite3_int64>(cudacompat_db_end - cudacompat_db_begin);
    auto room = static_cast<sqlite3_int64>(cudacompat_db_room_end - cudacompat_db_begin);
    code = sqlite3_deserialize(db, "main", cudacompat_db_begin, size, writable ? room : size,
                               writable ? 0 : SQLITE_DESERIALIZE_READONLY);
  }
  if (code != SQLITE_OK) {
    sqlite3_close(db);
    return Error{ErrorKind::kInternal, "",
                 std::string("the embedded database cannot be opened: ") + sqlite3_errstr(code),
                 "this is a bug; please report it"};
  }
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, writable ? 0 : 1, nullptr);
  return db;
}

}  // namespace

Result<Store> Store::Open() {
  if (writable_open) {
    return Error{ErrorKind::kInternal, "", "the embedded database is already open for writing", ""};
  }
  Result<sqlite3*> db = OpenImage(true);
  if (!db) return db.error();
  writable_open = true;
  Store store(*db, true);
  // One transaction for the Store's whole life, rolled back at its end: the image is then as it was, and the
  // next Store of this process finds it clean.
  store.Script("PRAGMA journal_mode=MEMORY; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=OFF; BEGIN;");
  return store;
}

Result<Store> Store::OpenReadOnly() {
  Result<sqlite3*> db = OpenImage(false);
  if (!db) return db.error();
  return Store(*db, false);
}

Store::Store(Store&& other) noexcept : db_(other.db_), writable_(other.writable_) { other.db_ = nullptr; }

Store::~Store() {
  if (db_ != nullptr && writable_) {
    sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
    writable_open = false;
  }
  sqlite3_close(db_);
}

Statement Store::Prepare(std::string_view sql) {
  sqlite3_stmt* stmt = nullptr;
  if (sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &stmt, nullptr) != SQLITE_OK) {
    std::fprintf(stderr, "cudacompat: internal error in SQL: %s\n%.*s\n", sqlite3_errmsg(db_),
                 static_cast<int>(sql.size()), sql.data());
    std::abort();
  }
  return {stmt};
}

Statement Store::Prepare(std::string_view sql, const std::vector<Value>& values) {
  Statement statement = Prepare(sql);
  statement.BindAll(values);
  return statement;
}

Result<Statement> Store::PrepareTyped(std::string_view sql) {
  sqlite3_stmt* stmt = nullptr;
  const char* rest = nullptr;
  if (sql.size() > 1000000)
    return Error{ErrorKind::kUsage, "sql", "the statement is longer than 1,000,000 bytes", ""};
  if (sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &stmt, &rest) != SQLITE_OK) {
    std::string place = "sql";
    int offset = sqlite3_error_offset(db_);
    if (offset >= 0) place += ", column " + std::to_string(offset + 1);
    return Error{ErrorKind::kUsage, place, sqlite3_errmsg(db_),
                 "cudacompat sql \"SELECT name FROM sqlite_schema\" lists the tables and views"};
  }
  if (stmt == nullptr)
    return Error{ErrorKind::kUsage, "sql", "there is no statement in it", "try \"SELECT * FROM toolkit\""};
  Statement statement(stmt);
  for (const char* p = rest; p != sql.data() + sql.size(); ++p) {
    if (*p != ' ' && *p != '\n' && *p != '\t' && *p != '\r' && *p != ';') {
      return Error{ErrorKind::kUsage, "sql, column " + std::to_string(p - sql.data() + 1),
                   "one statement at a time", ""};
    }
  }
  if (sqlite3_stmt_readonly(stmt) == 0) {
    return Error{ErrorKind::kUsage, "sql", "the database is read-only: this statement would write to it",
                 "cudacompat db save FILE writes a copy that any SQLite client can change"};
  }
  return statement;
}

void Store::Run(std::string_view sql, const std::vector<Value>& values) {
  Statement statement = Prepare(sql, values);
  while (statement.Step()) {
  }
}

std::string Store::Text(std::string_view sql, const std::vector<Value>& values) {
  Statement statement = Prepare(sql, values);
  return statement.Step() ? statement.text(0) : "";
}

void Store::Script(const std::string& sql) {
  char* message = nullptr;
  if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK) {
    std::fprintf(stderr, "cudacompat: internal error in SQL: %s\n%s\n", message, sql.c_str());
    std::abort();
  }
}

std::string_view DatabaseImage() {
  return {reinterpret_cast<const char*>(cudacompat_db_begin),
          static_cast<size_t>(cudacompat_db_end - cudacompat_db_begin)};
}

}  // namespace cudacompat::store
