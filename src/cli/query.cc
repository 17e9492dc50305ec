#include <fmt/format.h>
#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include "answer/ask.h"
#include "answer/loose_images.h"
#include "answer/observe.h"
#include "answer/remedy.h"
#include "cli/age.h"
#include "cli/command.h"
#include "cli/files.h"
#include "query/compile.h"
#include "render/json.h"
#include "render/machine.h"
#include "render/text.h"
#include "scan/scan.h"

namespace cudacompat::cli {
namespace {

struct QueryFlags {
  QuestionFlags question;
  std::string show;
  bool json = false;
  bool why = false;
  bool all = false;
  int strict_age = -1;
};

std::string SqlOf(const query::Question& question) {
  std::string out = query::ToText(query::CompileTarget(question));
  int64_t id = 0;
  for (const query::Subject& subject : question.subjects)
    out += query::ToText(query::CompileSubject(subject, ++id));
  return out;
}

// What a report adds to an answer's JSON.
void AddTarget(const Machine& machine, bool subjects_from_target, nlohmann::ordered_json* out) {
  (*out)["target"] = render::TargetJson(machine);
  if (subjects_from_target) (*out)["subject_from"] = "target";
}

struct Judged {
  answer::Answer answer;
  nlohmann::ordered_json json;
};

// One machine (or none) and the question: judged on the database as it was before anything was asked.
// Data that is older than --strict-age allows decides nothing: what it says is told, and is no verdict.
void RefuseOldData(store::Store& store, const query::Question& question, int age, int strict_age,
                   answer::Answer* answer) {
  const std::string summary = fmt::format(
      "The data is of {}, {} days old, and --strict-age allows {}: what is newer is not in it. By this data: {}",
      answer->as_of, age, strict_age, answer->summary);
  answer->verdict = answer::Verdict::kUnknown;
  answer->rule = "data-too-old";
  answer->summary = summary;
  answer->reasons.insert(answer->reasons.begin(),
                         {"data-too-old", answer::Verdict::kUnknown, summary, "", ""});
  answer->predicted_error.reset();
  answer->missing.push_back({"data", "", {}, "to " + answer->as_of});
  answer->remedies = answer::RemediesOf(store, question, answer->rule, {});
}

Judged Judge(store::Store& store, query::Question question, const Machine* machine,
             const scan::Report* binaries, const QueryFlags& flags, const std::string& today) {
  answer::Options options;
  options.binaries = binaries;
  options.proof = flags.why;
  options.all = flags.all;
  const bool from_target =
      machine != nullptr && TakeMachine(store, *machine, binaries != nullptr, &question, &options);
  Judged judged;
  judged.answer = answer::Ask(store, question, options);
  const int age = DaysBetween(judged.answer.as_of, today);
  if (flags.strict_age >= 0 && age > flags.strict_age)
    RefuseOldData(store, question, age, flags.strict_age, &judged.answer);
  if (flags.json) {
    judged.json = render::ToJson(judged.answer);
    if (machine != nullptr) AddTarget(*machine, from_target, &judged.json);
    if (flags.strict_age >= 0) {
      auto& data = judged.json["data"];
      data["age_days"] = age;
      data["strict_age_days"] = flags.strict_age;
      data["too_old"] = age > flags.strict_age;
    }
  }
  return judged;
}

// Several hosts of one paste are judged apart; the worst gives the exit code and stands first.
int ShowHosts(const std::vector<Machine>& machines, const query::Question& question,
              const scan::Report* binaries, const QueryFlags& flags, Io& io) {
  std::vector<Judged> hosts;
  for (const Machine& machine : machines) {
    Result<store::Store> store = store::Store::Open();
    if (!store) return Fail(io, store.error());
    hosts.push_back(Judge(*store, question, &machine, binaries, flags, io.today));
  }
  size_t worst = 0;
  for (size_t i = 1; i < hosts.size(); ++i) {
    if (hosts[i].answer.verdict > hosts[worst].answer.verdict) worst = i;
  }
  if (flags.json) {
    nlohmann::ordered_json out = hosts[worst].json;
    out["hosts"] = nlohmann::ordered_json::array();
    for (const Judged& host : hosts) out["hosts"].push_back(host.json);
    io.out << render::Dump(out);
  } else {
    for (size_t i = 0; i < hosts.size(); ++i)
      io.out << "host " << i + 1 << " of " << hosts.size() << ": "
             << render::ToText(hosts[i].answer, StyleOf(io)) << "\n";
  }
  TellAge(io, hosts[worst].answer.as_of, flags.strict_age);
  return answer::ExitCode(hosts[worst].answer.verdict);
}

bool AsksNothing(const query::Question& question) {
  return question.subjects.empty() && question.binaries.empty() && question.gpus.empty() &&
         !question.driver && question.cuda_driver.empty() && question.jetpack.empty();
}

// The whole of each file: device code outside the sections made for it counts too.
scan::Report ScanBinaries(const std::vector<std::string>& paths) {
  scan::Options options;
  options.deep = true;
  options.keep_images = false;
  options.sum_modules = true;
  return scan::ScanPaths(paths, options);
}

int RunQuery(const QueryFlags& flags, Io& io) {
  std::vector<Machine> machines;
  query::Question question;
  scan::Report scanned;
  const scan::Report* binaries = nullptr;
  {
    Result<store::Store> store = store::Store::Open();
    if (!store) return Fail(io, store.error());
    query::Vocabulary vocabulary;
    if (!flags.question.text.empty()) vocabulary = answer::ReadVocabulary(*store);
    Result<query::Question> read = ReadQuestion(flags.question, vocabulary);
    if (!read) return Fail(io, read.error());
    question = *read;
    Result<std::vector<Machine>> seen = ReadMachines(flags.question, *store, io);
    if (!seen) return Fail(io, seen.error());
    machines = std::move(*seen);
    if (machines.empty() && AsksNothing(question)) {
      return Fail(io, {ErrorKind::kUsage, "query",
                       "nothing is asked: a card, a driver or something to run is missing",
                       "try: cudacompat query --gpu MX450 --torch cu124"});
    }
    if (flags.show == "ast" || flags.show == "sql") {
      const std::string shown = flags.show == "ast" ? query::ToText(question) : SqlOf(question);
      io.out << (flags.json
                     ? render::Dump({{"schema", "cudacompat/show/1"}, {"show", flags.show}, {"text", shown}})
                     : shown);
      return 0;
    }
    if (!question.binaries.empty()) {
      scanned = ScanBinaries(question.binaries);
      if (int code = TellUnreadable(question.binaries, true, scanned, io); code != 0) return code;
      answer::StandIn(0, &scanned);
      answer::FoldLooseImages(&scanned);
      binaries = &scanned;
    }
    if (machines.size() <= 1) {
      Judged judged =
          Judge(*store, question, machines.empty() ? nullptr : &machines[0], binaries, flags, io.today);
      io.out << (flags.json ? render::Dump(judged.json) : render::ToText(judged.answer, StyleOf(io)));
      TellAge(io, judged.answer.as_of, flags.strict_age);
      return answer::ExitCode(judged.answer.verdict);
    }
  }
  return ShowHosts(machines, question, binaries, flags, io);
}

}  // namespace

void AddQuery(CLI::App* app, Io& io, int* code) {
  CLI::App* command = app->add_subcommand("query", "Will this run there, and what should I install?");
  auto flags = std::make_shared<QueryFlags>();
  AddMachineFlags(command, &flags->question);
  AddQuestionFlags(command, &flags->question, true);
  command->add_flag("--json", flags->json, "one JSON object on standard output");
  CLI::Option* why = command->add_flag("--why", flags->why, "the proof, down to facts with their sources");
  CLI::Option* all = command->add_flag("--all", flags->all, "every build, not the first 50");
  command
      ->add_option("--show", flags->show,
                   "what the question was compiled to, in place of an answer: ast or sql")
      ->check(CLI::IsMember({"ast", "sql"}))
      ->excludes(why)
      ->excludes(all);
  command->add_option("--strict-age", flags->strict_age, "exit 3 when the data is older than DAYS")
      ->check([](const std::string& days) {
        bool number =
            !days.empty() && days.size() < 7 && days.find_first_not_of("0123456789") == std::string::npos;
        return number ? std::string() : "'" + days + "' is no number of days: write 90";
      })
      ->type_name("DAYS");
  command->callback([flags, &io, code] { *code = RunQuery(*flags, io); });
}

}  // namespace cudacompat::cli
