#include "report/draft.h"

#include <algorithm>

#include "base/text.h"
#include "report/regex.h"
#include "report/system_text.h"

namespace cudacompat::report {
namespace {

constexpr size_t kMostUnread = 24;
constexpr size_t kMostErrors = 200;
constexpr size_t kMostPackages = 4000;
constexpr size_t kMostGpus = 512;
constexpr size_t kMostSightings = 400;

std::string Short(std::string_view text, size_t most) {
  std::string_view cut = text.substr(0, most);
  while (cut.size() < text.size() && !cut.empty() &&
         (static_cast<unsigned char>(text[cut.size()]) & 0xC0) == 0x80) {
    cut.remove_suffix(1);
  }
  return Printable(cut) + (cut.size() < text.size() ? "…" : "");
}

}  // namespace

std::string DriverNumber(std::string_view text) {
  static const Regex kWindows(R"((?:^|[^\d.])\d{1,2}\.\d{1,2}\.(\d{1,2}|00\d{2})\.(\d{4})(?:$|[^\d.]))");
  static const Regex kNumber(R"((?:^|[^\d.])(\d{2,3}\.\d{2,3}(?:\.\d{1,3})?)(?:$|[^\d.]|\.(?:$|[^\d])))");
  std::string_view piece = text;
  std::string first;
  std::string second;
  if (kWindows.Find(piece, &first, &second)) {
    std::string digits = first.substr(first.size() - 1) + second;
    return digits.substr(0, 3) + "." + digits.substr(3);
  }
  if (!kNumber.Find(piece, &first)) return "";
  // The last of three parts has two digits; a program that prints them as numbers leaves the zero out.
  const size_t dot = first.rfind('.');
  const bool three = first.find('.') == 3 && dot != 3;
  if (three && dot + 2 == first.size() && first.back() == '0')
    first.erase(dot);
  else if (three && dot + 2 == first.size())
    first.insert(dot + 1, "0");
  return first;
}

std::string DottedNumber(std::string_view text) {
  static const Regex kNumber(R"((\d+(?:\.\d+)+))");
  std::string number;
  return kNumber.Find(text, &number) ? number : "";
}

std::string TruthValue(std::string_view text) {
  std::string word = ToLower(text.substr(0, text.find_first_of(" ,;()[]|")));
  if (word == "yes" || word == "true" || word == "1" || word == "available") return "true";
  if (word == "no" || word == "false" || word == "0" || word == "unavailable") return "false";
  return "";
}

bool Draft::Better(const char* what, Trust trust) {
  auto [place, fresh] = trust_.try_emplace(what, trust);
  if (!fresh && trust <= place->second) return false;
  place->second = trust;
  return true;
}

void Draft::Format(std::string_view name, int weight) {
  int& known = formats_[std::string(name)];
  known = std::max(known, weight);
}

void Draft::KernelDriver(std::string_view version, Trust trust) {
  std::string number = DriverNumber(version);
  if (!number.empty() && Better("kernel_driver", trust)) machine.kernel_driver = number;
}

void Draft::CudaDriver(std::string_view version, Trust trust) {
  std::string number = DottedNumber(version);
  if (number.empty() || !Better("cuda_driver", trust)) return;
  machine.cuda_driver = number;
  machine.cuda_driver_where = line > 0 ? "line " + std::to_string(line) : "report";
}

void Draft::System(std::string_view text, Trust trust) {
  SystemWords words = ReadSystem(text);
  bool wsl = words.os == "wsl";
  // A kernel of WSL stands against the distribution's own name, which only says Linux.
  if (!words.os.empty() && (wsl || machine.os != "wsl") && (wsl || Better("os", trust))) {
    machine.os = words.os;
    machine.os_text = Short(text, 200);
  }
  if (!words.arch.empty()) Arch(words.arch, trust);
  if (!words.platform.empty()) Platform(words.platform, trust);
}

void Draft::Arch(std::string_view text, Trust trust) {
  std::string arch = ReadSystem(text).arch;
  bool tegra = arch == "tegra";
  if (!arch.empty() && (tegra || machine.arch != "tegra") && (tegra || Better("arch", trust)))
    machine.arch = arch;
}

void Draft::Platform(std::string_view platform, Trust trust) {
  if (Better("platform", trust)) machine.platform = std::string(platform);
}

void Draft::Available(std::string_view text, Trust trust) {
  std::string value = TruthValue(text);
  if (!value.empty() && Better("available", trust)) machine.available = value;
}

void Draft::Python(std::string_view text, Trust trust) {
  static const Regex kVersion(
      R"((?:^|[^\d.])([23]\.\d{1,2}(?:\.\d{1,2})?)(?:\.\w+|(?:a|b|rc)\d+|\+)*(t?)(?:$|[^\w.]|\.$))");
  std::string version;
  std::string letter;
  if (!kVersion.Find(text, &version, &letter)) return;
  if (Contains(ToLower(text), "free-threading")) letter = "t";
  if (!Better("python", trust)) return;
  machine.pythons.clear();
  machine.pythons.push_back({version + letter, "", true});
}

void Draft::OtherVendor(std::string_view vendor) { Saw("vendor.other", vendor); }

MachineGpu& Draft::Gpu(Listing listing, int index) {
  std::vector<int>& indices = indices_[listing];
  auto found = std::find(indices.begin(), indices.end(), index);
  if (found == indices.end() && indices.size() < kMostGpus) {
    indices.push_back(index);
    gpus_[listing].emplace_back();
    gpus_[listing].back().where = "line " + std::to_string(line);
    found = indices.end() - 1;
  }
  if (found == indices.end()) --found;
  size_t place = static_cast<size_t>(found - indices.begin());
  current_[listing] = place;
  return gpus_[listing][place];
}

MachineGpu& Draft::NextGpu(Listing listing) {
  const std::vector<int>& indices = indices_[listing];
  int next = indices.empty() ? 0 : *std::max_element(indices.begin(), indices.end()) + 1;
  return Gpu(listing, next);
}

MachineGpu& Draft::ThisGpu(Listing listing) {
  if (gpus_.count(listing) == 0) return Gpu(listing, 0);
  return gpus_[listing][current_[listing]];
}

MachinePackage* Draft::Package(std::string_view name, std::string_view text, Trust trust) {
  std::string key = PackageName(name);
  if (key.empty() || text.empty()) return nullptr;
  auto [known, fresh] = package_trust_.try_emplace(key, trust);
  if (!fresh && trust <= known->second) return nullptr;
  known->second = trust;
  auto place = std::find_if(machine.packages.begin(), machine.packages.end(),
                            [&](const MachinePackage& each) { return each.package == key; });
  if (place == machine.packages.end()) {
    if (machine.packages.size() >= kMostPackages) return nullptr;
    place = machine.packages.insert(machine.packages.end(), MachinePackage{});
  }
  MachinePackage& package = *place;
  std::string said = package.cuda;  // "CUDA used to build" may stand before the version
  package = MachinePackage{};
  package.cuda = said;
  package.package = key;
  package.text = std::string(text);
  size_t plus = text.find('+');
  package.version = std::string(text.substr(0, plus));
  if (plus != std::string_view::npos) package.tag = std::string(text.substr(plus + 1));
  package.where = "line " + std::to_string(line);
  if (key == "torch" && StartsWith(package.tag, "rocm")) OtherVendor("amd");
  if (key == "torch" && StartsWith(package.tag, "xpu")) OtherVendor("intel");
  return &package;
}

void Draft::Toolkit(std::string_view version, std::string_view where) {
  std::string number = DottedNumber(version);
  if (number.empty()) return;
  for (MachinePiece& each : machine.toolkits) {
    // "12.4" and "12.4.131" of the same place are one toolkit: the longer stands.
    if (StartsWith(each.version, number)) return;
    if (StartsWith(number, each.version + ".")) {
      each.version = number;
      return;
    }
  }
  if (machine.toolkits.size() < 64) machine.toolkits.push_back({"toolkit", number, std::string(where)});
}

void Draft::Runtime(std::string_view name, std::string_view version, std::string_view where) {
  for (const MachinePiece& each : machine.runtimes) {
    if (each.name == name &&
        (each.version == version || StartsWith(each.version, std::string(version) + ".")))
      return;
  }
  if (!version.empty() && machine.runtimes.size() < 256) {
    machine.runtimes.push_back({std::string(name), std::string(version), std::string(where)});
  }
}

void Draft::Saw(std::string_view key, std::string_view value) {
  for (const Sighting& each : machine.sightings) {
    if (each.key == key && each.value == value) return;
  }
  if (machine.sightings.size() >= kMostSightings) return;
  machine.sightings.push_back({std::string(key), Short(value, 2000), "line " + std::to_string(line)});
}

void Draft::Unread(std::string_view text) {
  ++unread_;
  if (machine.unread.size() < kMostUnread) machine.unread.push_back(Short(text, 160));
}

void Draft::ErrorLine(std::string_view text, int64_t number) {
  std::string kept = Short(text, 400);
  for (const MachineLine& each : machine.errors) {
    if (each.text == kept) return;
  }
  if (machine.errors.size() < kMostErrors) machine.errors.push_back({number, kept});
}

void Draft::Problem(std::string_view text) {
  std::string kept = Short(text, 300);
  auto& problems = machine.problems;
  if (problems.size() < 32 && std::find(problems.begin(), problems.end(), kept) == problems.end()) {
    problems.push_back(kept);
  }
}

bool Draft::Empty() const {
  return formats_.empty() && machine.kernel_driver.empty() && machine.cuda_driver.empty() && gpus_.empty() &&
         machine.toolkits.empty() && machine.runtimes.empty() && machine.packages.empty() &&
         machine.errors.empty() && machine.available.empty() && machine.os.empty() &&
         machine.pythons.empty() && machine.sightings.empty();
}

/// Inside WSL a Linux driver's libcuda is in front of the one that Windows brings; its number is no driver's.
void Draft::SawShadowedLibcuda() {
  std::string version = DriverNumber(linux_libcuda.substr(linux_libcuda.rfind(".so") + 3));
  auto driver = trust_.find("kernel_driver");
  if (driver != trust_.end() && driver->second == Trust::kInstalled) machine.kernel_driver.clear();
  auto old = [](const Sighting& each) { return each.key == "libcuda"; };
  machine.sightings.erase(std::remove_if(machine.sightings.begin(), machine.sightings.end(), old),
                          machine.sightings.end());
  machine.sightings.push_back({"wsl", "2", linux_libcuda});
  machine.sightings.push_back({"libcuda", version, linux_libcuda});
  machine.sightings.push_back({"libcuda.kind", "system", linux_libcuda});
  machine.sightings.push_back({"libcuda.other", "wsl", "/usr/lib/wsl/lib"});
}

Machine Draft::Finish() {
  MergeGpus();
  // nvidia-smi of Linux above a driver with another number: the driver is Windows', the place is WSL.
  bool two_numbers =
      !smi_version.empty() && !machine.kernel_driver.empty() && smi_version != machine.kernel_driver;
  bool windows_number = std::count(machine.kernel_driver.begin(), machine.kernel_driver.end(), '.') == 1;
  const auto of_driver = trust_.find("kernel_driver");
  const bool module =
      of_driver != trust_.end() && of_driver->second == Trust::kKernel;  // it speaks of itself
  if (two_numbers && windows_number && machine.os != "windows" && !module) {
    if (std::count(smi_version.begin(), smi_version.end(), '.') == 2)
      machine.os = "wsl";
    else
      machine.sightings.push_back(
          {"smi.version", smi_version, ""});  // whose number the driver's is, facts tell
  }
  // Windows' numbers have two parts, and the second has two digits: another tells what a mere label cannot.
  const std::string& driver = machine.kernel_driver;
  const size_t dot = driver.find('.');
  const bool linux_number = dot != std::string::npos && driver.size() - dot > 3;
  auto os = trust_.find("os");
  if (linux_number && machine.os == "windows" && os != trust_.end() && os->second == Trust::kGuess)
    machine.os = "linux";
  if (wsl_libcuda && !linux_libcuda.empty()) SawShadowedLibcuda();
  if (machine.os == "wsl" && trust_.count("platform") == 0) machine.platform = "wsl";
  int best = -1;
  for (const auto& [name, weight] : formats_) {
    if (weight > best) machine.format = name;
    best = std::max(best, weight);
  }
  if (machine.format.empty()) machine.format = machine.errors.empty() ? "text" : "log";
  auto reports = [&](std::string_view name) {
    return std::any_of(machine.packages.begin(), machine.packages.end(),
                       [&](const auto& each) { return each.package == name; });
  };
  jax_cuda =
      jax_cuda || (machine.available == "true" && !reports("torch")) || (xla_cuda && !reports("tensorflow"));
  if (tensorflow_gpu && !tensorflow_listed) machine.sightings.push_back({"tensorflow.gpu", "yes", ""});
  for (MachinePackage& package : machine.packages) {
    package.python = machine.pythons.empty() ? "" : machine.pythons.front().version;
    bool torch = package.package == "torch";
    if (torch && package.env == "conda" && package.tag.empty() && package.cuda.empty())
      package.cuda = conda_cuda;
    if (torch && package.tag.empty() && package.cuda == "none") package.tag = "cpu";
    if (torch && package.tag.empty() && !package.cuda.empty()) package.tag = CudaTag(package.cuda);
    // Which plugin it is nothing says; that it is no CPU build, its cards do.
    bool jax = package.package == "jax" || package.package == "jaxlib";
    if (jax && jax_cuda && package.tag.empty() && package.cuda.empty()) package.cuda = "any";
    // On Windows a plain install of torch is a CPU build, and this one has the card.
    const bool has_card = torch && machine.available == "true" && machine.os == "windows";
    if (has_card && package.tag.empty() && package.cuda.empty()) package.cuda = "any";
    if (torch && package.cuda.empty()) package.cuda = package.tag == "cpu" ? "none" : "";
  }
  // A word that was met before its version ("CUDA used to build PyTorch") leaves no package of its own.
  machine.packages.erase(std::remove_if(machine.packages.begin(), machine.packages.end(),
                                        [](const MachinePackage& each) { return each.text.empty(); }),
                         machine.packages.end());
  if (unread_ > machine.unread.size()) {
    machine.unread.push_back("… and " + std::to_string(unread_ - machine.unread.size()) + " more lines");
  }
  return std::move(machine);
}

}  // namespace cudacompat::report
