#include "answer/ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "answer/evaluate.h"
#include "answer/missing.h"
#include "answer/observe.h"
#include "answer/open.h"
#include "answer/proof.h"
#include "answer/remedy.h"
#include "answer/requirement.h"
#include "answer/what_if.h"
#include "base/text.h"
#include "base/version.h"
#include "query/compile.h"

namespace cudacompat::answer {
namespace {

constexpr int64_t kShownBuilds = 50;

// What was asked for and has not one candidate: the rule that says whether it cannot be or is not known,
// unless what was stated of the target already rules everything out.
Build AbsentSubject(store::Store& store, int64_t subject) {
  Build build;
  build.kind = "absent";
  build.subject = subject;
  store::Statement row = store.Prepare(
      "SELECT s.severity, c.rule_id, c.conclusion_id, 0, u.stage, q.package, coalesce(q.version, ''), coalesce(q.tag, '-') FROM concluded c "
      "JOIN rule u ON u.rule_id = c.rule_id JOIN severity s ON s.verdict = u.verdict JOIN asked_subject q ON q.subject_id = ?1 "
      "WHERE c.scope = 'subject' AND c.scope_key = ?1 "
      "UNION ALL SELECT v.severity, v.rule_id, v.conclusion_id, v.candidate_id, u.stage, q.package, coalesce(q.version, ''), coalesce(q.tag, '-') "
      "FROM candidate_result v JOIN asked_build b ON b.candidate_id = v.candidate_id AND b.subject_id = 0 JOIN rule u ON u.rule_id = v.rule_id "
      "JOIN asked_subject q ON q.subject_id = ?1 ORDER BY 1 DESC, 5 LIMIT 1",
      {subject});
  if (!row.Step()) return build;
  build.verdict = static_cast<Verdict>(row.integer(0));
  build.rule = row.text(1);
  build.conclusion_id = row.text(2);
  build.candidate = row.integer(3);
  build.package = row.text(5);
  build.version = row.text(6);
  build.tag = row.text(7);
  return build;
}

std::vector<Reason> ReadAbsentReasons(store::Store& store, const Build& build) {
  if (build.candidate != 0) return ReadReasons(store, build.candidate, build.conclusion_id);
  std::vector<Reason> reasons;
  store::Statement row =
      store.Prepare("SELECT summary, premises FROM concluded WHERE conclusion_id = ?", {build.conclusion_id});
  if (row.Step())
    reasons.push_back({build.rule, build.verdict, row.text(0), build.conclusion_id, row.text(1)});
  return reasons;
}

// What runs, at the head of a sentence.
std::string SubjectName(const Build& build) {
  if (build.kind == "images") return "These images";
  if (build.kind == "cuda") return "CUDA " + build.version;
  if (build.kind == "binary") return build.package;
  return BuildName(build);
}

// One sentence: the verdict on the best choice, then the deciding rule's own words.
std::string Summarize(const Answer& answer, const Build& best) {
  std::string where = DeviceNames(answer.devices, " and ");
  std::string on = where.empty() ? "" : " on " + where;
  const std::string& because = answer.reasons.empty() ? answer.rule : answer.reasons.front().summary;
  if (best.kind == "target") return because;
  const std::string name = SubjectName(best);
  // A toolkit builds, runs and is driven: which of them decides, its rule says itself.
  if (best.kind == "cuda" && answer.verdict != Verdict::kConditional && StartsWith(because, name))
    return because;
  const bool many = best.kind == "images";
  // Files alone, and nothing that they could be judged by.
  const bool nothing = !answer.reasons.empty() && answer.reasons.front().premises.empty();
  if (best.kind == "binary" && answer.verdict == Verdict::kCompatible && where.empty() && nothing)
    return name + " was read; no card and no driver was stated to judge it by.";
  switch (answer.verdict) {
    case Verdict::kCompatible:
      return fmt::format("{} {}{}: {}", name, many ? "run" : "runs", on, because);
    case Verdict::kConditional:
      return fmt::format("{} may run{}: {}", name, on, because);
    case Verdict::kUnknown:
      return fmt::format("Whether {} {}{} is not known: {}", many ? "these images" : name,
                         many ? "run" : "runs", on, because);
    case Verdict::kIncompatible:
      return fmt::format("{} {} not run{}: {}", name, many ? "do" : "does", on, because);
  }
  return because;
}

// The name of one card fits several that differ: the sentence says so instead of one card's reason.
void ExplainAmbiguousGpu(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT given, group_concat(card, '; ') FROM (SELECT position, given, coalesce(name, given) || ' (' || "
      "cc || ')' AS card, cc_key FROM asked_device "
      "WHERE stated = 1 AND cc IS NOT NULL ORDER BY position, cc_key) GROUP BY position HAVING count(*) > 1 "
      "LIMIT 1");
  if (!rows.Step()) return;
  answer->summary = fmt::format(
      "\"{}\" is the name of several cards that differ here: {}. The PCI id tells which one it is.",
      rows.text(0), rows.text(1));
}

// Sources differ on the capability of the one card, and that turns the verdict.
void ExplainDisputedGpu(store::Store& store, Answer* answer) {
  store::Statement row = store.Prepare(
      "SELECT d.given, x.reason, 'gpu/' || d.gpu_id FROM asked_device d JOIN dispute x ON x.fact_id = 'gpu/' || d.gpu_id "
      "AND x.stands = 'open' AND x.other_value = d.cc WHERE d.stated = 1 LIMIT 1");
  if (!row.Step()) return;
  answer->summary = fmt::format(
      "Sources differ on the capability of \"{}\", and the verdicts on them differ: {}. The PCI id tells which one it "
      "is.",
      row.text(0), row.text(1));
  answer->reasons.insert(answer->reasons.begin(),
                         {answer->rule, answer->verdict, answer->summary, row.text(2), row.text(2)});
}

void AddOpenRequirements(store::Store& store, const query::Question& question, const Build& best,
                         Answer* answer) {
  for (Requirement& below : ReadStackRequirements(store, question, best))
    Merge(std::move(below), &answer->requirements);
  if (question.python.empty() && best.kind == "package" && !best.python.empty() && best.python[0] != "any" &&
      best.python[0] != "unsaid") {
    Merge({"python", "", "", "", "", best.python}, &answer->requirements);
  }
  if (std::optional<Requirement> libc = ReadLibcRequirement(store, question, best))
    Merge(std::move(*libc), &answer->requirements);
  for (Requirement& loaded : ReadLoadedLibraries(store, best))
    Merge(std::move(loaded), &answer->requirements);
  if (!best.of_libraries) return;
  Requirement library{"library", "", "", "", "", {}};
  library.one_of = store.Texts(
      "SELECT DISTINCT replace(o.library, rtrim(o.library, replace(o.library, ':', '')), '') FROM "
      "list_on_capability o JOIN asked_device d ON d.cc_key = o.cc_key "
      "WHERE o.list_id = ? AND o.library <> '' AND d.stated = 1 ORDER BY 1",
      {best.list_id});
  if (!library.one_of.empty()) Merge(std::move(library), &answer->requirements);
}

// A bare version: what a plain install gives is worse than the best choice.
void AddDefaultCaveats(store::Store& store, const Build& best, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT y.os, b.arch, b.tag, v.severity FROM asked_build b JOIN candidate_result v ON "
      "v.candidate_id = b.candidate_id "
      "JOIN asked_system y ON y.system_id = b.system_id WHERE b.package = ?1 AND b.version = ?2 AND "
      "b.is_default = 'yes' AND v.severity > ?3 "
      "AND EXISTS (SELECT 1 FROM asked_build c JOIN candidate_result w ON w.candidate_id = c.candidate_id "
      "WHERE c.system_id = b.system_id "
      "AND c.package = b.package AND c.version = b.version AND w.severity < v.severity) ORDER BY y.os, "
      "b.arch",
      {best.package, best.version, static_cast<int64_t>(best.verdict)});
  while (rows.Step()) {
    answer->caveats.push_back(
        {"default-build-differs", "",
         fmt::format("On {} {} a plain pip install of {} {} gives the {} build, whose verdict is {}.",
                     rows.text(0), rows.text(1), best.package, best.version, rows.text(2),
                     VerdictText(static_cast<Verdict>(rows.integer(3))))});
  }
}

// An open processor: on the usual one it is worse.
void AddProcessorCaveat(store::Store& store, const query::Question& question, const Build& best,
                        Answer* answer) {
  if (!question.arch.empty() || best.kind != "package" || best.arch == "x86_64") return;
  store::Statement row = store.Prepare(
      "SELECT v.severity, v.rule_id, b.version, b.tag FROM asked_build b JOIN candidate_result v ON v.candidate_id = b.candidate_id JOIN asked_system y "
      "ON y.system_id = b.system_id WHERE b.subject_id = ?1 AND y.os = ?2 AND y.arch = 'x86_64' AND b.device = 'cuda' ORDER BY v.severity, "
      "b.version_key DESC LIMIT 1",
      {best.subject, best.os});
  if (!row.Step() || row.integer(0) <= static_cast<int64_t>(best.verdict)) return;
  answer->caveats.push_back(
      {row.text(1), "",
       fmt::format("This holds on {}; on x86_64 {} {}{} is {} ({}).", best.arch, best.package, row.text(2),
                   row.text(3) == "-" ? "" : "+" + row.text(3),
                   VerdictText(static_cast<Verdict>(row.integer(0))), row.text(1))});
}

struct Judged {
  std::vector<Build> builds;
  int64_t total = 0;
};

// The subject that decides: the one that the report is about, else the worst.
size_t FindDeciding(const std::vector<Judged>& subjects, bool first_leads) {
  if (first_leads) return 0;
  auto worst = std::max_element(subjects.begin(), subjects.end(), [](const Judged& a, const Judged& b) {
    const Build &one = a.builds.front(), &other = b.builds.front();
    if (one.verdict != other.verdict) return one.verdict < other.verdict;
    return one.kind == "binary" && one.list_id == 0 && other.list_id != 0;  // device code says more
  });
  return static_cast<size_t>(worst - subjects.begin());
}

// No image runs: the one that would, and those that the build holds.
void NameImages(store::Store& store, const Build& best, Answer* answer) {
  if (best.verdict != Verdict::kIncompatible || best.list_id == 0 || answer->reasons.empty()) return;
  const std::string detail = store.Text(
      store.WithViews(
          {"lacking_image"},
          "SELECT detail FROM lacking_image WHERE conclusion_id = ? AND detail IS NOT NULL LIMIT 1"),
      {best.conclusion_id});
  std::string& summary = answer->reasons.front().summary;
  if (!detail.empty() && EndsWith(summary, ".")) summary.insert(summary.size() - 1, detail);
}

// The verdict of the deciding subject's best candidate, and why.
void TakeVerdict(store::Store& store, const Build& best, Answer* answer) {
  answer->verdict = best.verdict;
  answer->rule = best.rule;
  answer->caveats = best.caveats;
  answer->predicted_error = ReadPredictedError(store, best.rule);
  if (best.kind == "absent") {
    answer->reasons = ReadAbsentReasons(store, best);
    answer->summary = answer->reasons.empty() ? "" : answer->reasons.front().summary;
    return;
  }
  answer->devices = ReadDevices(store, best.candidate);
  answer->reasons = ReadReasons(store, best.candidate, best.conclusion_id);
  NameImages(store, best, answer);
  answer->summary = Summarize(*answer, best);
  const bool ambiguous = !answer->reasons.empty() && answer->reasons.front().rule != best.rule;
  if (ambiguous && best.verdict == Verdict::kUnknown) ExplainAmbiguousGpu(store, answer);
  if (ambiguous && best.verdict == Verdict::kConditional) ExplainDisputedGpu(store, answer);
}

// Every subject's own verdict; one that is worse than the deciding one is a caveat.
void TakeSubjects(store::Store& store, const query::Question& question, size_t deciding,
                  std::vector<Judged>* subjects, Answer* answer) {
  for (size_t i = 0; i < subjects->size(); ++i) {
    const Build& first = (*subjects)[i].builds.front();
    if (first.kind == "target") continue;
    answer->subjects.push_back({first.package, first.version, first.tag, first.verdict, first.rule});
    if (first.verdict > answer->verdict) {
      answer->caveats.push_back(
          {first.rule, "",
           SubjectName(first) + " is " + VerdictText(first.verdict) + " here (" + first.rule + ")."});
    }
    if (first.kind == "absent") continue;
    AddOpenRequirements(store, question, first, answer);
    AddProcessorCaveat(store, question, first, answer);
    bool bare = i < question.subjects.size() && question.subjects[i].tag.empty() &&
                !question.subjects[i].versions.empty();
    if (bare && (first.kind == "package" || first.kind == "unlisted"))
      AddDefaultCaveats(store, first, answer);
  }
  // No Python that all of them have is a reason and no requirement.
  auto& needs = answer->requirements;
  needs.erase(
      std::remove_if(needs.begin(), needs.end(),
                     [](const Requirement& need) { return need.what == "python" && need.one_of.empty(); }),
      needs.end());
  std::rotate(subjects->begin(), subjects->begin() + static_cast<std::ptrdiff_t>(deciding),
              subjects->begin() + static_cast<std::ptrdiff_t>(deciding) + 1);
  for (Judged& judged : *subjects) {
    answer->builds_total += judged.total;
    for (Build& build : judged.builds) {
      if (build.kind == "package" || build.kind == "unlisted") answer->builds.push_back(std::move(build));
    }
  }
}

// Scanned files: of those that serve one job the best, and of those that only accompany others a caveat each.
void FoldFiles(store::Store& store, std::vector<Judged>* subjects, std::vector<Caveat>* caveats) {
  std::map<int64_t, Role> roles = ReadRoles(store);
  std::map<std::string, int64_t> stages;  // of what runs: machine code before PTX that is compiled first
  store::Statement rules = store.Prepare("SELECT rule_id, stage FROM rule WHERE verdict = 'compatible'");
  while (rules.Step()) stages[rules.text(0)] = rules.integer(1);
  auto rank = [&stages](const Build& build) {
    const auto stage = stages.find(build.rule);
    return std::tuple(build.verdict, build.caveats.size(), stage == stages.end() ? 0 : stage->second);
  };
  std::map<std::string, const Build*> best;
  for (const Judged& one : *subjects) {
    const Build& first = one.builds.front();
    const auto role = roles.find(first.subject);
    if (role == roles.end() || !role->second.decides) continue;
    const auto [party, is_new] = best.emplace(role->second.party, &first);
    if (!is_new && rank(first) < rank(*party->second)) party->second = &first;
  }
  if (best.empty()) return;
  std::set<int64_t> chosen;
  for (const auto& [party, build] : best) chosen.insert(build->subject);
  auto other = [&](const Judged& one) {
    const Build& first = one.builds.front();
    const auto role = roles.find(first.subject);
    if (role == roles.end()) return false;
    if (role->second.decides) return chosen.count(first.subject) == 0;
    if (role->second.judged && first.list_id != 0 && first.verdict != Verdict::kCompatible) {
      caveats->push_back({first.rule, first.package,
                          fmt::format("{} is {} here ({}): what uses it fails.", first.package,
                                      VerdictText(first.verdict), first.rule)});
    }
    return true;
  };
  subjects->erase(std::remove_if(subjects->begin(), subjects->end(), other), subjects->end());
}

// What decides is a sentence of the report, and the tables do not say the same: nothing but its words tells
// what would have to change.
const SeenCause* SaidAlone(const std::vector<SeenCause>& findings, const Answer& answer) {
  for (const Reason& reason : answer.reasons) {
    if (reason.rule == answer.rule && !StartsWith(reason.conclusion_id, "seen_in_reports/")) return nullptr;
  }
  auto found = std::find_if(findings.begin(), findings.end(),
                            [&](const SeenCause& each) { return each.rule == answer.rule; });
  return found == findings.end() ? nullptr : &*found;
}

// What to change; where nothing is wrong and nothing was asked for, what to install. Everything that was
// asked is replaced on the way.
std::vector<Remedy> FindRemedies(store::Store& store, const query::Question& question,
                                 const std::vector<SeenCause>& findings, const Build& deciding, bool open,
                                 const Answer& answer, const std::string& about) {
  const SeenCause* said = deciding.subject > 0 ? nullptr : SaidAlone(findings, answer);
  if (said != nullptr)
    return RemediesOf(store, question, said->rule, {said->captures, said->package, true, nullptr});
  if (answer.verdict != Verdict::kCompatible) {
    return Remedies(store, question, answer.rule, deciding.subject,
                    deciding.kind == "absent" ? nullptr : &deciding, about);
  }
  return open ? OpenRemedies(store, question, answer) : std::vector<Remedy>{};
}

}  // namespace

