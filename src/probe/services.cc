// Services the driver relies on and the system's packages, from unit files, cgroups and names of processes:
// systemctl is never asked. Does not own: what NVML says of the fabric and of licences (answers.cc).
#include "base/text.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

constexpr size_t kMostProcesses = 4096;

struct Service {
  const char* unit;
  const char* process;  // cut at 15 characters, as the kernel does
};
constexpr Service kServices[] = {{"nvidia-fabricmanager", "nv-fabricmanage"},
                                 {"nvidia-gridd", "nvidia-gridd"},
                                 {"nvidia-persistenced", "nvidia-persiste"},
                                 {"nvidia-imex", "nvidia-imex"}};

// Active means a process of that name, or a control group with the unit's name (version 2, then version 1).
bool IsActive(Scene& scene, const Service& service, const std::vector<std::string>& processes) {
  for (const std::string& name : processes) {
    if (name == service.process) {
      scene.See(std::string(service.unit) + ".active", "process", "/proc");
      return true;
    }
  }
  for (const char* group : {"/sys/fs/cgroup/system.slice/", "/sys/fs/cgroup/systemd/system.slice/"}) {
    std::string path = std::string(group) + service.unit + ".service";
    if (!IsDirectory(scene.host, path)) continue;
    scene.See(std::string(service.unit) + ".active", "cgroup", path);
    return true;
  }
  return false;
}

std::vector<std::string> ProcessNames(const Host& host) {
  std::vector<std::string> names;
  auto is_number = [](std::string_view name) { return IsDigit(name.front()); };
  for (const std::string& id : host.List("/proc", is_number)) {
    if (names.size() >= kMostProcesses) break;
    std::string name = ReadTrimmed(host, "/proc/" + id + "/comm", 64);
    if (StartsWith(name, "nv")) names.push_back(name);
  }
  return names;
}

void ObserveUnit(Scene& scene, const Service& service, const std::vector<std::string>& processes) {
  std::string unit = service.unit;
  bool installed = false;
  for (const char* folder : {"/etc/systemd/system/", "/lib/systemd/system/", "/usr/lib/systemd/system/"}) {
    std::string path = folder + unit + ".service";
    if (installed || !Exists(scene.host, path)) continue;
    scene.See(unit + ".unit", "", path);
    installed = true;
  }
  if (!installed) scene.Miss(unit + ".unit", "/lib/systemd/system/" + unit + ".service");
  std::string wanted = "/etc/systemd/system/multi-user.target.wants/" + unit + ".service";
  if (scene.host.Lstat(wanted).ok()) scene.See(unit + ".enabled", "", wanted);
  if (!IsActive(scene, service, processes) && scene.host.view() != Host::View::kFiles) {
    scene.Miss(unit + ".active", "/proc");
  }
}

// "Fabric Manager version is : 550.54.14"
void ObserveFabricLog(Scene& scene) {
  const char* path = "/var/log/fabricmanager.log";
  std::string text = scene.host.Read(path, 256 * 1024, true).text;
  size_t at = text.rfind("Fabric Manager version is");
  if (at == std::string::npos) return;
  std::string version = CleanVersion(TextBetween(std::string_view(text).substr(at), ": ", "\n"));
  if (!version.empty()) scene.See("nvidia-fabricmanager.version", version, path);
}

bool IsDriverPackage(std::string_view file) {
  static constexpr std::string_view kPrefixes[] = {"nvidia-driver",
                                                   "nvidia-dkms",
                                                   "nvidia-kernel",
                                                   "nvidia-open",
                                                   "nvidia-headless",
                                                   "nvidia-fabricmanager",
                                                   "libnvidia-compute",
                                                   "linux-modules-nvidia",
                                                   "cuda-compat",
                                                   "cuda-drivers",
                                                   "libcuda1",
                                                   "nvidia-utils",
                                                   "nvidia-container-toolkit",
                                                   "nvidia-jetpack",
                                                   "nvidia-legacy",
                                                   "nvidia-tesla",
                                                   "nvidia-l4t-core"};
  if (!EndsWith(file, ".list")) return false;
  for (std::string_view prefix : kPrefixes) {
    if (StartsWith(file, prefix)) return true;
  }
  return false;
}

// Names are in the folder of file lists; versions in one large file, read only when there is a name to look
// up.
void ObserveDebianPackages(Scene& scene) {
  std::vector<std::string> files = scene.host.List("/var/lib/dpkg/info", IsDriverPackage);
  if (files.empty()) return;
  FileText status = scene.host.Read("/var/lib/dpkg/status", 4 * kLargeFile);
  for (const std::string& file : files) {
    std::string package = file.substr(0, file.size() - 5);
    std::string name = package.substr(0, package.find(':'));
    size_t at = status.text.find("Package: " + name + "\n");
    std::string version;
    if (at != std::string::npos) {
      std::string_view block = std::string_view(status.text).substr(at);
      block = block.substr(0, block.find("\n\n"));
      version = TextBetween(block, "\nVersion: ", "\n");
    }
    scene.See("package.system", version.empty() ? name : name + " " + version, "/var/lib/dpkg/info/" + file);
    if (name == "nvidia-jetpack" && !version.empty()) scene.machine.jetpack = CleanVersion(version);
    if (StartsWith(name, "nvidia-fabricmanager") && !version.empty()) {
      scene.See("nvidia-fabricmanager.package", CleanVersion(version), "/var/lib/dpkg/status");
    }
  }
}

}  // namespace

void ObserveServices(Scene& scene) {
  ObserveDebianPackages(scene);
  bool switched = scene.Has("pci.nvswitch") || IsDirectory(scene.host, "/proc/driver/nvidia-nvswitch");
  bool licensed = Exists(scene.host, "/etc/nvidia/gridd.conf");
  bool fabric = Exists(scene.host, "/usr/bin/nv-fabricmanager");
  if (switched || licensed || fabric) {
    std::vector<std::string> processes = ProcessNames(scene.host);
    if (switched || fabric) ObserveUnit(scene, kServices[0], processes);
    if (licensed) ObserveUnit(scene, kServices[1], processes);
    if (switched) ObserveUnit(scene, kServices[3], processes);
    ObserveFabricLog(scene);
  }
  if (switched) {
    size_t count = scene.host.List("/proc/driver/nvidia-nvswitch/devices", AnyName()).size();
    if (count > 0)
      scene.See("nvswitch.devices", std::to_string(count), "/proc/driver/nvidia-nvswitch/devices");
  }
  if (!licensed) return;
  scene.See("vgpu.gridd-conf", "", "/etc/nvidia/gridd.conf");
  size_t tokens = scene.host.List("/etc/nvidia/ClientConfigToken", HasSuffix(".tok")).size();
  if (tokens > 0) {
    scene.See("vgpu.token", std::to_string(tokens), "/etc/nvidia/ClientConfigToken");
  } else {
    scene.Miss("vgpu.token", "/etc/nvidia/ClientConfigToken");
  }
}

}  // namespace cudacompat::probe
