#include "answer/doctor.h"

#include <algorithm>

#include "answer/evaluate.h"
#include "answer/remedy.h"
#include "answer/what_if.h"
#include "base/text.h"
#include "query/term.h"

namespace cudacompat::answer {
namespace {

const char* StatusText(probe::StepStatus status) {
  switch (status) {
    case probe::StepStatus::kPassed:
      return "passed";
    case probe::StepStatus::kFailed:
      return "failed";
    case probe::StepStatus::kSkipped:
      return "skipped";
  }
  return "";
}

void AddLaunchStep(store::Store& store, int64_t device, const probe::LaunchStep& step) {
  store.Run(
      "INSERT INTO observed_launch (device, step, status, code, code_name, ms, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
      {device, step.check, std::string(StatusText(step.status)), static_cast<int64_t>(step.code),
       step.code_name, static_cast<int64_t>(step.ms + 0.5), step.detail});
}

void ObserveLaunch(store::Store& store, const DiagnoseOptions& options) {
  if (options.launch == nullptr) {
    AddLaunchStep(store, -1, {"launch", probe::StepStatus::kSkipped, 0, "", 0, options.no_launch});
    return;
  }
  for (const probe::LaunchStep& step : options.launch->steps) AddLaunchStep(store, -1, step);
  for (const probe::LaunchDevice& device : options.launch->devices) {
    for (const probe::LaunchStep& step : device.steps) AddLaunchStep(store, device.index, step);
  }
  if (options.launch->status != "done")
    AddLaunchStep(store, -1, {"launch", probe::StepStatus::kFailed, -1, "", 0, options.launch->status});
}

/// What is asked, and the build that stands for each subject; 0 is the target alone.
class Asked {
 public:
  Asked(store::Store& store, const query::Question& question, std::string available)
      : store_(store), question_(question), available_(std::move(available)) {}

  // Fills the asked subjects and lets the rules conclude; after a remedy was worked out it does so again.
  void Conclude() {
    ForgetQuestion(store_);
    Run(store_, query::CompileTarget(question_));
    SayAvailable(store_, available_);
    AskTarget(store_);
    int64_t id = 0;
    for (const query::Subject& subject : question_.subjects)
      Run(store_, query::CompileSubject(subject, ++id));
    answer::Conclude(store_);
    builds_.clear();
    store::Statement own =
        store_.Prepare("SELECT candidate_id FROM asked_build WHERE subject_id = 0 LIMIT 1");
    if (own.Step()) builds_ = ReadCandidates(store_, {own.integer(0)});
    for (int64_t subject = 1; subject <= id; ++subject) {
      int64_t total = 0;
      for (Build& build : ReadBuilds(store_, subject, 1, &total)) builds_.push_back(std::move(build));
    }
  }

  void MarkCandidates() {
    const Build* lead = Lead();
    for (const Build& build : builds_) {
      store_.Run(
          "INSERT INTO doctor_candidate SELECT ?1, ?2, coalesce((SELECT kind FROM package WHERE package = ?3), '-'), ?4",
          {build.candidate, build.subject, build.package, static_cast<int64_t>(&build == lead)});
    }
  }

  const Build* Lead() const {
    for (const Build& build : builds_) {
      if (build.subject == 1) return &build;
    }
    return builds_.empty() ? nullptr : &builds_.front();
  }

  // What else is installed and does worse: the answer is about the first.
  void AddOthers(std::vector<Caveat>* caveats) {
    const Build* lead = Lead();
    const bool seen = store_.Text("SELECT 1 FROM observed_sighting WHERE key = 'view' LIMIT 1") == "1";
    for (const Build& build : builds_) {
      if (build.subject <= 1 || build.verdict <= lead->verdict || build.package == lead->package) continue;
      const std::string cuda =
          store_.Text("SELECT 1 FROM build WHERE package = ? AND device = 'cuda' LIMIT 1", {build.package});
      // It has no CUDA by its nature, or a report does not name all that belongs to it.
      if (build.rule == "cpu-only-build" && (cuda.empty() || !seen)) continue;
      caveats->push_back({build.rule, "",
                          BuildName(build) + " is " + VerdictText(build.verdict) + " here (" + build.rule +
                              ")" + ReasonOf(build) + "."});
    }
  }

  // A cause that holds for the target alone is mended so that the leading subject runs.
  const Build* Of(int64_t subject) const {
    for (const Build& build : builds_) {
      if (subject > 0 && build.subject == subject) return &build;
    }
    return Lead();
  }

