// A machine's pieces as rows of the observation tables (data/schema/82_machine.sql), split into what rules
// can compare. Does not own: what a piece means (data/rules/machine_*.sql, python_environment.sql).
#include <algorithm>

#include "answer/machine.h"
#include "base/text.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {

using store::Value;

Value KeyOrNull(const std::optional<int64_t>& key) {
  if (!key) return std::monostate();
  return *key;
}

Value TextOrNull(const std::string& text) {
  if (text.empty()) return std::monostate();
  return text;
}

Value NumberOrNull(int64_t number) {
  if (number < 0) return std::monostate();
  return number;
}

std::string Minor(const std::string& version) {
  size_t dot = version.find('.');
  if (dot == std::string::npos) return version;
  size_t end = dot + 1;
  while (end < version.size() && IsDigit(version[end])) ++end;
  return version.substr(0, end);
}

// "<10.0", ">=9.8": an operator in front of a version.
struct Bound {
  std::string name, op, version;
};

Bound ParseBound(std::string_view text) {
  size_t at = text.find_first_of("<>=!~");
  if (at == std::string_view::npos) return {std::string(Trim(text)), "", ""};
  size_t end = text.find_first_not_of("<>=!~", at);
  if (end == std::string_view::npos) end = text.size();
  return {std::string(Trim(text.substr(0, at))), std::string(text.substr(at, end - at)),
          std::string(Trim(text.substr(end)))};
}

void AddSighting(store::Store& store, const Sighting& sighting) {
  store.Run("INSERT INTO observed_sighting (key, value, place, found) VALUES (?, ?, ?, ?)",
            {sighting.key, sighting.value, sighting.where, static_cast<int64_t>(sighting.found)});
}

// "nvidia-cudnn-cu12<10.0,>=9.8": a row for each bound.
void AddRequirement(store::Store& store, const Sighting& sighting) {
  bool optional = StartsWith(sighting.key, "requires.optional.");
  std::string package = sighting.key.substr(optional ? 18 : 9);
  std::string needs;
  for (std::string_view part : Split(sighting.value, ',')) {
    Bound bound = ParseBound(part);
    if (needs.empty()) needs = bound.name;
    store.Run(
        "INSERT INTO observed_requirement (package, needs, op, version, version_key, optional, installed, place) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        {package, needs, bound.op, bound.version, KeyOrNull(PackageKey(bound.version)),
         static_cast<int64_t>(optional), static_cast<int64_t>(sighting.found), sighting.where});
  }
}

// "cuda>=12.8 brand=tesla,driver>=470,driver<471": alternatives between blanks, conditions between commas.
void AddGate(store::Store& store, const std::string& text) {
  int64_t alternative = 0;
  for (std::string_view each : Words(text)) {
    ++alternative;
    for (std::string_view part : Split(each, ',')) {
      Bound bound = ParseBound(part);
      if (bound.name.empty()) continue;
      store.Run("INSERT INTO observed_gate VALUES (?, ?, ?, ?, ?)",
                {alternative, bound.name, bound.op, bound.version, KeyOrNull(DottedKey(bound.version))});
    }
  }
}

void AddGpus(store::Store& store, const Machine& machine) {
  for (const MachineGpu& gpu : machine.gpus) {
    if (!IsVisible(machine, gpu)) continue;
    store.Run(
        "INSERT INTO observed_gpu (name, kernel_driver, memory_mib, free_mib, compute_mode, mig, mig_instances, "
        "licence, place, bus, pci, capability) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {gpu.name, gpu.kernel_driver, NumberOrNull(gpu.memory_mib), NumberOrNull(gpu.memory_free_mib),
         gpu.compute_mode, gpu.mig, NumberOrNull(gpu.mig_instances), gpu.licence, gpu.where, gpu.bus_id,
         gpu.pci_id, gpu.compute_capability});
  }
}

