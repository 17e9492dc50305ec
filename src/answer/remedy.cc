#include "answer/remedy.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>

#include "answer/evaluate.h"
#include "answer/machine.h"
#include "answer/what_if.h"
#include "base/text.h"
#include "base/version.h"
#include "query/compile.h"
#include "query/term.h"

namespace cudacompat::answer {
namespace {

using Values = std::map<std::string, std::string>;

/// One row of the table remedy.
struct Row {
  int64_t rank = 0;
  std::string how, changes, os, only_for, title, commands, needs, risk;
};

std::vector<std::string> WordList(const std::string& text) {
  std::vector<std::string> words;
  for (std::string_view word : Words(text)) {
    if (word != "-") words.emplace_back(word);
  }
  return words;
}

bool Runs(const Build& build) { return build.verdict == Verdict::kCompatible; }

std::string Fill(std::string text, const Values& values) {
  for (const auto& [name, value] : values) text = ReplaceAll(text, "{" + name + "}", value);
  return text;
}

// Whether a value stands in a command as itself, so that a shell that is given the command makes nothing else
// of it: names of files and packages come from machines and logs that nobody trusts yet. `quote` encloses it,
// or is a blank.
bool StandsForItself(std::string_view value, char quote, bool windows) {
  return std::all_of(value.begin(), value.end(), [&](char c) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f' || c == quote) return false;
    if (quote == '\'') return true;
    if (quote == '"') return c != '$' && c != '`' && (c != '\\' || windows) && (c != '%' || !windows);
    return static_cast<unsigned char>(c) >= 0x80 || IsAlpha(c) || IsDigit(c) ||
           std::string_view("_./+=,@:-").find(c) != std::string_view::npos;
  });
}

// The command with its places filled; nothing where a value would be more than a word there: then the title
// alone says what to do.
// "{subjects}" takes the subject's words, each in quotes.
std::optional<std::string> FillCommand(std::string command, const Values& values, bool windows) {
  const auto subject = values.find("subject");
  if (subject != values.end() && Contains(command, "{subjects}")) {
    std::vector<std::string> words;
    for (std::string_view word : Words(subject->second)) {
      if (!StandsForItself(word, '"', windows)) return std::nullopt;
      words.push_back("\"" + std::string(word) + "\"");
    }
    command = ReplaceAll(command, "{subjects}", Join(words, " "));
  }
  for (const auto& [name, value] : values) {
    const std::string place = "{" + name + "}";
    for (size_t at = command.find(place); at != std::string::npos;
         at = command.find(place, at + value.size())) {
      const char before = at == 0 ? ' ' : command[at - 1];
      const bool quoted = before == '"' || before == '\'';
      if (!StandsForItself(value, quoted ? before : ' ', windows)) return std::nullopt;
      command.replace(at, place.size(), value);
    }
  }
  return command;
}

// "{minimum}" left over: what the row needs is not known.
bool HasPlace(const std::string& text) {
  for (size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    size_t end = at + 1;
    while (end < text.size() && (IsAlpha(text[end]) || text[end] == '-' || text[end] == '_')) ++end;
    if (end > at + 1 && end < text.size() && text[end] == '}') return true;
  }
  return false;
}

bool NamesSubject(const Row& row) {
  return Contains(row.title, "{subject}") || Contains(row.commands, "{subject}") ||
         Contains(row.commands, "{subjects}");
}

/// Whether the commands of the row are for the system of the build: WSL has the shell of Linux.
bool FitsShell(const Row& row, const Build& build) {
  return row.os == "*" || (row.os == "windows") == (build.os == "windows");
}

/// A build that was judged and is offered, and what is to be said of it behind the title.
struct Chosen {
  std::optional<Build> build;
  std::string note;
};
using Choice = std::function<Chosen(const std::vector<Build>&)>;

/// The same build from the index that names it by its tag, where it lies there too: one command that gives it
/// everywhere.
std::optional<Build> Named(store::Store& store, const std::vector<Build>& builds,
                           std::optional<Build> build) {
  if (!build || build->channel == "framework") return build;
  for (const Build& other : builds) {
    const bool same = other.package == build->package && other.version == build->version &&
                      other.tag == build->tag && other.os == build->os && other.arch == build->arch &&
                      other.channel == "framework";
    if (same && Runs(other) && NamesTag(store, other)) return other;
  }
  return build;
}

/// Whether the command that installs `build` gives one that runs on the other system too.
bool GivenOn(const std::string& os, const Build& build, const std::vector<Build>& builds) {
  return std::any_of(builds.begin(), builds.end(), [&](const Build& other) {
    return Runs(other) && other.os == os && other.package == build.package &&
           other.version == build.version && other.tag == build.tag && other.channel == build.channel;
  });
}

std::string SystemName(std::string os) {
  if (os == "wsl") return "WSL";
  if (!os.empty() && os[0] >= 'a' && os[0] <= 'z') os[0] = static_cast<char>(os[0] - 'a' + 'A');
  return os;
}

/// Finds and writes the remedies of one rule.
class Finder {
 public:
  Finder(store::Store& store, const query::Question& question, std::string rule, int64_t subject,
         const Build* best)
      : store_(store),
        question_(question),
        rule_(std::move(rule)),
        best_(best),
        what_if_(store, question, subject, best) {}

  void Told(const answer::Told& told) {
    captures_ = told.captures;
    package_ = told.package;
    text_ = told.text;
    cleared_ = told.cleared;
    general_ = true;
  }

  void Asked(int64_t subject) {
    store::Statement row = store_.Prepare(
        "SELECT kind, package, coalesce(version, '') FROM asked_subject WHERE subject_id = ?", {subject});
    if (!row.Step() || row.text(0) != "package") return;
    package_ = row.text(1);
    version_ = row.text(2);
  }

  /// What the rule speaks of: a folder, a package.
  void About(const std::string& about) { about_ = about; }

  /// Of several cards those that run the build, and those that do not.
  void Cards(Values cards) { cards_ = std::move(cards); }

  /// Without anything known of the machine no build can be called one that runs there.
  void OnlyKnown(bool here) { here_ = here; }

  std::vector<Remedy> Find();