 private:
  std::string ReasonOf(const Build& build) {
    std::string reason = store_.Text(
        "SELECT group_concat(c.summary, ' ') FROM applied a JOIN concluded c ON c.rowid = a.conclusion WHERE a.candidate_id = ?1 AND c.rule_id = ?2",
        {build.candidate, build.rule});
    while (!reason.empty() && reason.back() == '.') reason.pop_back();
    return reason.empty() ? "" : ": " + reason;
  }

  store::Store& store_;
  const query::Question& question_;
  std::string available_;  // what a report says of itself
  std::vector<Build> builds_;
};

struct Failed {
  Cause cause;
  int64_t subject = 0;
  std::string about;  // what the rule speaks of
  std::string card;   // the card that it speaks of, where programs do not see that one
};

std::vector<Step> ReadSteps(store::Store& store) {
  std::vector<Step> steps;
  store::Statement rows = store.Prepare(
      "SELECT check_id, title, status, detail, place, rule_id, follows FROM doctor_result ORDER BY position");
  while (rows.Step())
    steps.push_back(
        {rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5), rows.text(6)});
  return steps;
}

// `which`: a condition on doctor_result d and doctor_check c. What the driver's start has passed by is no
// error of a start.
std::vector<Failed> ReadFailed(store::Store& store, const std::string& which) {
  std::vector<Failed> causes;
  store::Statement rows = store.Prepare(
      "SELECT d.check_id, d.rule_id, coalesce((SELECT p.class FROM error_pattern p WHERE p.rule_id = d.rule_id GROUP BY "
      "p.class ORDER BY count(*) DESC LIMIT 1), d.class), d.severity, d.summary, coalesce(u.meaning, ''), d.place, "
      "d.subject_id, d.subject, d.card, EXISTS (SELECT 1 FROM doctor_result i WHERE i.check_id = 'init' AND i.status = 'passed' AND i.position > d.position) "
      "FROM doctor_result d LEFT JOIN rule u ON u.rule_id = d.rule_id JOIN doctor_check c ON c.check_id = d.check_id WHERE d.severity > 0 AND " +
      which + " ORDER BY d.severity DESC, d.position");
  while (rows.Step()) {
    Failed failed;
    failed.cause.check = rows.text(0);
    failed.cause.rule = rows.text(1);
    failed.cause.cls = rows.text(2);
    failed.cause.verdict = static_cast<Verdict>(rows.integer(3));
    failed.cause.summary = rows.text(4);
    failed.cause.meaning = rows.text(5);
    failed.cause.where = rows.text(6);
    failed.card = rows.text(9);
    if (rows.integer(10) == 0) failed.cause.error = ReadPredictedError(store, failed.cause.rule);
    failed.subject = rows.integer(7);
    failed.about = rows.text(8);
    causes.push_back(std::move(failed));
  }
  return causes;
}

std::vector<Failed> ReadCauses(store::Store& store) {
  return ReadFailed(
      store, "d.follows = '' AND d.severity = (SELECT max(severity) FROM doctor_result WHERE follows = '')");
}

// What comes to light once the cause is mended.
std::vector<Failed> ReadLater(store::Store& store) {
  return ReadFailed(store, "d.follows <> '' AND c.own = 'yes' AND d.severity = 3");
}

// Every check that failed and needs, directly or not, the cause's.
void AddSymptoms(const std::vector<Step>& steps, std::vector<Failed>* causes) {
  for (const Step& step : steps) {
    if (step.follows.empty() || step.status != "failed") continue;
    for (Failed& failed : *causes) {
      if (failed.cause.check == step.follows) failed.cause.symptoms.push_back(step.check);
    }
  }
}

// What else it may be: only where a check that would tell it is unknown.
std::vector<Candidate> FindCandidates(store::Store& store, const query::Question& question,
                                      const Cause& cause) {
  std::vector<Candidate> open;
  for (Candidate& candidate : ReadCandidates(store, cause.rule, question)) {
    bool unknown =
        store.Text(
            "SELECT 1 FROM doctor_rule r JOIN doctor_result d ON d.check_id = r.check_id WHERE r.rule_id = "
            "?1 AND d.status = 'unknown' AND d.rule_id <> ?1 LIMIT 1",
            {candidate.rule}) == "1";
    if (unknown && candidate.rule != cause.rule) open.push_back(std::move(candidate));
  }
  return open;
}

std::vector<Remedy> CheckAdvice(store::Store& store, const std::string& check) {
  store::Statement rows = store.Prepare(
      store.WithViews(
          {"doctor_advice"},
          "SELECT advice, command, rank FROM doctor_advice WHERE check_id = ? ORDER BY rank, free_mib DESC"),
      {check});
  std::vector<Remedy> remedies;
  int64_t rank = 0;
  while (rows.Step()) {
    if (rows.integer(2) != rank) remedies.push_back({{"environment"}, rows.text(0), {rows.text(1)}, {}, "-"});
    rank = rows.integer(2);
  }
  return remedies;
}

std::vector<Remedy> FindRemedies(store::Store& store, const query::Question& question, Asked* asked,
                                 const Failed& failed, bool again) {
  if (failed.cause.rule.empty()) return CheckAdvice(store, failed.cause.check);
  if (again) asked->Conclude();
  const Build* build = asked->Of(failed.subject);
  std::optional<Build> best;
  if (build != nullptr) best = *build;
  int64_t subject = best ? best->subject : failed.subject;
  return Remedies(store, question, failed.cause.rule, subject, best ? &*best : nullptr, failed.about);
}

// Of the machine alone, without what is installed on it; with the card that the cause is about, where
// programs do not see that one and so the question does not hold it.
std::vector<Remedy> FindMachineRemedies(store::Store& store, query::Question question, const Failed& failed) {
  if (Result<query::Gpu> gpu = query::ParseGpu(failed.card, {"bus", failed.card, 0}))
    question.gpus.push_back(*gpu);
  question.subjects.clear();
  Asked asked(store, question, "");
  return FindRemedies(store, question, &asked, failed, true);
}

// A cause of the machine alone that no driver mends so that the framework runs too: the driver that mends it
// alone, before what changes more. What the framework lacks comes for later.
void AddDriverAlone(store::Store& store, const query::Question& question, const Failed& failed,
                    std::vector<Remedy>* remedies) {
  auto driver = [](const Remedy& remedy) {
    return remedy.changes.size() == 1 && remedy.changes[0] == "driver";
  };
  const bool known = std::any_of(remedies->begin(), remedies->end(), driver);
  if (known || failed.subject != 0 || failed.cause.rule.empty() || question.subjects.empty()) return;
  auto place = std::find_if(remedies->begin(), remedies->end(), [](const Remedy& remedy) {
    return remedy.changes.size() > 1 || (!remedy.changes.empty() && remedy.changes[0] == "gpu");
  });
  for (Remedy& remedy : FindMachineRemedies(store, question, failed)) {
    if (driver(remedy)) place = remedies->insert(place, std::move(remedy)) + 1;
  }
}

// The question as it will be once the cause is mended: with the driver that its remedy brings.
std::optional<query::Question> Mended(const query::Question& question, const Cause& cause) {
  for (const Remedy& remedy : cause.remedies) {
    if (remedy.driver.empty()) continue;
    Result<query::Driver> driver = query::ParseDriver(remedy.driver, {"remedy", remedy.driver, 0});
    if (!driver) continue;
    query::Question mended = question;
    mended.driver = *driver;
    mended.cuda_driver.clear();
    return mended;
  }
  return std::nullopt;
}

bool HasPackageRemedy(const Cause& cause) {
  return std::any_of(cause.remedies.begin(), cause.remedies.end(), [](const Remedy& remedy) {
    return remedy.changes.size() == 1 && remedy.changes[0] == "package";
  });
}

// What comes to light behind the first cause, mended where that cause already is. What the tables alone say
// of a package they say again then, or it is mended by the same.
std::vector<Cause> MendLater(store::Store& store, const query::Question& question,
                             const std::string& available, std::vector<Failed> later) {
  std::vector<Cause> told;
  Asked asked(store, question, available);
  for (Failed& failed : later) {
    asked.Conclude();
    const Build* build = asked.Of(failed.subject);
    const bool still =
        failed.subject == 0 || build == nullptr ||
        store.Text(
            "SELECT 1 FROM applied a JOIN concluded c ON c.rowid = a.conclusion WHERE a.candidate_id = ?1 AND c.rule_id = ?2 LIMIT 1",
            {build->candidate, failed.cause.rule}) == "1";
    if (!still) continue;
    failed.cause.remedies = FindRemedies(store, question, &asked, failed, false);
    told.push_back(std::move(failed.cause));
  }
  return told;
}

// Nothing failed: what the answer rests on, or what is missing for one.
void TakeGood(store::Store& store, const Asked& asked, Diagnosis* out) {
  store::Statement unsaid = store.Prepare(
      "SELECT c.unsaid, d.detail, c.class FROM doctor_result d JOIN doctor_check c ON c.check_id = d.check_id WHERE d.status = "
      "'unknown' AND d.rule_id = '' AND c.unsaid <> '-' AND (?1 = 1 OR c.class = 'hardware') ORDER BY d.position LIMIT 1",
      {static_cast<int64_t>(asked.Lead() == nullptr || asked.Lead()->kind == "target")});
  if (unsaid.Step()) {
    out->verdict = Verdict::kUnknown;
    out->rule = unsaid.text(0);
    out->summary = "Nothing that was found is wrong, and what decides is missing: " + unsaid.text(1) + ".";
    out->cls = unsaid.text(2);
    return;
  }
  const Build* lead = asked.Lead();
  store::Statement row = store.Prepare(
      "SELECT c.rule_id, c.summary, k.class FROM applied a JOIN concluded c ON c.rowid = a.conclusion JOIN rule u ON "
      "u.rule_id = c.rule_id AND u.verdict = 'compatible' JOIN doctor_rule r ON r.rule_id = c.rule_id JOIN doctor_check k ON k.check_id = r.check_id "
      "WHERE a.candidate_id = ? ORDER BY r.merit LIMIT 1",
      {lead == nullptr ? 0 : lead->candidate});
  if (!row.Step()) return;
  out->verdict = Verdict::kCompatible;
  out->rule = row.text(0);
  out->summary = row.text(1);
  out->cls = row.text(2);
  const std::string agrees =
      store.Text("SELECT detail FROM doctor_result WHERE check_id = 'driver-card' AND status = 'passed'");
  const bool stated = store.Text("SELECT 1 FROM machine_state WHERE hardware = 0") == "1";
  const bool starts =
      store.Text("SELECT 1 FROM doctor_result WHERE check_id = 'init' AND status = 'passed'") == "1";
  if (lead->kind == "target" && stated)
    out->summary =
        "What is stated agrees" + (agrees.empty() ? "" : ": " + agrees) + ". Nothing else was judged.";
  else if (lead->kind == "target" && !starts)
    out->summary = "Nothing that was seen is wrong; whether the CUDA driver starts was not.";
  else if (lead->kind == "target")
    out->summary =
        "Nothing is wrong from the card to the CUDA driver; no framework is installed here to judge.";
  else
    out->summary = BuildName(*lead) + " runs here: " + out->summary;
}

}  // namespace

