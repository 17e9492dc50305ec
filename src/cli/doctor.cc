#include "answer/doctor.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/command.h"
#include "probe/launch.h"
#include "render/doctor.h"
#include "render/json.h"
#include "render/machine.h"

namespace cudacompat::cli {
namespace {

struct DoctorFlags {
  QuestionFlags question;
  bool no_launch = false;
  bool json = false;
};

std::string Observed(const Machine& machine, const std::string& key) {
  for (const Sighting& sighting : machine.sightings) {
    if (sighting.key == key && sighting.found) return sighting.value;
  }
  return "";
}

// Why nothing is launched; empty when it can be.
std::string WhyNoLaunch(const DoctorFlags& flags, const Machine& machine, bool stated) {
  if (machine.format != "live") return "this is not the running machine";
  if (stated) return "the card or the driver is stated by hand";
  if (flags.no_launch) return "--no-launch";
  if (Observed(machine, "libcuda.init") != "0") return "the CUDA driver does not start";
  return "";
}

struct Diagnosed {
  answer::Diagnosis diagnosis;
  nlohmann::ordered_json json;
};

Diagnosed DiagnoseMachine(store::Store& store, query::Question question, const Machine& machine,
                          const DoctorFlags& flags) {
  answer::DiagnoseOptions options;
  options.machine = &machine;
  options.judge_hardware = answer::LeavesHardware(question);
  std::vector<std::string> notes;
  answer::FillFromMachine(machine, answer::ReadFrameworks(store), &question, &notes);
  options.findings = FindingsOf(store, machine);
  options.no_launch = WhyNoLaunch(flags, machine, !options.judge_hardware);
  probe::LaunchReport launch;
  if (options.no_launch.empty()) {
    launch = probe::TestLaunch({});
    options.launch = &launch;
  }
  Diagnosed out{answer::Diagnose(store, question, options), {}};
  if (flags.json) {
    out.json = render::ToJson(out.diagnosis);
    out.json["target"] = render::TargetJson(machine);
  }
  return out;
}

// Several hosts of one paste are examined apart; the worst gives the exit code and stands first.
int ShowAll(std::vector<Diagnosed> hosts, const DoctorFlags& flags, Io& io) {
  size_t worst = 0;
  for (size_t i = 1; i < hosts.size(); ++i) {
    if (hosts[i].diagnosis.verdict > hosts[worst].diagnosis.verdict) worst = i;
  }
  if (flags.json) {
    nlohmann::ordered_json out = hosts[worst].json;
    if (hosts.size() > 1) {
      out["hosts"] = nlohmann::ordered_json::array();
      for (Diagnosed& host : hosts) out["hosts"].push_back(std::move(host.json));
    }
    io.out << render::Dump(out);
  } else {
    for (size_t i = 0; i < hosts.size(); ++i) {
      if (hosts.size() > 1) io.out << "host " << i + 1 << " of " << hosts.size() << ": ";
      io.out << render::ToText(hosts[i].diagnosis, StyleOf(io));
    }
  }
  return answer::ExitCode(hosts[worst].diagnosis.verdict);
}

int RunDoctor(DoctorFlags flags, Io& io) {
  if (flags.question.root.empty() && flags.question.target.empty()) flags.question.here = true;
  Result<query::Question> question = ReadQuestion(flags.question, {});
  if (!question) return Fail(io, question.error());
  std::vector<Machine> machines;
  std::vector<Diagnosed> hosts;
  {
    Result<store::Store> store = store::Store::Open();
    if (!store) return Fail(io, store.error());
    Result<std::vector<Machine>> seen = ReadMachines(flags.question, *store, io);
    if (!seen) return Fail(io, seen.error());
    machines = std::move(*seen);
    if (machines.size() == 1) hosts.push_back(DiagnoseMachine(*store, *question, machines[0], flags));
  }
  for (size_t i = 0; i < machines.size() && machines.size() > 1; ++i) {
    Result<store::Store> store = store::Store::Open();
    if (!store) return Fail(io, store.error());
    hosts.push_back(DiagnoseMachine(*store, *question, machines[i], flags));
  }
  return ShowAll(std::move(hosts), flags, io);
}

}  // namespace

void AddDoctor(CLI::App* app, Io& io, int* code) {
  CLI::App* command = app->add_subcommand("doctor", "Why does CUDA not work here, and what fixes it?");
  auto flags = std::make_shared<DoctorFlags>();
  AddMachineFlags(command, &flags->question);
  AddTargetFlags(command, &flags->question);
  command->add_flag("--no-launch", flags->no_launch, "leave out the last check: a real launch on the card");
  command->add_flag("--json", flags->json, "one JSON object on standard output");
  command->callback([flags, &io, code] { *code = RunDoctor(*flags, io); });
}

}  // namespace cudacompat::cli