 private:
  std::vector<Row> ReadRows();
  void KeepFitting(std::vector<Row>* rows);
  bool Say(std::string* text, bool command) const;
  bool SayDriver(std::string* command, const std::string& branch) const;
  void FindPlace();
  void AddRow(const Row& row);
  bool Add(const Row& row, Values values, const std::vector<std::string>& more = {});
  void AddGeneral(const Row& row);
  void AddBuild(const Row& row, const std::optional<Build>& build, const query::Question& changed);
  void AddBuild(const Row& row, const std::optional<Build>& build) { AddBuild(row, build, question_); }
  void AddBuilds(const Row& row, const Choice& choose);
  void AddChosen(const Row& row, const std::string& how);
  const Build* First(const std::vector<Build>& builds) const;
  std::vector<std::string> Commands(const Build& build, const query::Question& changed);
  void AddDrivers(const Row& row);
  void AddCombined(const Row& row);
  void AddForward(const Row& row);
  void AddToolkits(const Row& row);
  void AddJetPack(const Row& row);
  void AddPython(const Row& row);
  void AddTwin(const Row& row);
  void AddPair(const Row& row);
  std::optional<Build> PairOf(const query::Question& changed, const query::Bound& kept,
                              const std::string& kept_package, const std::string& tag,
                              const std::string& package, const Build* beside = nullptr);
  bool PackageIs(const std::string& package, const std::string& kind) {
    return store_.Text("SELECT 1 FROM package WHERE package = ?1 AND kind = ?2", {package, kind}) == "1";
  }
  bool Listed(const Build& build);
  void AddOtherOs(const Row& row);
  void AddCompiler(const Row& row);
  void AddLibrary(const Row& row, bool packaged);
  void AddElsewhere(const Row& row);
  void AddWithoutCompat(const Row& row, bool other_build);

  const std::vector<Build>& Alternatives();
  std::optional<Build> SameVersion(const std::vector<Build>& builds) const;
  std::optional<Build> SameBuild(const std::vector<Build>& builds) const;
  std::optional<Build> Newest(const std::vector<Build>& builds, std::string* clean) const;
  bool FitsOs(const std::string& row_os, const std::string& os) const {
    return row_os == "*" || row_os == os;
  }

