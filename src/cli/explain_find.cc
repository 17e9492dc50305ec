#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>

#include "answer/ask.h"
#include "answer/captures.h"
#include "answer/machine.h"
#include "answer/proof.h"
#include "answer/remedy.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "query/term.h"
#include "report/report.h"
#include "report/wording.h"

namespace cudacompat::cli {
namespace {

Seen Complete(store::Store& store, const report::Finding& finding) {
  Seen seen{finding, store.Text("SELECT meaning FROM rule WHERE rule_id = ?", {finding.rule}), {}};
  answer::Translate(store, finding.rule, &seen.finding.captures);
  return seen;
}

std::string ClassOf(store::Store& store, const std::string& rule) {
  return store.Text(
      "SELECT class FROM error_pattern WHERE rule_id = ?1 UNION ALL SELECT class FROM error_code WHERE rule_id = ?1 UNION ALL "
      "SELECT class FROM error_choice WHERE rule_id = ?1 LIMIT 1",
      {rule});
}

// What the facts conclude explains the number that the text shows, or is among what its sentence may come
// from: that is the finding.
void Confirm(store::Store& store, const answer::Answer& concluded, Seen* seen) {
  const std::string& rule = seen->finding.rule;
  const std::string& family = seen->finding.family;
  if (rule.empty()) return;
  const bool number = family == "runtime" || family == "driver";
  for (const answer::Reason& reason : concluded.reasons) {
    if (reason.verdict != answer::Verdict::kIncompatible) continue;
    if (reason.rule == rule) return;
    const bool same = number && store.Text("SELECT 1 FROM rule WHERE rule_id = ? AND code = ?",
                                           {reason.rule, seen->finding.code}) == "1";
    const bool listed =
        store.Text("SELECT 1 FROM candidate WHERE rule_id IN (?, 'wording/' || ?) AND candidate_rule = ?",
                   {rule, seen->finding.pattern_id, reason.rule}) == "1";
    if (!same && !listed) continue;
    seen->finding.rule = reason.rule;
    seen->finding.pattern_id.clear();  // the facts decide what the wording leaves open
    if (std::string cls = ClassOf(store, reason.rule); !cls.empty()) seen->finding.cls = cls;
    seen->finding.because = reason.summary;
    *seen = Complete(store, seen->finding);
    return;
  }
}

// By the facts the stated build runs there in every form: what its message says comes from elsewhere.
bool Clears(const answer::Answer& concluded) {
  if (concluded.verdict != answer::Verdict::kCompatible || concluded.builds.empty()) return false;
  return std::all_of(concluded.builds.begin(), concluded.builds.end(), [](const answer::Build& build) {
    return build.device != "cuda" || build.verdict == answer::Verdict::kCompatible;
  });
}

// The message itself names the card: then it is the package's own word about it.
bool NamesCard(store::Store& store, const report::Finding& finding) {
  store::Statement rows = store.Prepare(
      "SELECT capture FROM capture_meaning WHERE rule_id = ? AND means IN ('gpu', 'capability', 'target')",
      {finding.rule});
  while (rows.Step()) {
    if (finding.captures.count(rows.text(0)) > 0) return true;
  }
  return false;
}

// A number that no rule has may have remedies of its own; the runtime and the driver share most.
std::string NumberOf(const report::Finding& finding) {
  if (finding.code.empty()) return "";
  return (finding.family == "driver" ? "runtime" : finding.family) + "/" + finding.code;
}

// What to do about each finding, with what is known of the machine; one answer for findings that tell the
// same.
void AddRemedies(store::Store& store, const query::Question& question, std::string_view text,
                 Explanation* out) {
  std::map<std::string, std::vector<answer::Remedy>> known;
  for (Seen& seen : out->seen) {
    const report::Finding& finding = seen.finding;
    const std::string about = finding.rule.empty() ? NumberOf(finding) : finding.rule;
    if (about.empty()) continue;
    if (out->answer && !out->answer->remedies.empty() && finding.rule == out->answer->rule) {
      seen.remedies = out->answer->remedies;
      continue;
    }
    answer::Told told{finding.captures, "", !text.empty(), nullptr};
    if (out->answer && Clears(*out->answer) && !NamesCard(store, finding)) {
      told.cleared = &*out->answer;
      seen.remedies = answer::RemediesOf(store, question, about, told);
      told.cleared = nullptr;
      if (!seen.remedies.empty()) {
        seen.cleared = true;
        seen.meaning = "What was stated does not explain it. " + out->answer->summary;
        continue;
      }
    }
    if (question.subjects.empty())
      told.package = answer::PackageOfText(store, finding.text, text);
    else if (question.subjects[0].kind == query::Subject::Kind::kPackage)
      told.package = question.subjects[0].package;
    std::string key = about + "\n" + told.package;
    for (const auto& [name, value] : told.captures) key += "\n" + name + "=" + value;
    auto [place, fresh] = known.try_emplace(key);
    if (fresh) place->second = answer::RemediesOf(store, question, about, told);
    seen.remedies = place->second;
  }
}

// What else the first finding may come from.
void AddCandidates(store::Store& store, const query::Question& question, std::string_view text,
                   Explanation* out) {
  if (out->seen.empty() || text.empty()) return;
  const Seen& first = out->seen.front();
  const report::Finding& finding = first.finding;
  const std::string package = answer::PackageOfText(store, finding.text, text);
  if (!finding.pattern_id.empty())
    out->candidates = answer::ReadCandidates(store, "wording/" + finding.pattern_id, question, package);
  const std::string about = finding.rule.empty() ? NumberOf(finding) : finding.rule;
  if (out->candidates.empty() && !about.empty())
    out->candidates = answer::ReadCandidates(store, about, question, package);
  if (!first.cleared) return;
  std::erase_if(out->candidates,
                [&](const answer::Candidate& each) { return each.rule == first.finding.rule; });
}

// What the sentence of this number is explained with: the numbers that the runtime and the driver share have
// one sentence.
std::string NoteOfCode(store::Store& store, const report::Finding& code) {
  return store.Text(
      "SELECT note FROM error_pattern WHERE rule_id = '-' AND pattern = '-' AND note <> '-' AND class = ?1 AND code = ?2 "
      "AND (family = ?3 OR ?3 IN ('runtime', 'driver') AND family IN ('runtime', 'driver')) ORDER BY family <> ?3, rank LIMIT 1",
      {code.cls, code.code, code.family});
}

// "209", "cudaErrorNoKernelImageForDevice", "CUDA_ERROR_NO_BINARY_FOR_GPU": the rows of the number or name.
// The age of the runtime decides between its two numberings; without one both are shown.
void ExplainCode(store::Store& store, const query::Question& question, const std::string& what,
                 const std::string& family, Explanation* out) {
  bool old = false;
  bool aged = false;
  for (const query::Subject& subject : question.subjects) {
    if (subject.kind != query::Subject::Kind::kCuda) continue;
    aged = true;
    old = subject.versions[0].key < *DottedKey("10.1");
  }
  // Windows writes its codes in hexadecimal, or as a negative number of 32 bits.
  std::string number = what;
  char* end = nullptr;
  if (StartsWith(ToLower(what), "0x") || (what.size() > 9 && what[0] == '-')) {
    const long long value = std::strtoll(what.c_str(), &end, 0);
    const bool fits = value >= INT32_MIN && value <= UINT32_MAX;
    if (*end == '\0' && fits) number = std::to_string(static_cast<uint32_t>(value));
  }
  const std::string other = !aged ? "" : old ? "runtime" : "runtime-before-10.1";
  store::Statement rows = store.Prepare(
      "SELECT family, code, name, message, rule_id, class FROM error_code e "
      "WHERE (CAST(code AS TEXT) = ?1 OR lower(name) = lower(?1)) AND family <> ?2 AND ?3 IN ('', family) "
      // of numbers that were kept one row is enough
      "AND (?2 <> '' OR family <> 'runtime-before-10.1' OR NOT EXISTS (SELECT 1 FROM error_code n "
      "WHERE n.family = 'runtime' AND n.code = e.code AND n.name = e.name)) "
      "ORDER BY CASE family WHEN 'runtime' THEN 0 WHEN 'driver' THEN 1 WHEN 'runtime-before-10.1' THEN "
      "CASE ?2 WHEN 'runtime' THEN 0 ELSE 2 END ELSE 3 END, family",
      {number, other, family});
  while (rows.Step()) {
    report::Finding finding;
    finding.family = rows.text(0);
    finding.code = rows.text(1);
    finding.name = rows.text(2);
    finding.because = rows.text(3) == "-" ? "" : rows.text(3);
    finding.rule = rows.text(4) == "-" ? "" : rows.text(4);
    finding.cls = rows.text(5);
    const std::string note = finding.rule.empty() ? NoteOfCode(store, finding) : "";
    if (!note.empty()) finding.because += (finding.because.empty() ? "" : ": ") + note;
    finding.text = what;
    out->seen.push_back(Complete(store, finding));
  }
}

bool ExplainRule(store::Store& store, const std::string& what, Explanation* out) {
  std::string meaning = store.Text("SELECT meaning FROM rule WHERE rule_id = ?", {what});
  if (meaning.empty()) return false;
  report::Finding finding;
  finding.rule = what;
  finding.cls = ClassOf(store, what);
  finding.code = store.Text("SELECT code FROM rule WHERE rule_id = ? AND code <> '-'", {what});
  finding.name = store.Text("SELECT name FROM error_code WHERE family = 'runtime' AND CAST(code AS TEXT) = ?",
                            {finding.code});
  out->seen.push_back(Complete(store, finding));
  out->page = store.Text("SELECT text FROM rule_page WHERE rule_id = ?", {what});
  return true;
}

bool ExplainFact(store::Store& store, const std::string& what, Explanation* out) {
  if (what.find('/') != std::string::npos && what.find_first_of(" \n") == std::string::npos)
    out->fact = answer::ReadFact(store, what);
  if (out->fact) return true;
  if (StartsWith(what, "dispute/")) {  // as a proof prints it: what others say, and the fact that stands
    const std::string fact = what.substr(8);
    std::vector<answer::ProofNode> others = answer::ReadDisputes(store, fact);
    if (others.empty()) return false;
    out->fact = others.front();
    out->fact->children.assign(others.begin() + 1, others.end());
    if (std::optional<answer::ProofNode> stands = answer::ReadFact(store, fact))
      out->fact->children.push_back(*stands);
    return true;
  }
  store::Statement source =
      store.Prepare("SELECT title, edition, url, retrieved, kind FROM source WHERE source_id = ?", {what});
  if (!source.Step()) return false;
  answer::ProofNode node;
  node.id = "source/" + what;
  node.text = source.text(0) + " (" + source.text(4) + ")";
  node.source = source.text(0) + ", " + source.text(1);
  node.url = source.text(2);
  node.locator = "-";
  node.date = source.text(3);
  out->fact = node;
  return true;
}

// What an installer looked for, in its own words, is what is asked for where nothing else is.
void TakeRequirement(store::Store& store, const Explanation& explanation, query::Question* question) {
  if (explanation.seen.empty()) return;
  const report::Finding& finding = explanation.seen.front().finding;
  store::Statement rows = store.Prepare(
      "SELECT capture FROM capture_meaning WHERE rule_id = ? AND means = 'requirement'", {finding.rule});
  while (rows.Step()) {
    const auto capture = finding.captures.find(rows.text(0));
    if (capture == finding.captures.end()) continue;
    Result<query::Subject> subject = query::ParsePackage(capture->second, {"text", capture->second, 0});
    if (subject) question->subjects.push_back(*subject);
  }
}

// The cards that are stated; where none is, those whose capability the text names.
std::set<std::string> Capabilities(const Explanation& explanation) {
  std::set<std::string> found;
  if (explanation.answer) {
    for (const answer::Device& each : explanation.answer->devices) {
      if (!each.compute_capability.empty()) found.insert(each.compute_capability);
    }
  }
  if (!found.empty()) return found;
  for (const Seen& seen : explanation.seen) {
    const auto said = seen.finding.captures.find("capability");
    if (said != seen.finding.captures.end()) found.insert(ReplaceAll(said->second, " ", "."));
  }
  return found;
}

// What the log itself tells of the machine makes the answer concrete, beside what flags say.
void MakeConcrete(store::Store& store, const Machine* machine, std::string_view text,
                  query::Question question, answer::Around around, Explanation* out) {
  const bool said = answer::StatesMore(question);
  const bool age = !said && answer::StatesAnything(question);  // --cuda alone: the numbering of that release
  if (machine != nullptr) {
    std::vector<std::string> notes;
    answer::FillFromMachine(*machine, answer::ReadFrameworks(store), &question, &notes);
  }
  answer::FillFromWords(store, text, &question);
  bool target =
      !question.gpus.empty() || question.driver || !question.cuda_driver.empty() || !question.jetpack.empty();
  const bool stated = !question.subjects.empty();
  if (!stated) TakeRequirement(store, *out, &question);
  const bool subject = !question.subjects.empty();
  answer::Options options;
  options.open = false;
  const bool judged = subject ? !stated || target : target;
  if (judged || said || age) out->answer = answer::Ask(store, question, options);
  around.capabilities = Capabilities(*out);
  std::optional<answer::Answer> shown;
  if (said && out->answer && (target || stated || out->answer->verdict != answer::Verdict::kCompatible))
    shown = out->answer;
  if (age && out->answer && out->answer->verdict == answer::Verdict::kUnknown) shown = out->answer;
  const bool nothing =
      out->answer && (!judged || (subject ? !stated && out->answer->verdict == answer::Verdict::kUnknown
                                          : out->answer->verdict != answer::Verdict::kIncompatible));
  if (nothing) out->answer.reset();
  if (nothing && !stated) question.subjects.clear();
  if (out->answer) {
    for (Seen& seen : out->seen) Confirm(store, *out->answer, &seen);
  }
  if (out->answer) {  // a sentence that several rules share means what the whole question concludes
    for (const answer::Reason& reason : out->answer->reasons) around.concluded.push_back(reason.rule);
    around.runs = Clears(*out->answer);
  }
  if (out->answer || !around.capabilities.empty()) {
    for (Seen& seen : out->seen) {
      if (answer::Choose(store, around, &seen.finding)) seen = Complete(store, seen.finding);
    }
  }
  AddRemedies(store, question, text, out);
  AddCandidates(store, question, text, out);
  // What a flag stated is told of, also where it says nothing of this finding.
  if (!out->answer && shown) out->answer = std::move(shown);
}

// No error stands in the text: where it is the report of a machine with its packages (collect_env, nvidia-smi
// with pip list), it is judged as `query --target` judges it.
void JudgeReport(store::Store& store, Machine machine, query::Question question, Explanation* out) {
  answer::Complete(store, &machine);
  answer::Options options;
  TakeMachine(store, machine, false, &question, &options);
  if (question.subjects.empty() || (question.gpus.empty() && !question.driver)) return;
  answer::Answer answer = answer::Ask(store, question, options);
  if (answer.verdict != answer::Verdict::kUnknown) out->answer = std::move(answer);
}

// A report that holds nothing but that a framework sees no card ("False" below the prompt that asked for it):
// as the sentence that says so, in the place of the line that asks.
std::vector<report::Finding> Unavailable(std::string_view text, const std::vector<report::Wording>& wordings,
                                         const report::Terms& terms) {
  std::vector<report::Finding> findings = report::FindWordings("CUDA available: False", wordings, terms);
  int64_t number = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++number;
    if (!Contains(line, "vailable") && !Contains(line, "evice")) continue;
    for (report::Finding& each : findings) {
      each.line = number;
      each.column = 1;
      each.text = Printable(Trim(line).substr(0, 400));
    }
    break;
  }
  return findings;
}

}  // namespace

