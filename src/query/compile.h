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
  bool otherwise = false;  ///< says nothing new unless all since the last one without this changed nothing
};

/// The head of every INSERT into asked_build; its values follow in this order. `build_row` and `list_id` may
/// be NULL.
inline constexpr char kAskBuild[] =
    "INSERT INTO asked_build (subject_id, system_id, driver_os, build_row, kind, package, version, version_key, "
    "tag, os, arch, channel, is_default, device, cuda, cuda_key, pythons, images_kind, list_id) ";

/// Those values after subject_id, of a row `b` of build on a row `y` of asked_system.
inline constexpr char kBuildValues[] =
    "y.system_id, y.driver_os, b.rowid, 'package', b.package, b.version, b.version_key, b.tag, b.os, b.arch, "
    "b.channel, b.is_default, b.device, b.cuda, b.cuda_key, b.pythons, b.images_kind, "
    "(SELECT l.list_id FROM build_list l WHERE l.build_row = b.rowid AND l.role = 'main') ";

/// Behind stated drivers: what sources say otherwise of their CUDA.
inline constexpr char kDriverDisputes[] =
    "UPDATE asked_driver SET (sure_cuda_key, said_cuda_key) = (x.sure_cuda_key, x.said_cuda_key) FROM driver_dispute x WHERE "
    "x.driver_os = asked_driver.driver_os AND version_key >= x.first_key AND version_key < x.below_key";

/// Target, systems, cards and drivers, in the order in which they must run.
std::vector<Sql> CompileTarget(const Question& question);

/// One subject and its candidate builds on the asked systems. `subject_id` from 1.
std::vector<Sql> CompileSubject(const Subject& subject, int64_t subject_id);

/// Statements as text with the parameters behind them, for --show sql.
std::string ToText(const std::vector<Sql>& statements);

}  // namespace cudacompat::query
