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

// What is said of one file in a round: its best candidate and what fired for that.
struct Said {
  int64_t candidate = 0;
  Verdict verdict = Verdict::kCompatible;
  std::string rule, summary;
  std::vector<CheckFinding> findings;
  std::vector<Device> devices;
};

// The best candidate of each file (a file may be one on several systems), in the order of the contract. Of
// all files at once: there may be thousands.
std::map<int64_t, Said> ReadBest(store::Store& store) {
  std::map<int64_t, Said> said;
  store::Statement rows = store.Prepare(
      "SELECT b.subject_id, b.candidate_id, v.severity, v.rule_id, coalesce(c.summary, '') FROM candidate_result v "
      "CROSS JOIN asked_build b ON b.candidate_id = v.candidate_id CROSS JOIN asked_system y ON y.system_id = b.system_id "
      "LEFT JOIN (SELECT DISTINCT candidate_id FROM applied WHERE weight IS NULL) w ON w.candidate_id = b.candidate_id "
      "LEFT JOIN concluded c ON c.conclusion_id = v.conclusion_id "
      "ORDER BY b.subject_id, v.severity, v.severity < 3 AND w.candidate_id IS NOT NULL, b.cuda_key, y.arch <> 'x86_64', "
      "y.os <> 'linux', y.os, b.candidate_id");
  while (rows.Step()) {
    said.try_emplace(
        rows.integer(0),
        Said{rows.integer(1), static_cast<Verdict>(rows.integer(2)), rows.text(3), rows.text(4), {}, {}});
  }
  return said;
}

// What fired for the files' candidates, worst first. Of several things that stop one card the first that a
// start would meet is told. With implied cards only those count that the file serves.
void ReadFindings(store::Store& store, const Round& round, const ModuleNames& names,
                  const std::map<int64_t, const CheckedFile*>& files, std::map<int64_t, Said>* said) {
  std::set<std::pair<int64_t, int64_t>> stopped;
  std::set<std::string> told;
  int64_t candidate = 0;
  store::Statement rows = store.Prepare(
      "SELECT b.subject_id, x.candidate_id, c.rule_id, coalesce(s.severity, 0), c.subject, c.summary, c.premises, "
      "coalesce(c.device_id, 0), coalesce(c.driver_id, 0), coalesce(d.given, ''), coalesce(d.cc, '') FROM applied x "
      "CROSS JOIN concluded c ON c.rowid = x.conclusion CROSS JOIN rule u ON u.rule_id = c.rule_id "
      "CROSS JOIN asked_build b ON b.candidate_id = x.candidate_id "
      "LEFT JOIN severity s ON s.verdict = u.verdict LEFT JOIN asked_device d ON d.device_id = c.device_id "
      "WHERE u.verdict NOT IN ('compatible', 'none') "
      "ORDER BY x.candidate_id, coalesce(s.severity, 0) DESC, u.stage, d.position, d.cc_key, c.conclusion_id");
  while (rows.Step()) {
    const auto one = said->find(rows.integer(0));
    if (one == said->end() || one->second.candidate != rows.integer(1)) continue;
    if (rows.integer(1) != candidate) {
      candidate = rows.integer(1);
      stopped.clear();
      told.clear();
    }
    CheckFinding finding;
    finding.rule = rows.text(2);
    finding.verdict = static_cast<Verdict>(rows.integer(3));
    finding.fails = finding.verdict == Verdict::kIncompatible;
    finding.of_card = rows.integer(7) != 0;
    finding.target = finding.of_card ? rows.text(9) : rows.text(4);
    finding.summary = rows.text(5);
    finding.driver = round.driver;
    const std::pair card{rows.integer(7), rows.integer(8)};
    if (round.implied_cards && finding.of_card) {
      const std::string cc = rows.text(10);
      const std::vector<Served>& all = *files.at(rows.integer(0))->served;
      const auto served =
          std::find_if(all.begin(), all.end(), [&](const Served& each) { return each.capability == cc; });
      if (served == all.end() || served->level == 0) continue;
    }
    if (finding.of_card && finding.fails && !stopped.insert(card).second) continue;
    if (!told.insert(finding.rule + finding.summary).second) continue;
    NameModules(names, rows.text(6), &finding);
    finding.modules.shrink_to_fit();
    one->second.findings.push_back(std::move(finding));
  }
}