Diagnosis Diagnose(store::Store& store, const query::Question& question, const DiagnoseOptions& options) {
  Diagnosis out;
  out.data_version = store.Text("SELECT value FROM meta WHERE key = 'data_version'");
  out.as_of = store.Text("SELECT value FROM meta WHERE key = 'as_of'");
  ObserveMachine(store, *options.machine, options.judge_hardware);
  Observe(store, *options.machine, options.findings);
  ObserveLaunch(store, options);
  Asked asked(store, question, options.machine->available);
  asked.Conclude();
  asked.MarkCandidates();
  store.Run("INSERT INTO doctor_fired " +
            store.WithViews({"doctor_fired_now"}, "SELECT * FROM doctor_fired_now"));
  store.Run("INSERT INTO doctor_result " + store.WithViews({"doctor_step"}, "SELECT * FROM doctor_step"));
  out.steps = ReadSteps(store);
  std::vector<Failed> causes = ReadCauses(store);
  AddSymptoms(out.steps, &causes);
  if (const Build* lead = asked.Lead(); lead != nullptr) out.caveats = lead->caveats;
  asked.AddOthers(&out.caveats);
  if (causes.empty()) {
    TakeGood(store, asked, &out);
    out.remedies = RemediesOf(store, question, out.rule, {});
  }
  bool again = false;
  auto mend = [&](Failed failed) {
    if (!failed.card.empty()) {
      failed.cause.remedies = FindMachineRemedies(store, question, failed);
    } else {
      failed.cause.remedies = FindRemedies(store, question, &asked, failed, again);
      AddDriverAlone(store, question, failed, &failed.cause.remedies);
    }
    again = true;
    return std::move(failed.cause);
  };
  std::vector<Failed> later = ReadLater(store);
  const int64_t subject = causes.empty() ? 0 : causes.front().subject;
  for (Failed& failed : causes) out.causes.push_back(mend(std::move(failed)));
  const std::optional<query::Question> mended =
      out.causes.empty() ? std::nullopt : Mended(question, out.causes.front());
  if (mended) {
    out.later = MendLater(store, *mended, options.machine->available, std::move(later));
  } else {
    // Another build that mends the cause is one by all rules: it mends what else is wrong with this one.
    const bool replaced = subject > 0 && HasPackageRemedy(out.causes.front());
    for (Failed& failed : later) {
      if (!replaced || failed.subject != subject) out.later.push_back(mend(std::move(failed)));
    }
  }
  if (!out.causes.empty()) {
    const Cause& first = out.causes.front();
    out.candidates = FindCandidates(store, question, first);  // last: it replaces what was asked
    out.verdict = first.verdict;
    out.rule = first.rule;
    out.cls = first.cls;
    out.summary = first.summary;
  }
  return out;
}

}  // namespace cudacompat::answer
