#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <set>

#include "base/text.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/rows.h"
#include "query/term.h"
#include "store/store.h"

namespace cudacompat::cli {
namespace {

/// One kind of list: its statement with a filter per flag. Each filter is a condition with one parameter.
struct Filter {
  const char* flag;
  const char* condition;
  const char* help;
};

struct ListKind {
  const char* name;
  const char* help;
  const char* select;
  const char* order;
  const char* word;  ///< condition for the free words
  std::vector<Filter> filters;
};

const std::vector<ListKind>& Kinds() {
  static const std::vector<ListKind> kKinds = {
      {"gpus",
       "Cards with their compute capability",
       "SELECT g.name, g.cc AS compute_capability, c.architecture, g.class, g.memory_mib, g.chips, "
       "g.standing, g.gpu_id AS id FROM gpu g "
       "JOIN compute_capability c ON c.cc = g.cc WHERE 1",
       "g.cc_key, g.name",
       "(g.name LIKE '%' || ?1 || '%' OR g.cc = replace(?1, 'sm_', '') OR 'sm_' || replace(g.cc, '.', '') = ?1 OR c.architecture LIKE ?1 OR g.class = ?1)",
       {{"--capability", "g.cc = ?", "7.5"},
        {"--architecture", "c.architecture LIKE ? || '%'", "Turing"},
        {"--class", "g.class = ?", "datacenter, geforce …"}}},
      {"toolkits",
       "Toolkit releases with the drivers they ask for",
       "SELECT t.release, t.label, t.kind, t.released, l.min_driver AS linux_min_driver, w.min_driver AS "
       "windows_min_driver, "
       "m.min_driver AS linux_runs_from, n.min_driver AS windows_runs_from FROM toolkit t "
       "LEFT JOIN toolkit_release_driver l ON l.release = t.release AND l.os = 'linux' LEFT JOIN "
       "toolkit_release_driver w ON w.release = t.release AND w.os = 'windows' "
       "LEFT JOIN minor_version_compatibility m ON m.cuda_major_key = t.cuda_key / 1000000000000 * "
       "1000000000000 AND m.os = 'linux' "
       "LEFT JOIN minor_version_compatibility n ON n.cuda_major_key = t.cuda_key / 1000000000000 * "
       "1000000000000 AND n.os = 'windows' WHERE 1",
       "t.release_key DESC",
       "t.release LIKE ? || '%'",
       {{"--cuda", "t.cuda = ?", "12.4"}}},
      {"drivers",
       "Driver branches with their CUDA version and end of support",
       "SELECT b.branch, b.os, b.kind, b.max_cuda, b.first_version, b.latest_version, b.released, "
       "b.end_of_life FROM driver_branch b WHERE 1",
       "b.branch_key DESC, b.os",
       "b.branch LIKE ? || '%'",
       {{"--os", "b.os = ?", "linux or windows"}, {"--cuda", "b.max_cuda = ?", "12.4"}}},
      {"builds",
       "Builds of frameworks and libraries",
       "SELECT b.package, b.version, b.tag, b.os, b.arch, b.channel, b.is_default AS 'default', b.device, "
       "b.cuda, b.pythons, b.images, b.images_kind, b.released "
       "FROM build b WHERE 1",
       "b.package, b.version_key DESC, b.tag, b.os, b.arch, b.channel",
       "(b.package = (SELECT coalesce((SELECT a.package FROM package_alias a WHERE a.alias = ?1), ?1)) OR b.version = ?1 OR "
       "b.tag = ?1 OR b.version || '+' || b.tag = ?1 OR b.os = ?1 OR b.arch = ?1 OR b.device = ?1)",
       {{"--version", "b.version = ?", "2.6.0"},
        {"--tag", "b.tag = ?", "cu124"},
        {"--os", "b.os = ?", "linux or windows"},
        {"--arch", "b.arch = ?", "x86_64 or aarch64"},
        {"--device", "b.device = ?", "cuda, cpu, rocm or xpu"}}},
      {"architectures",
       "The generation table: capability, toolkits, drivers, typical cards",
       "SELECT c.architecture, c.cc AS compute_capability, c.years, a.first_toolkit, a.last_toolkit, "
       "s.first_branch AS first_driver, s.last_branch AS last_driver, "
       "c.board, c.typical AS cards FROM compute_capability c LEFT JOIN architecture a ON a.cc = c.cc AND "
       "a.suffix = '-' "
       "LEFT JOIN driver_support s ON s.cc = c.cc AND s.os = 'linux' WHERE 1",
       "c.cc_key",
       "(c.architecture LIKE ?1 || '%' OR c.cc = ?1 OR 'sm_' || replace(c.cc, '.', '') = ?1)",
       {{"--capability", "c.cc = ?", "7.5"}}},
      {"errors",
       "Error numbers of the CUDA runtime, the driver, NVML and Windows",
       "SELECT e.family, e.code, e.name, e.message, e.class, e.rule_id AS rule FROM error_code e WHERE 1",
       "e.family, e.code",
       "(e.name LIKE '%' || ?1 || '%' OR CAST(e.code AS TEXT) = ?1 OR e.family = ?1)",
       {{"--family", "e.family = ?", "runtime, driver, nvml …"},
        {"--code", "e.code = CAST(? AS INTEGER)", "209"},
        {"--class", "e.class = ?", "image, driver …"}}},
      {"rules",
       "Rule ids with their verdict",
       "SELECT u.rule_id AS rule, u.verdict, u.code, u.meaning FROM rule u WHERE 1",
       "u.rule_id",
       "u.rule_id LIKE '%' || ? || '%'",
       {{"--verdict", "u.verdict = ?", "incompatible"}}},
  };
  return kKinds;
}

struct ListFlags {
  std::vector<std::string> words;
  std::vector<std::string> values;  ///< one per filter; empty when not given
  std::vector<char> given;
};

// "sm_75" and "7.5" are one capability.
Status ReadCapability(std::string* value) {
  const std::string lower = ToLower(Trim(*value));
  if (CapabilityKey(lower)) {
    *value = lower;
    return std::nullopt;
  }
  if (std::optional<Target> target = ParseTarget(lower); target && target->suffix == 0) {
    *value = CapabilityText(target->capability);
    return std::nullopt;
  }
  return Error{ErrorKind::kUsage, "--capability",
               fmt::format("'{}' is no compute capability", Printable(*value)),
               "a capability looks like 7.5 or sm_75"};
}

// Which filter alone leaves nothing, and what the data has that looks like it.
std::string WhyEmpty(store::Store& store, const ListKind& kind,
                     const std::vector<std::pair<std::string, std::string>>& filters) {
  for (const auto& [condition, value] : filters) {
    const std::string one = ReplaceAll(ReplaceAll(condition, "?1", "?"), "?", "?1");
    if (store.Prepare(std::string(kind.select) + " AND " + one + " LIMIT 1", {value}).Step()) continue;
    std::set<std::string> words;
    store::Statement all = store.Prepare(kind.select);
    while (all.Step()) {
      for (int i = 0; i < all.columns(); ++i) {
        if (std::string text = all.text(i); text.size() < 40) words.insert(std::move(text));
      }
    }
    const std::string near = query::Nearest(value, {words.begin(), words.end()});
    return fmt::format(": '{}' is in no row of {}{}", Printable(value), kind.name,
                       near.empty() ? "" : "; did you mean " + near + "?");
  }
  return "";
}

int RunList(const ListKind& kind, const ListFlags& flags, const std::string& format, Io& io) {
  Result<store::Store> store = store::Store::OpenReadOnly();
  if (!store) return Fail(io, store.error());
  std::string sql = kind.select;
  std::vector<store::Value> values;
  std::vector<std::pair<std::string, std::string>> filters;
  auto add = [&](std::string condition, const std::string& value) {
    values.emplace_back(value);
    filters.emplace_back(condition, value);
    std::string parameter = "?" + std::to_string(values.size());
    condition = ReplaceAll(condition, "?1", "?");  // "?1": the same value again
    sql += " AND " + ReplaceAll(condition, "?", parameter);
  };
  for (const std::string& word : flags.words) {
    if (Trim(word).empty())
      return Fail(io, {ErrorKind::kUsage, kind.name, "an empty filter", "leave it out"});
    add(kind.word, word);
  }
  for (size_t i = 0; i < kind.filters.size(); ++i) {
    if (flags.given[i] == 0) continue;
    if (Trim(flags.values[i]).empty())
      return Fail(io, {ErrorKind::kUsage, kind.filters[i].flag, "the value is empty",
                       "leave the flag out, or give it a value"});
    std::string value = flags.values[i];
    if (std::string_view(kind.filters[i].flag) == "--capability") {
      if (Status error = ReadCapability(&value)) return Fail(io, *error);
    }
    add(kind.filters[i].condition, value);
  }
  sql += std::string(" ORDER BY ") + kind.order;
  Rows rows;
  store::Statement statement = store->Prepare(sql, values);
  for (int i = 0; i < statement.columns(); ++i) rows.columns.push_back(statement.column_name(i));
  while (statement.Step()) {
    std::vector<store::Value> row;
    for (int i = 0; i < statement.columns(); ++i) row.push_back(statement.value(i));
    rows.rows.push_back(std::move(row));
  }
  if (rows.rows.empty())
    io.err << "cudacompat: nothing in the data fits" << WhyEmpty(*store, kind, filters) << "\n";
  io.out << Show(rows, format, "cudacompat/list/1");
  return 0;
}

}  // namespace

void AddList(CLI::App* app, Io& io, int* code) {
  CLI::App* command = app->add_subcommand(
      "list", "Browse the facts: gpus, toolkits, drivers, builds, architectures, errors, rules");
  command->require_subcommand(1);
  for (const ListKind& kind : Kinds()) {
    CLI::App* list = command->add_subcommand(kind.name, kind.help);
    auto flags = std::make_shared<ListFlags>();
    flags->values.resize(kind.filters.size());
    flags->given.resize(kind.filters.size());
    auto format = AddRowFormats(list);
    list->add_option("filter", flags->words,
                     "words that the name holds, or a value of a column: 12.0, 209, 2.6.0");
    for (size_t i = 0; i < kind.filters.size(); ++i) {
      list->add_option_function<std::string>(
              kind.filters[i].flag,
              [flags, i](const std::string& value) {
                flags->values[i] = value;
                flags->given[i] = 1;
              },
              kind.filters[i].help)
          ->type_name("VALUE");
    }
    list->callback([&kind, flags, format, &io, code] { *code = RunList(kind, *flags, *format, io); });
  }
}

}  // namespace cudacompat::cli
