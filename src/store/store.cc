#include "store/store.h"

#include <sqlite3.h>
#include <chrono>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/text.h"
#include "database/image.h"
#include "store/memory.h"

namespace cudacompat::store {
namespace {

bool is_open = false;

// SQLite's own settings, before its first use: one thread only, no statistics, memory of our own (memory.h),
// which makes its pool of small blocks (lookaside) needless.
void Configure() {
  static const bool kDone = [] {
    UseOwnMemory();
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    return true;
  }();
  (void)kDone;
}

Error CannotOpen(const std::string& message) {
  return {ErrorKind::kInternal, "", "the embedded database cannot be opened: " + message,
          "this is a bug; please report it"};
}

}  // namespace

Result<Store> Store::Open() {
  if (is_open) return CannotOpen("it is open already in this process");
  Configure();
  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code == SQLITE_OK) {
    const auto size = static_cast<sqlite3_int64>(DatabaseSize());
    code = sqlite3_deserialize(db, "main", cudacompat_db_begin, size, size, 0);
  }
  if (code != SQLITE_OK) {
    sqlite3_close(db);
    return CannotOpen(sqlite3_errstr(code));
  }
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  is_open = true;
  Store store(db);
  store.embedded_ = true;
  // One transaction for the Store's whole life, rolled back at its end: the image is then as it was, and the
  // next Store of this process finds it clean. Pages are read where they lie (mmap_size); those that are
  // written to stay in the cache (cache_spill), however many: the image has no room to grow into.
  store.Script(
      "PRAGMA mmap_size=1000000000; PRAGMA cache_spill=OFF; PRAGMA journal_mode=MEMORY; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=OFF; BEGIN;");
  store.ReadAside();
  return store;
}

