// A Question as SQL: the statements that write what was stated into the asked_ tables, with bound parameters.
// Does not own: running them (src/answer), the rules (data/rules).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "query/ast.h"

namespace cudacompat::query {

/// A bound parameter: NULL, integer or text. The same alternatives as store::Value, so that neither needs the
/// other.
using Parameter = std::variant<std::monostate, int64_t, std::string>;

struct Sql {
  std::string text;
  std::vector<Parameter> parameters;
  std::vector<std::string> views = {};  ///< views of the database that the text names
};

/// Target, systems, cards and drivers, in the order in which they must run.
std::vector<Sql> CompileTarget(const Question& question);

/// One subject and its candidate builds on the asked systems. `subject_id` from 1.
std::vector<Sql> CompileSubject(const Subject& subject, int64_t subject_id);

/// Statements as text with the parameters behind them, for --show sql.
std::string ToText(const std::vector<Sql>& statements);

}  // namespace cudacompat::query
