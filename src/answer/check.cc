#include "answer/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "answer/evaluate.h"
#include "answer/missing.h"
#include "base/text.h"
#include "query/compile.h"
#include "query/require.h"

namespace cudacompat::answer {
namespace {

// One round of judging: the target as stated, or the oldest driver.
struct Round {
  const query::Question& question;
  std::string driver{};        ///< named in findings
  bool implied_cards = false;  ///< the cards are those that the files serve, not stated ones
};

// The modules that a conclusion rests on stand among its premises.
void NameModules(const ModuleNames& names, const std::string& premises, CheckFinding* finding) {
  for (std::string_view premise : Words(premises)) {
    const auto set = names.sets.find(std::string(premise));
    if (set == names.sets.end()) continue;
    finding->modules_total += set->second.count;
    for (const std::string& name : set->second.names) {
      if (finding->modules.size() < ModuleNames::kMostModules) finding->modules.push_back(name);
    }
  }
}

// What fired for one candidate, worst first. Of several things that stop one card the first that a start
// would meet is told. With implied cards only those count that the file serves.
std::vector<CheckFinding> ReadFindings(store::Store& store, const Round& round, const ModuleNames& names,
                                       const CheckedFile& file, int64_t candidate) {
  std::vector<CheckFinding> findings;
  std::set<std::pair<int64_t, int64_t>> stopped;
  std::set<std::string> told;
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT c.rule_id, coalesce(s.severity, 0), c.subject, c.summary, c.premises, coalesce(c.device_id, 0), "
      "coalesce(c.driver_id, 0), coalesce(d.given, ''), u.verdict = 'caveat', coalesce(d.cc, '') FROM applied x "
      "CROSS JOIN concluded c ON c.rowid = x.conclusion "
      "CROSS JOIN rule u ON u.rule_id = c.rule_id "
      "LEFT JOIN severity s ON s.verdict = u.verdict LEFT JOIN asked_device d ON d.device_id = c.device_id "
      "WHERE x.candidate_id = ?1 AND u.verdict NOT IN ('compatible', 'none') "
      "ORDER BY coalesce(s.severity, 0) DESC, u.stage, d.position, d.cc_key, c.conclusion_id",
      {candidate});
  while (rows.Step()) {
    CheckFinding finding;
    finding.rule = rows.text(0);
    finding.verdict = static_cast<Verdict>(rows.integer(1));
    finding.fails = finding.verdict == Verdict::kIncompatible;
    finding.of_card = rows.integer(5) != 0;
    finding.target = finding.of_card ? rows.text(7) : rows.text(2);
    finding.summary = rows.text(3);
    finding.driver = round.driver;
    const std::pair card{rows.integer(5), rows.integer(6)};
    if (round.implied_cards && card.first != 0) {
      const std::string cc = rows.text(9);
      const auto served = std::find_if(file.served.begin(), file.served.end(),
                                       [&](const Served& one) { return one.capability == cc; });
      if (served == file.served.end() || served->level == 0) continue;
    }
    if (card.first != 0 && finding.fails && !stopped.insert(card).second) continue;
    if (!told.insert(finding.rule + finding.summary).second) continue;
    NameModules(names, rows.text(4), &finding);
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::map<int64_t, std::vector<Served>> ReadServed(store::Store& store) {
  std::map<int64_t, std::vector<Served>> served;
  store::Statement rows = store.Prepare(store.WithViews(
      {"file_on_capability"},
      "SELECT file_id, cc, level, coalesce(how, '') FROM file_on_capability ORDER BY file_id, cc_key"));
  while (rows.Step())
    served[rows.integer(0)].push_back({rows.text(1), static_cast<int>(rows.integer(2)), rows.text(3)});
  return served;
}

// Takes one round's verdict into a file's: the worst of all rounds. False where the round does not ask about
// it.
bool TakeRound(store::Store& store, const Round& round, const ModuleNames& names,
               const ObservedFile& observed, CheckedFile* file) {
  int64_t total = 0;
  std::vector<Build> builds = ReadBuilds(store, observed.subject, 1, &total);
  if (builds.empty()) return false;
  const Build& best = builds.front();
  std::vector<CheckFinding> findings = ReadFindings(store, round, names, *file, best.candidate);
  Verdict verdict = best.verdict;
  std::string rule = best.rule;
  std::string summary;
  if (round.implied_cards) {
    // Cards that the file never served do not count.
    verdict = findings.empty() ? Verdict::kCompatible : findings.front().verdict;
    if (!findings.empty()) rule = findings.front().rule;
  } else {
    file->devices = ReadDevices(store, best.candidate);
  }
  const std::vector<Reason> reasons = ReadReasons(store, best.candidate, best.conclusion_id);
  if (!reasons.empty()) summary = reasons.front().summary;
  for (const CheckFinding& finding : findings) {
    if (finding.rule == rule) {
      summary = finding.summary;
      break;
    }
  }
  if (file->rule.empty() || verdict > file->verdict) {
    file->verdict = verdict;
    file->rule = rule;
    file->summary = summary;
  }
  for (CheckFinding& finding : findings) {
    finding.library = observed.name;
    const bool known =
        std::any_of(file->findings.begin(), file->findings.end(), [&](const CheckFinding& other) {
          return other.rule == finding.rule && other.summary == finding.summary;
        });
    if (!known) file->findings.push_back(std::move(finding));
  }
  return true;
}

// A file for another system than that of the round's driver, beside files for that one.
void TellNotAsked(store::Store& store, const Round& round, const ObservedFile& observed, CheckedFile* file) {
  CheckFinding finding;
  finding.rule = "binary-for-other-system";
  finding.library = observed.name;
  finding.driver = round.driver;
  finding.summary =
      observed.name + " is for another system than driver " + round.driver + ", a number of " +
      store.Text(
          "SELECT group_concat(os, ' and ') FROM (SELECT DISTINCT driver_os AS os FROM asked_system)") +
      ": it was not asked whether it runs there.";
  file->findings.push_back(std::move(finding));
}

void ForgetTarget(store::Store& store) {
  ForgetConclusions(store);
  store.Script(
      "DELETE FROM asked_build; DELETE FROM asked_target; DELETE FROM asked_system; DELETE FROM asked_device; "
      "DELETE FROM asked_driver; DELETE FROM asked_requirement;");
}

// Cards for which the oldest driver must do, where none is stated: every capability that it drives.
void AskDrivenCapabilities(store::Store& store) {
  store.Script(
      "DELETE FROM asked_device; INSERT INTO asked_device (stated, position, given, gpu_id, name, cc, cc_key, class, "
      "board, count, apart) SELECT 1, cc_key, cc, NULL, NULL, cc, cc_key, 'capability', board, 1, 1 FROM compute_capability c "
      "WHERE renamed_to = '-' AND EXISTS (SELECT 1 FROM asked_driver r JOIN capability_driver s ON s.driver_os = "
      "r.driver_os WHERE s.cc_key = c.cc_key AND r.version_key >= s.min_key AND (s.below_key IS NULL OR r.version_key < "
      "s.below_key)) ORDER BY cc_key");
}

// A driver that nobody knows, cards that fit no driver: said by the rules for each file.
void JudgeOldestDriver(store::Store& store, const query::Question& question, const query::Driver& oldest,
                       const std::vector<ObservedFile>& observed, const ModuleNames& names,
                       CheckAnswer* answer) {
  ForgetTarget(store);
  ForgetMachine(store);  // that driver is not the machine's
  query::Question with = question;
  with.driver = oldest;
  with.cuda_driver.clear();
  with.jetpack.clear();
  with.requirements = {{query::Requirement::Wish::kOldestDriver, oldest.given, {}, {}, 0}};
  Run(store, query::CompileTarget(with));
  Run(store, query::CompileRequirements(with, 0));
  // A number that is no driver's drives no card: the rules say that, of an open one.
  const bool known = store.Text("SELECT max(branch_key IS NOT NULL) FROM asked_driver") == "1";
  const bool implied = question.gpus.empty() && known;
  if (implied) AskDrivenCapabilities(store);
  AskObserved(store, false);
  // A number of one system says nothing of files for another: where none is for its system, the rules say so.
  const bool none = store.Text("SELECT count(*) FROM asked_build") == "0";
  if (none) AskObserved(store, true);
  Conclude(store);
  const Round round{with, oldest.given, implied};
  for (size_t i = 0; i < observed.size(); ++i) {
    if (!TakeRound(store, round, names, observed[i], &answer->files[i]))
      TellNotAsked(store, round, observed[i], &answer->files[i]);
  }
}

// Of two files of one party the better one: by verdict, then the one with less to say against it.
bool Better(const CheckedFile& a, const CheckedFile& b) {
  if (a.verdict != b.verdict) return a.verdict < b.verdict;
  return a.findings.size() < b.findings.size();
}

// Several files for one job: where one of them is good, that the others do not run stops nobody.
void FoldParties(CheckAnswer* answer) {
  std::map<std::string, const CheckedFile*> best;
  for (const CheckedFile& file : answer->files) {
    if (!file.decides) continue;
    const CheckedFile*& one = best[file.party];
    if (one == nullptr || Better(file, *one)) one = &file;
  }
  for (CheckedFile& file : answer->files) {
    const auto party = best.find(file.party);
    if (!file.decides || party == best.end() || party->second == &file) continue;
    file.decides = false;
    file.spare = true;
  }
}

// What was demanded of the images holds for every file, also for one that decides nothing else; that a card
// is served, not for the spare ones.
void HoldToDemands(store::Store& store, CheckAnswer* answer) {
  const std::vector<std::string> names =
      store.Texts(store.WithViews({"demand_rule"}, "SELECT rule_id FROM demand_rule"));
  const std::set<std::string> demands(names.begin(), names.end());
  for (CheckedFile& file : answer->files) {
    if (file.decides) continue;
    const CheckFinding* broken = nullptr;
    for (CheckFinding& finding : file.findings) {
      const bool demand = demands.count(finding.rule) != 0 && !(file.spare && finding.of_card);
      if (file.spare && !demand) finding.fails = false;
      if (broken == nullptr && demand && finding.fails) broken = &finding;
    }
    if (broken == nullptr) continue;
    file.decides = true;
    file.verdict = broken->verdict;
    file.rule = broken->rule;
    file.summary = broken->summary;
  }
}

// The file whose verdict is the answer's: the worst of those that decide.
const CheckedFile* Deciding(const CheckAnswer& answer) {
  const CheckedFile* worst = nullptr;
  for (const CheckedFile& file : answer.files) {
    if (!file.decides) continue;
    // Of equal ones that with device code says more.
    const bool more =
        worst != nullptr && file.verdict == worst->verdict && file.modules != 0 && worst->modules == 0;
    if (worst == nullptr || file.verdict > worst->verdict || more) worst = &file;
  }
  return worst;
}

// Each card with the worst that one of the deciding files says of it.
std::vector<Device> WorstDevices(const CheckAnswer& answer) {
  std::vector<Device> devices;
  std::map<std::pair<std::string, std::string>, size_t> place;
  for (const CheckedFile& file : answer.files) {
    if (!file.decides) continue;
    for (const Device& device : file.devices) {
      const auto [known, is_new] = place.emplace(std::pair(device.given, device.gpu), devices.size());
      if (is_new) {
        devices.push_back(device);
      } else if (device.verdict > devices[known->second].verdict) {
        devices[known->second] = device;
      }
    }
  }
  return devices;
}

void DescribeQuestion(const query::Question& question, const CheckOptions& options, CheckAnswer* answer) {
  std::vector<std::string> required, forbidden, cards;
  std::set<int64_t> by_requirement;
  for (const query::Requirement& one : question.requirements) {
    (one.wish == query::Requirement::Wish::kAbsent ? forbidden : required).push_back(one.given);
    by_requirement.insert(one.position);
  }
  for (size_t i = 0; i < question.gpus.size(); ++i) {
    if (by_requirement.count(static_cast<int64_t>(i) + 1) == 0) cards.push_back(question.gpus[i].given);
  }
  auto say = [answer](bool asked, const std::string& text, const std::string& otherwise) {
    (asked ? answer->asked : answer->not_asked).push_back(asked ? text : otherwise);
  };
  say(!cards.empty(), "cards: " + Join(cards, ", "), "cards (--gpu)");
  say(!required.empty(), "required: " + Join(required, ", "), "required images (--require)");
  if (!forbidden.empty()) answer->asked.push_back("forbidden: " + Join(forbidden, ", "));
  std::vector<std::string> drivers;
  if (question.driver) drivers.push_back("driver: " + question.driver->given);
  if (!question.cuda_driver.empty()) drivers.push_back("CUDA driver: " + question.cuda_driver);
  if (!question.jetpack.empty()) drivers.push_back("JetPack: " + question.jetpack);
  if (options.oldest_driver) drivers.push_back("oldest driver: " + options.oldest_driver->given);
  if (options.machine != nullptr) drivers.push_back("machine: " + options.machine_name);
  if (drivers.empty()) answer->not_asked.emplace_back("drivers (--driver, --oldest-driver)");
  for (const auto& [name, value] :
       {std::pair("system", &question.os), std::pair("processor", &question.arch),
        std::pair("Python", &question.python), std::pair("platform", &question.platform)}) {
    if (!value->empty()) drivers.push_back(std::string(name) + ": " + *value);
  }
  answer->asked.insert(answer->asked.end(), drivers.begin(), drivers.end());
  say(options.baseline != nullptr, "baseline: " + options.baseline_name, "an older build (--baseline)");
}

std::string Files(size_t count) { return fmt::format("{} {}", count, count == 1 ? "file" : "files"); }

void Summarize(store::Store& store, CheckAnswer* answer) {
  FoldParties(answer);
  HoldToDemands(store, answer);
  const CheckedFile* worst = Deciding(*answer);
  if (worst == nullptr) return;
  answer->verdict = worst->verdict;
  answer->rule = worst->rule;
  answer->devices = WorstDevices(*answer);
  if (worst->verdict != Verdict::kCompatible) {
    answer->summary = worst->summary;
    answer->predicted_error = ReadPredictedError(store, worst->rule);
    Answer asks;
    asks.verdict = answer->verdict;
    asks.rule = answer->rule;
    AddMissing(store, {}, &asks);
    answer->missing = std::move(asks.missing);
    return;
  }
  size_t caveats = 0, with_code = 0;
  for (const CheckedFile& file : answer->files) {
    caveats += file.findings.size();
    with_code += file.modules != 0 ? 1 : 0;
  }
  const std::string but =
      caveats == 0 ? "" : fmt::format("; {} {}", caveats, caveats == 1 ? "caveat" : "caveats");
  if (with_code == 0 && answer->asked.empty()) {
    answer->summary =
        fmt::format("No device code in {}; nothing was asked of {}{}.", Files(answer->files.size()),
                    answer->files.size() == 1 ? "it" : "them", but);
    return;
  }
  answer->summary =
      answer->asked.empty()
          ? fmt::format("{} with device code, all of it readable; nothing was asked of it{}.",
                        Files(with_code), but)
          : fmt::format("{} with device code: everything that was asked holds{}.", Files(with_code), but);
}

}  // namespace

CheckAnswer Check(store::Store& store, const query::Question& question, const scan::Report& report,
                  const CheckOptions& options) {
  CheckAnswer answer;
  answer.data_version = store.Text("SELECT value FROM meta WHERE key = 'data_version'");
  answer.as_of = store.Text("SELECT value FROM meta WHERE key = 'as_of'");
  DescribeQuestion(question, options, &answer);
  ModuleNames names;
  const std::vector<ObservedFile> observed = Observe(store, report, 1, &names);
  if (options.baseline != nullptr) ObserveBaseline(store, *options.baseline);
  std::map<int64_t, Role> roles = ReadRoles(store);
  std::map<int64_t, std::vector<Served>> served = ReadServed(store);
  for (const ObservedFile& one : observed) {
    CheckedFile file;
    file.report_index = one.report_index;
    file.role = roles[one.subject].role;
    file.party = roles[one.subject].party;
    file.decides = roles[one.subject].decides;
    file.modules = one.modules;
    file.served = served[one.file_id];
    answer.files.push_back(std::move(file));
  }
  Run(store, query::CompileTarget(question));
  if (options.machine != nullptr) {
    ObserveMachine(store, *options.machine, options.judge_hardware);
    Observe(store, *options.machine, options.findings);
  }
  Run(store, query::CompileRequirements(question, NewestToolkit(report)));
  AskObserved(store, true);
  Conclude(store);
  const Round stated{question};
  for (size_t i = 0; i < observed.size(); ++i) TakeRound(store, stated, names, observed[i], &answer.files[i]);
  if (options.oldest_driver)
    JudgeOldestDriver(store, question, *options.oldest_driver, observed, names, &answer);
  Summarize(store, &answer);
  return answer;
}

}  // namespace cudacompat::answer
