// What the files of this folder share: the running command's context, and the flags of TARGET and SUBJECT.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "answer/ask.h"
#include "answer/machine.h"
#include "base/machine.h"
#include "base/result.h"
#include "cli/cli.h"
#include "query/ast.h"
#include "query/text.h"
#include "render/style.h"

namespace cudacompat::cli {

constexpr int kExitUsage = 64;
constexpr int kExitBadInput = 65;
constexpr int kExitInternal = 70;

/// Prints the error on standard error and gives its exit code.
int Fail(Io& io, const Error& error);

render::Style StyleOf(const Io& io);

/// The flags that state a target and a subject, as typed.
struct QuestionFlags {
  std::vector<std::string> gpus;
  std::vector<std::string> packages;
  std::vector<std::string> torch;
  std::vector<std::string> cuda;
  std::vector<std::string> images;
  std::vector<std::string> binaries;
  std::vector<std::string> driver, cuda_driver, os, arch, jetpack, python, platform, host_compiler;
  std::vector<std::string> text;
  std::vector<std::string> target, root;
  bool here = false;
};

/// Adds the flags to a command; `query` also takes files to scan, and the question as one text.
void AddQuestionFlags(CLI::App* command, QuestionFlags* flags, bool query);

/// --here, --target and --root, for the commands that call ReadMachines.
void AddMachineFlags(CLI::App* command, QuestionFlags* flags);

/// The flags of the target alone, for commands that take their subject otherwise.
void AddTargetFlags(CLI::App* command, QuestionFlags* flags);

/// Parses everything into one Question. An empty value or the same thing stated twice differently is an
/// Error.
Result<query::Question> ReadQuestion(const QuestionFlags& flags, const query::Vocabulary& vocabulary);

/// One machine of --here, --root or --target; several when a report shows several hosts; empty without such a
/// flag.
Result<std::vector<Machine>> ReadMachines(const QuestionFlags& flags, store::Store& store, Io& io);

/// The causes that the machine's own error lines show: those nearest to the root, followers left out.
std::vector<answer::SeenCause> FindingsOf(store::Store& store, const Machine& machine);

/// The machine's own card, driver and packages where the question states none, and what is to be judged of
/// it. True where the subjects come from the machine. `stated`: something to run is stated in another way
/// (files).
bool TakeMachine(store::Store& store, const Machine& machine, bool stated, query::Question* question,
                 answer::Options* options);

// One command each: how it is described, and what runs when it was typed (its exit code, set by the
// callback).
void AddQuery(CLI::App* app, Io& io, int* code);
void AddDevice(CLI::App* app, Io& io, int* code);
void AddDoctor(CLI::App* app, Io& io, int* code);
void AddList(CLI::App* app, Io& io, int* code);
void AddExplain(CLI::App* app, Io& io, int* code);
void AddDatabase(CLI::App* app, Io& io, int* code);
void AddSql(CLI::App* app, Io& io, int* code);
void AddScan(CLI::App* app, Io& io, int* code);
void AddCheck(CLI::App* app, Io& io, int* code);
void AddCompletion(CLI::App* app, Io& io, int* code);

}  // namespace cudacompat::cli
