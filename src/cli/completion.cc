#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "render/json.h"

namespace cudacompat::cli {
namespace {

// The commands and their long flags, read off the same definitions that parse them.
struct Described {
  std::string path;  ///< "list gpus"
  std::string help;
  std::vector<std::pair<std::string, std::string>> flags;  ///< name, help
  std::vector<std::pair<std::string, std::string>> commands;
};

void Describe(const CLI::App* app, const std::string& path, std::vector<Described>* out) {
  Described described{path, app->get_description(), {}, {}};
  for (const CLI::Option* option : app->get_options()) {
    for (const std::string& name : option->get_lnames())
      described.flags.emplace_back("--" + name, option->get_description());
  }
  auto subcommands = app->get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* sub : subcommands)
    described.commands.emplace_back(sub->get_name(), sub->get_description());
  out->push_back(described);
  for (const CLI::App* sub : subcommands)
    Describe(sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), out);
}

std::string WordsOf(const Described& command) {
  std::vector<std::string> words;
  for (const auto& [name, help] : command.commands) words.push_back(name);
  for (const auto& [name, help] : command.flags) words.push_back(name);
  return Join(words, " ");
}

std::string Bash(const std::vector<Described>& commands) {
  std::string out =
      "# bash completion of cudacompat: eval \"$(cudacompat completion bash)\"\n"
      "_cudacompat() {\n  local word=${COMP_WORDS[COMP_CWORD]} path= i words\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n    case \"$path ${COMP_WORDS[i]}\" in\n";
  for (const Described& command : commands) {
    if (!command.path.empty())
      out += fmt::format("      {:?}) path={:?} ;;\n", " " + command.path, " " + command.path);
  }
  out += "    esac\n  done\n  case \"$path\" in\n";
  for (const Described& command : commands) {
    out += fmt::format("    {:?}) words={:?} ;;\n", command.path.empty() ? "" : " " + command.path,
                       WordsOf(command));
  }
  return out +
         "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n  [ ${#COMPREPLY[@]} -gt 0 ] || "
         "COMPREPLY=($(compgen -f -- \"$word\"))\n}\n"
         "complete -F _cudacompat cudacompat\n";
}

std::string Zsh(const std::vector<Described>& commands) {
  return "#compdef cudacompat\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(commands);
}

std::string Quote(const std::string& text) {
  return "'" + ReplaceAll(ReplaceAll(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string Fish(const std::vector<Described>& commands) {
  std::string out = "# fish completion of cudacompat: cudacompat completion fish | source\n";
  for (const Described& command : commands) {
    std::string when = command.path.empty()
                           ? "__fish_use_subcommand"
                           : "__fish_seen_subcommand_from " +
                                 ReplaceAll(command.path, " ", "; and __fish_seen_subcommand_from ");
    for (const auto& [name, help] : command.commands) {
      out += fmt::format("complete -c cudacompat -f -n {} -a {} -d {}\n", Quote(when), name, Quote(help));
    }
    for (const auto& [name, help] : command.flags) {
      out +=
          fmt::format("complete -c cudacompat -n {} -l {} -d {}\n", Quote(when), name.substr(2), Quote(help));
    }
  }
  return out;
}

std::string Roff(const std::string& text) { return ReplaceAll(ReplaceAll(text, "\\", "\\e"), "-", "\\-"); }

std::string Man(const std::vector<Described>& commands) {
  std::string out = ".TH CUDACOMPAT 1 \"\" \"cudacompat " CUDACOMPAT_VERSION
                    "\" \"User Commands\"\n.SH NAME\ncudacompat \\- " +
                    Roff(commands[0].help) +
                    "\n.SH SYNOPSIS\n.B cudacompat\n.I COMMAND\n[\\fIOPTIONS\\fR]\n.SH COMMANDS\n";
  for (const Described& command : commands) {
    if (command.path.empty()) continue;
    out += ".SS cudacompat " + Roff(command.path) + "\n" + Roff(command.help) + "\n";
    for (const auto& [name, help] : command.flags) out += ".TP\n.B " + Roff(name) + "\n" + Roff(help) + "\n";
  }
  return out +
         ".SH EXIT STATUS\n.TP\n.B 0\ncompatible, or the job is done\n.TP\n.B 1\nincompatible\n.TP\n.B "
         "2\nconditional\n.TP\n.B 3\nunknown\n"
         ".TP\n.B 64\nusage error\n.TP\n.B 65\nbad input file\n.TP\n.B 70\ninternal error\n";
}

}  // namespace

void AddCompletion(CLI::App* app, Io& io, int* code) {
  CLI::App* command = app->add_subcommand("completion", "Print the completion of a shell, or the man page");
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, zsh, fish or man")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish", "man"}));
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "one JSON object that holds the text");
  command->callback([app, shell, json, &io, code] {
    std::vector<Described> commands;
    Describe(app, "", &commands);
    const std::string script = (*shell == "bash"   ? Bash(commands)
                                : *shell == "zsh"  ? Zsh(commands)
                                : *shell == "fish" ? Fish(commands)
                                                   : Man(commands));
    io.out << (*json ? render::Dump(
                           {{"schema", "cudacompat/completion/1"}, {"shell", *shell}, {"script", script}})
                     : script);
    *code = 0;
  });
}

}  // namespace cudacompat::cli
