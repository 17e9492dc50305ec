#include "answer/captures.h"
#include "answer/see.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/input.h"
#include "probe/probe.h"
#include "report/report.h"

namespace cudacompat::cli {

Result<std::vector<Machine>> ReadMachines(const QuestionFlags& flags, store::Store& store, Io& io) {
  size_t given = flags.target.size() + flags.root.size() + (flags.here ? 1 : 0);
  if (given == 0) return std::vector<Machine>();
  if (given > 1) {
    return Error{ErrorKind::kUsage, "--target",
                 "one machine at a time: --here, --root and --target exclude each other", "ask twice"};
  }
  if (!flags.target.empty()) {
    Result<Input> input = ReadFile(flags.target[0], io);
    if (!input) return input.error();
    report::ErrorScanner scanner(answer::ErrorRowsOf(store));
    report::ReadOptions options;
    options.scanner = &scanner;
    Result<std::vector<Machine>> machines = report::ReadReport(input->text(), options);
    if (!machines)
      return Error{ErrorKind::kBadInput, flags.target[0], machines.error().message, machines.error().hint};
    for (Machine& machine : *machines) answer::Complete(store, &machine);
    return machines;
  }
  std::unique_ptr<probe::Host> host;
  if (flags.here) {
    host = probe::LiveHost();
  } else {
    Result<std::unique_ptr<probe::Host>> rooted = probe::RootedHost(flags.root[0]);
    if (!rooted) return rooted.error();
    host = std::move(*rooted);
  }
  std::vector<Machine> machines{probe::ProbeMachine(*host)};
  answer::Complete(store, &machines[0]);
  return machines;
}

std::vector<answer::SeenCause> FindingsOf(store::Store& store, const Machine& machine) {
  std::string lines;
  for (const MachineLine& line : machine.errors) lines += line.text + "\n";
  std::vector<answer::SeenCause> findings;
  if (lines.empty()) return findings;
  answer::Around around = answer::AroundOf(store, {}, &machine, lines);
  for (report::Finding& finding : report::ErrorScanner(answer::ErrorRowsOf(store)).Find(lines)) {
    answer::Choose(store, around, &finding);
    if (finding.rule.empty() || finding.follower) continue;
    MachineLine line;
    if (finding.line >= 1 && static_cast<size_t>(finding.line) <= machine.errors.size())
      line = machine.errors[static_cast<size_t>(finding.line) - 1];
    std::string place = line.where;
    if (line.line > 0) place += (place.empty() ? "line " : ", line ") + std::to_string(line.line);
    answer::Translate(store, finding.rule, &finding.captures);
    findings.push_back({finding.rule, "",
                        "The " + (line.where.empty() ? "report" : line.where) + " says: " + finding.text,
                        place, finding.captures, answer::PackageOfText(store, finding.text, lines),
                        answer::PackageOfText(store, finding.text, "")});
  }
  return findings;
}

bool TakeMachine(store::Store& store, const Machine& machine, bool stated, query::Question* question,
                 answer::Options* options) {
  stated = stated || !question->subjects.empty();
  std::vector<std::string> notes;
  std::vector<answer::FrameworkName> frameworks;
  if (!stated) frameworks = answer::ReadFrameworks(store);
  options->judge_hardware = answer::LeavesHardware(*question);
  answer::TakeCompat(store, machine, question);
  answer::FillFromMachine(machine, frameworks, question, &notes);
  if (question->unread.empty()) question->unread = report::UnreadOfCuda(machine);
  options->first_leads = !stated && !question->subjects.empty();
  options->machine = &machine;
  options->findings = FindingsOf(store, machine);
  return options->first_leads;
}

}  // namespace cudacompat::cli
