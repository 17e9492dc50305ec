// What facts tell of a machine beyond what was seen of it: the JetPack of a board, its card, the runtimes
// that its frameworks carry, the Python that is judged.
#include <algorithm>
#include <map>

#include "answer/evaluate.h"
#include "answer/machine.h"
#include "answer/what_if.h"
#include "base/text.h"
#include "base/version.h"
#include "query/compile.h"
#include "query/term.h"

namespace cudacompat::answer {
namespace {

const query::Place kBoard{"report", "", 0};

// The board names itself; programs would be told its card by libcuda, which was not asked.
void TakeBoard(store::Store& store, Machine* machine) {
  if (!machine->gpus.empty()) return;
  for (const Sighting& sighting : machine->sightings) {
    if (sighting.key != "jetson" || !sighting.found || sighting.value.empty()) continue;
    query::Question question;
    if (Result<query::Gpu> gpu = query::ParseGpu(sighting.value, kBoard)) question.gpus.push_back(*gpu);
    Run(store, query::CompileTarget(question));
    const std::string known = store.Text("SELECT 1 FROM asked_device WHERE stated = 1 AND cc IS NOT NULL");
    ForgetQuestion(store);
    if (known != "1") return;
    MachineGpu gpu;
    gpu.name = sighting.value;
    gpu.where = "/proc/device-tree/model";
    machine->gpus.push_back(std::move(gpu));
    return;
  }
}

// nvidia-smi of one number above a driver of another: inside WSL where the driver's is of Windows alone.
void TakeTwoNumbers(store::Store& store, Machine* machine) {
  const bool two = std::any_of(machine->sightings.begin(), machine->sightings.end(),
                               [](const Sighting& each) { return each.key == "smi.version"; });
  const std::optional<int64_t> driver = DottedKey(machine->kernel_driver);
  if (!two || !driver || machine->os == "windows") return;
  const std::string of_windows = store.Text(
      "SELECT 1 WHERE EXISTS (SELECT 1 FROM driver_branch WHERE os = 'windows' AND ?1 / 1000000000000 * 1000000000000 BETWEEN "
      "first_major_key AND last_major_key) AND NOT EXISTS (SELECT 1 FROM driver_branch WHERE os = 'linux' AND ?1 / 1000000000000 "
      "* 1000000000000 BETWEEN first_major_key AND last_major_key)",
      {*driver});
  if (of_windows != "1") return;
  machine->os = "wsl";
  if (machine->platform.empty()) machine->platform = "wsl";
}

void ChoosePython(store::Store& store, Machine* machine) {
  auto open = [](const Sighting& sighting) { return sighting.key == "python.chosen" && !sighting.found; };
  auto active = [](const MachinePython& python) { return python.active; };
  if (std::none_of(machine->sightings.begin(), machine->sightings.end(), open) ||
      std::any_of(machine->pythons.begin(), machine->pythons.end(), active))
    return;
  std::vector<std::string> holding;
  for (const FrameworkName& framework : ReadFrameworks(store)) {
    for (const MachinePackage& package : machine->packages) {
      if (package.package == framework.name) holding.push_back(package.env + " " + package.python);
    }
  }
  std::sort(holding.begin(), holding.end());
  holding.erase(std::unique(holding.begin(), holding.end()), holding.end());
  if (holding.size() > 1) return;
  for (MachinePython& python : machine->pythons) {
    if (!holding.empty() && python.env + " " + MinorVersion(python.version) != holding[0]) continue;
    python.active = true;
    return;
  }
}

std::string AsInstalled(const MachinePackage& package) {
  return package.text.empty() ? package.version : package.text;
}

// nvidia-cuda-runtime-cu12 12.4.127 of the same environment is what a build for that major opens.
const MachinePackage* RuntimeBeside(const Machine& machine, const MachinePackage& package,
                                    const std::string& cuda) {
  for (const MachinePackage& other : machine.packages) {
    if (!StartsWith(other.package, "nvidia-cuda-runtime") || other.env != package.env) continue;
    if (cuda.substr(0, cuda.find('.')) == other.version.substr(0, other.version.find('.'))) return &other;
  }
  return nullptr;
}

std::string BuildOsOf(const Machine& machine) { return machine.os == "windows" ? "windows" : "linux"; }

// The version that TensorFlow itself prints says not which package it is of; before one package held both,
// CUDA code was in tensorflow-gpu alone.
void NameTensorFlow(store::Store& store, Machine* machine) {
  const bool told = std::any_of(machine->sightings.begin(), machine->sightings.end(),
                                [](const Sighting& each) { return each.key == "tensorflow.gpu"; });
  if (!told) return;
  for (MachinePackage& package : machine->packages) {
    if (package.package != "tensorflow" || !package.tag.empty() || !PackageKey(package.version)) continue;
    const std::string other = store.Text(
        "SELECT 1 FROM build g WHERE g.package = 'tensorflow-gpu' AND g.version_key = ?1 AND g.os = ?2 AND NOT EXISTS (SELECT 1 "
        "FROM build b WHERE b.package = 'tensorflow' AND b.version_key = ?1 AND b.os = ?2 AND b.device = 'cuda')",
        {*PackageKey(package.version), BuildOsOf(*machine)});
    if (other == "1") package.package = "tensorflow-gpu";
  }
}

// A wheel that is published for several CUDA releases under one name and version, and for none by default
// (Paddle): the runtime that was installed with it tells which one it is.
void TagByRuntime(store::Store& store, Machine* machine) {
  for (MachinePackage& package : machine->packages) {
    if (!package.tag.empty() || !package.cuda.empty() || !PackageKey(package.version)) continue;
    for (const MachinePackage& other : machine->packages) {
      if (!StartsWith(other.package, "nvidia-cuda-runtime") || other.env != package.env) continue;
      package.tag = store.Text(
          "SELECT CASE WHEN max(is_default = 'yes') = 0 THEN max(CASE WHEN cuda = ?4 THEN tag END) END FROM build "
          "WHERE package = ?1 AND version_key = ?2 AND os = ?3 AND package IN (SELECT package FROM package WHERE kind = "
          "'framework')",
          {package.package, *PackageKey(package.version), BuildOsOf(*machine), MinorVersion(other.version)});
      if (!package.tag.empty()) break;
    }
  }
}

// What the data says of the build: with its tag, or without one as a plain install gives it there.
CarriedRuntime RuntimeOfBuild(store::Store& store, const Machine& machine, const FrameworkName& framework,
                              const MachinePackage& package, const std::string& tag) {
  CarriedRuntime out{package.package, "", "the data does not have this build; " + AsInstalled(package)};
  const std::string os = BuildOsOf(machine);
  const std::string arch = machine.arch == "tegra" ? "aarch64"
                           : machine.arch.empty()  ? "x86_64"
                                                   : machine.arch;
  const std::string built = store.Text(
      "SELECT CASE device WHEN 'cpu' THEN 'none' WHEN 'cuda' THEN cuda ELSE '' END FROM build WHERE package = ?1 AND version_key "
      "= ?2 AND os = ?3 AND arch = ?4 AND (tag = ?5 OR ?5 = '' AND is_default = 'yes') ORDER BY is_default DESC LIMIT 1",
      {framework.package, *PackageKey(package.version), os, arch, tag});
  if (built == "none") {
    out.cuda = built;
    out.words = "a CPU-only build; " + AsInstalled(package);
  } else if (DottedKey(built)) {
    const MachinePackage* beside = RuntimeBeside(machine, package, built);
    out.cuda = beside == nullptr ? built : MinorVersion(beside->version);
    out.words = (beside == nullptr ? "the runtime that it was built with; "
                                   : "the runtime beside it, " + beside->package + "; ") +
                AsInstalled(package);
  }
  return out;
}

}  // namespace

std::vector<CarriedRuntime> CarriedRuntimes(store::Store& store, const Machine& machine) {
  std::map<std::string, FrameworkName> names;
  for (const FrameworkName& name : ReadFrameworks(store)) names.emplace(name.name, name);
  const std::string frameworks =
      " " + store.Text("SELECT group_concat(package, ' ') FROM package WHERE kind = 'framework'") + " ";
  auto installed = [&machine](const std::string& package, const std::string& env) {
    return std::any_of(machine.packages.begin(), machine.packages.end(), [&](const MachinePackage& each) {
      return each.package == package && each.env == env;
    });
  };
  std::vector<CarriedRuntime> runtimes;
  for (const MachinePackage& package : machine.packages) {
    if (!package.cuda.empty() || !package.tag.empty()) {  // it says so itself
      const std::string cuda = package.cuda.empty() ? package.tag : package.cuda;
      const bool none = cuda == "none" || cuda == "cpu";
      runtimes.push_back({package.package, none ? "none" : cuda,
                          (none ? "a CPU-only build; " : "the runtime it carries and really uses; ") +
                              AsInstalled(package)});
      continue;
    }
    auto name = names.find(package.package);
    if (name == names.end() || !PackageKey(package.version)) continue;
    const FrameworkName& framework = name->second;
    if (!Contains(frameworks, " " + framework.package + " ")) continue;
    // jaxlib and the plugins are parts of the jax beside them.
    if (framework.name != framework.package && installed(framework.package, package.env)) continue;
    std::string tag = framework.tag;
    for (const MachinePackage& part : machine.packages) {
      auto known = names.find(part.package);
      if (!tag.empty() || part.env != package.env || known == names.end()) continue;
      if (known->second.package == framework.package) tag = part.tag.empty() ? known->second.tag : part.tag;
    }
    runtimes.push_back(RuntimeOfBuild(store, machine, framework, package, tag));
  }
  return runtimes;
}

void TakeCompat(store::Store& store, const Machine& machine, query::Question* question) {
  if (machine.format != "root" || !machine.kernel_driver.empty() || !question->driver ||
      !question->cuda_driver.empty() || question->driver->kind != query::Driver::Kind::kVersion ||
      question->driver->bounds.empty())
    return;
  for (const MachineLibrary& library : machine.libraries) {
    const std::optional<int64_t> version = DottedKey(library.version);
    if (library.name != "libcuda" || !library.wins || library.kind != "compat" || !version) continue;
    if (*version <= question->driver->bounds[0].key) return;
    const std::string cuda =
        store.Text("SELECT max_cuda FROM driver_branch WHERE os = 'linux' AND branch = ?",
                   {library.version.substr(0, library.version.find('.'))});
    if (DottedKey(cuda)) question->cuda_driver = cuda;
    return;
  }
}

std::string CudaOfBoard(store::Store& store, const Machine& machine) {
  if (!DottedKey(machine.jetpack)) return "";
  const std::string cuda =
      store.Text("SELECT cuda FROM jetpack WHERE jetpack_key = ? ORDER BY l4t_key DESC LIMIT 1",
                 {*DottedKey(machine.jetpack)});
  return DottedKey(cuda) ? cuda : "";
}

void Complete(store::Store& store, Machine* machine) {
  for (const Sighting& sighting : machine->sightings) {
    if (!machine->jetpack.empty() || sighting.key != "jetson.l4t" || !DottedKey(sighting.value)) continue;
    // The newest release of that line which is not newer than the board's.
    machine->jetpack = store.Text(
        "SELECT jetpack FROM jetpack WHERE l4t_key / 1000000000 = ?1 / 1000000000 AND l4t_key <= ?1 ORDER BY l4t_key "
        "DESC LIMIT 1",
        {*DottedKey(sighting.value)});
  }
  TakeBoard(store, machine);
  TakeTwoNumbers(store, machine);
  TagByRuntime(store, machine);
  NameTensorFlow(store, machine);
  ChoosePython(store, machine);
}

}  // namespace cudacompat::answer
