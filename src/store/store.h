// Store: a private copy of the embedded database. Facts and rules are in it; what a question states is
// written into it. The only library that links SQLite. Does not own: any SQL of a question (that is src/query
// and src/answer).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/statement.h"

struct sqlite3;

namespace cudacompat::store {

class Store {
 public:
  /// Opens the embedded image in place: the system copies its pages when they are written to, and closing
  /// rolls everything back. One process may hold one writable Store at a time; a second is refused with an
  /// internal error.
  static Result<Store> Open();

  /// Opens the embedded image so that nothing can be written (for SQL that a person typed).
  static Result<Store> OpenReadOnly();

  Store(Store&& other) noexcept;
  Store& operator=(Store&&) = delete;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  /// Prepares SQL of ours; a mistake in it aborts.
  Statement Prepare(std::string_view sql);
  Statement Prepare(std::string_view sql, const std::vector<Value>& values);

  /// Prepares SQL that a person typed: one statement, and an Error that quotes the engine's message.
  Result<Statement> PrepareTyped(std::string_view sql);

  /// Runs SQL of ours that yields no rows.
  void Run(std::string_view sql, const std::vector<Value>& values = {});

  /// The first column of the first row; empty when there is none.
  std::string Text(std::string_view sql, const std::vector<Value>& values = {});

  /// Several statements of ours, without parameters.
  void Script(const std::string& sql);

 private:
  Store(sqlite3* db, bool writable) : db_(db), writable_(writable) {}
  sqlite3* db_;
  bool writable_;
};

/// The embedded image itself, as `db save` writes it.
std::string_view DatabaseImage();

}  // namespace cudacompat::store