query::Vocabulary ReadVocabulary(store::Store& store) {
  query::Vocabulary vocabulary;
  vocabulary.packages = store.Texts("SELECT package FROM package UNION SELECT alias FROM package_alias");
  vocabulary.tagged = store.Texts(
      "WITH tagged AS (SELECT DISTINCT package FROM package_index WHERE tag GLOB 'cu*' AND tag NOT GLOB 'cuda*') "
      "SELECT package FROM tagged UNION SELECT a.alias FROM package_alias a JOIN tagged t ON t.package = a.package AND a.tag = '-'");
  for (std::vector<std::string>* names : {&vocabulary.packages, &vocabulary.tagged}) {
    for (std::string& name : *names) name = PackageName(name);
  }
  vocabulary.card_word = [&store](const std::string& word) {
    return !store.Text("SELECT 1 FROM gpu_word WHERE word = ?", {word}).empty();
  };
  vocabulary.toolkits = [&store](const std::string& major) {
    return store.Text(
        "SELECT (SELECT cuda FROM toolkit WHERE cuda GLOB ?1 || '.*' ORDER BY cuda_key LIMIT 1) || ' to ' || "
        "(SELECT cuda FROM toolkit WHERE cuda GLOB ?1 || '.*' ORDER BY cuda_key DESC LIMIT 1)",
        {major});
  };
  vocabulary.card = [&store](const std::string& key) {
    return !store.Text("SELECT 1 FROM gpu_called WHERE key = ? LIMIT 1", {key}).empty();
  };
  return vocabulary;
}