Explanation ExplainText(store::Store& store, const query::Question& question, std::string_view text) {
  Explanation out;
  report::FindOptions options;
  for (const query::Subject& subject : question.subjects) {
    if (subject.kind == query::Subject::Kind::kCuda) options.cuda = subject.versions[0].version;
  }
  const report::ErrorScanner scanner(answer::ErrorRowsOf(store));
  std::vector<report::Finding> findings = scanner.Find(text, options);
  Result<std::vector<Machine>> machines = report::ReadReport(text);
  const Machine* machine = machines.ok() && !machines->empty() ? &machines->front() : nullptr;
  if (findings.empty() && machine != nullptr) {
    JudgeReport(store, *machine, question, &out);
    if (out.answer) return out;
  }
  // Where no sentence is known but wrappers and notes, what the lines complain of in other words counts
  // first.
  const bool notes = std::all_of(findings.begin(), findings.end(), [](const report::Finding& each) {
    return each.rank >= report::kNotes && each.rule.empty() && (each.cls == "program" || each.cls == "build");
  });
  if (notes) {
    std::vector<report::Finding> worded =
        report::FindWordings(text, answer::ReadWordings(store), scanner.Words());
    // Beside a sentence that is known only what names a rule says more.
    if (!findings.empty()) {
      worded.erase(std::remove_if(worded.begin(), worded.end(),
                                  [](const report::Finding& each) { return each.rule.empty(); }),
                   worded.end());
    }
    if (!worded.empty()) {
      for (report::Finding& each : findings) each.follower = true;
      findings.insert(findings.begin(), std::make_move_iterator(worded.begin()),
                      std::make_move_iterator(worded.end()));
    }
  }
  if (findings.empty() && machine != nullptr && machine->available == "false")
    findings = Unavailable(text, answer::ReadWordings(store), scanner.Words());
  if (findings.empty()) return out;
  answer::Around around = answer::AroundOf(store, question, machine, text);
  for (report::Finding& finding : findings) {
    answer::Choose(store, around, &finding);
    out.seen.push_back(Complete(store, finding));
  }
  MakeConcrete(store, machine, text, question, around, &out);
  return out;
}

