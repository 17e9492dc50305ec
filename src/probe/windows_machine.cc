// What a Windows machine shows: the display devices and their problems, the driver's libraries, toolkits and
// runtimes on PATH, the Visual C++ runtime. Python has a file of its own.
#include <set>

#include "base/text.h"
#include "base/version.h"
#include "probe/toolkit_folder.h"
#include "probe/windows_host.h"

namespace cudacompat::probe {
namespace {

void ObserveOs(Scene& scene, const WindowsHost& windows) {
  const std::string key = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
  scene.machine.os = "windows";
  std::string build = windows.Registry(key, "CurrentBuildNumber").value_or("");
  std::string text = windows.Registry(key, "ProductName").value_or("Windows");
  std::string edition = windows.Registry(key, "DisplayVersion").value_or("");
  scene.machine.os_text =
      text + (edition.empty() ? "" : " " + edition) + (build.empty() ? "" : " build " + build);
  if (!build.empty()) scene.See("os.build", build, key);
  std::string cpu = scene.Env("PROCESSOR_ARCHITECTURE");
  std::string native = scene.Env("PROCESSOR_ARCHITEW6432");  // set where a 32-bit program asks
  cpu = ToLower(native.empty() ? cpu : native);
  scene.arch = cpu == "arm64" ? "aarch64" : cpu == "amd64" || cpu.empty() ? "x86_64" : cpu;
  scene.machine.arch = scene.arch;
}

void ObserveVirtual(Scene& scene, const WindowsHost& windows) {
  const std::string key = "HKLM\\HARDWARE\\DESCRIPTION\\System\\BIOS";
  std::string vendor = windows.Registry(key, "SystemManufacturer").value_or("");
  std::string product = windows.Registry(key, "SystemProductName").value_or("");
  if (!vendor.empty()) scene.See("dmi.vendor", Printable(vendor), key);
  if (!product.empty()) scene.See("dmi.product", Printable(product), key);
  std::string text = ToLower(vendor + " " + product);
  bool virtual_machine = false;
  for (const char* word :
       {"qemu", "vmware", "virtualbox", "virtual machine", "amazon ec2", "google compute", "xen"}) {
    virtual_machine = virtual_machine || Contains(text, word);
  }
  if (virtual_machine) scene.See("vm", Printable(product), key);
  scene.machine.platform = virtual_machine ? "vm" : "bare";
}

// "PCI\VEN_10DE&DEV_1F97&SUBSYS_…" → "10de:1f97"
std::string PciId(const std::string& hardware_id) {
  std::string id = ToLower(hardware_id);
  std::string vendor = TextBetween(id, "ven_", "&");
  std::string device = TextBetween(id, "dev_", "&");
  return vendor.size() == 4 && device.size() == 4 ? vendor + ":" + device : "";
}

// "PCI bus 1, device 0, function 0" → "0000:01:00.0"; other languages have the same three numbers.
std::string BusOf(const std::string& location) {
  std::vector<unsigned> numbers;
  for (size_t i = 0; i < location.size() && numbers.size() < 3; ++i) {
    if (!IsDigit(location[i])) continue;
    unsigned number = 0;
    while (i < location.size() && IsDigit(location[i]) && number < 1000) {
      number = number * 10 + static_cast<unsigned>(location[i++] - '0');
    }
    numbers.push_back(number);
  }
  if (numbers.size() != 3 || numbers[0] > 255 || numbers[1] > 31 || numbers[2] > 7) return "";
  static constexpr char kHex[] = "0123456789abcdef";
  auto two = [](unsigned n) { return std::string{kHex[n >> 4 & 15], kHex[n & 15]}; };
  return "0000:" + two(numbers[0]) + ":" + two(numbers[1]) + "." + std::to_string(numbers[2]);
}

void ObserveDevices(Scene& scene, const WindowsHost& windows) {
  bool any = false;
  for (const DisplayDevice& device : windows.DisplayDevices()) {
    std::string pci = PciId(device.hardware_id);
    if (!StartsWith(pci, "10de:")) {
      scene.See("pci.display.other", pci, device.name);
      continue;
    }
    any = true;
    MachineGpu gpu;
    gpu.name = Printable(device.name);
    gpu.pci_id = pci;
    gpu.bus_id = BusOf(device.location);
    gpu.kernel_driver = device.service;
    gpu.where = "SetupAPI";
    scene.See("pci.nvidia", pci, "SetupAPI");
    scene.See("pci.driver", device.service.empty() ? "none" : device.service, "SetupAPI");
    if (device.problem != 0) scene.See("device.problem", std::to_string(device.problem), gpu.name);
    std::string version = device.service == "nvlddmkm" ? NvidiaVersion(device.driver) : "";
    if (!version.empty()) {
      scene.See("proc.driver.nvidia", version, "SetupAPI");
      scene.machine.kernel_driver = version;
    }
    scene.machine.gpus.push_back(std::move(gpu));
  }
  if (!any) scene.Miss("pci.nvidia", "SetupAPI");
  if (any && scene.machine.kernel_driver.empty()) scene.Miss("proc.driver.nvidia", "SetupAPI");
}

// System32 comes before PATH for a library that is opened by name; a copy beside the program before both.
void ObserveLibrary(Scene& scene, const WindowsHost& windows, const std::string& name,
                    const std::string& file) {
  std::string root = ForwardSlashes(scene.Env("SystemRoot"));
  if (root.empty()) root = "C:/Windows";
  std::vector<std::pair<std::string, std::string>> places = {{root + "/System32/" + file, "System32"}};
  for (const std::string& folder : WindowsPath(scene.host)) places.emplace_back(folder + "/" + file, "PATH");
  std::set<std::string> known;
  bool won = false;
  for (const auto& [path, by] : places) {
    if (!Exists(scene.host, path) || !known.insert(ToLower(path)).second) continue;
    MachineLibrary library{name, NvidiaVersion(windows.FileVersion(path)), "system", by, path, path, !won};
    scene.See(won ? name + ".other" : name, won ? library.kind : library.version, path);
    if (!won) {
      scene.See(name + ".kind", library.kind, path);
      scene.See(name + ".by", by, path);
    }
    won = true;
    scene.machine.libraries.push_back(std::move(library));
  }
  if (!won) scene.Miss(name, root + "/System32/" + file);
}

void ObserveToolkitFolders(Scene& scene, const WindowsHost& windows) {
  ToolkitFolders toolkits(scene, "/bin/nvcc.exe");
  std::string path = ForwardSlashes(scene.Env("CUDA_PATH"));
  if (!path.empty() && !IsDirectory(scene.host, path)) scene.Miss("toolkit.CUDA_PATH", path);
  if (!path.empty()) toolkits.Add(path);
  const std::string key = "HKLM\\SOFTWARE\\NVIDIA Corporation\\GPU Computing Toolkit\\CUDA";
  for (const std::string& version : windows.RegistryKeys(key)) {
    toolkits.Add(ForwardSlashes(windows.Registry(key + "\\" + version, "InstallDir").value_or("")));
  }
  std::string programs = ForwardSlashes(scene.Env("ProgramFiles"));
  if (programs.empty()) programs = "C:/Program Files";
  std::string folder = programs + "/NVIDIA GPU Computing Toolkit/CUDA";
  for (const std::string& name : scene.host.List(folder, HasPrefix("v"))) toolkits.Add(folder + "/" + name);
  for (const std::string& on_path : WindowsPath(scene.host)) {
    if (!Exists(scene.host, on_path + "/nvcc.exe")) continue;
    scene.See("nvcc", on_path + "/nvcc.exe", "PATH");
    toolkits.Add(ParentPath(on_path));
    break;
  }
}

struct Dll {
  const char* name;
  const char* prefix;
};
constexpr Dll kDlls[] = {
    {"cudart", "cudart64_"},     {"cublas", "cublas64_"},     {"cublasLt", "cublasLt64_"},
    {"cudnn", "cudnn64_"},       {"cufft", "cufft64_"},       {"cusolver", "cusolver64_"},
    {"cusparse", "cusparse64_"}, {"nvjitlink", "nvJitLink_"}, {"tensorrt", "nvinfer_"}};

// "cudart64_12.dll" → 12, "cudart64_110.dll" → 11.0: from three digits on the last one is the minor version.
std::string DllVersion(std::string_view file, std::string_view prefix) {
  std::string digits = CleanVersion(file.substr(prefix.size()));
  if (digits.size() == 3) return digits.substr(0, 2) + "." + digits.substr(2);
  return digits;
}

void ObserveDlls(Scene& scene) {
  auto ours = [](std::string_view file) {
    bool known = false;
    for (const Dll& dll : kDlls) known = known || StartsWith(file, dll.prefix);
    return known && EndsWith(ToLower(file), ".dll");
  };
  for (const std::string& folder : WindowsPath(scene.host)) {
    for (const std::string& file : scene.host.List(folder, ours)) {
      for (const Dll& dll : kDlls) {
        if (!StartsWith(file, dll.prefix)) continue;
        scene.machine.runtimes.push_back({dll.name, DllVersion(file, dll.prefix), folder + "/" + file});
        scene.See("runtime." + std::string(dll.name), "PATH", folder + "/" + file);
        break;
      }
    }
  }
}

// Without these torch's libraries do not load, whatever the card.
void ObserveVisualC(Scene& scene, const WindowsHost& windows) {
  std::string root = ForwardSlashes(scene.Env("SystemRoot"));
  if (root.empty()) root = "C:/Windows";
  for (const char* file :
       {"vcruntime140.dll", "vcruntime140_1.dll", "msvcp140.dll", "libomp140.x86_64.dll"}) {
    std::string path = root + "/System32/" + file;
    std::string stem(file, std::string_view(file).find('.'));
    scene.SeePath("vc." + stem, path, windows.FileVersion(path));
  }
}

}  // namespace

std::string ForwardSlashes(std::string text) {
  for (char& c : text) {
    if (c == '\\') c = '/';
  }
  while (text.size() > 3 && text.back() == '/') text.pop_back();
  return text;
}

std::vector<std::string> WindowsPath(const Host& host) {
  std::vector<std::string> folders;
  std::set<std::string> once;
  std::string path = host.Env("PATH").value_or("");
  for (std::string_view part : Split(path, ';')) {
    std::string folder = ForwardSlashes(std::string(Trim(part)));
    if (folder.size() > 1 && once.insert(ToLower(folder)).second) folders.push_back(std::move(folder));
  }
  return folders;
}

void ObserveWindows(Scene& scene, const WindowsHost& windows) {
  ObserveOs(scene, windows);
  ObserveVirtual(scene, windows);
  ObserveDevices(scene, windows);
  ObserveLibrary(scene, windows, "libcuda", "nvcuda.dll");
  ObserveLibrary(scene, windows, "libnvidia-ml", "nvml.dll");
  ObserveToolkitFolders(scene, windows);
  ObserveDlls(scene);
  ObserveVisualC(scene, windows);
}

}  // namespace cudacompat::probe