  store::Store& store_;
  const query::Question& question_;
  std::string rule_;
  const Build* best_;
  WhatIf what_if_;
  std::string package_, version_, about_;
  Values cards_;
  std::vector<std::pair<std::string, std::string>>
      words_;  ///< that this system says otherwise, longest first
  struct DriverWord {
    std::string words, branch, instead;
    bool fits = false;  ///< the kernel modules that the cards need
  };
  std::vector<DriverWord> driver_words_;
  std::string branch_;  ///< the last that drives the cards
  std::map<std::string, std::string> captures_;
  bool here_ = true;
  bool text_ = false;                ///< of a text, whose words would have told the package
  bool general_ = false;             ///< for a text: what it does not tell is answered in general
  const Answer* cleared_ = nullptr;  ///< what was stated is not the cause
  std::string os_, platform_;
  std::optional<std::vector<Build>> alternatives_;
  std::optional<std::vector<DriverRange>> drivers_;
  std::vector<Remedy> found_;
  std::map<std::string, int> computed_;  ///< per kind of change: how many were worked out
};

// The system, when all that was asked about is one; and what a person can change there.
void Finder::FindPlace() {
  ForgetQuestion(store_);
  Run(store_, query::CompileTarget(question_));
  const std::vector<std::string> names = store_.Texts("SELECT DISTINCT os FROM asked_system");
  os_ = names.size() == 1 ? names[0] : "";
  platform_ = question_.platform.empty() ? "bare" : question_.platform;
  if (os_.empty() && !question_.host_compiler.empty())
    os_ = store_.Text("SELECT min(os) FROM host_compiler WHERE compiler = ?", {question_.host_compiler});
  if (platform_ == "bare" && os_ == "wsl") platform_ = "wsl";
  const bool tegra = question_.arch == "tegra" || !question_.jetpack.empty() ||
                     store_.Text(
                         "SELECT 1 FROM asked_device WHERE stated = 1 AND board = 'embedded' AND class <> "
                         "'capability' LIMIT 1") == "1";
  if (tegra) {
    platform_ = "tegra";
    os_ = "linux";
  }
  if (tegra) return;
  store::Statement words = store_.Prepare(
      "SELECT words, instead FROM remedy_word WHERE dialect = coalesce((SELECT dialect FROM dialect WHERE name = ?1), "
      "CASE WHEN ?1 = '' OR ?2 THEN '' ELSE 'other' END) ORDER BY length(words) DESC, words",
      {platform_ == "container" ? question_.engine : question_.distribution,
       static_cast<int64_t>(platform_ == "container")});
  while (words.Step()) words_.emplace_back(words.text(0), words.text(1));
  store::Statement drivers = store_.Prepare(
      store_.WithViews(
          {"driver_need"},
          "SELECT r.words, r.branch, r.instead, r.modules = n.modules, n.branch FROM dialect d JOIN "
          "remedy_driver r ON r.dialect = d.dialect CROSS JOIN driver_need n WHERE d.name = ?"),
      {platform_ == "container" ? question_.engine : question_.distribution});
  while (drivers.Step()) {
    driver_words_.push_back({drivers.text(0), drivers.text(1), drivers.text(2), drivers.integer(3) == 1});
    branch_ = drivers.text(4);
  }
}

// Rows for a part of what the rule speaks of stay where that fits, and some of those stand for all others.
void Finder::KeepFitting(std::vector<Row>* rows) {
  std::map<int64_t, std::pair<bool, bool>> ranks;  // fits, alone
  store::Statement found = store_.Prepare(
      "SELECT rank, ?2 GLOB about, alone = 'yes' FROM remedy_about WHERE rule_id = ?1", {rule_, about_});
  while (found.Step()) ranks[found.integer(0)] = {found.integer(1) == 1, found.integer(2) == 1};
  auto fits = [&](const Row& row) { return ranks.count(row.rank) == 0 || ranks.at(row.rank).first; };
  const bool alone = std::any_of(rows->begin(), rows->end(), [&](const Row& row) {
    return ranks.count(row.rank) > 0 && fits(row) && ranks.at(row.rank).second;
  });
  auto gone = [&](const Row& row) { return !fits(row) || (alone && ranks.count(row.rank) == 0); };
  rows->erase(std::remove_if(rows->begin(), rows->end(), gone), rows->end());
}

// The text in this system's words; false for a command that it does not have.
bool Finder::Say(std::string* text, bool command) const {
  for (const auto& [words, instead] : words_) {
    if (!Contains(*text, words)) continue;
    if (instead == "-" && command) return false;
    *text = ReplaceAll(*text, words, instead == "-" ? "" : instead);
  }
  *text = ReplaceAll(ReplaceAll(*text, " ;", ";"), "  ", " ");
  *text = std::string(Trim(*text));
  return true;
}

// What installs a driver, by what the cards need; false where this system has words for it and none that fit.
bool Finder::SayDriver(std::string* command, const std::string& branch) const {
  bool known = false;
  for (const DriverWord& word : driver_words_) {
    if (!Contains(*command, word.words)) continue;
    known = true;
    if (!word.fits || word.branch != branch) continue;
    *command = ReplaceAll(*command, word.words, word.instead);
    return true;
  }
  return !known;
}

std::vector<Row> Finder::ReadRows() {
  std::vector<Row> rows;
  // Of an unknown system both kinds are shown; WSL's own only where there is nothing else.
  store::Statement found = store_.Prepare(
      "SELECT rank, how, changes, os, only_for, title, commands, needs, risk FROM remedy m WHERE rule_id = ?1 AND (os = '*' "
      "OR os = ?2 OR ?2 = 'wsl' AND os = 'linux' AND changes IN ('environment', 'package', 'python') AND NOT EXISTS (SELECT 1 FROM "
      "remedy w WHERE w.rule_id = m.rule_id AND w.os = 'wsl') OR ?2 = '' AND (os <> 'wsl' OR NOT EXISTS (SELECT 1 FROM remedy x WHERE x.rule_id = m.rule_id AND x.os IN "
      "('linux', 'windows')))) AND (platform = '*' OR instr('+' || platform || '+', '+' || ?3 || '+') > 0) "
      "ORDER BY rank, os, platform, only_for",
      {rule_, os_, platform_});
  while (found.Step()) {
    rows.push_back({found.integer(0), found.text(1), found.text(2), found.text(3), found.text(4),
                    found.text(5), found.text(6), found.text(7), found.text(8)});
  }
  KeepFitting(&rows);
  auto other = [&](const Row& row) {
    if (row.only_for == "*" || row.how == "compiler") return false;
    if (package_.empty()) return !general_ || text_;
    return !Contains("+" + row.only_for + "+", "+" + package_ + "+");
  };
  rows.erase(std::remove_if(rows.begin(), rows.end(), other), rows.end());
  // Rows that name what the rule speaks of, where that is known, stand for the others that change the same.
  std::vector<std::string> named;
  for (const Row& row : rows) {
    if (NamesSubject(row) && !about_.empty()) named.push_back(row.changes);
  }
  auto beside = [&](const Row& row) {
    const bool general = row.how == "template" || row.how == "general" || row.how == "library";
    return NamesSubject(row) ? about_.empty()
                             : general && std::find(named.begin(), named.end(), row.changes) != named.end();
  };
  rows.erase(std::remove_if(rows.begin(), rows.end(), beside), rows.end());
  return rows;
}

// The row with its places filled; false, and nothing added, where one is left or it stands there already.
bool Finder::Add(const Row& row, Values values, const std::vector<std::string>& more) {
  values["subject"] = about_;
  Remedy remedy;
  remedy.changes = WordList(row.changes);
  remedy.title = Fill(row.title, values);
  // the newest of those that the data has, where it does not claim to list all
  if (row.how == "newest" && store_.Text("SELECT 1 FROM listing WHERE package = ?", {package_}).empty())
    remedy.title = ReplaceAll(remedy.title, ": the newest", ": the newest in the data");
  std::string rest = FillCommand(row.commands, values, row.os == "windows").value_or("-");
  while (rest != "-" && !rest.empty()) {
    size_t end = rest.find(" ;; ");
    remedy.commands.push_back(rest.substr(0, end));
    rest = end == std::string::npos ? "" : rest.substr(end + 4);
  }
  if (!words_.empty()) {
    const auto only = values.find("only-branch");
    const std::string branch = only == values.end() ? branch_ : only->second;
    auto lacks = [&](std::string& command) { return !SayDriver(&command, branch) || !Say(&command, true); };
    remedy.commands.erase(std::remove_if(remedy.commands.begin(), remedy.commands.end(), lacks),
                          remedy.commands.end());
    Say(&remedy.title, false);
  }
  remedy.commands.insert(remedy.commands.end(), more.begin(), more.end());
  remedy.needs = WordList(row.needs);
  remedy.risk = row.risk;
  if (!words_.empty() && row.risk != "-") Say(&remedy.risk, false);
  if (remedy.risk.empty()) remedy.risk = "-";
  if (row.how != "template") {
    if (HasPlace(remedy.title)) return false;
    for (const std::string& command : remedy.commands) {
      if (HasPlace(command)) return false;
    }
  }
  for (const Remedy& known : found_) {
    const bool same = !known.commands.empty() && known.commands == remedy.commands;
    if (same || known.title == remedy.title) return false;
  }
  found_.push_back(std::move(remedy));
  const bool anyway = (row.how == "template" && row.only_for == "*") || row.how == "else";
  if (!anyway && row.how != "general" && row.how != "gpu") ++computed_[row.changes];
  return true;
}

const std::vector<Build>& Finder::Alternatives() {
  if (!alternatives_) {
    alternatives_.emplace();
    if (!package_.empty() && here_) alternatives_ = what_if_.Builds(question_, package_);
  }
  return *alternatives_;
}

// The version that was asked for, in another build; of a version that was left open there is none to keep.
std::optional<Build> Finder::SameVersion(const std::vector<Build>& builds) const {
  if (version_.empty()) return std::nullopt;
  for (const Build& build : builds) {
    const bool other = best_ == nullptr || build.package != best_->package || build.tag != best_->tag ||
                       build.channel != best_->channel || build.os != best_->os;
    if (Runs(build) && PackageKey(build.version) == PackageKey(version_) && other) return build;
  }
  return std::nullopt;
}

// The same build again, from the index that names it by its tag.
std::optional<Build> Finder::SameBuild(const std::vector<Build>& builds) const {
  std::optional<Build> found;
  for (const Build& build : builds) {
    const bool same = best_ != nullptr && build.version == best_->version && build.tag == best_->tag &&
                      build.os == best_->os && build.arch == best_->arch;
    if (same && Runs(build) && (!found || build.channel == "framework")) found = build;
  }
  return found;
}

// The newest that runs, and the newest that does without a caveat where that is another one.
std::optional<Build> Finder::Newest(const std::vector<Build>& builds, std::string* clean) const {
  std::optional<Build> newest;
  for (const Build& build : builds) {
    if (!Runs(build) || build.device != "cuda") continue;
    if (newest && PackageKey(build.version).value_or(0) <= PackageKey(newest->version).value_or(0)) continue;
    if (newest && newest->caveats.empty()) *clean = BuildName(*newest);
    newest = build;
  }
  return newest;
}

// What installs the build. An extension is compiled against one release of its framework, which the default
// index gives in another build: the framework that goes with it comes first, from its own index, then the
// extension alone.
std::vector<std::string> Finder::Commands(const Build& build, const query::Question& changed) {
  if (!PackageIs(build.package, "extension")) return InstallCommands(store_, build);
  const std::string framework = store_.Text(
      "SELECT p.other FROM pin p JOIN package k ON k.package = p.other AND k.kind = 'framework' WHERE p.package = ?1 AND "
      "p.version_key = ?2 AND p.needs = 1 LIMIT 1",
      {build.package, PackageKey(build.version).value_or(0)});
  std::vector<std::string> alone =
      InstallCommands(store_, build, true, PythonFor(store_, build, question_.python));
  if (framework.empty()) return alone;
  const query::Bound here{query::Bound::Op::kEqual, build.version, PackageKey(build.version).value_or(0), 0};
  for (const query::Subject& other : question_.subjects) {
    const bool kept =
        other.package == framework && other.versions.size() == 1 &&
        store_.Text(
            "SELECT 1 FROM pin WHERE package = ?1 AND version_key = ?2 AND other = ?3 AND other_version_key = ?4 AND tag IN ('*', ?5) AND "
            "(?6 GLOB other_tag OR ?6 = '' AND other_tag <> '') LIMIT 1",
            {build.package, here.key, framework, other.versions[0].key, build.tag, other.tag}) == "1";
    if (kept) return alone;
  }
  const std::optional<Build> base = PairOf(changed, here, build.package, build.tag, framework, &build);
  if (!base) return alone;
  std::vector<std::string> commands = InstallCommands(store_, *base);
  // pip's lines, then uv's.
  const auto uv = std::find_if(commands.begin(), commands.end(),
                               [](const std::string& line) { return StartsWith(line, "uv "); });
  commands.insert(uv, alone.front());
  commands.insert(commands.end(), alone.begin() + 1, alone.end());
  return commands;
}

// Of the versions behind the one that was asked for the first that runs, where it is that one that is too
// old.
const Build* Finder::First(const std::vector<Build>& builds) const {
  const Build* first = nullptr;
  for (const Build& build : builds) {
    const std::optional<int64_t> key = PackageKey(build.version);
    if (!Runs(build) || build.device != "cuda" || version_.empty() || key <= PackageKey(version_)) continue;
    if (first == nullptr || key < PackageKey(first->version)) first = &build;
  }
  return first;
}

void Finder::AddBuild(const Row& row, const std::optional<Build>& build, const query::Question& changed) {
  if (!build) return;
  Row worded = row;
  if (const std::string python = PythonFor(store_, *build, question_.python); !python.empty())
    worded.title += " (the command takes its file for Python " + python + ")";
  Add(worded, {{"build", BuildName(*build)}, {"package", package_}}, Commands(*build, changed));
}

// Where the system is open, one command for all of them if it gives a build that runs on each; else a remedy
// for each.
void Finder::AddBuilds(const Row& row, const Choice& choose) {
  const std::vector<Build> builds = Alternatives();
  const Chosen chosen = choose(builds);
  const std::optional<Build> best = Named(store_, builds, chosen.build);
  if (!best) return;
  std::vector<std::string> systems;
  for (const Build& build : builds) {
    if (std::find(systems.begin(), systems.end(), build.os) == systems.end()) systems.push_back(build.os);
  }
  const bool everywhere = std::all_of(systems.begin(), systems.end(),
                                      [&](const std::string& os) { return GivenOn(os, *best, builds); });
  Row worded = row;
  worded.title += chosen.note;
  if (everywhere || !os_.empty()) {
    AddBuild(worded, best);
    return;
  }
  std::sort(systems.begin(), systems.end());
  for (const std::string& os : systems) {
    std::vector<Build> there;
    std::copy_if(builds.begin(), builds.end(), std::back_inserter(there),
                 [&](const Build& build) { return build.os == os; });
    const Chosen its = choose(there);
    worded.title = row.title + its.note + " (" + SystemName(os) + ")";
    AddBuild(worded, Named(store_, there, its.build));
  }
}

Values ValuesOf(const DriverRange& range) {
  std::string text = range.first + (range.open                  ? " or newer"
                                    : range.first == range.last ? ""
                                                                : " to " + range.last);
  Values values = {{"minimum", text}, {"branch", range.branch}, {"latest", range.last}};
  if (!range.open) values["only-branch"] = range.branch;
  return values;
}

void Finder::AddDrivers(const Row& row) {
  if (best_ == nullptr) return;
  if (!drivers_) drivers_ = what_if_.Drivers(best_);
  for (const DriverRange& range : *drivers_) {
    if (FitsOs(row.os, range.os) && Add(row, ValuesOf(range)))
      found_.back().driver = range.open ? range.first : range.last;
  }
}

// Where no single change is enough: the newest driver that drives the card, and the best build for that.
void Finder::AddCombined(const Row& row) {
  if (package_.empty() || computed_["package"] + computed_["driver"] + computed_["python"] > 0) return;
  if (!question_.driver && question_.cuda_driver.empty()) return;
  query::Question changed = question_;
  changed.driver.reset();
  changed.cuda_driver.clear();
  if (changed.os.empty()) changed.os = os_.empty() && best_ != nullptr ? best_->os : os_;
  std::vector<Build> builds = what_if_.Builds(changed, package_);
  std::string clean;
  std::optional<Build> build = SameVersion(builds);
  if (!build) build = Newest(builds, &clean);
  if (!build) return;
  for (const DriverRange& range : what_if_.Drivers(&*build)) {
    if (!FitsOs(row.os, range.os) || range.os != build->os) continue;
    Values values = ValuesOf(range);
    values["build"] = BuildName(*build);
    Add(row, values, Commands(*build, changed));
  }
}

// cuda-compat: only on kinds of card that have it, and only pairs that the vendor lists.
void Finder::AddForward(const Row& row) {
  if (best_ == nullptr || best_->cuda == "-" || best_->cuda.empty() || os_ != "linux") return;
  ForgetQuestion(store_);
  Run(store_, query::CompileTarget(question_));
  store::Statement pair = store_.Prepare(
      "SELECT f.cuda FROM forward_compatibility f JOIN asked_driver r ON r.stated = 1 AND r.branch_key = f.kernel_branch_key "
      "WHERE f.cuda_key >= ?1 AND f.status = 'compatible' AND NOT EXISTS (SELECT 1 FROM asked_device d LEFT JOIN "
      "forward_compatibility_class c ON c.class = d.class WHERE d.stated = 0 OR coalesce(c.allowed, 'no') = 'no') "
      "ORDER BY f.cuda_key LIMIT 1",
      {DottedKey(best_->cuda).value_or(0)});
  if (!pair.Step()) return;
  const std::string cuda = pair.text(0);
  // What was asked for must then run, and both halves of the driver know the card.
  query::Question changed = question_;
  changed.cuda_driver = cuda;
  if (what_if_.MayRun(changed)) Add(row, {{"cuda", cuda}, {"cuda-dash", ReplaceAll(cuda, ".", "-")}});
}

void Finder::AddToolkits(const Row& row) {
  const bool toolkit = best_ == nullptr ? general_ : best_->kind == "cuda" || best_->kind == "target";
  if (!toolkit || (best_ == nullptr && question_.gpus.empty())) return;
  for (const ToolkitRange& range : what_if_.Toolkits()) {
    if (!FitsOs(row.os, range.os)) continue;
    std::string all = range.first == range.last ? range.first : range.first + " to " + range.last;
    Add(row,
        {{"nearest", range.nearest}, {"nearest-dash", ReplaceAll(range.nearest, ".", "-")}, {"range", all}});
  }
}

void Finder::AddJetPack(const Row& row) {
  if (best_ == nullptr) return;
  if (std::optional<JetPack> found = what_if_.NewerJetPack())
    Add(row, {{"jetpack", found->jetpack}, {"l4t", found->l4t}, {"cuda", found->cuda}});
}

// The Pythons that a build is for, and the newest plain one; empty where it takes any.
Values PythonsOf(const Build& build) {
  const std::string python = NewestPython(build);
  if (python.empty()) return {};
  return {{"pythons", Join(build.python, ", ")}, {"build", BuildName(build)}, {"python", python}};
}

void Finder::AddPython(const Row& row) {
  std::optional<Build> build = what_if_.WithoutPython();
  if (build && FitsShell(row, *build)) Add(row, PythonsOf(*build), FreshInstallCommands(store_, *build));
}

void Finder::AddTwin(const Row& row) {
  if (computed_["package"] > 0) return;
  std::string twin = store_.Text("SELECT twin FROM package_twin WHERE package = ?", {package_});
  if (twin.empty()) return;
  std::vector<Build> builds = what_if_.Builds(question_, twin);
  std::string clean;
  std::optional<Build> build = SameVersion(builds);
  if (!build) build = Newest(builds, &clean);
  AddBuild(row, Named(store_, builds, build));
}

// The build of `package` that runs here and goes with a version of another one: the newest, with the tag of
// what it stands beside where it has that. `beside`: on its system, and of its CUDA major.
std::optional<Build> Finder::PairOf(const query::Question& changed, const query::Bound& kept,
                                    const std::string& kept_package, const std::string& tag,
                                    const std::string& package, const Build* beside) {
  std::optional<Build> found;
  const std::vector<Build> builds = what_if_.Builds(changed, package);
  for (const Build& build : builds) {
    if (!Runs(build) || build.device != "cuda") continue;
    const bool apart = beside != nullptr && (build.os != beside->os || build.arch != beside->arch ||
                                             build.cuda.substr(0, build.cuda.find('.')) !=
                                                 beside->cuda.substr(0, beside->cuda.find('.')));
    if (apart) continue;
    const bool fits =
        store_.Text(
            "SELECT 1 FROM pin WHERE package = ?1 AND version_key = ?2 AND other = ?3 AND other_version_key = ?4 AND (tag = '*' OR lower(tag) = lower(?6)) AND "
            "(same_tag = 'no' OR ?5 IN ('', '-', ?6)) AND (?5 GLOB other_tag OR ?5 IN ('', '-') AND other_tag <> '') LIMIT 1",
            {kept_package, kept.key, package, PackageKey(build.version).value_or(0), build.tag, tag}) == "1";
    if (!fits) continue;
    const bool better = !found || PackageKey(build.version) > PackageKey(found->version) ||
                        (build.version == found->version && build.tag == tag &&
                         (found->tag != tag || (found->channel == "default" && found->os == build.os)));
    if (better) found = build;
  }
  return beside == nullptr ? found : Named(store_, builds, found);
}

// Of two packages that do not belong together either one changes; first the one that is no framework. A
// companion that moves with its framework has its own row.
void Finder::AddPair(const Row& row) {
  if (best_ == nullptr || about_.empty()) return;
  for (const query::Subject& other : question_.subjects) {
    const std::string name = store_.Text(
        "SELECT coalesce((SELECT package FROM package_alias WHERE alias = ?1), ?1)", {other.package});
    if (name != about_ || other.versions.size() != 1) continue;
    const query::Bound& there = other.versions[0];
    const query::Bound here{query::Bound::Op::kEqual, best_->version, PackageKey(best_->version).value_or(0),
                            0};
    auto add = [&](const std::optional<Build>& build, const std::string& kept) {
      if (build) Add(row, {{"build", BuildName(*build)}, {"kept", kept}}, Commands(*build, question_));
    };
    auto change_other = [&] {
      if (!PackageIs(name, "companion")) {
        add(PairOf(question_, here, best_->package, best_->tag == "-" ? other.tag : best_->tag, name),
            BuildName(*best_));
      }
    };
    auto change_best = [&] {
      add(PairOf(question_, there, name, other.tag.empty() ? best_->tag : other.tag, best_->package),
          name + " " + there.version + (other.tag.empty() ? "" : "+" + other.tag));
    };
    const bool best_first = PackageIs(name, "framework");
    if (best_first) change_best();
    change_other();
    if (!best_first) change_best();
  }
}

// Where newer versions have CUDA builds on other systems and the data does not list this one's, silence says
// nothing.
bool Finder::Listed(const Build& build) {
  return store_.Text(
             "SELECT 1 FROM build b WHERE b.package = ?1 AND b.device = 'cuda' AND b.version_key > ?2 AND b.os <> ?3 AND (b.version_key >> 8 & 7) >= 4 "
             "AND NOT EXISTS (SELECT 1 FROM build o WHERE o.package = b.package AND o.version_key = b.version_key AND o.os = ?3 AND o.device = 'cuda') "
             "AND NOT EXISTS (SELECT 1 FROM listing l WHERE l.package = b.package AND l.os = ?3 AND b.version_key BETWEEN l.first_version_key AND "
             "l.last_version_key) LIMIT 1",
             {build.package, PackageKey(build.version).value_or(0),
              build.os == "windows" ? std::string("windows") : std::string("linux")}) != "1";
}

void Finder::AddOtherOs(const Row& row) {
  // Only where the system is known to be that one, and where nothing runs on it as it is; or, of the version
  // that was asked for, only older ones.
  std::string clean;
  if (package_.empty() || !here_ || !FitsOs(row.os, os_)) return;
  const std::optional<Build> native = Newest(Alternatives(), &clean);
  const bool older = native && !version_.empty() && PackageKey(native->version) < PackageKey(version_);
  if (!older && (native || computed_["package"] > 0)) return;
  query::Question changed = question_;
  changed.os = "wsl";
  std::vector<Build> builds = what_if_.Builds(changed, package_);
  std::optional<Build> build = SameVersion(builds);
  if (!build && !older) build = Newest(builds, &clean);
  AddBuild(row, Named(store_, builds, build), changed);
}

// The newest host compiler that the toolkit takes: by the printed limit, else by the table.
void Finder::AddCompiler(const Row& row) {
  std::string compiler = question_.host_compiler;
  std::string max, because;
  for (const std::string name : {"gcc", "clang", "msvc"}) {
    if (!compiler.empty() || captures_.count(name) == 0) continue;
    compiler = name;
    max = captures_.at(name).substr(0, captures_.at(name).find('.'));
    because = "the message names that limit";
  }
  const bool other =
      !os_.empty() && store_
                          .Text(
                              "SELECT 1 FROM host_compiler WHERE compiler = ?1 AND os = CASE ?2 "
                              "WHEN 'wsl' THEN 'linux' ELSE ?2 END",
                              {compiler, os_})
                          .empty();
  if (compiler.empty() || other) compiler = os_ == "windows" ? "msvc" : "gcc";
  if (compiler != row.only_for) return;
  std::string cuda = best_ != nullptr && best_->kind == "cuda" ? best_->cuda : captures_["toolkit"];
  if (max.empty() && !cuda.empty()) {
    max = store_.Text(
        "SELECT max_version FROM host_compiler WHERE compiler = ?1 AND cuda_key = ?2 AND max_version_key IS NOT NULL",
        {compiler, DottedKey(cuda).value_or(0) / 1000000000 * 1000000000});
    because = "the newest that CUDA " + cuda + " takes";
  }
  if (max.empty()) return;
  Values values = {{"max", max}, {"because", because}};
  if (compiler == "msvc") values["minor"] = max.size() > 2 ? max.substr(2) : max;
  Add(row, values);
}

// The distributions that carry the library, by its file name or by what it is called.
void Finder::AddLibrary(const Row& row, bool packaged) {
  std::string library = captures_["library"];
  if (library.empty()) library = captures_["file"];
  if (size_t slash = library.find_last_of("/\\"); slash != std::string::npos)
    library = library.substr(slash + 1);
  if (library.empty()) return;
  store::Statement rows = store_.Prepare(
      "SELECT package, group_concat(major, ' or '), max(number) FROM (SELECT DISTINCT package, CASE package WHEN '-' THEN cuda ELSE CAST(CAST(cuda AS INTEGER) AS TEXT) END AS major, CAST(cuda AS REAL) AS number FROM soname "
      "WHERE cuda <> 'driver' AND (lower(soname) = lower(?1) OR lower(component) = lower(?1) OR lower(?1) GLOB '*.so' AND "
      "lower(soname) GLOB lower(?1) || '.*') GROUP BY package, major ORDER BY number) "
      "GROUP BY package ORDER BY max(number) DESC",
      {library});
  std::vector<std::pair<std::string, std::string>> carried;
  while (rows.Step()) {
    if ((rows.text(0) != "-") == packaged) carried.emplace_back(rows.text(0), rows.text(1));
  }
  // What no package carries is of use only where none does.
  if (!packaged && computed_["package"] > 0) return;
  for (const auto& [distribution, cuda] : carried)
    Add(row, {{"library", Printable(library)}, {"cuda", cuda}, {"distribution", distribution}});
}

// Where the text does not tell enough: what can be said anyway, once for each kind of change.
void Finder::AddGeneral(const Row& row) {
  if (!general_ || computed_[row.changes] > 0) return;
  Values values(captures_.begin(), captures_.end());
  values["jetpacks"] = store_.Text(
      "SELECT group_concat(line, ', ') FROM (SELECT 'JetPack ' || CAST(jetpack AS INTEGER) || ' has CUDA up to ' || cuda AS line, "
      "max(cuda_key) FROM jetpack WHERE cuda_key IS NOT NULL AND jetpack_key IS NOT NULL GROUP BY CAST(jetpack AS INTEGER) ORDER BY 2)");
  Add(row, values);
}

// cuda-compat taken out leaves the driver's own CUDA: enough for the build that is there, or for another one.
// A log alone does not tell which; then taking it out is what can be said.
void Finder::AddWithoutCompat(const Row& row, bool other_build) {
  if (package_.empty() || question_.cuda_driver.empty() || !question_.driver) {
    if (!other_build) Add(row, Values(captures_.begin(), captures_.end()));
    return;
  }
  query::Question changed = question_;
  changed.cuda_driver.clear();
  std::vector<Build> builds = what_if_.Builds(changed, package_);
  const bool stays = std::any_of(builds.begin(), builds.end(), [&](const Build& build) {
    return best_ != nullptr && Runs(build) && build.version == best_->version && build.tag == best_->tag;
  });
  if (stays && !other_build) Add(row, {});
  if (stays || !other_build) return;
  std::string clean;
  std::optional<Build> build = SameVersion(builds);
  if (!build) build = Newest(builds, &clean);
  AddBuild(row, Named(store_, builds, build), changed);
}

// The stated build runs there: where else to look.
void Finder::AddElsewhere(const Row& row) {
  Values values = {{"build", BuildName(cleared_->builds.front())}};
  if (cleared_->devices.size() == 1) {
    values["gpu"] = cleared_->devices.front().given;
    values["capability"] = cleared_->devices.front().compute_capability;
  }
  if (question_.driver) values["driver"] = question_.driver->given;
  const Build& build = cleared_->builds.front();
  if (row.changes != "python") {
    Add(row, values);
    return;
  }
  values.merge(PythonsOf(build));
  if (FitsShell(row, build)) Add(row, values, FreshInstallCommands(store_, build));
}

// Another build of the package, the version kept or the newest, with what is to be said of it.
void Finder::AddChosen(const Row& row, const std::string& how) {
  AddBuilds(row, [&](const std::vector<Build>& builds) {
    if (how == "same-version") return Chosen{SameVersion(builds), ""};
    std::string clean, note;
    std::optional<Build> build = Newest(builds, &clean);
    if (!build || !Listed(*build)) return Chosen{};
    const Build* first = SameVersion(builds) ? nullptr : First(builds);
    if (first != nullptr && first->version != build->version)
      note = "; the first that does is " + BuildName(*first);
    if (!build->caveats.empty()) {
      note += " (with a caveat: " + build->caveats.front().rule +
              (clean.empty() ? ")" : "; the newest without one is " + clean + ")");
    }
    return Chosen{build, note};
  });
}

void Finder::AddRow(const Row& row) {
  std::string clean;
  if (cleared_ != nullptr || row.how == "elsewhere") {
    if (cleared_ != nullptr && row.how == "elsewhere") AddElsewhere(row);
    return;
  }
  const bool numbered = cards_.count("cards") > 0;
  if (row.how == "other-card" && numbered) Add(row, cards_);
  if (row.how == "other-card-unnumbered" && !numbered && !cards_.empty()) Add(row, cards_);
  if (row.how == "last-resort" && cards_.empty()) Add(row, {});
  if (row.how == "template" || row.how == "gpu") Add(row, Values(captures_.begin(), captures_.end()));
  if (row.how == "captured" && general_) Add(row, Values(captures_.begin(), captures_.end()));
  if (row.how == "general") AddGeneral(row);
  if (row.how == "else" && computed_[row.changes] == 0) Add(row, Values(captures_.begin(), captures_.end()));
  // What was judged with another package than its companions is not mended by these.
  const bool apart =
      rule_ == "companion-mismatch" && best_ != nullptr && !about_.empty() && !PackageIs(about_, "companion");
  if (row.how == "pair") AddPair(row);
  if (row.how == "same-build" && !apart) AddBuild(row, SameBuild(Alternatives()));
  if (row.how == "same-version" || (row.how == "newest" && !apart)) AddChosen(row, row.how);
  if (row.how == "twin") AddTwin(row);
  if (row.how == "driver") AddDrivers(row);
  if (row.how == "forward") AddForward(row);
  if (row.how == "combined") AddCombined(row);
  if (row.how == "without-compat") AddWithoutCompat(row, false);
  if (row.how == "without-compat-build") AddWithoutCompat(row, true);
  const bool asked = best_ != nullptr && best_->kind == "cuda";
  if (row.how == "toolkit" || (row.how == "toolkit-asked" && asked)) AddToolkits(row);
  if (row.how == "jetpack") AddJetPack(row);
  if (row.how == "python") AddPython(row);
  if (row.how == "other-os") AddOtherOs(row);
  if (row.how == "compiler") AddCompiler(row);
  if (row.how == "library") AddLibrary(row, true);
  if (row.how == "library-toolkit") AddLibrary(row, false);
}

std::vector<Remedy> Finder::Find() {
  // What was seen belongs to what is installed now; a changed machine is judged by the facts.
  ForgetMachine(store_);
  FindPlace();
  // What the stated driver knows, where the message itself does not say it.
  std::string cuda =
      store_.Text("SELECT max(max_cuda) FROM asked_driver WHERE stated = 1 HAVING count(*) = 1");
  if (!question_.cuda_driver.empty()) cuda = question_.cuda_driver;
  if (general_ && DottedKey(cuda)) {
    captures_.try_emplace("cuda", cuda);
    captures_.try_emplace("driver_cuda", cuda);
  }
  for (const Row& row : ReadRows()) AddRow(row);
  return std::move(found_);
}

// What the captures of a message say of the machine, where nothing else says it.
query::Question Complete(store::Store& store, const query::Question& known, const std::string& rule,
                         const std::map<std::string, std::string>& captures) {
  query::Question question = known;
  const query::Place nowhere{"text", "", 0};
  store::Statement rows = store.Prepare(
      "SELECT capture, means FROM capture_meaning WHERE rule_id = ? ORDER BY CASE means WHEN 'gpu' THEN 0 WHEN "
      "'capability' THEN 1 ELSE 2 END",
      {rule});
  const bool had_gpu = !question.gpus.empty();
  while (rows.Step()) {
    const auto capture = captures.find(rows.text(0));
    if (capture == captures.end()) continue;
    std::string value = capture->second;
    const std::string means = rows.text(1);
    if (!had_gpu && (means == "gpu" || means == "capability" || means == "target")) {
      if (StartsWith(value, "compute_")) value = "sm_" + value.substr(8);
      if (means == "target" && !value.empty() && IsDigit(value[0])) value = "sm_" + value;
      Result<query::Gpu> gpu = query::ParseGpu(value, nowhere);
      // The printed capability decides beside the printed name.
      if (gpu && means == "gpu" && question.gpus.empty()) question.gpus.push_back(*gpu);
      if (gpu && !gpu->capability.empty() && means != "gpu") {
        if (question.gpus.empty())
          question.gpus.push_back(*gpu);
        else
          question.gpus[0].capability = gpu->capability;
      }
    }
    if (question.driver || !question.cuda_driver.empty() || !question.jetpack.empty()) continue;
    if (means == "driver") {
      if (Result<query::Driver> driver = query::ParseDriver(value, nowhere)) question.driver = *driver;
    }
    if (means == "cuda-driver" && DottedKey(value)) question.cuda_driver = value;
    if (means == "ptx-of-driver")
      question.cuda_driver =
          store.Text("SELECT cuda FROM ptx_isa WHERE isa = ? ORDER BY cuda_key DESC LIMIT 1", {value});
  }
  return question;
}

}  // namespace

