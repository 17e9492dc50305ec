#include "answer/machine.h"

#include <algorithm>

#include "base/text.h"
#include "base/version.h"
#include "query/term.h"
#include "report/report.h"

namespace cudacompat::answer {
namespace {

query::Place Nowhere() { return {"report", "", 0}; }

/// Whose card or stack the machine is about, when it is not NVIDIA's.
std::string OtherVendor(const Machine& machine) {
  for (const Sighting& sighting : machine.sightings) {
    if (sighting.key == "vendor.only") return sighting.value;
  }
  return "";
}

/// What nvidia-smi shows, the driver that is loaded drives.
bool ListedByDriver(const Machine& machine) {
  return StartsWith(machine.format, "nvidia-smi") && !machine.kernel_driver.empty() && machine.errors.empty();
}

std::string CaptureOf(const SeenCause& finding, const char* name) {
  const auto found = finding.captures.find(name);
  return found == finding.captures.end() ? "" : found->second;
}

/// The least capability that a sentence prints: "8.0", "SM80".
std::string FloorOf(const SeenCause& finding) {
  std::string floor = CaptureOf(finding, "minimum");
  if (floor.empty()) floor = CaptureOf(finding, "minimum_sm");
  if (floor.size() > 1 && floor.find('.') == std::string::npos) floor.insert(floor.size() - 1, ".");
  return floor;
}

/// The line that names a card, where none was understood.
std::string UnreadCard(const Machine& machine) {
  if (!machine.gpus.empty() || machine.arch == "tegra" || !machine.jetpack.empty()) return "";
  for (const std::string& line : report::UnreadOfCuda(machine)) {
    const std::string lower = ToLower(line);
    for (const char* word : {"geforce ", "quadro ", "tesla ", "gtx ", "rtx ", "titan "}) {
      if (Contains(lower, word)) return line;
    }
  }
  return "";
}

void AddGpus(const Machine& machine, query::Question* question, std::vector<std::string>* notes) {
  // Where the driver itself tells capabilities, a card without one is on the bus and not the driver's: CUDA
  // does not see it.
  bool told = std::any_of(machine.gpus.begin(), machine.gpus.end(),
                          [](const MachineGpu& gpu) { return !gpu.compute_capability.empty(); });
  for (const MachineGpu& seen : machine.gpus) {
    if (!IsVisible(machine, seen)) continue;
    if (told && seen.compute_capability.empty() && !seen.pci_id.empty()) continue;
    // What the machine itself says of the capability decides; then the PCI id, then the name.
    const std::string& named = !seen.name.empty() ? seen.name : seen.pci_id;
    Result<query::Gpu> gpu = query::ParseGpu(named.empty() ? seen.compute_capability : named, Nowhere());
    if (!gpu) {
      notes->push_back("card \"" + seen.name + "\" was not understood");
      continue;
    }
    if (CapabilityKey(seen.compute_capability)) gpu->capability = seen.compute_capability;
    if (StartsWith(seen.pci_id, "10de:")) gpu->pci_id = seen.pci_id.substr(5);
    if (!named.empty()) gpu->given = named;
    auto same = [&gpu](const query::Gpu& known) {
      return known.given == gpu->given && known.capability == gpu->capability;
    };
    if (std::none_of(question->gpus.begin(), question->gpus.end(), same)) question->gpus.push_back(*gpu);
  }
}

// Those of the Python that runs; where it has none, those of the others. In the order of `frameworks`;
// several distributions of one framework (jax, jaxlib, its plugin) are one.
std::vector<MachinePackage> FrameworksOf(const Machine& machine,
                                         const std::vector<FrameworkName>& frameworks) {
  std::vector<MachinePackage> active, others;
  for (const FrameworkName& framework : frameworks) {
    for (const MachinePackage& package : machine.packages) {
      if (package.package != framework.name || !PackageKey(package.version)) continue;
      std::vector<MachinePackage>& list = IsActive(machine, package) ? active : others;
      auto known = std::find_if(list.begin(), list.end(), [&](const MachinePackage& each) {
        return each.package == framework.package && each.env == package.env &&
               framework.name != framework.package;
      });
      if (known == list.end()) {
        list.push_back(package);
        list.back().package = framework.package;
        known = list.end() - 1;
      }
      if (known->tag.empty()) known->tag = package.tag;
      if (known->tag.empty()) known->tag = framework.tag;
    }
  }
  return active.empty() ? others : active;
}

// Without a tag it is what a plain install gives, unless its own files say which CUDA it was built with.
void TakeTag(const MachinePackage& package, query::Subject* subject) {
  // Another package wrote over this one's files; that is judged by itself (python_environment).
  if (EndsWith(package.package, "-gpu") && package.tag == "cpu" && !Contains(package.text, "+")) {
    subject->installed_default = true;
    return;
  }
  subject->tag = ToLower(package.tag);
  // "2.6.0a0+git1a2b3c4", built without CUDA: the commit is no tag.
  if (package.cuda == "none" && StartsWith(subject->tag, "git")) subject->tag = "cpu";
  if (!subject->tag.empty() || package.cuda == "any") return;  // any: a CUDA build of that version, whichever
  if (package.cuda == "none")
    subject->tag = "cpu";
  else if (!package.cuda.empty())
    subject->tag = "cu" + ReplaceAll(MinorVersion(package.cuda), ".", "");
  else
    subject->installed_default = true;
}

void TakePython(const std::string& version, query::Question* question) {
  if (Result<std::string> python = query::ParsePython(version, Nowhere())) question->python = *python;
}

void AddFrameworks(const Machine& machine, const std::vector<FrameworkName>& frameworks,
                   query::Question* question) {
  const bool open = question->python.empty();
  std::string first;
  for (const MachinePackage& package : FrameworksOf(machine, frameworks)) {
    query::Subject subject;
    subject.installed = true;
    subject.package = package.package;
    subject.given = package.package + " " + (package.text.empty() ? package.version : package.text);
    subject.versions.push_back({query::Bound::Op::kEqual, package.version, *PackageKey(package.version), 0});
    TakeTag(package, &subject);
    auto same = [&subject](const query::Subject& known) {
      return known.given == subject.given && known.tag == subject.tag;
    };
    if (std::none_of(question->subjects.begin(), question->subjects.end(), same))
      question->subjects.push_back(subject);
    if (!open || package.python.empty()) continue;
    if (first.empty()) {
      first = package.python;
      TakePython(first, question);
    } else if (first != package.python) {
      question->python.clear();  // of several environments: no single Python is asked about
    }
  }
}

// Where no framework is told of: the runtime that a program tells as its own (numba), and the toolkit of a
// report that tells of nothing else (nvcc --version).
void AddToolkit(const Machine& machine, query::Question* question) {
  const MachinePiece* told = nullptr;
  for (const MachinePiece& runtime : machine.runtimes) {
    if (runtime.name == "cudart" && runtime.where == "report") told = &runtime;
  }
  const bool report = machine.format != "live" && machine.format != "root" && machine.format != "record";
  const bool alone = report && machine.gpus.empty() && machine.kernel_driver.empty() &&
                     machine.cuda_driver.empty() && machine.packages.empty() && machine.errors.empty();
  if (told == nullptr && alone && machine.toolkits.size() == 1) told = &machine.toolkits[0];
  if (told == nullptr) return;
  if (Result<query::Subject> toolkit = query::ParseCuda(MinorVersion(told->version), Nowhere()))
    question->subjects.push_back(*toolkit);
}

// The driver that is loaded; where none is, the one that is installed.
std::string DriverVersion(const Machine& machine) {
  if (!machine.kernel_driver.empty()) return machine.kernel_driver;
  if (machine.platform == "container" || machine.os == "wsl") return "";
  for (const MachineLibrary& library : machine.libraries) {
    if (library.kind == "system" && !library.version.empty()) return library.version;
  }
  return "";
}

std::string_view LeadingNumber(std::string_view text) {
  return text.substr(0, std::min(text.size(), text.find_first_not_of("0123456789.")));
}

// Which distribution it is and which C library it has: what os-release says, else the line of a report. What
// Python says of the library may be what its own executable was linked with, before 3.8, and is then not
// taken.
void TakeDistribution(const Machine& machine, query::Question* question) {
  for (const Sighting& sighting : machine.sightings) {
    if (sighting.key == "os.id" && sighting.found) question->distribution = sighting.value;
    if (sighting.key == "os.version" && sighting.found) question->os_release = sighting.value;
  }
  if (question->distribution.empty()) {
    const query::System system = query::LeadingSystem(machine.os_text);
    question->distribution = system.distribution;
    if (!system.distribution.empty()) question->os_release = system.release;
  }
  const bool old = std::any_of(machine.pythons.begin(), machine.pythons.end(), [](const auto& python) {
    return DottedKey(python.version).value_or(0) < *DottedKey("3.8");
  });
  std::string told = machine.os_text;  // "Linux-5.15.0-91-generic-x86_64-with-glibc2.35"
  for (const Sighting& sighting : machine.sightings) {
    if (sighting.key == "libc") told = sighting.value;
  }
  if (old) return;
  for (const char* name : {"glibc", "musl"}) {
    const std::string lower = ToLower(told);
    size_t at = lower.find(name);
    if (at == std::string::npos) continue;
    at += std::string_view(name).size();
    while (at < lower.size() && (lower[at] == '-' || lower[at] == ' ')) ++at;
    const std::string version(LeadingNumber(std::string_view(lower).substr(at)));
    if (!DottedKey(version)) continue;
    question->libc = name;
    question->libc_version = version;
    return;
  }
}

}  // namespace

std::string MinorVersion(const std::string& version) {
  std::vector<std::string_view> parts = Split(version, '.');
  return parts.size() < 2 ? version : std::string(parts[0]) + "." + std::string(parts[1]);
}

bool IsVisible(const Machine& machine, const MachineGpu& gpu) {
  bool told = false;
  for (const Sighting& sighting : machine.sightings) {
    if (sighting.key != "visible.gpu" || !sighting.found) continue;
    if (gpu.bus_id.empty() || sighting.value == ToLower(gpu.bus_id)) return true;
    for (const MachineGpu& each : machine.gpus) told = told || ToLower(each.bus_id) == sighting.value;
  }
  return !told;
}

bool StatesMore(const query::Question& question) {
  const bool subject =
      std::any_of(question.subjects.begin(), question.subjects.end(),
                  [](const query::Subject& each) { return each.kind != query::Subject::Kind::kCuda; });
  return subject || !LeavesHardware(question) || !question.os.empty() || !question.arch.empty() ||
         !question.python.empty() || !question.platform.empty() || !question.host_compiler.empty();
}

bool StatesAnything(const query::Question& question) {
  return StatesMore(question) || !question.subjects.empty();
}

bool LeavesHardware(const query::Question& question) {
  return question.gpus.empty() && !question.driver && question.cuda_driver.empty() &&
         question.jetpack.empty();
}

void FillFromMachine(const Machine& machine, const std::vector<FrameworkName>& frameworks,
                     query::Question* question, std::vector<std::string>* notes) {
  if (question->gpus.empty()) AddGpus(machine, question, notes);
  if (question->os.empty() && !machine.os.empty()) question->os = machine.os;
  if (question->arch.empty() && !machine.arch.empty()) {
    if (Result<std::string> arch = query::ParseArch(machine.arch, Nowhere())) question->arch = *arch;
  }
  if (question->platform.empty() && !machine.platform.empty() && machine.platform != "wsl")
    question->platform = machine.platform;
  if (question->jetpack.empty() && DottedKey(machine.jetpack)) question->jetpack = machine.jetpack;
  if (question->module_flavour.empty()) question->module_flavour = machine.module_flavour;
  for (const Sighting& sighting : machine.sightings) {
    if (sighting.key == "container" && sighting.found) question->engine = sighting.value;
  }
  if (question->distribution.empty() && question->libc.empty()) TakeDistribution(machine, question);
  bool jetson = !question->jetpack.empty() || question->arch == "tegra";
  if (!jetson && !question->driver && question->cuda_driver.empty()) {
    if (const std::string version = DriverVersion(machine); !version.empty()) {
      if (Result<query::Driver> driver = query::ParseDriver(version, Nowhere()))
        question->driver = *driver;
      else
        notes->push_back("driver \"" + version + "\" was not understood");
    }
    if (DottedKey(machine.cuda_driver)) question->cuda_driver = MinorVersion(machine.cuda_driver);
  }
  bool other_vendor = !OtherVendor(machine).empty();  // its frameworks are not our question then
  if (question->subjects.empty() && !other_vendor) AddFrameworks(machine, frameworks, question);
  if (question->subjects.empty() && !other_vendor && !frameworks.empty()) AddToolkit(machine, question);
  if (question->python.empty()) {
    for (const MachinePython& python : machine.pythons) {
      if (python.active) TakePython(python.version, question);
    }
  }
}

std::vector<FrameworkName> ReadFrameworks(store::Store& store) {
  std::vector<FrameworkName> names;
  store::Statement rows = store.Prepare(store.WithViews(
      {"framework_name"}, "SELECT name, package, tag FROM framework_name ORDER BY rank, name DESC"));
  while (rows.Step()) names.push_back({rows.text(0), rows.text(1), rows.text(2)});
  return names;
}

void SayAvailable(store::Store& store, const std::string& available) {
  if (available.empty()) return;
  store.Run(
      "UPDATE asked_target SET available = ? WHERE NOT EXISTS (SELECT 1 FROM observed_machine WHERE hardware = 0)",
      {available});
}

void Observe(store::Store& store, const Machine& machine, const std::vector<SeenCause>& findings) {
  std::string other = OtherVendor(machine);
  const std::string unread = UnreadCard(machine);
  bool board = machine.arch == "tegra" || !machine.jetpack.empty();
  bool driver = !machine.kernel_driver.empty() || !machine.cuda_driver.empty();
  struct Named {
    const char* what;
    size_t count;
    const std::string& text;
  };
  const std::string none;
  for (const Named& named :
       {Named{"gpu", machine.gpus.size(), none}, Named{"driver", driver ? 1U : 0U, none},
        Named{"board", board ? 1U : 0U, none}, Named{"toolkit", machine.toolkits.size(), none},
        Named{"listed-by-driver", ListedByDriver(machine) ? 1U : 0U, none},
        Named{"of-a-framework", machine.available.empty() ? 0U : 1U, none},
        Named{"card-unread", unread.empty() ? 0U : 1U, unread},
        Named{"other-vendor", other.empty() ? 0U : 1U, other}}) {
    store.Run("INSERT INTO observed_report VALUES (?, ?, ?)",
              {std::string(named.what), static_cast<int64_t>(named.count), named.text});
  }
  store.Run("DELETE FROM asked_device WHERE device_id IN (" +
            store.WithViews({"twin_ruled_out"}, "SELECT device_id FROM twin_ruled_out") + ")");
  SayAvailable(store, machine.available);
  for (const SeenCause& finding : findings) {
    store.Run(
        "INSERT INTO observed_finding (rule_id, subject, text, place, package, floor_key) SELECT ?1, ?2, ?3, ?4, ?5, coalesce((SELECT cc_key FROM "
        "compute_capability WHERE cc = ?6), (SELECT min(cc_key) FROM compute_capability WHERE architecture = ?7)) WHERE EXISTS (SELECT 1 FROM rule WHERE rule_id = ?1)",
        {finding.rule, finding.subject, finding.text, finding.place, finding.own, FloorOf(finding),
         CaptureOf(finding, "architecture")});
  }
}

}  // namespace cudacompat::answer
