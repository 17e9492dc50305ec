#include "answer/remedy.h"

#include <fmt/format.h>

#include <algorithm>

#include "answer/evaluate.h"
#include "base/text.h"

namespace cudacompat::answer {
namespace {

std::vector<std::string> WordList(const std::string& text) {
  std::vector<std::string> words;
  for (std::string_view word : Words(text)) {
    if (word != "-") words.emplace_back(word);
  }
  return words;
}

std::string Name(const Build& build) {
  return build.package + " " + build.version + (build.tag == "-" ? "" : "+" + build.tag);
}

// One row of remedy as it stands.
Remedy FromRow(store::Statement& row) {
  Remedy remedy;
  remedy.changes = {row.text(1)};
  remedy.title = row.text(2);
  std::string rest = row.text(3);
  while (rest != "-" && !rest.empty()) {
    size_t end = rest.find(" ;; ");
    remedy.commands.push_back(rest.substr(0, end));
    rest = end == std::string::npos ? "" : rest.substr(end + 4);
  }
  remedy.needs = WordList(row.text(4));
  remedy.risk = row.text(5);
  return remedy;
}

const char kRemedyRows[] =
    "SELECT how, changes, title, commands, needs, risk FROM remedy WHERE rule_id = ?1 AND (os = '*' OR ?2 = "
    "'' OR os = ?2) "
    "AND (platform = '*' OR platform = ?3) ORDER BY rank, os, platform";

/// All that the computed remedies need to know, gathered before the asked subjects are replaced.
struct Context {
  store::Store& store;
  const query::Question& question;
  const Build* best;
  std::string package;
  std::string version;
  std::vector<Build> alternatives;  ///< every build of the package on this target, best first
  std::vector<Requirement> drivers;
  std::string os;
  std::string platform;
};

// Judges every build of the package on the same target.
void FindAlternatives(Context* context) {
  ForgetSubjects(context->store);
  query::Subject subject;
  subject.package = context->package;
  subject.given = context->package;
  Run(context->store, query::CompileSubject(subject, 1));
  Conclude(context->store);
  int64_t total = 0;
  context->alternatives = ReadBuilds(context->store, 1, 400, &total);
}

bool Runs(const Build& build) { return build.verdict == Verdict::kCompatible; }

std::optional<Build> FindSameVersion(const Context& context) {
  for (const Build& build : context.alternatives) {
    bool same = build.version == context.version && (context.os.empty() || build.os == context.os);
    bool other =
        context.best == nullptr || build.tag != context.best->tag || build.channel != context.best->channel;
    if (Runs(build) && same && other) return build;
  }
  return std::nullopt;
}

std::optional<Build> FindNewest(const Context& context) {
  for (const Build& build : context.alternatives) {
    if (!Runs(build) || (!context.os.empty() && build.os != context.os)) continue;
    if (build.version == context.version) continue;
    return build;
  }
  return std::nullopt;
}

void AddBuildRemedy(Context* context, const std::optional<Build>& build, Remedy remedy, Answer* answer) {
  if (!build) return;
  remedy.title = ReplaceAll(remedy.title, "{build}", Name(*build));
  remedy.commands = InstallCommands(context->store, *build);
  for (const Remedy& known : answer->remedies) {
    if (known.commands == remedy.commands) return;
  }
  answer->remedies.push_back(remedy);
}

// The exact minimum of what was asked, and the newest branch that still serves the cards.
void AddDriverRemedy(Context* context, const Remedy& pattern, Answer* answer) {
  for (const Requirement& driver : context->drivers) {
    std::string driver_os = driver.os == "windows" || driver.os == "wsl" ? "windows" : "linux";
    store::Statement row = context->store.Prepare(
        "SELECT g.branch, g.latest_version FROM driver_branch g WHERE g.os = ?1 AND NOT EXISTS (SELECT 1 "
        "FROM driver_support s "
        "JOIN asked_device d ON d.cc_key = s.cc_key WHERE d.stated = 1 AND s.os = ?1 AND s.last_branch_key < "
        "g.branch_key) "
        "ORDER BY g.branch_key DESC LIMIT 1",
        {driver_os});
    if (!row.Step()) continue;
    Remedy remedy = pattern;
    std::string range =
        driver.minimum + " or newer" + (driver.below.empty() ? "" : ", below " + driver.below);
    remedy.title =
        ReplaceAll(ReplaceAll(ReplaceAll(remedy.title, "{minimum}", range), "{branch}", row.text(0)),
                   "{latest}", row.text(1));
    remedy.title =
        ReplaceAll(remedy.title, "{os}", driver.os == "wsl" ? "Windows (WSL uses its driver)" : driver.os);
    if (driver_os == "windows") remedy.commands.clear();
    for (std::string& command : remedy.commands) command = ReplaceAll(command, "{branch}", row.text(0));
    if (context->platform == "container") remedy.needs.push_back("host");
    answer->remedies.push_back(remedy);
  }
}

void AddToolkitRemedy(Context* context, const Remedy& pattern, Answer* answer) {
  store::Statement row = context->store.Prepare(
      "SELECT max(first_key), first, min(last_key), last FROM (SELECT a.first_toolkit_key AS first_key, "
      "a.first_toolkit AS first, a.last_toolkit_key AS last_key, "
      "a.last_toolkit AS last FROM architecture a JOIN compute_capability c ON c.cc = a.cc JOIN asked_device "
      "d ON d.cc_key = coalesce(c.renamed_to_key, c.cc_key) "
      "WHERE d.stated = 1 AND a.suffix = '-' AND c.renamed_to = '-')");
  if (!row.Step() || row.is_null(0)) return;
  Remedy remedy = pattern;
  std::string last =
      row.text(3) == "open"
          ? context->store.Text(
                "SELECT cuda FROM toolkit WHERE kind IN ('ga','update') ORDER BY release_key DESC LIMIT 1")
          : row.text(3);
  remedy.title = ReplaceAll(ReplaceAll(remedy.title, "{first}", row.text(1)), "{last}", last);
  for (std::string& command : remedy.commands)
    command = ReplaceAll(command, "{last-dash}", ReplaceAll(last, ".", "-"));
  answer->remedies.push_back(remedy);
}

void AddPythonRemedy(Context* context, const Remedy& pattern, Answer* answer) {
  for (const Build& build : context->alternatives) {
    if (build.version != context->version || build.device != "cuda" || build.python.empty() ||
        build.python[0] == "unsaid")
      continue;
    Remedy remedy = pattern;
    remedy.title =
        ReplaceAll(ReplaceAll(remedy.title, "{pythons}", Join(build.python, ", ")), "{build}", Name(build));
    for (std::string& command : remedy.commands)
      command = ReplaceAll(command, "{python}", build.python.back());
    answer->remedies.push_back(remedy);
    return;
  }
}

void AddRow(Context* context, const std::string& how, const Remedy& pattern, Answer* answer) {
  if (how == "template") answer->remedies.push_back(pattern);
  if (how == "same-version") AddBuildRemedy(context, FindSameVersion(*context), pattern, answer);
  if (how == "newest") AddBuildRemedy(context, FindNewest(*context), pattern, answer);
  if (how == "driver") AddDriverRemedy(context, pattern, answer);
  if (how == "toolkit") AddToolkitRemedy(context, pattern, answer);
  if (how == "python") AddPythonRemedy(context, pattern, answer);
  if (how == "gpu") answer->remedies.push_back(pattern);
}

// Drivers that would run what was asked, as if none were stated.
std::vector<Requirement> FindDrivers(store::Store& store, const Build* best) {
  if (best == nullptr) return {};
  Build any = *best;
  any.verdict = Verdict::kIncompatible;
  return ReadDriverRequirements(store, any);
}

}  // namespace

std::vector<std::string> InstallCommands(store::Store& store, const Build& build) {
  std::string pattern = store.Text("SELECT install FROM package WHERE package = ?", {build.package});
  std::string url = store.Text(
      "SELECT index_url FROM package_index WHERE package = ?1 AND channel = ?2 AND ?3 GLOB tag ORDER BY "
      "length(tag) DESC LIMIT 1",
      {build.package, build.channel, build.tag});
  bool framework = build.channel == "framework" && !url.empty() && url != "-";
  url = ReplaceAll(url, "{tag}", build.tag);
  // A build of the default index has no local part in its name.
  if (!framework) pattern = ReplaceAll(pattern, "+{tag}", "");
  std::string what =
      ReplaceAll(ReplaceAll(ReplaceAll(pattern, "{package}", build.package), "{version}", build.version),
                 "{tag}", build.tag);
  if (what.find('[') != std::string::npos) what = "\"" + what + "\"";
  store::Statement companions = store.Prepare(
      "SELECT companion, companion_version FROM companion WHERE package = ?1 AND version = ?2 AND same_tag = "
      "'yes' AND companion_version NOT IN ('-', 'unsaid') "
      "ORDER BY companion DESC",
      {build.package, build.version});
  while (companions.Step())
    what += " " + companions.text(0) + "==" + companions.text(1) + (framework ? "+" + build.tag : "");
  std::string index = framework ? " --index-url " + url : "";
  return {"pip install --force-reinstall " + what + index, "uv pip install --reinstall " + what + index};
}

std::vector<Remedy> TemplateRemedies(store::Store& store, const std::string& rule, const std::string& os,
                                     const std::string& platform) {
  std::vector<Remedy> remedies;
  store::Statement rows = store.Prepare(kRemedyRows, {rule, os, platform.empty() ? "bare" : platform});
  while (rows.Step()) {
    if (rows.text(0) == "template") remedies.push_back(FromRow(rows));
  }
  return remedies;
}

void AddRemedies(store::Store& store, const query::Question& question, int64_t subject, const Build* best,
                 Answer* answer) {
  std::string rule = answer->rule;
  Context context{store,
                  question,
                  best,
                  "",
                  "",
                  {},
                  {},
                  best != nullptr ? best->os : question.os,
                  question.platform.empty() ? "bare" : question.platform};
  if (context.platform == "bare" && question.os == "wsl") context.platform = "wsl";
  context.drivers = FindDrivers(store, best);
  store::Statement asked = store.Prepare(
      "SELECT kind, package, coalesce(version, '') FROM asked_subject WHERE subject_id = ?", {subject});
  bool package = asked.Step() && asked.text(0) == "package";
  if (package) {
    context.package = asked.text(1);
    context.version = best != nullptr ? best->version : asked.text(2);
  }
  std::vector<std::pair<std::string, Remedy>> rows;
  bool needs_alternatives = false;
  store::Statement known = store.Prepare(kRemedyRows, {rule, context.os, context.platform});
  while (known.Step()) {
    rows.emplace_back(known.text(0), FromRow(known));
    const std::string& how = rows.back().first;
    needs_alternatives = needs_alternatives || how == "same-version" || how == "newest" || how == "python";
  }
  if (package && needs_alternatives) FindAlternatives(&context);
  for (const auto& [how, pattern] : rows) AddRow(&context, how, pattern, answer);
}

}  // namespace cudacompat::answer