void Translate(store::Store& store, const std::string& rule, std::map<std::string, std::string>* captures) {
  std::string made, knows;
  {
    store::Statement rows = store.Prepare(
        "SELECT capture, means FROM capture_meaning WHERE rule_id = ? AND means LIKE 'ptx%'", {rule});
    while (rows.Step()) {
      const auto capture = captures->find(rows.text(0));
      if (capture != captures->end()) (rows.text(1) == "ptx-made" ? made : knows) = capture->second;
    }
  }
  // The first release whose compiler writes that PTX; the last that the driver's own compiler still reads.
  made = store.Text("SELECT cuda FROM ptx_isa WHERE isa = ? ORDER BY cuda_key LIMIT 1", {made});
  knows = store.Text("SELECT cuda FROM ptx_isa WHERE isa = ? ORDER BY cuda_key DESC LIMIT 1", {knows});
  if (made.empty() || knows.empty()) return;
  (*captures)["made_by_cuda"] = made;
  (*captures)["driver_cuda"] = knows;
  for (const std::string os : {"linux", "windows"}) {
    std::string driver = store.Text(
        "SELECT first_version FROM driver_branch WHERE os = ?1 AND max_cuda_key >= ?2 AND first_version_key IS NOT NULL "
        "ORDER BY branch_key LIMIT 1",
        {os, DottedKey(made).value_or(0)});
    if (!driver.empty()) (*captures)[os + "_driver"] = driver;
  }
  std::string nvrtc = store.Text(
      "SELECT package FROM soname WHERE component = 'nvrtc' AND cuda = ? AND package <> '-' LIMIT 1",
      {knows.substr(0, knows.find('.'))});
  if (!nvrtc.empty()) (*captures)["nvrtc"] = nvrtc;
}

