#include <fmt/format.h>

#include <algorithm>
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
  const char* known = nullptr;  ///< what its value may be, where that is a closed set: a statement
};

struct ListKind {
  const char* name;
  const char* help;
  const char* select;
  const char* order;
  const char* word;  ///< condition for the free words; a value of a column, as it is shown, fits as well
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
        {"--class", "g.class = lower(?)", "datacenter, geforce …", "SELECT DISTINCT class FROM gpu"}}},
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
       {{"--cuda", "(t.cuda = ?1 OR t.release = ?1)", "12.4 or 12.4.1"}}},
      {"drivers",
       "Driver branches with their CUDA version and end of support",
       "SELECT b.branch, b.os, b.kind, b.max_cuda, b.first_version, b.latest_version, b.released, "
       "b.end_of_life FROM driver_branch b WHERE 1",
       "b.branch_key DESC, b.os",
       "b.branch LIKE ? || '%'",
       {{"--os", "b.os = lower(?)", "linux or windows", "SELECT DISTINCT os FROM driver_branch"},
        {"--cuda", "b.max_cuda = ?", "12.4"}}},
      {"builds",
       "Builds of frameworks and libraries",
       "SELECT b.package, b.version, b.tag, b.os, b.arch, b.channel, b.is_default AS 'default', b.device, "
       "b.cuda, b.pythons, b.images, b.images_kind, b.released "
       "FROM build b WHERE 1",
       "b.package, b.version_key DESC, b.tag, b.os, b.arch, b.channel",
       "(b.package = replace(replace(lower(?1), '_', '-'), '.', '-') OR b.version || '+' || b.tag = lower(?1) OR EXISTS (SELECT 1 FROM "
       "package_alias a WHERE a.alias = replace(replace(lower(?1), '_', '-'), '.', '-') AND a.package = b.package AND a.tag IN ('-', b.tag)))",
       {{"--version", "b.version = ?", "2.6.0"},
        {"--tag", "b.tag = lower(?)", "cu124"},
        {"--os", "b.os = lower(?)", "linux or windows", "SELECT DISTINCT os FROM build"},
        {"--arch", "b.arch = lower(?)", "x86_64 or aarch64", "SELECT DISTINCT arch FROM build"},
        {"--device", "b.device = lower(?)", "cuda, cpu, rocm or xpu", "SELECT DISTINCT device FROM build"}}},
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
       {{"--family", "e.family = lower(?)", "runtime, driver, nvml …",
         "SELECT DISTINCT family FROM error_code"},
        {"--code", "e.code = CAST(? AS INTEGER)", "209"},
        {"--class", "e.class = lower(?)", "image, driver …", "SELECT DISTINCT class FROM error_code"}}},
      {"rules",
       "Rule ids with their verdict",
       "SELECT u.rule_id AS rule, u.verdict, u.code, u.meaning FROM rule u WHERE 1",
       "u.rule_id",
       "u.rule_id LIKE '%' || ? || '%'",
       {{"--verdict", "u.verdict = lower(?)", "incompatible", "SELECT DISTINCT verdict FROM rule"}}},
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

// A value that can never fit is a slip and no filter.
Status ReadValue(store::Store& store, const Filter& filter, std::string* value) {
  const std::string_view flag = filter.flag;
  *value = std::string(Trim(*value));
  const std::string wrong = fmt::format("'{}' is none that it can be", Printable(*value));
  if (flag == "--capability") return ReadCapability(value);
  if (flag == "--cuda" && !DottedKey(*value))
    return Error{ErrorKind::kUsage, "--cuda", wrong, "a CUDA release looks like 12.4"};
  if (flag == "--code" && (value->size() > 12 || value->find_first_not_of("0123456789") != std::string::npos))
    return Error{ErrorKind::kUsage, "--code", wrong, "an error's number looks like 209"};
  if (filter.known == nullptr) return std::nullopt;
  std::vector<std::string> known = store.Texts(filter.known);
  std::sort(known.begin(), known.end());
  if (std::find(known.begin(), known.end(), ToLower(*value)) != known.end()) return std::nullopt;
  return Error{ErrorKind::kUsage, filter.flag, wrong, "known: " + Join(known, ", ")};
}