void AddLibraries(store::Store& store, const Machine& machine) {
  for (const MachineLibrary& library : machine.libraries) {
    store.Run(
        "INSERT INTO observed_library (name, version, version_key, kind, found_by, path, wins) VALUES (?, ?, ?, "
        "?, ?, ?, ?)",
        {library.name, library.version, KeyOrNull(DottedKey(library.version)), library.kind, library.by,
         library.path, static_cast<int64_t>(library.wins)});
  }
}

void AddPieces(store::Store& store, const std::vector<MachinePiece>& pieces, const std::string& kind,
               const Machine& machine) {
  for (const MachinePiece& piece : pieces) {
    std::string by;
    for (const Sighting& sighting : machine.sightings) {
      if (sighting.key == kind + "." + piece.name && sighting.found) by = sighting.value;
    }
    store.Run(
        "INSERT INTO observed_piece (kind, name, version, version_key, found_by, place) VALUES (?, ?, ?, ?, ?, ?)",
        {kind, piece.name, piece.version, KeyOrNull(PackageKey(piece.version)), by, piece.where});
  }
}

void AddPythons(store::Store& store, const Machine& machine) {
  for (const MachinePython& python : machine.pythons) {
    store.Run("INSERT INTO observed_python (version, path, env, kind, active) VALUES (?, ?, ?, ?, ?)",
              {python.version, python.path, python.env, python.kind, static_cast<int64_t>(python.active)});
  }
  for (const MachinePackage& package : machine.packages) {
    size_t plus = package.text.find('+');
    store.Run(
        "INSERT INTO observed_package (package, version, version_key, tag, local, python, env, active, place) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {package.package, package.version, KeyOrNull(PackageKey(package.version)), ToLower(package.tag),
         plus == std::string::npos ? std::string() : package.text.substr(plus + 1), package.python,
         package.env, static_cast<int64_t>(IsActive(machine, package)), package.where});
  }
}

}  // namespace

bool IsActive(const Machine& machine, const MachinePackage& package) {
  auto active = std::find_if(machine.pythons.begin(), machine.pythons.end(),
                             [](const MachinePython& python) { return python.active; });
  if (active == machine.pythons.end() || active->env.empty() || package.env.empty()) return true;
  return active->env == package.env && (package.python.empty() || active->version.empty() ||
                                        Minor(package.python) == Minor(active->version));
}

void ObserveMachine(store::Store& store, const Machine& machine, bool hardware) {
  store.Run("INSERT INTO observed_machine VALUES (?, ?, ?, ?, ?, ?)",
            {machine.platform, machine.os, TextOrNull(machine.kernel_driver),
             KeyOrNull(DottedKey(machine.kernel_driver)), static_cast<int64_t>(hardware), machine.arch});
  for (const Sighting& sighting : machine.sightings) {
    AddSighting(store, sighting);
    if (StartsWith(sighting.key, "requires.")) AddRequirement(store, sighting);
    if (sighting.key == "env.NVIDIA_REQUIRE_CUDA" && sighting.found) AddGate(store, sighting.value);
  }
  AddGpus(store, machine);
  store.Run("INSERT INTO card_number " +
            store.WithViews({"card_number_now"}, "SELECT number, name FROM card_number_now"));
  AddLibraries(store, machine);
  AddPieces(store, machine.toolkits, "toolkit", machine);
  AddPieces(store, machine.runtimes, "runtime", machine);
  AddPythons(store, machine);
  store.Run("INSERT INTO machine_state " +
            store.WithViews({"machine_state_now"}, "SELECT * FROM machine_state_now"));
}

void ForgetMachine(store::Store& store) {
  if (!store.changed()) return;  // nothing was seen yet
  store.Empty({"observed_finding", "observed_machine", "observed_sighting", "observed_gpu",
               "observed_library", "observed_piece", "observed_python", "observed_package",
               "observed_requirement", "observed_gate", "observed_launch", "machine_state"});
}

}  // namespace cudacompat::answer