Answer Ask(store::Store& store, const query::Question& question, const Options& options) {
  Answer answer;
  answer.data_version = store.Text("SELECT value FROM meta WHERE key = 'data_version'");
  answer.as_of = store.Text("SELECT value FROM meta WHERE key = 'as_of'");
  if (options.open && question.subjects.empty() && options.binaries == nullptr)
    store.KeepStatements();  // judged in rounds
  Run(store, query::CompileTarget(question));
  if (options.machine != nullptr) {
    ObserveMachine(store, *options.machine, options.judge_hardware);
    Observe(store, *options.machine, options.findings);
  }
  int64_t id = 0;
  for (const query::Subject& subject : question.subjects) Run(store, query::CompileSubject(subject, ++id));
  std::vector<ObservedFile> files;
  ModuleNames modules;
  if (options.binaries != nullptr) {
    files = Observe(store, *options.binaries, id + 1, &modules);
    AskObserved(store, true);
    id += static_cast<int64_t>(files.size());
  }
  const bool asks_subject = !question.subjects.empty() || !files.empty();
  bool absent =
      store.Text(
          "SELECT 1 FROM asked_subject s WHERE NOT EXISTS (SELECT 1 FROM asked_build b WHERE b.subject_id = s.subject_id)") ==
      "1";
  if (!asks_subject || absent) AskTarget(store);
  Conclude(store);

  std::vector<Judged> judged;
  std::vector<int64_t> chosen;
  int64_t limit = options.all ? kEveryBuild : kShownBuilds;
  for (int64_t subject = asks_subject ? 1 : 0; subject <= id; ++subject) {
    Judged one;
    one.builds = ReadBuilds(store, subject, limit, &one.total, id > 1 ? &chosen : nullptr);
    if (one.builds.empty()) one.builds.push_back(AbsentSubject(store, subject));
    if (one.builds.front().kind == "package") chosen.push_back(one.builds.front().candidate);
    judged.push_back(std::move(one));
  }
  std::vector<Caveat> beside;
  if (!files.empty()) FoldFiles(store, &judged, &beside);
  size_t lead = FindDeciding(judged, options.first_leads);
  Build deciding = judged[lead].builds.front();
  TakeVerdict(store, deciding, &answer);
  TakeSubjects(store, question, lead, &judged, &answer);
  answer.caveats.insert(answer.caveats.end(), beside.begin(), beside.end());
  AddMissing(store, question, &answer);
  if (options.proof) answer.proof = BuildProof(store, answer);
  bool exists = deciding.kind != "absent";
  // What the sections below ask takes the place of this question.
  const bool wrong = exists && answer.verdict != Verdict::kCompatible;
  const std::string about = wrong ? SpokenOf(store, deciding, answer.rule) : "";
  const bool open = options.open && !asks_subject && answer.verdict <= Verdict::kConditional;
  std::vector<Requirement> drivers;
  if (question.form == query::Form::kDrivers && deciding.kind == "target" && !question.driver)
    drivers = ReadStackRequirements(store, question, deciding);
  if (open) AddOpenSections(store, question, &answer);
  if (asks_subject && question.gpus.empty() && exists) AddSubjectSections(store, question, deciding, &answer);
  if (question.form == query::Form::kDrivers && !asks_subject && answer.requirements.empty())
    answer.requirements = std::move(drivers);
  if (question.form != query::Form::kVerdict) AddFormSection(store, question, &answer);
  if (!question.unread.empty()) {
    std::vector<std::string> words;
    for (const std::string& each : question.unread) words.push_back("\"" + Printable(each) + "\"");
    answer.caveats.push_back(
        {"words-not-understood", "",
         fmt::format("Not understood, and left out of the question: {}.", Join(words, ", "))});
  }
  if (options.with_remedies)
    answer.remedies = FindRemedies(store, question, options.findings, deciding, open, answer, about);
  return answer;
}

}  // namespace cudacompat::answer