namespace {

// "error 35", "code=35", "nvml 999": a number, and around it only words that say that it is one, or whose.
// Empty where there is more.
std::string NumberAlone(store::Store& store, const std::string& what, std::string* family) {
  constexpr std::array<std::string_view, 16> kSaysNumber = {
      "error",  "errors",   "code",   "errorcode", "errno",   "err",    "cuda", "cudaerror",
      "status", "returned", "return", "number",    "failure", "failed", "exit", "exited"};
  std::string words =
      ReplaceAll(ReplaceAll(ToLower(what), "winerror", "windows "), "nvidia-smi", "nvidia_smi");
  std::string number, word;
  for (const char c : words + " ") {
    if (IsAlpha(c) || IsDigit(c) || c == '_') {
      word += c == '_' ? '-' : c;
      continue;
    }
    if (word == "-") word.clear();
    const bool negative = !word.empty() && word[0] == '-';  // another number, which no table has
    if (!word.empty() && std::all_of(word.begin() + (negative ? 1 : 0), word.end(), IsDigit)) {
      if (!number.empty()) return "";
      number = word;
    } else if (!word.empty() &&
               std::find(kSaysNumber.begin(), kSaysNumber.end(), word) == kSaysNumber.end()) {
      *family = store.Text("SELECT family FROM error_code WHERE family = ? LIMIT 1", {word});
      if (family->empty()) return "";
    }
    word = c == '-' ? "-" : "";
  }
  return number;
}

}  // namespace

Explanation ExplainWord(store::Store& store, const query::Question& question, const std::string& what) {
  Explanation out;
  // Numbers, names, rules and facts are one word.
  const bool sentence = what.find_first_of(" \n") != std::string::npos && !StartsWith(what, "dispute/");
  if (!sentence) ExplainCode(store, question, what, "", &out);
  bool found =
      !out.seen.empty() || (!sentence && (ExplainRule(store, what, &out) || ExplainFact(store, what, &out)));
  if (!found) {
    Explanation text = ExplainText(store, question, what);
    if (!text.seen.empty() || text.answer) return text;
    std::string family;
    if (const std::string number = NumberAlone(store, what, &family); !number.empty())
      ExplainCode(store, question, number, family, &out);
    if (out.seen.empty()) return text;
  }
  if (!out.seen.empty())
    MakeConcrete(store, nullptr, "", question, answer::AroundOf(store, question, nullptr, ""), &out);
  return out;
}

}  // namespace cudacompat::cli
