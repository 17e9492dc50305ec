#include "cli/cli.h"

#include <fmt/format.h>

#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "query/term.h"
#include "render/text.h"

namespace cudacompat::cli {

int Fail(Io& io, const Error& error) {
  io.err << render::ToText(error);
  switch (error.kind) {
    case ErrorKind::kUsage:
      return kExitUsage;
    case ErrorKind::kBadInput:
      return kExitBadInput;
    case ErrorKind::kInternal:
      return kExitInternal;
  }
  return kExitInternal;
}

render::Style StyleOf(const Io& io) {
  render::Style style;
  style.colour = io.out_is_terminal && io.environment("NO_COLOR").empty() && io.environment("TERM") != "dumb";
  style.width = io.width;
  return style;
}

namespace {

struct Command {
  const char* name;
  void (*add)(CLI::App*, Io&, int*);
};
// In the order of the help.
constexpr Command kCommands[] = {
    {"query", AddQuery},     {"device", AddDevice},
    {"doctor", AddDoctor},   {"scan", AddScan},
    {"check", AddCheck},     {"list", AddList},
    {"explain", AddExplain}, {"db", AddDatabase},
    {"sql", AddSql},         {"completion", AddCompletion},
};

// A flag that takes a value has one: neither nothing, nor the flag behind it.
void DemandValues(CLI::App* command) {
  for (CLI::Option* option : command->get_options()) {
    if (option->get_positional() || option->get_items_expected_max() == 0) continue;
    option->check([](const std::string& value) -> std::string {
      if (Trim(value).empty()) return "the value is empty: leave the flag out, or give it a value";
      const bool flag = value.size() > 2 && StartsWith(value, "--") && IsAlpha(value[2]);
      return flag ? "a value is missing before " + Printable(value) : "";
    });
  }
  for (CLI::App* each : command->get_subcommands([](const CLI::App*) { return true; })) DemandValues(each);
}

// The command that was typed, alone: describing them all takes longer than many a question. All of them where
// the first word is none, and for completion, which describes them.
void AddCommands(const std::vector<std::string>& arguments, CLI::App* app, Io& io, int* code) {
  const std::string first = arguments.empty() ? "" : arguments.front();
  for (const Command& command : kCommands) {
    if (first == command.name && command.add != AddCompletion) return command.add(app, io, code);
  }
  for (const Command& command : kCommands) command.add(app, io, code);
}

}  // namespace

// What was written is out, or the command has failed: a full disk is an error, a reader that has seen enough
// is none (head, a pager), and the exit code stays that of the job.
int Finish(int code, Io& io) {
  io.out.flush();
  if (io.out) return code;
  return Fail(
      io, {ErrorKind::kInternal, "standard output", "writing failed", "it is closed, or the disk is full"});
}

const CLI::App* CommandOf(const CLI::App& app, const std::string& name) {
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

// How it is called from the outermost on: "cudacompat db save".
std::string CallOf(const CLI::App& command) {
  return (command.get_parent() == nullptr ? "" : CallOf(*command.get_parent()) + " ") + command.get_name();
}

// The command that the first words name, and how many words do.
std::pair<const CLI::App*, size_t> NamedCommand(const CLI::App& app,
                                                const std::vector<std::string>& arguments) {
  const CLI::App* at = &app;
  size_t depth = 0;
  while (depth < arguments.size() && CommandOf(*at, arguments[depth]) != nullptr)
    at = CommandOf(*at, arguments[depth++]);
  return {at, depth};
}

// A word that is no command: which one, and what it was perhaps meant to be.
int NoCommand(const CLI::App& app, const std::string& word, Io& io) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    known.push_back(command->get_name());
  const std::string near = query::Nearest(word, known);
  return Fail(io,
              {ErrorKind::kUsage, "",
               fmt::format("'{}' is no {}", Printable(word),
                           app.get_parent() == nullptr ? "command" : "kind of " + app.get_name()),
               (near.empty() ? "" : fmt::format("did you mean {}? ", near)) + "known: " + Join(known, ", ")});
}

int RunCli(const std::vector<std::string>& arguments, Io& io) {
  CLI::App app("Will this binary run here, and what should I install?", "cudacompat");
  app.set_version_flag("--version", "cudacompat " CUDACOMPAT_VERSION);
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "the help of every command");
  int code = 0;
  AddCommands(arguments, &app, io, &code);
  DemandValues(&app);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    const auto [shown, depth] = NamedCommand(app, arguments);
    const bool kinds = !shown->get_subcommands([](const CLI::App*) { return true; }).empty();
    if (kinds && depth < arguments.size() && arguments[depth].substr(0, 1) != "-")
      return NoCommand(*shown, arguments[depth], io);
    for (const std::string& word : arguments) {
      const std::string flag = word.substr(0, word.find('='));
      if (flag.size() < 3 || !StartsWith(flag, "--") || shown->get_option_no_throw(flag) != nullptr) continue;
      return Fail(io, {ErrorKind::kUsage, "", "The following argument was not expected: " + Printable(flag),
                       CallOf(*shown) + " --help lists what can be typed"});
    }
    io.out << shown->help(shown == &app ? "" : CallOf(*shown->get_parent()));
    return Finish(0, io);
  } catch (const CLI::CallForAllHelp&) {
    io.out << app.help("", CLI::AppFormatMode::All);
    return Finish(0, io);
  } catch (const CLI::CallForVersion&) {
    io.out << "cudacompat " CUDACOMPAT_VERSION "\n";
    return Finish(0, io);
  } catch (const CLI::RequiredError& error) {
    // A missing command: named where a word stands in its place.
    const auto [at, depth] = NamedCommand(app, arguments);
    const bool word = depth < arguments.size() && arguments[depth].substr(0, 1) != "-";
    if (word && !at->get_subcommands([](const CLI::App*) { return true; }).empty())
      return NoCommand(*at, arguments[depth], io);
    return Fail(io, {ErrorKind::kUsage, "", error.what(), CallOf(*at) + " --help lists what can be typed"});
  } catch (const CLI::ParseError& error) {
    return Fail(io, {ErrorKind::kUsage, "", error.what(),
                     CallOf(*NamedCommand(app, arguments).first) + " --help lists what can be typed"});
  }
  return Finish(code, io);
}

}  // namespace cudacompat::cli