// The rows that a statement gives; in front of the shown columns stand what SQL says of each word.
struct Listing {
  std::vector<std::string> words;
  store::Statement statement;

  bool Fits() const {
    for (size_t i = 0; i < words.size(); ++i) {
      if (statement.integer(static_cast<int>(i)) == 0 && !Shows(words[i])) return false;
    }
    return true;
  }
  bool Shows(const std::string& word) const {
    for (int i = static_cast<int>(words.size()); i < statement.columns(); ++i) {
      if (ToLower(statement.text(i)) == word) return true;
    }
    return false;
  }
};

// A flag's condition, or one of the free words (no condition), with its value.
using Given = std::pair<std::string, std::string>;

Listing Prepare(store::Store& store, const ListKind& kind, const std::vector<Given>& given) {
  constexpr std::string_view kSelect = "SELECT ";
  std::string words, filters;
  std::vector<store::Value> values;
  std::vector<std::string> lower;
  for (const auto& [condition, value] : given) {
    values.emplace_back(value);
    const std::string parameter = "?" + std::to_string(values.size());
    const std::string text = condition.empty() ? kind.word : condition;
    const std::string sql = ReplaceAll(ReplaceAll(text, "?1", "?"), "?", parameter);  // "?1": the same again
    if (!condition.empty()) {
      filters += " AND " + sql;
      continue;
    }
    words += "coalesce((" + sql + "), 0), ";
    lower.push_back(ToLower(value));
  }
  const std::string rest = std::string(kind.select).substr(kSelect.size());
  return {lower,
          store.Prepare(std::string(kSelect) + words + rest + filters + " ORDER BY " + kind.order, values)};
}

// Which filter alone leaves nothing, and what the data has that looks like it.
std::string WhyEmpty(store::Store& store, const ListKind& kind, const std::vector<Given>& given) {
  for (const Given& each : given) {
    Listing one = Prepare(store, kind, {each});
    bool fits = false;
    while (!fits && one.statement.Step()) fits = one.Fits();
    if (fits) continue;
    std::set<std::string> words;
    store::Statement all = store.Prepare(kind.select);
    while (all.Step()) {
      for (int i = 0; i < all.columns(); ++i) {
        if (std::string text = all.text(i); text.size() < 40) words.insert(std::move(text));
      }
    }
    const std::string near = query::Nearest(each.second, {words.begin(), words.end()});
    return fmt::format(": '{}' is in no row of {}{}", Printable(each.second), kind.name,
                       near.empty() ? "" : "; did you mean " + near + "?");
  }
  return "";
}

int RunList(const ListKind& kind, const ListFlags& flags, const std::string& format, Io& io) {
  Result<store::Store> store = store::Store::OpenReadOnly();
  if (!store) return Fail(io, store.error());
  std::vector<Given> given;
  for (const std::string& word : flags.words) {
    if (Trim(word).empty())
      return Fail(io, {ErrorKind::kUsage, kind.name, "an empty filter", "leave it out"});
    given.emplace_back("", word);
  }
  for (size_t i = 0; i < kind.filters.size(); ++i) {
    if (flags.given[i] == 0) continue;
    std::string value = flags.values[i];
    if (Status error = ReadValue(*store, kind.filters[i], &value)) return Fail(io, *error);
    given.emplace_back(kind.filters[i].condition, value);
  }
  Rows rows;
  Listing listing = Prepare(*store, kind, given);
  const int first = static_cast<int>(listing.words.size());
  for (int i = first; i < listing.statement.columns(); ++i)
    rows.columns.push_back(listing.statement.column_name(i));
  while (listing.statement.Step()) {
    if (!listing.Fits()) continue;
    std::vector<store::Value> row;
    for (int i = first; i < listing.statement.columns(); ++i) row.push_back(listing.statement.value(i));
    rows.rows.push_back(std::move(row));
  }
  if (rows.rows.empty())
    io.err << "cudacompat: nothing in the data fits" << WhyEmpty(*store, kind, given) << "\n";
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