Result<Store> Store::OpenReadOnly() {
  Result<Store> store = Open();
  if (!store) return store;
  store->MakeWhole();
  store->Script("PRAGMA query_only=ON;");
  sqlite3_db_config(store->db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_limit(store->db_, SQLITE_LIMIT_ATTACHED, 0);  // ATTACH would make a file
  return store;
}

void Store::ReadAside() {
  Statement rows(Compile("SELECT tbl_name, rootpage, sql FROM set_aside ORDER BY position"));
  while (rows.Step()) aside_[rows.text(0)].push_back({rows.integer(1), rows.text(2)});
}

// SQLite's "imposter" table: a definition taken as if it stood in the schema, over pages that are there. It
// is how SQLite itself takes in its schema, one entry at a time; the schema on the pages stays as it is.
void Store::Declare(std::string_view table) {
  auto found = aside_.find(std::string(table));
  if (found == aside_.end()) return;
  for (const Aside& entry : found->second) {
    sqlite3_test_control(SQLITE_TESTCTRL_IMPOSTER, db_, "main", 1, static_cast<int>(entry.root));
    sqlite3_exec(db_, entry.sql.c_str(), nullptr, nullptr, nullptr);
    sqlite3_test_control(SQLITE_TESTCTRL_IMPOSTER, db_, "main", 0, 0);
  }
  aside_.erase(found);
}

// What stands behind FROM, JOIN and INTO. A table that is named otherwise (UPDATE t, FROM s, t) is declared
// when SQLite misses it.
void Store::DeclareNamed(std::string_view sql) {
  auto is_word = [](char c) { return IsAlpha(c) || IsDigit(c) || c == '_'; };
  for (size_t at = sql.find('O'); at != std::string_view::npos; at = sql.find('O', at + 1)) {
    size_t begin = at + 2;
    if (at >= 2 && sql.substr(at - 2, 5) == "FROM ") {
      begin = at + 3;
    } else if (at >= 1 && sql.substr(at - 1, 5) == "JOIN ") {
      begin = at + 4;
    } else if (at < 3 || sql.substr(at - 3, 5) != "INTO ") {
      continue;
    }
    size_t end = begin;
    while (end < sql.size() && is_word(sql[end])) ++end;
    if (end > begin) Declare(sql.substr(begin, end - begin));
  }
}

// The table that SQLite's last message misses, if it is one of ours.
bool Store::DeclareMissed() {
  constexpr std::string_view kMissing = "no such table: ";
  const std::string message = sqlite3_errmsg(db_);
  const size_t known = aside_.size();
  if (StartsWith(message, kMissing)) Declare(std::string_view(message).substr(kMissing.size()));
  return aside_.size() < known;
}

void Store::MakeWhole() {
  aside_.clear();
  Script(
      "PRAGMA writable_schema=ON;"
      "INSERT INTO sqlite_schema SELECT type, name, tbl_name, rootpage, sql FROM set_aside ORDER BY position;"
      "PRAGMA writable_schema=RESET; DROP TABLE set_aside;");
  // A table that was embedded without its key (tools/mkdb/embed.cc).
  const std::vector<std::string> keyless = Texts(
      "SELECT c.name FROM checked c JOIN sqlite_schema s ON s.type = 'table' AND s.name = c.name "
      "WHERE instr(c.sql, 'PRIMARY KEY') > 0 AND instr(s.sql, 'PRIMARY KEY') = 0");
  for (const std::string& table : keyless) {
    const std::string columns = Text("SELECT group_concat(name) FROM pragma_table_info(?)", {table});
    const std::string whole = Text("SELECT sql FROM checked WHERE name = ?", {table});
    const std::vector<std::string> indexes = Texts(
        "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", {table});
    Run("ALTER TABLE " + table + " RENAME TO keyless");
    Run(whole);
    Run("INSERT INTO " + table + " (rowid, " + columns + ") SELECT rowid, " + columns + " FROM keyless");
    Run("DROP TABLE keyless");
    for (const std::string& index : indexes) Run(index);
  }
  const std::vector<std::string> statements =
      Texts("SELECT 'CREATE VIEW \"' || name || '\" AS ' || body FROM definition ORDER BY name");
  for (const std::string& sql : statements) Run(sql);
  Script("DROP TABLE definition; DROP TABLE fact_key;");
  Script(
      "PRAGMA writable_schema=ON;"
      "UPDATE sqlite_schema AS s SET sql = (SELECT c.sql FROM checked c WHERE c.name = s.name)"
      "  WHERE type = 'table' AND name IN (SELECT name FROM checked);"
      "PRAGMA writable_schema=RESET; DROP TABLE checked;");
}

std::string Store::WithViews(const std::vector<std::string>& views, const std::string& sql) {
  std::vector<std::string> names;
  auto add = [&names](std::string_view name) {
    for (const std::string& known : names) {
      if (known == name) return;
    }
    names.emplace_back(name);
  };
  Statement uses = Prepare("SELECT uses FROM definition WHERE name = ?");
  for (const std::string& view : views) {
    uses.Reset();
    uses.Bind(1, view);
    if (!uses.Step()) {
      std::fprintf(stderr, "cudacompat: internal error: no view %s\n", view.c_str());
      std::_Exit(kExitInternal);
    }
    std::string list = uses.text(0);
    for (std::string_view name : Words(list)) add(name);
    add(view);
  }
  std::string with;
  Statement body = Prepare("SELECT body FROM definition WHERE name = ?");
  for (const std::string& name : names) {
    body.Reset();
    body.Bind(1, name);
    body.Step();
    with += (with.empty() ? "WITH " : ", ") + name + " AS (" + body.text(0) + ")";
  }
  return with + " " + sql;
}

Store::Store(Store&& other) noexcept
    : db_(other.db_),
      aside_(std::move(other.aside_)),
      kept_(std::move(other.kept_)),
      embedded_(other.embedded_) {
  other.db_ = nullptr;
}

Store::~Store() {
  if (db_ == nullptr) return;
  for (const auto& [sql, kept] : kept_) sqlite3_finalize(kept.stmt);
  sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(db_);
  if (embedded_) is_open = false;
}

Statement Store::Prepare(std::string_view sql) {
  Kept& kept = kept_[std::string(sql)];
  if (!kept.met && !keeps_all_) {
    kept.met = true;
    return Statement(Compile(sql));
  }
  if (kept.stmt == nullptr) kept.stmt = Compile(sql);
  if (kept.in_use) return Statement(Compile(sql));  // two runs of one text at a time
  kept.in_use = true;
  return Statement(kept.stmt, &kept.in_use);
}

sqlite3_stmt* Store::Compile(std::string_view sql) {
  if (!aside_.empty()) DeclareNamed(sql);
  sqlite3_stmt* stmt = nullptr;
  int code = SQLITE_OK;
  do {
    code = sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &stmt, nullptr);
  } while (code != SQLITE_OK && DeclareMissed());
  if (code != SQLITE_OK) {
    std::fprintf(stderr, "cudacompat: internal error in SQL: %s\n%.*s\n", sqlite3_errmsg(db_),
                 static_cast<int>(sql.size()), sql.data());
    std::_Exit(kExitInternal);
  }
  return stmt;
}

Statement Store::Prepare(std::string_view sql, const std::vector<Value>& values) {
  Statement statement = Prepare(sql);
  statement.BindAll(values);
  return statement;
}