using ServedList = std::shared_ptr<const std::vector<Served>>;

// Of thousands of files most are served alike: what is equal is kept once.
std::map<int64_t, ServedList> ReadServed(store::Store& store) {
  std::map<int64_t, ServedList> served;
  std::map<std::vector<Served>, ServedList> known;
  std::vector<Served> one;
  int64_t file = 0;
  auto keep = [&] {
    if (one.empty()) return;
    ServedList& list = known[one];
    if (list == nullptr) list = std::make_shared<const std::vector<Served>>(one);
    served[file] = list;
    one.clear();
  };
  store::Statement rows = store.Prepare(store.WithViews(
      {"file_on_capability"},
      "SELECT file_id, cc, level, coalesce(how, '') FROM file_on_capability ORDER BY file_id, cc_key"));
  while (rows.Step()) {
    if (rows.integer(0) != file) keep();
    file = rows.integer(0);
    one.push_back({rows.text(1), static_cast<int>(rows.integer(2)), rows.text(3)});
  }
  keep();
  return served;
}

// Takes what a round says into a file's verdict: the worst of all rounds.
void TakeSaid(const Round& round, const ObservedFile& observed, Said&& said, CheckedFile* file) {
  if (round.implied_cards) {
    // Cards that the file never served do not count.
    said.verdict = said.findings.empty() ? Verdict::kCompatible : said.findings.front().verdict;
    if (!said.findings.empty()) said.rule = said.findings.front().rule;
  } else {
    file->devices = std::move(said.devices);
  }
  const auto first = std::find_if(said.findings.begin(), said.findings.end(),
                                  [&](const CheckFinding& finding) { return finding.rule == said.rule; });
  if (first != said.findings.end()) said.summary = first->summary;
  if (file->rule.empty() || said.verdict > file->verdict) {
    file->verdict = said.verdict;
    file->rule = said.rule;
    file->summary = said.summary;
  }
  for (CheckFinding& finding : said.findings) {
    finding.library = observed.name;
    const bool known =
        std::any_of(file->findings.begin(), file->findings.end(), [&](const CheckFinding& other) {
          return other.rule == finding.rule && other.summary == finding.summary;
        });
    if (!known) file->findings.push_back(std::move(finding));
  }
}

// The files that are judged together.
struct Batch {
  const std::vector<ObservedFile>& observed;
  size_t begin = 0, end = 0;  ///< of them, and of the answer's files
  const ModuleNames& names;
  const Observer::Systems& systems;  ///< of all files

  int64_t first() const { return begin == end ? 0 : observed[begin].subject; }
  int64_t last() const { return begin == end ? 0 : observed[end - 1].subject; }
};

// Which of the files the round says nothing of.
std::vector<size_t> TakeRound(store::Store& store, const Round& round, const Batch& batch,
                              CheckAnswer* answer) {
  const std::vector<ObservedFile>& observed = batch.observed;
  std::map<int64_t, Said> said = ReadBest(store);
  std::map<int64_t, const CheckedFile*> files;
  for (size_t i = batch.begin; i < batch.end; ++i) files[observed[i].subject] = &answer->files[i];
  ReadFindings(store, round, batch.names, files, &said);
  std::map<int64_t, std::vector<Device>> devices;
  if (!round.implied_cards) devices = ReadDevices(store);
  std::vector<size_t> silent;
  for (size_t i = batch.begin; i < batch.end; ++i) {
    const auto one = said.find(observed[i].subject);
    if (one == said.end()) {
      silent.push_back(i);
    } else {
      one->second.devices = std::move(devices[one->second.candidate]);
      TakeSaid(round, observed[i], std::move(one->second), &answer->files[i]);
    }
  }
  return silent;
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
  store.Empty(
      {"asked_build", "asked_target", "asked_system", "asked_device", "asked_driver", "asked_requirement"});
}

