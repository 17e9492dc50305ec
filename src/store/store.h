// Store: a private copy of the embedded database. Facts and rules are in it; what a question states is
// written into it. The only library that links SQLite. Does not own: any SQL of a question (that is src/query
// and src/answer).
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "store/statement.h"

struct sqlite3;
struct sqlite3_stmt;

namespace cudacompat::store {

class Store {
 public:
  /// Opens the embedded image in place: the system copies its pages when they are written to, and closing
  /// rolls everything back. One process may hold one writable Store at a time; a second is refused with an
  /// internal error.
  static Result<Store> Open();

  /// The same with every view in its schema, and no more writing: for SQL that a person typed, and for lists.
  static Result<Store> OpenReadOnly();

  /// `sql` with the named views in front as common table expressions, and the views that those use. The
  /// embedded image keeps views as rows of the table definition (tools/mkdb/embed.h): SQLite need not parse
  /// those that nobody asks.
  std::string WithViews(const std::vector<std::string>& views, const std::string& sql);

  Store(Store&& other) noexcept;
  Store& operator=(Store&&) = delete;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  /// Prepares SQL of ours; a mistake in it aborts. What is prepared a second time is kept: compiling costs
  /// more than most statements' runs, and keeping costs memory that a question's single use would pay for
  /// nothing.
  /// After KeepStatements, which says that much will be asked again, from its first use.
  Statement Prepare(std::string_view sql);
  void KeepStatements() { keeps_all_ = true; }
  Statement Prepare(std::string_view sql, const std::vector<Value>& values);

  /// Prepares SQL that a person typed: one statement, and an Error that quotes the engine's message.
  Result<Statement> PrepareTyped(std::string_view sql);

  /// Runs SQL of ours that yields no rows.
  void Run(std::string_view sql, const std::vector<Value>& values = {});

  /// The first column of the first row; empty when there is none.
  std::string Text(std::string_view sql, const std::vector<Value>& values = {});

  /// The first column of every row.
  std::vector<std::string> Texts(std::string_view sql, const std::vector<Value>& values = {});

  /// Empties tables that a question fills. One that no statement has named is empty.
  void Empty(const std::vector<std::string_view>& tables);

  /// Several statements of ours, without parameters.
  void Script(const std::string& sql);

  /// Whether a statement has named this table since the Store was opened: one that none has is as it was
  /// embedded.
  bool Named(std::string_view table) const { return aside_.count(std::string(table)) == 0; }

  /// Whether a row was written since the Store was opened.
  bool changed() const;

  /// How many rows were written since it was opened.
  int64_t changes() const;

 private:
  explicit Store(sqlite3* db) : db_(db) {}
  void MakeWhole();  // tables, views and clauses that the embedded form keeps as rows (tools/mkdb/embed.h)
  void ReadAside();
  void Declare(std::string_view table);
  void DeclareNamed(std::string_view sql);
  bool DeclareMissed();
  sqlite3_stmt* Compile(std::string_view sql);
  friend bool SaveImage(const std::string& path, std::string* message);
  struct Kept {
    sqlite3_stmt* stmt = nullptr;
    bool in_use = false;
    bool met = false;  ///< prepared before
  };
  struct Aside {
    int64_t root = 0;  ///< the page it begins on
    std::string sql;
  };
  sqlite3* db_;
  /// Tables of the image that no statement has named yet: the table's definition, then its indexes'.
  std::unordered_map<std::string, std::vector<Aside>> aside_;
  std::unordered_map<std::string, Kept> kept_;
  bool keeps_all_ = false;
  bool embedded_ = false;  ///< over the embedded image itself, of which there is one
};

/// Writes the database, views in its schema, to a file that must not exist. False with a message when that
/// fails.
bool SaveImage(const std::string& path, std::string* message);

/// Bytes of the embedded image.
size_t ImageSize();

}  // namespace cudacompat::store