namespace {

// What a question may do: read, and ask a PRAGMA that takes no value but a name.
int AllowReading(void* /*unused*/, int action, const char* first, const char* second,
                 const char* /*database*/, const char* /*trigger*/) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_PRAGMA: {
      const std::string_view name = first == nullptr ? "" : first;
      const bool describes = EndsWith(name, "_info") || EndsWith(name, "_xinfo") || EndsWith(name, "_list");
      return second == nullptr || describes ? SQLITE_OK : SQLITE_DENY;
    }
    default:
      return SQLITE_DENY;
  }
}

}  // namespace

namespace {

// A typed statement may never end (a recursive query without a bound): it is stopped after this long.
constexpr std::chrono::seconds kLongestTyped{10};
constexpr int kStepsBetweenLooks = 100000;

int IsOverdue(void* since) {
  return std::chrono::steady_clock::now() - *static_cast<std::chrono::steady_clock::time_point*>(since) >
                 kLongestTyped
             ? 1
             : 0;
}

}  // namespace

Result<Statement> Store::PrepareTyped(std::string_view sql) {
  sqlite3_stmt* stmt = nullptr;
  const char* rest = nullptr;
  if (sql.size() > 1000000)
    return Error{ErrorKind::kUsage, "sql", "the statement is longer than 1,000,000 bytes", ""};
  sqlite3_set_authorizer(db_, AllowReading, nullptr);
  const int prepared = sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &stmt, &rest);
  sqlite3_set_authorizer(db_, nullptr, nullptr);
  if (prepared != SQLITE_OK) {
    std::string place = "sql";
    if (prepared == SQLITE_AUTH) {
      return Error{ErrorKind::kUsage, place, "the database is read-only: this statement is no question to it",
                   "cudacompat db save FILE writes a copy that any SQLite client can change"};
    }
    int offset = sqlite3_error_offset(db_);
    if (offset >= 0) place += ", column " + std::to_string(offset + 1);
    return Error{ErrorKind::kUsage, place, sqlite3_errmsg(db_),
                 "cudacompat sql \"SELECT name FROM sqlite_schema\" lists the tables and views"};
  }
  if (stmt == nullptr)
    return Error{ErrorKind::kUsage, "sql", "there is no statement in it", "try \"SELECT * FROM toolkit\""};
  static std::chrono::steady_clock::time_point since;
  since = std::chrono::steady_clock::now();
  sqlite3_progress_handler(db_, kStepsBetweenLooks, IsOverdue, &since);
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

std::vector<std::string> Store::Texts(std::string_view sql, const std::vector<Value>& values) {
  std::vector<std::string> texts;
  Statement statement = Prepare(sql, values);
  while (statement.Step()) texts.push_back(statement.text(0));
  return texts;
}

void Store::Empty(const std::vector<std::string_view>& tables) {
  for (std::string_view table : tables) {
    if (Named(table)) Run("DELETE FROM " + std::string(table));
  }
}

void Store::Script(const std::string& sql) {
  DeclareNamed(sql);
  char* message = nullptr;
  if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK) {
    std::fprintf(stderr, "cudacompat: internal error in SQL: %s\n%s\n", message, sql.c_str());
    std::_Exit(kExitInternal);
  }
}

bool Store::changed() const { return changes() != 0; }

int64_t Store::changes() const { return sqlite3_total_changes64(db_); }

bool SaveImage(const std::string& path, std::string* message) {
  // A copy of its own: VACUUM INTO needs its changes committed, and those must not stay in the embedded
  // image.
  Configure();
  sqlite3* db = nullptr;
  size_t size = ImageSize();
  auto* bytes = static_cast<unsigned char*>(sqlite3_malloc64(size));
  if (bytes == nullptr || sqlite3_open(":memory:", &db) != SQLITE_OK) {
    sqlite3_free(bytes);
    *message = "out of memory";
    return false;
  }
  std::memcpy(bytes, cudacompat_db_begin, size);
  sqlite3_deserialize(db, "main", bytes, static_cast<sqlite3_int64>(size), static_cast<sqlite3_int64>(size),
                      SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  bool saved = false;
  {
    Store store(db);
    store.Script("BEGIN;");
    store.MakeWhole();
    store.Script("COMMIT;");
    Statement vacuum = store.Prepare("VACUUM INTO ?", {path});
    saved = vacuum.TryStep(message) == Statement::Stepped::kDone;
    vacuum.Reset();
  }
  return saved;
}

size_t ImageSize() { return DatabaseSize(); }

}  // namespace cudacompat::store