// Cards for which the oldest driver must do, where none is stated: every capability that it drives.
void AskDrivenCapabilities(store::Store& store) {
  store.Empty({"asked_device"});
  store.Run(
      "INSERT INTO asked_device (stated, position, given, gpu_id, name, cc, cc_key, class, "
      "board, count, apart) SELECT 1, cc_key, cc, NULL, NULL, cc, cc_key, 'capability', board, 1, 1 FROM compute_capability c "
      "WHERE renamed_to = '-' AND EXISTS (SELECT 1 FROM asked_driver r JOIN capability_driver s ON s.driver_os = "
      "r.driver_os WHERE s.cc_key = c.cc_key AND r.version_key >= coalesce(s.sure_key, s.min_key) AND (s.below_key IS NULL OR r.version_key < "
      "s.below_key)) ORDER BY cc_key");
}

// A driver that nobody knows, cards that fit no driver: said by the rules for each file.
void JudgeOldestDriver(store::Store& store, const query::Question& question, const query::Driver& oldest,
                       const Batch& batch, CheckAnswer* answer) {
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
  // A number of one system says nothing of files for another: where none of all is for its system, the rules
  // say so.
  AskObserved(store, !AnyAsked(store, batch.systems), batch.first(), batch.last());
  Conclude(store);
  const Round round{with, oldest.given, implied};
  for (const size_t i : TakeRound(store, round, batch, answer))
    TellNotAsked(store, round, batch.observed[i], &answer->files[i]);
}

// Of two files of one party the better one: by verdict, then the one with less to say against it, then as
// the rules are ordered (machine code before PTX that is compiled first).
bool Better(const CheckedFile& a, const CheckedFile& b, const std::map<std::string, int64_t>& stages) {
  if (a.verdict != b.verdict) return a.verdict < b.verdict;
  if (a.findings.size() != b.findings.size()) return a.findings.size() < b.findings.size();
  const auto one = stages.find(a.rule), other = stages.find(b.rule);
  return one != stages.end() && other != stages.end() && one->second < other->second;
}

