#include <memory>
#include <ostream>

#include <nlohmann/json.hpp>

#include "answer/ask.h"
#include "cli/age.h"
#include "cli/command.h"
#include "query/compile.h"
#include "render/json.h"
#include "render/text.h"

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

int RunQuery(const QueryFlags& flags, Io& io) {
  Result<store::Store> store = store::Store::Open();
  if (!store) return Fail(io, store.error());
  query::Vocabulary vocabulary;
  if (!flags.question.text.empty()) vocabulary = answer::ReadVocabulary(*store);
  Result<query::Question> question = ReadQuestion(flags.question, vocabulary);
  if (!question) return Fail(io, question.error());
  bool empty = question->subjects.empty() && question->gpus.empty() && !question->driver &&
               question->cuda_driver.empty() && question->jetpack.empty();
  if (empty) {
    return Fail(
        io, {ErrorKind::kUsage, "query", "nothing is asked: a card, a driver or something to run is missing",
             "try: cudacompat query --gpu MX450 --torch cu124"});
  }
  if (flags.show == "ast" || flags.show == "sql") {
    io.out << (flags.show == "ast" ? query::ToText(*question) : SqlOf(*question));
    return 0;
  }
  answer::Options options;
  options.proof = flags.why;
  options.all = flags.all;
  answer::Answer answer = answer::Ask(*store, *question, options);
  io.out << (flags.json ? render::Dump(render::ToJson(answer)) : render::ToText(answer, StyleOf(io)));
  int code = answer::ExitCode(answer.verdict);
  return CheckAge(io, answer.as_of, flags.strict_age) ? code : answer::ExitCode(answer::Verdict::kUnknown);
}

}  // namespace

void AddQuery(CLI::App* app, Io& io, int* code) {
  CLI::App* command = app->add_subcommand("query", "Will this run there, and what should I install?");
  auto flags = std::make_shared<QueryFlags>();
  AddQuestionFlags(command, &flags->question, true);
  command->add_flag("--json", flags->json, "one JSON object on standard output");
  command->add_flag("--why", flags->why, "the proof, down to facts with their sources");
  command->add_flag("--all", flags->all, "every build, not the first 50");
  command->add_option("--show", flags->show, "what the question was compiled to: ast or sql")
      ->check(CLI::IsMember({"ast", "sql"}));
  command->add_option("--strict-age", flags->strict_age, "exit 3 when the data is older than DAYS")
      ->check(CLI::NonNegativeNumber)
      ->type_name("DAYS");
  command->callback([flags, &io, code] { *code = RunQuery(*flags, io); });
}

}  // namespace cudacompat::cli
