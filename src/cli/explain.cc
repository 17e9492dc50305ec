#include "cli/explain.h"

#include <filesystem>
#include <memory>
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "cli/input.h"
#include "render/json.h"

namespace cudacompat::cli {
namespace {

struct ExplainFlags {
  QuestionFlags question;
  std::vector<std::string> words;  ///< "Xid 79" may stand without quotes
  std::string what;
  bool json = false;
};

int RunExplain(const ExplainFlags& flags, Io& io) {
  Result<store::Store> store = store::Store::Open();
  if (!store) return Fail(io, store.error());
  store->KeepStatements();  // each cause is asked for its place and its remedies
  Result<query::Question> question = ReadQuestion(flags.question, {});
  if (!question) return Fail(io, question.error());
  if (Trim(flags.what).empty()) {
    return Fail(io, {ErrorKind::kUsage, "explain", "nothing to explain",
                     "give an error number, an error text, a rule id, a file, or - for standard input"});
  }
  // Several words are one sentence: a file among them, as a shell makes of *.log, would not be read.
  for (const std::string& word : flags.words) {
    std::error_code error;
    if (flags.words.size() > 1 && std::filesystem::is_regular_file(word, error)) {
      return Fail(io, {ErrorKind::kUsage, "explain", Printable(word) + " is a file, and one of several words",
                       "give one file at a time, or quote the sentence"});
    }
  }
  Result<Input> input = ReadArgument(flags.what, io);
  if (!input) return Fail(io, input.error());
  std::string what(Trim(flags.what));
  if (StartsWith(what, "rule/")) what = what.substr(5);  // as a proof prints it
  const Explanation explanation =
      input->from_file ? ExplainText(*store, *question, input->text()) : ExplainWord(*store, *question, what);
  if (explanation.fact && answer::StatesAnything(*question)) {
    return Fail(io, {ErrorKind::kUsage, "explain",
                     "a fact and a source stand for themselves: nothing stated changes them",
                     "leave out the flags, or ask cudacompat query"});
  }
  const bool known = !explanation.seen.empty() || explanation.fact || explanation.answer;
  if (flags.json)
    io.out << render::Dump(ToJson(explanation));
  else if (known)
    io.out << ToText(explanation, StyleOf(io));
  else
    io.out << "unknown: nothing in it is recognised\n\ncudacompat list rules and list errors show what is.\n";
  return known ? 0 : 3;
}

}  // namespace

void AddExplain(CLI::App* app, Io& io, int* code) {
  CLI::App* command = app->add_subcommand(
      "explain", "An error number, an error text or log, a rule id, a fact id or a source");
  auto flags = std::make_shared<ExplainFlags>();
  command
      ->add_option(
          "what", flags->words,
          "209, \"no kernel image…\", a file, - for standard input, no-kernel-image, toolkit_min_driver/12.4/linux")
      ->required();
  AddQuestionFlags(command, &flags->question, false);
  command->add_flag("--json", flags->json, "one JSON object on standard output");
  command->callback([flags, &io, code] {
    flags->what = Join(flags->words, " ");
    *code = RunExplain(*flags, io);
  });
}

}  // namespace cudacompat::cli
