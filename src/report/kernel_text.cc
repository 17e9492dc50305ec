// What the kernel's side prints: /proc/driver/nvidia, modinfo, lsmod, lspci, dmesg, uname, DKMS, Jetson's
// release file.

#include <algorithm>

#include "base/text.h"
#include "report/readers.h"
#include "report/regex.h"
#include "report/system_text.h"

namespace cudacompat::report {
namespace {

/// "NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:25a0)", in passing.
void ReadRefusedCard(std::string_view text, Draft& draft) {
  static const Regex kCard(R"(NVRM: The NVIDIA GPU ([0-9a-fA-F:.]+) \(PCI ID: (10de:[0-9a-fA-F]{4})\))");
  std::string bus;
  std::string id;
  if (!Contains(text, "PCI ID:") || !kCard.Find(text, &bus, &id)) return;
  if (draft.HasGpus(Listing::kPci) && draft.ThisGpu(Listing::kPci).bus_id == bus) return;
  MachineGpu& gpu = draft.NextGpu(Listing::kPci);
  gpu.bus_id = bus;
  gpu.pci_id = ToLower(id);
}

bool ReadModule(std::string_view text, Draft& draft) {
  static const Regex kVersion(
      R"(NVIDIA UNIX (Open )?\s*(?:Kernel Module for )?(\w*?)\s*(?:Open )?(?:Kernel Module)?\s+(\d{3}\.[\d.]+))");
  std::string open;
  std::string arch;
  std::string version;
  if (!Contains(text, "NVIDIA UNIX") || !kVersion.Find(text, &open, &arch, &version)) return false;
  draft.KernelDriver(version, Trust::kKernel);
  draft.Arch(arch, Trust::kKernel);
  draft.System("linux", Trust::kReport);
  draft.machine.module_flavour = Contains(text, "Open Kernel Module") ? "open" : "proprietary";
  draft.Saw("module.nvidia", DriverNumber(version));
  if (StartsWith(text, "NVRM version")) draft.Format("proc-driver-nvidia", 40);
  return true;
}

/// "NVRM: API mismatch: the client has the version 570.86, but this kernel module has the version 550.54":
/// loaded wins.
bool ReadMismatch(std::string_view text, Draft& draft) {
  static const Regex kModule(
      R"((?:kernel module has the version|kernel driver version|kernel version|kernel reported version is:?)\s+(\d{3}\.[\d.]+))");
  std::string version;
  if (!Contains(text, "ersion") || !kModule.Find(text, &version)) return false;
  draft.KernelDriver(version, Trust::kKernel);
  return false;  // such lines are errors too
}

bool ReadModinfo(std::string_view text, Draft& draft) {
  static const Regex kVersion(R"(^version:\s+(\d{3}\.\d{2,3}(?:\.\d{2,3})?)$)");
  static const Regex kFile(R"(^filename:\s+\S*/nvidia[\w-]*\.ko)");
  static const Regex kDkms(R"(^nvidia(?:-open|-srv)?[/,] ?(\d{3}\.[\d.]+), .*: ?(\w+))");
  std::string value;
  std::string state;
  if (kVersion.Find(text, &value)) {
    draft.KernelDriver(value, Trust::kInstalled);
    return true;
  }
  if (kFile.Find(text)) return true;
  if (StartsWith(text, "license:")) {
    if (Contains(text, "Dual MIT/GPL")) draft.machine.module_flavour = "open";
    if (Contains(text, "NVIDIA")) draft.machine.module_flavour = "proprietary";
    return true;
  }
  if (kDkms.Find(text, &value, &state)) {
    draft.KernelDriver(value, Trust::kInstalled);
    draft.Saw("dkms.nvidia", value + " " + state);
    return true;
  }
  return false;
}

bool ReadModuleList(std::string_view text, Draft& draft) {
  static const Regex kRow(
      R"(^(nvidia|nvidia_uvm|nvidia_drm|nvidia_modeset|nouveau|nvidia_peermem|vfio_pci|nvgpu)\s+\d{4,}\s+\d+(?:\s|$))");
  std::string name;
  if (!kRow.Find(text, &name)) return false;
  draft.Saw("module." + name, "loaded");
  return true;
}

bool ReadPci(std::string_view text, Draft& draft) {
  static const Regex kCard(
      R"(^((?:[0-9A-Fa-f]{4}:)?[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d) (?:VGA compatible controller|3D controller|Display controller)(?: \[\w{4}\])?: (.*?)(?: \(rev \w+\))?(?: \(prog-if.*)?$)");
  static const Regex kId(R"(\[([0-9a-fA-F]{4}:[0-9a-fA-F]{4})\])");
  static const Regex kInner(
      R"(NVIDIA Corporation (?:Device )?(?:\w+ \[(?:[A-Z]\w*)? ?([^\]]+)\]|(.*?))(?: \[|$))");
  std::string bus;
  std::string rest;
  if (kCard.Find(text, &bus, &rest)) {
    std::string vendor = OtherVendorOf(rest);
    if (!Contains(rest, "NVIDIA")) {
      draft.Saw("pci.other", rest);
      draft.section = "pci-other";
      return true;
    }
    MachineGpu& gpu = draft.NextGpu(Listing::kPci);
    gpu.bus_id = bus;
    std::string id;
    if (kId.Find(rest, &id)) gpu.pci_id = ToLower(id);
    size_t open = rest.find('[');
    size_t close = rest.find(']', open == std::string::npos ? 0 : open);
    std::string inner = open == std::string::npos || close == std::string::npos
                            ? ""
                            : rest.substr(open + 1, close - open - 1);
    static const Regex kNumber(R"(NVIDIA Corporation Device ([0-9a-fA-F]{4})\b)");
    std::string number;
    if (gpu.pci_id.empty() && kNumber.Find(rest, &number)) gpu.pci_id = "10de:" + ToLower(number);
    // "TU117M [GeForce MX450] [10de:1f97]"; "Device [10de:2684]" has no name.
    bool is_id = inner.size() == 9 && inner[4] == ':';
    if (!inner.empty() && !is_id) gpu.name = "NVIDIA " + inner;
    draft.Format("lspci", 20);
    draft.section = "pci-nvidia";
    return true;
  }
  // lshw: "product: GA106 [GeForce RTX 3060]", and below it "configuration: depth=32 driver=nvidia
  // latency=0".
  static const Regex kProduct(
      R"(^product: \w+ \[((?:GeForce|Quadro|Tesla|TITAN|N?VIDIA|RTX|GTX|[A-Z]\d{1,3})\b[^\]]*)\]$)");
  static const Regex kConfiguration(R"(^configuration: .*\bdriver=(\w+))");
  if (kProduct.FindWhole(text, &rest)) {
    draft.NextGpu(Listing::kPci).name = "NVIDIA " + rest;
    draft.Format("lshw", 20);
    draft.section = "pci-nvidia";
    return true;
  }
  if (draft.section == "pci-nvidia" && kConfiguration.Find(text, &rest)) {
    draft.ThisGpu(Listing::kPci).kernel_driver = rest;
    draft.section.clear();
    return true;
  }
  if (StartsWith(text, "Kernel driver in use:") && draft.section == "pci-nvidia") {
    draft.ThisGpu(Listing::kPci).kernel_driver = std::string(Trim(text.substr(21)));
    return true;
  }
  return StartsWith(text, "Kernel modules:") || StartsWith(text, "Kernel driver in use:") ||
         StartsWith(text, "Subsystem:");
}

/// nvidia-container-cli info: "NVRM version:   418.87.00", "CUDA version:   10.1", a card's fields below.
bool ReadContainerCli(std::string_view text, Draft& draft) {
  static const Regex kModule(R"(^NVRM version:\s+(\d{3}\.[\d.]+|\(null\))$)");
  static const Regex kCuda(R"(^CUDA version:\s+(\d+\.\d+)$)");
  static const Regex kCapability(R"(^Architecture:\s+(\d+\.\d)$)");
  std::string value;
  if (kModule.FindWhole(text, &value)) {
    draft.KernelDriver(value, Trust::kKernel);
    draft.System("linux", Trust::kReport);
    draft.Format("nvidia-container-cli", 38);
    draft.section = "container-cli";
    return true;
  }
  if (draft.section != "container-cli") return false;
  if (kCuda.FindWhole(text, &value)) {
    draft.CudaDriver(value, Trust::kTool);
    return true;
  }
  if (kCapability.FindWhole(text, &value)) {
    draft.ThisGpu(Listing::kPci).compute_capability = value;
    return true;
  }
  if (StartsWith(text, "Model:") && !Contains(text, "(null)")) {
    MachineGpu& gpu = draft.ThisGpu(Listing::kPci);
    if (gpu.name.empty()) gpu.name = std::string(Trim(text.substr(6)));
    return true;
  }
  return StartsWith(text, "Device ") || StartsWith(text, "Brand:") || StartsWith(text, "GPU UUID:") ||
         StartsWith(text, "Bus Location:");
}

/// "File "/Users/anna/…", "/opt/homebrew/lib": folders that only macOS has, in passing.
void ReadMacPaths(std::string_view text, Draft& draft) {
  static const Regex kPath(
      R"((?:^|[\s"'(=:])(?:/Users/[^/\s]+/|/opt/homebrew/|/System/Library/|/Library/Frameworks/))");
  if ((Contains(text, "/Users/") || Contains(text, "/opt/homebrew/") || Contains(text, "/Library/")) &&
      !Contains(text, ":\\") && !Contains(text, ":/Users") && kPath.Find(text))
    draft.System("macos", Trust::kGuess);
}

/// /proc/driver/nvidia/gpus/*/information, lshw, ubuntu-drivers devices, inxi.
bool ReadCardFields(std::string_view text, Draft& draft) {
  static const Regex kModalias(R"(pci:v000010DEd0000([0-9A-F]{4}))");
  static const Regex kInxi(
      R"(Device-\d+: NVIDIA (?:\w+ \[)?([^\]]+?)\]? (?:vendor: .*? )?driver: (\w+) v: ([\d.]+))");
  static const Regex kChip(R"(chip-ID: (10de:[0-9a-fA-F]{4}))");
  std::string value;
  if (Contains(text, "chip-ID:") && draft.HasGpus(Listing::kPci) && kChip.Find(text, &value)) {
    draft.ThisGpu(Listing::kPci).pci_id = ToLower(value);
    return true;
  }
  if (kModalias.Find(text, &value)) {
    draft.NextGpu(Listing::kPci).pci_id = "10de:" + ToLower(value);
    return true;
  }
  std::string driver;
  std::string version;
  if (Contains(text, "Device-") && kInxi.Find(text, &value, &driver, &version)) {
    MachineGpu& gpu = draft.NextGpu(Listing::kPci);
    gpu.name = "NVIDIA " + value;
    gpu.kernel_driver = driver;
    if (driver == "nvidia") draft.KernelDriver(version, Trust::kReport);
    return true;
  }
  if (StartsWith(text, "Model:") && !draft.HasGpus(Listing::kReport)) {
    std::string_view name = Trim(text.substr(6));
    if (!Contains(name, "NVIDIA") && !Contains(name, "GeForce") && !Contains(name, "Tesla")) return false;
    draft.NextGpu(Listing::kPci).name = std::string(name);
    return true;
  }
  return false;
}

bool ReadSystemLines(std::string_view text, Draft& draft) {
  static const Regex kUname(R"(^Linux \S+ (\d+\.\d+\S*) #)");
  static const Regex kProcVersion(R"(^Linux version (\d+\.\d+\S*))");
  static const Regex kTegra(R"(^# R(\d+) \(release\), REVISION: ([\d.]+))");
  static const Regex kJetpack(
      R"((?i)jetpack(?:[ _-]?(?:version|sdk))?\s*[:=]?\s*["']?v?(\d+\.\d+(?:\.\d+)?))");
  static const Regex kL4t(
      R"((?i)L4T(?:-core|[ _-]?release|[ _-]?version)?[\s:="'_-]*[rv]?(\d{2}\.\d+(?:\.\d+)?))");
  std::string value;
  std::string revision;
  if (kTegra.Find(text, &value, &revision)) {
    draft.Saw("jetson.l4t", value + "." + revision);
    draft.System("linux", Trust::kKernel);
    draft.Arch("tegra", Trust::kKernel);
    draft.Format("nv_tegra_release", 30);
    return true;
  }
  bool jetson = false;
  if (kL4t.Find(text, &value)) {
    draft.Saw("jetson.l4t", value);
    jetson = true;
  }
  if (kJetpack.Find(text, &value) && text.size() < 200) {
    if (draft.machine.jetpack.empty()) draft.machine.jetpack = value;
    jetson = true;
  }
  if (jetson && text.size() < 200) {
    draft.Arch("tegra", Trust::kReport);
    draft.System("linux", Trust::kGuess);
    static const Regex kModel(R"(^Model: (NVIDIA Jetson .*?)(?: Developer Kit)?(?: - Jetpack.*)?$)");
    if (kModel.Find(text, &value)) draft.Gpu(Listing::kPlain, 0).name = value;
    return true;
  }
  if (kUname.Find(text, &value) || kProcVersion.Find(text, &value)) {
    draft.System(text, Trust::kKernel);
    return true;
  }
  if (StartsWith(text, "PRETTY_NAME=")) {
    draft.System(text.substr(12), Trust::kReport);
    return true;
  }
  return false;
}

/// NGC images: "Using CUDA 12.1 driver version 530.30.02 with kernel driver version 470.161.03."
bool ReadForwardCompatibility(std::string_view text, Draft& draft) {
  static const Regex kUsing(
      R"(Using CUDA (\d+\.\d+) driver version (\d{3}\.[\d.]+) with kernel driver version (\d{3}\.[\d.]+))");
  std::string cuda;
  std::string user;
  std::string kernel;
  if (!kUsing.Find(text, &cuda, &user, &kernel)) return false;
  draft.CudaDriver(cuda, Trust::kKernel);
  draft.KernelDriver(kernel, Trust::kKernel);
  draft.Saw("libcuda", DriverNumber(user));
  draft.Saw("libcuda.kind", "compat");
  draft.Platform("container", Trust::kFramework);
  return true;
}

/// "CUDA_VISIBLE_DEVICES=1 python train.py", Ollama's 'env="map[CUDA_VISIBLE_DEVICES:0 …': in passing, the
/// line is not owned.
void ReadVisibleDevices(std::string_view text, Draft& draft) {
  static const Regex kVisible(R"re(\b(CUDA_VISIBLE_DEVICES|NVIDIA_VISIBLE_DEVICES)[=:]"?([\w,-]*))re");
  if (text.size() > 8000 || !Contains(text, "VISIBLE_DEVICES")) return;
  std::string name;
  std::string value;
  bool map = Contains(text, "map[");
  if (kVisible.Find(text, &name, &value) && (!map || !value.empty())) draft.Saw("env." + name, value);
}

bool ReadEnvironment(std::string_view text, Draft& draft) {
  static const Regex kVariable(
      R"re(^(?:export |set |ENV |-e |\$env:)?((?:CUDA|NVIDIA|NCCL|TORCH_CUDA|CUDNN|JAX|XLA)_\w+|LD_LIBRARY_PATH|LD_PRELOAD|TRITON_PTXAS_PATH|TF_FORCE_GPU_ALLOW_GROWTH)\s?[=:]\s?"?([^"]*)"?$)re");
  std::string name;
  std::string value;
  if (!kVariable.Find(text, &name, &value)) return false;
  if (name == "CUDA_MODULE_LOADING") return true;
  draft.Saw("env." + name, Trim(value));
  if (name == "NVIDIA_REQUIRE_CUDA") draft.Platform("container", Trust::kGuess);
  return true;
}

}  // namespace

bool ReadKernel(const Line& line, Draft& draft) {
  std::string_view text = line.text;
  // Most lines of a log are none of these; words are cheaper than patterns.
  static constexpr std::string_view kWords[] = {
      "NVIDIA",     "nvidia", "NVRM",   "ersion",      "nouveau", "vfio",     "Linux",   "release",
      "etpack",     "etPack", "L4T",    "PRETTY",      "Model:",  "pci:",     "chip-ID", "Device-",
      "controller", "ernel",  "Subsys", "nvgpu",       "PATH",    "CUDA",     "NCCL_",   "filename",
      "license",    "/Users", "brew/",  "Frameworks/", "Archi",   "GPU UUID", "Bus Loc", "Brand:",
      "Device ",    "JAX_",   "XLA_",   "TORCH",       "LD_PRE",  "JETPACK",  "TF_",     "product: "};
  bool any = std::any_of(std::begin(kWords), std::end(kWords),
                         [&](std::string_view word) { return Contains(text, word); });
  if (!any) return false;
  if (ReadModule(text, draft) || ReadForwardCompatibility(text, draft)) return true;
  ReadMismatch(text, draft);
  ReadRefusedCard(text, draft);
  ReadVisibleDevices(text, draft);
  ReadMacPaths(text, draft);
  return ReadContainerCli(text, draft) || ReadModinfo(text, draft) || ReadModuleList(text, draft) ||
         ReadPci(text, draft) || ReadSystemLines(text, draft) || ReadCardFields(text, draft) ||
         ReadEnvironment(text, draft);
}

}  // namespace cudacompat::report
