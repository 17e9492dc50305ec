// The kernel's half of the driver: loaded, on disk, built by DKMS, blacklisted, allowed by secure boot.
// Does not own: the reasons a load was refused (kernel_log.cc) and the device files (device_files.cc).
#include "base/text.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

constexpr char kLoaded[] = "/proc/modules";
constexpr char kDriverVersion[] = "/proc/driver/nvidia/version";
// The variable's vendor GUID is fixed by the UEFI specification: EFI_GLOBAL_VARIABLE.
constexpr char kSecureBoot[] = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

void ObserveLoaded(Scene& scene) {
  FileText loaded = scene.host.Read(kLoaded, kLargeFile);
  if (!loaded.ok()) return;
  const char* const kModules[] = {"nvidia",         "nvidia_uvm", "nvidia_modeset", "nvidia_drm",
                                  "nvidia_peermem", "nouveau",    "nova_core",      "vfio_pci",
                                  "gasket",         "nvgpu",      "nvmap"};
  for (const char* wanted : kModules) {
    bool found = false;
    for (std::string_view line : Split(loaded.text, '\n')) {
      std::vector<std::string_view> words = Words(line);
      if (words.size() < 3 || words[0] != wanted) continue;
      std::string key = "module." + ReplaceAll(wanted, "_", "-");
      scene.See(key, words.size() > 4 ? std::string(words[4]) : "Live", kLoaded);
      scene.See(key + ".users", std::string(words[2]), kLoaded);
      found = true;
    }
    std::string key = "module." + ReplaceAll(wanted, "_", "-");
    if (!found && (StartsWith(wanted, "nvidia") || StartsWith(wanted, "nouveau"))) scene.Miss(key, kLoaded);
  }
}

// "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.54.14  Release Build  (…)": the words before
// the version tell the flavour, the first dotted number of three parts or two is the version.
void ObserveDriverVersion(Scene& scene) {
  FileText file = scene.host.Read(kDriverVersion, kSmallFile);
  if (!file.ok()) {
    if (IsDirectory(scene.host, "/proc/self") || Exists(scene.host, kLoaded)) {
      scene.Miss("proc.driver.nvidia", kDriverVersion);
    }
  } else {
    std::string_view line = Split(file.text, '\n').front();
    for (std::string_view word : Words(line)) {
      std::string version = CleanVersion(word);
      if (version.size() != word.size() || !Contains(version, ".")) continue;
      scene.machine.kernel_driver = version;
      break;
    }
    scene.machine.module_flavour = Contains(line, "Open Kernel Module") ? "open" : "proprietary";
    scene.See("proc.driver.nvidia", scene.machine.kernel_driver, kDriverVersion);
    if (scene.machine.kernel_driver.empty())
      scene.Problem(std::string(kDriverVersion) + ": no version found");
  }
  std::string version = ReadTrimmed(scene.host, "/sys/module/nvidia/version", 256);
  if (version.empty()) return;
  scene.See("module.nvidia.version", version, "/sys/module/nvidia/version");
  if (scene.machine.kernel_driver.empty()) scene.machine.kernel_driver = version;
}

// modules.dep names every module file of a kernel: "updates/dkms/nvidia.ko.zst:".
void ObserveOnDisk(Scene& scene) {
  if (scene.name.release.empty()) return;
  std::string folder = "/lib/modules/" + scene.name.release;
  std::string dep = folder + "/modules.dep";
  FileText file = scene.host.Read(dep, kLargeFile);
  if (file.ok()) {
    bool found = false;
    for (const char* module : {"/nvidia.ko", "/nvidia-current.ko"}) {
      size_t at = file.text.find(module);
      // Only the name before the colon is the module; behind it stand those it needs.
      while (at != std::string::npos && !found) {
        size_t start = file.text.rfind('\n', at);
        start = start == std::string::npos ? 0 : start + 1;
        size_t colon = file.text.find(':', start);
        if (colon != std::string::npos && colon > at) {
          scene.See("module.nvidia.file", file.text.substr(start, colon - start), dep);
          found = true;
        }
        at = file.text.find(module, at + 1);
      }
    }
    if (!found) scene.Miss("module.nvidia.file", dep);
  }
  if (!scene.host.List("/lib/modules", AnyName()).empty()) {
    scene.SeePath("kernel.modules", folder, scene.name.release);
    scene.SeePath("kernel.headers", folder + "/build", scene.name.release);
  }
}

std::string DkmsState(const Scene& scene, const std::string& version_folder) {
  for (const std::string& arch : scene.host.List(version_folder + "/" + scene.name.release, AnyName())) {
    std::string module = version_folder + "/" + scene.name.release + "/" + arch + "/module";
    if (IsDirectory(scene.host, module)) return "built";
  }
  return Exists(scene.host, version_folder + "/build/make.log") ? "failed" : "added";
}

// The kernels that are not running and have a module: VERSION/RELEASE/ARCH/module.
std::vector<std::string> OtherKernels(const Scene& scene, const std::string& version_folder) {
  std::vector<std::string> kernels;
  for (const std::string& release : scene.host.List(version_folder, AnyName())) {
    if (release == scene.name.release || !IsDigit(release.front())) continue;
    for (const std::string& arch : scene.host.List(version_folder + "/" + release, AnyName())) {
      if (IsDirectory(scene.host, version_folder + "/" + release + "/" + arch + "/module"))
        kernels.push_back(release);
    }
  }
  return kernels;
}