std::vector<Remedy> RemediesOf(store::Store& store, const query::Question& question, const std::string& rule,
                               const Told& told) {
  query::Question known = Complete(store, question, rule, told.captures);
  // "Runs here" needs a here.
  const bool here = !known.gpus.empty() || known.driver || !known.cuda_driver.empty();
  Finder finder(store, known, rule, 0, nullptr);
  finder.Told(told);
  finder.OnlyKnown(here);
  return finder.Find();
}

void AddOpenRemedies(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT changes, only_for, title, needs, risk FROM remedy WHERE rule_id = ? AND how = 'open' ORDER BY rank",
      {answer->rule});
  while (rows.Step()) {
    std::vector<Remedy> found;
    std::vector<std::string> systems;
    for (const Build& listed : answer->builds) {
      const bool known = std::find(systems.begin(), systems.end(), listed.os) != systems.end();
      if (!Runs(listed) || listed.package != rows.text(1) || known) continue;
      systems.push_back(listed.os);
      Build build = listed;
      const bool named =
          store.Text(
              "SELECT 1 FROM build WHERE package = ?1 AND version = ?2 AND tag = ?3 AND os = ?4 AND arch = ?5 AND channel = "
              "'framework'",
              {build.package, build.version, build.tag,
               build.os == "windows" ? std::string("windows") : std::string("linux"), build.arch}) == "1";
      if (named) build.channel = "framework";
      found.push_back({WordList(rows.text(0)), Fill(rows.text(2), {{"build", BuildName(build)}}),
                       InstallCommands(store, build), WordList(rows.text(3)), rows.text(4)});
    }
    const bool same = std::all_of(found.begin(), found.end(),
                                  [&](const Remedy& one) { return one.commands == found.front().commands; });
    if (same && !found.empty()) found.resize(1);
    for (size_t i = 0; i < found.size(); ++i) {
      if (!same) found[i].title += " (" + SystemName(systems[i]) + ")";
      answer->remedies.push_back(std::move(found[i]));
    }
  }
}

void AddRemedies(store::Store& store, const query::Question& question, int64_t subject, const Build* best,
                 Answer* answer, std::string about) {
  if (about.empty() && best != nullptr) {
    about = store.Text("SELECT subject FROM concluded WHERE conclusion_id = ?1 AND rule_id = ?2 LIMIT 1",
                       {best->conclusion_id, answer->rule});
  }
  Finder finder(store, question, answer->rule, subject, best);
  if (best != nullptr) {
    store::Statement cards = store.Prepare(
        store.WithViews({"card_choice"}, "SELECT cards, good, bad FROM card_choice WHERE candidate_id = ?"),
        {best->candidate});
    if (cards.Step()) {
      Values named = {{"good", cards.text(1)}, {"bad", cards.text(2)}};
      if (const std::string numbers = cards.text(0); !numbers.empty()) named["cards"] = numbers;
      finder.Cards(std::move(named));
    }
  }
  finder.Asked(subject);
  finder.About(about);
  for (Remedy& remedy : finder.Find()) answer->remedies.push_back(std::move(remedy));
}

}  // namespace cudacompat::answer
