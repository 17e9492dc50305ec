#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "answer/machine.h"
#include "cli/command.h"
#include "probe/probe.h"
#include "probe/record.h"
#include "render/json.h"
#include "render/machine.h"
#include "report/record.h"
#include "store/store.h"

namespace cudacompat::cli {
namespace {

struct DeviceFlags {
  QuestionFlags question;
  std::string record;
  bool json = false;
};

int RunRecord(const DeviceFlags& flags, Io& io) {
  if (!flags.question.target.empty() || flags.question.root.size() > 1) {
    return Fail(io, {ErrorKind::kUsage, "--record",
                     "this machine, or one folder of --root, is recorded and nothing else",
                     "leave out --target: a report can be kept as it is"});
  }
  std::unique_ptr<probe::Host> host = probe::LiveHost();
  if (!flags.question.root.empty()) {
    Result<std::unique_ptr<probe::Host>> rooted = probe::RootedHost(flags.question.root[0]);
    if (!rooted) return Fail(io, rooted.error());
    host = std::move(*rooted);
  }
  Result<probe::RecordSummary> summary = probe::RecordMachine(*host, flags.record);
  if (!summary) return Fail(io, summary.error());
  for (const std::string& left_out : summary->left_out) io.err << "left out: " << left_out << "\n";
  io.err << summary->files << " files recorded in " << flags.record << "; read them with --root\n";
  return 0;
}

int RunDevice(DeviceFlags flags, Io& io) {
  if (!flags.record.empty()) {
    if (const int code = RunRecord(flags, io); code != 0 || !flags.json) return code;
  }
  if (flags.question.root.empty() && flags.question.target.empty()) flags.question.here = true;
  Result<store::Store> store = store::Store::Open();
  if (!store) return Fail(io, store.error());
  Result<std::vector<Machine>> machines = ReadMachines(flags.question, *store, io);
  if (!machines) return Fail(io, machines.error());
  if (!flags.json) {
    for (const Machine& machine : *machines) {
      io.out << render::ToText(machine, answer::CarriedRuntimes(*store, machine),
                               answer::CudaOfBoard(*store, machine), StyleOf(io));
    }
    return 0;
  }
  nlohmann::ordered_json out = report::MachineToJson(machines->front());
  if (machines->size() > 1) {  // several hosts of one paste, as query and doctor show them
    out["hosts"] = nlohmann::ordered_json::array();
    for (const Machine& machine : *machines) out["hosts"].push_back(report::MachineToJson(machine));
  }
  io.out << render::Dump(out);
  return 0;
}

}  // namespace

void AddDevice(CLI::App* app, Io& io, int* code) {
  CLI::App* command =
      app->add_subcommand("device", "What is in this machine: cards, driver, toolkits, Python environments");
  auto flags = std::make_shared<DeviceFlags>();
  auto add = [&](const char* name, std::vector<std::string>* values, const char* help) {
    command->add_option(name, *values, help)->allow_extra_args(false)->type_name("VALUE");
  };
  add("--target", &flags->question.target,
      "a report of a machine instead of this one (- reads standard input)");
  add("--root", &flags->question.root, "a folder read as if it were /");
  command
      ->add_option("--record", flags->record,
                   "write what was read into a folder that --root reads (names and serials removed)")
      ->type_name("DIR");
  command->add_flag("--json", flags->json, "the record that --target reads back");
  command->callback([flags, &io, code] { *code = RunDevice(*flags, io); });
}

}  // namespace cudacompat::cli