void ObserveDkms(Scene& scene) {
  if (scene.name.release.empty()) return;
  std::string kernel_link = "kernel-" + scene.name.release;
  for (const std::string& module : scene.host.List("/var/lib/dkms", HasPrefix("nvidia"))) {
    std::string folder = "/var/lib/dkms/" + module;
    bool installed = !scene.host.List(folder, HasPrefix(kernel_link)).empty();
    for (const std::string& version : scene.host.List(folder, AnyName())) {
      if (!IsDigit(version.front())) continue;
      std::string state = DkmsState(scene, folder + "/" + version);
      if (state == "built" && installed) state = "installed";
      scene.See("dkms", state, folder + "/" + version);
      scene.See("dkms.version", version, folder + "/" + version);
      for (const std::string& other : OtherKernels(scene, folder + "/" + version))
        scene.See("dkms.kernel", other, folder + "/" + version);
    }
  }
}

void ReadModprobeFile(Scene& scene, const std::string& path) {
  FileText file = scene.host.Read(path, kSmallFile);
  for (std::string_view raw : Split(file.text, '\n')) {
    std::vector<std::string_view> words = Words(raw);
    if (words.size() < 2) continue;
    std::string module = ReplaceAll(std::string(words[1]), "-", "_");
    bool nvidia = StartsWith(module, "nvidia") || module == "nouveau" || module == "nova_core";
    if (!nvidia) continue;
    std::string key_module = ReplaceAll(module, "_", "-");
    if (words[0] == "blacklist") scene.See("blacklist." + key_module, "blacklist", path);
    bool off = words.size() > 2 && (EndsWith(words[2], "/false") || EndsWith(words[2], "/true"));
    if (words[0] == "install" && off) scene.See("blacklist." + key_module, "install", path);
    bool alias = words.size() > 2 && words[0] == "alias" && words[2] == "off";
    if (alias) scene.See("blacklist." + key_module, "alias", path);
    if (words[0] != "options") continue;
    for (size_t i = 2; i < words.size(); ++i) scene.See("option." + key_module, std::string(words[i]), path);
  }
}

void ObserveBlacklist(Scene& scene) {
  // The order of modprobe.d(5); a file of the same name in an earlier folder hides a later one.
  std::vector<std::string> seen;
  for (const char* folder : {"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
                             "/usr/lib/modprobe.d", "/lib/modprobe.d"}) {
    for (const std::string& name : scene.host.List(folder, HasSuffix(".conf"))) {
      bool hidden = false;
      for (const std::string& old : seen) hidden = hidden || old == name;
      if (hidden) continue;
      seen.push_back(name);
      ReadModprobeFile(scene, std::string(folder) + "/" + name);
    }
  }
  FileText cmdline = scene.host.Read("/proc/cmdline", kSmallFile);
  for (std::string_view word : Words(cmdline.text)) {
    bool list = StartsWith(word, "modprobe.blacklist=") || StartsWith(word, "module_blacklist=") ||
                StartsWith(word, "rd.driver.blacklist=");
    if (list) {
      for (std::string_view module : Split(word.substr(word.find('=') + 1), ',')) {
        bool ours = StartsWith(module, "nvidia") || module == "nouveau";
        if (ours)
          scene.See("blacklist." + ReplaceAll(std::string(module), "_", "-"), "cmdline", "/proc/cmdline");
      }
    } else if (StartsWith(word, "nouveau.") || StartsWith(word, "nvidia") || word == "nomodeset" ||
               StartsWith(word, "pci=") || StartsWith(word, "iommu=")) {
      scene.See("cmdline", std::string(word), "/proc/cmdline");
    }
  }
}

void ObserveSecureBoot(Scene& scene) {
  if (!IsDirectory(scene.host, "/sys/firmware")) return;
  if (!IsDirectory(scene.host, "/sys/firmware/efi")) {
    scene.Miss("secure-boot", "/sys/firmware/efi");  // no UEFI: there is nothing to be secure
    return;
  }
  FileText variable = scene.host.Read(kSecureBoot, 64);
  if (variable.ok() && variable.text.size() >= 5) {  // four bytes of attributes, then the value
    scene.See("secure-boot", variable.text[4] == 0 ? "off" : "on", kSecureBoot);
  } else if (!IsDirectory(scene.host, "/sys/firmware/efi/efivars")) {
    scene.Miss("secure-boot", "/sys/firmware/efi/efivars");
  }
  std::string lockdown = ReadTrimmed(scene.host, "/sys/kernel/security/lockdown", 256);
  std::string mode = TextBetween(lockdown, "[", "]");
  if (!mode.empty()) scene.See("lockdown", mode, "/sys/kernel/security/lockdown");
}

}  // namespace

void ObserveModule(Scene& scene) {
  ObserveLoaded(scene);
  ObserveDriverVersion(scene);
  ObserveOnDisk(scene);
  ObserveDkms(scene);
  ObserveBlacklist(scene);
  ObserveSecureBoot(scene);
}

}  // namespace cudacompat::probe
