// Statement: one prepared SQL statement and its rows. The only place beside store.cc that includes sqlite3.h
// (in its .cc). Does not own: the connection, which must outlive it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3_stmt;

namespace cudacompat::store {

/// How the process ends where SQL of ours is wrong: the contract's code of an internal error, no signal.
inline constexpr int kExitInternal = 70;

/// A bound parameter or a cell: NULL, integer, text, or (of SQL that a person typed) a number with a point.
using Value = std::variant<std::monostate, int64_t, std::string, double>;

/// A statement and its rows. Our own SQL is a program: a failure is a bug and aborts. Its end finalizes it,
/// or gives it back to the Store that keeps it for the next time.
class Statement {
 public:
  /// Made by Store only. `in_use`: of a statement that the Store keeps; cleared at the end.
  explicit Statement(sqlite3_stmt* stmt, bool* in_use = nullptr) : stmt_(stmt), in_use_(in_use) {}
  Statement(Statement&& other) noexcept : stmt_(other.stmt_), in_use_(other.in_use_) {
    other.stmt_ = nullptr;
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& Bind(int index, const Value& value);  ///< index from 1
  Statement& BindAll(const std::vector<Value>& values);

  /// True while there is a row. Aborts on an error of the engine, but for those in TryStep.
  bool Step();

  /// As Step, but an error is given back: for statements that a person typed. nullopt: no more rows.
  enum class Stepped { kRow, kDone, kError };
  Stepped TryStep(std::string* error);

  void Reset();  ///< to run again; bindings stay

  int columns() const;
  std::string column_name(int column) const;
  bool is_null(int column) const;
  int64_t integer(int column) const;
  std::string text(int column) const;       ///< empty for NULL
  std::string_view view(int column) const;  ///< the same in place, until the next Step
  Value value(int column) const;

 private:
  sqlite3_stmt* stmt_;
  bool* in_use_;
};

}  // namespace cudacompat::store