// Several files for one job: where one of them is good, that the others do not run stops nobody.
void FoldParties(store::Store& store, CheckAnswer* answer) {
  std::map<std::string, int64_t> stages;
  store::Statement rows = store.Prepare("SELECT rule_id, stage FROM rule WHERE verdict = 'compatible'");
  while (rows.Step()) stages[rows.text(0)] = rows.integer(1);
  std::map<std::string, const CheckedFile*> best;
  for (const CheckedFile& file : answer->files) {
    if (!file.decides) continue;
    const CheckedFile*& one = best[file.party];
    if (one == nullptr || Better(file, *one, stages)) one = &file;
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
    const CheckFinding* broken = nullptr;  // the worst
    for (CheckFinding& finding : file.findings) {
      const bool demand = demands.count(finding.rule) != 0 && !(file.spare && finding.of_card);
      if (!demand) finding.fails = false;  // what decides nothing can only add a caveat
      if (!demand || finding.verdict == Verdict::kCompatible) continue;
      if (broken == nullptr || finding.verdict > broken->verdict) broken = &finding;
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
  FoldParties(store, answer);
  HoldToDemands(store, answer);
  const CheckedFile* worst = Deciding(*answer);
  if (worst == nullptr) {
    answer->rule = "unknown-build";
    answer->summary =
        "Profilers, and libraries of other projects, decide nothing: the programs that load them do, and none is "
        "among these files.";
    return;
  }
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
  std::set<std::string> contested;  // parties of several files
  for (const CheckedFile& file : answer->files) {
    caveats += file.findings.size();
    with_code += file.modules != 0 ? 1 : 0;
    if (file.spare) contested.insert(file.party);
  }
  std::string best;
  for (const CheckedFile& file : answer->files) {
    if (file.decides && !file.spare && contested.count(file.party) != 0)
      best += "; " + file.name + " serves best";
  }
  const std::string but =
      caveats == 0 ? "" : fmt::format("; {} {}", caveats, caveats == 1 ? "caveat" : "caveats");
  if (with_code == 0 && answer->asked.empty()) {
    answer->summary =
        fmt::format("No device code in {}; nothing was asked of {}{}.", Files(answer->files.size()),
                    answer->files.size() == 1 ? "it" : "them", but);
    return;
  }
  answer->summary = answer->asked.empty()
                        ? fmt::format("{} with device code, all of it readable; nothing was asked of it{}.",
                                      Files(with_code), but)
                        : fmt::format("{} with device code: everything that was asked holds{}{}.",
                                      Files(with_code), best, but);
}

void JudgeBatch(store::Store& store, const query::Question& question, const scan::Report& report,
                const CheckOptions& options, const Batch& batch, CheckAnswer* answer) {
  ModuleNames names = batch.names;
  if (options.baseline != nullptr &&
      ObserveBaseline(store, *options.baseline, report, batch.observed, &names)) {
    answer->asked.emplace_back(
        "of the baseline: what lies in sections for device code, as one side was not searched deep");
  }
  const Batch all{batch.observed, batch.begin, batch.end, names, batch.systems};
  std::map<int64_t, Role> roles = ReadRoles(store);
  const std::map<int64_t, ServedList> served = ReadServed(store);
  const ServedList none = std::make_shared<const std::vector<Served>>();
  for (size_t i = batch.begin; i < batch.end; ++i) {
    const ObservedFile& one = batch.observed[i];
    CheckedFile& file = answer->files[i];
    file.role = roles[one.subject].role;
    file.party = roles[one.subject].party;
    file.decides = roles[one.subject].decides;
    const auto serves = served.find(one.file_id);
    file.served = serves != served.end() ? serves->second : none;
  }
  Run(store, query::CompileTarget(question));
  if (options.machine != nullptr) {
    ObserveMachine(store, *options.machine, options.judge_hardware);
    Observe(store, *options.machine, options.findings);
  }
  Run(store, query::CompileRequirements(question, NewestToolkit(report)));
  AskObserved(store, true, batch.first(), batch.last());
  Conclude(store);
  const Round stated{question};
  TakeRound(store, stated, all, answer);
  if (options.oldest_driver) JudgeOldestDriver(store, question, *options.oldest_driver, all, answer);
}

}  // namespace

CheckAnswer Check(store::Store& store, const query::Question& question, const scan::Report& report,
                  const CheckOptions& options) {
  CheckAnswer answer;
  answer.data_version = store.Text("SELECT value FROM meta WHERE key = 'data_version'");
  answer.as_of = store.Text("SELECT value FROM meta WHERE key = 'as_of'");
  DescribeQuestion(question, options, &answer);
  // What a baseline lost is asked of all files at once.
  constexpr size_t kMostAtOnce = 128;
  Observer observer(store, report, 1, options.baseline != nullptr ? SIZE_MAX : kMostAtOnce);
  for (const ObservedFile& one : observer.files()) {
    CheckedFile file;
    file.report_index = one.report_index;
    file.name = one.name;
    file.modules = one.modules;
    answer.files.push_back(std::move(file));
  }
  ModuleNames names;
  for (size_t i = 0; i < observer.batches().size(); ++i) {
    if (i > 0) {
      ForgetTarget(store);
      ForgetMachine(store);
    }
    observer.Open(i, &names);
    const auto [begin, end] = observer.batches()[i];
    JudgeBatch(store, question, report, options, {observer.files(), begin, end, names, observer.systems()},
               &answer);
  }
  std::sort(answer.files.begin(), answer.files.end(),
            [](const CheckedFile& a, const CheckedFile& b) { return a.report_index < b.report_index; });
  Summarize(store, &answer);
  return answer;
}

}  // namespace cudacompat::answer
