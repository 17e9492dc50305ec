// The device files that the user-mode driver opens, their permissions, and whether they still belong to the
// module that made them. Does not own: the module itself (module.cc).
#include "base/text.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

std::string Octal(unsigned mode) {
  std::string text;
  for (int shift = 9; shift >= 0; shift -= 3) text += static_cast<char>('0' + (mode >> shift & 7));
  return text;
}

// "gpuusers:x:1001:alice" → gpuusers
std::string GroupName(const Host& host, unsigned gid) {
  const std::string groups = host.Read("/etc/group", kSmallFile).text;
  for (std::string_view line : Split(groups, '\n')) {
    std::vector<std::string_view> parts = Split(line, ':');
    if (parts.size() > 2 && parts[2] == std::to_string(gid)) return std::string(parts[0]);
  }
  return "";
}

// Opening nvidiactl and nvidia-uvm is cheap and shows what a device cgroup forbids; opening nvidia0 could
// start a sleeping card, so only its permission bits are looked at.
void ObserveNode(Scene& scene, const std::string& name, bool try_open) {
  std::string path = "/dev/" + name;
  std::string key = "dev." + ReplaceAll(name, "/", ".");
  Node node = scene.host.Stat(path);
  if (!node.ok()) {
    scene.Miss(key, path);
    return;
  }
  scene.See(key, scene.host.Access(path, try_open), path);
  scene.See(key + ".mode", Octal(node.mode) + " " + std::to_string(node.uid) + ":" + std::to_string(node.gid),
            path);
  if (node.gid != 0) {
    const std::string group = GroupName(scene.host, node.gid);
    if (!group.empty()) scene.See(key + ".group", group, "/etc/group");
  }
  if (node.kind != NodeKind::kCharDevice) scene.See(key + ".not-a-device", "", path);
}

// /proc/devices: "195 nvidia-frontend", "508 nvidia-uvm" under "Character devices:".
std::string Major(const std::string& devices, std::string_view wanted) {
  for (std::string_view line : Split(devices, '\n')) {
    std::vector<std::string_view> words = Words(line);
    if (words.size() == 2 && words[1] == wanted) return std::string(words[0]);
    if (StartsWith(line, "Block devices")) break;
  }
  return "";
}

// After a reload of nvidia_uvm its major number may differ; a file made for the old one opens nothing.
void ObserveMajors(Scene& scene) {
  FileText devices = scene.host.Read("/proc/devices", kSmallFile);
  if (!devices.ok()) return;
  std::string major = Major(devices.text, "nvidia-uvm");
  if (!major.empty()) scene.See("major.nvidia-uvm", major, "/proc/devices");
  Node node = scene.host.Stat("/dev/nvidia-uvm");
  if (!node.ok() || node.kind != NodeKind::kCharDevice || node.major == 0) return;
  if (major != std::to_string(node.major)) {
    scene.See("dev.nvidia-uvm.stale", std::to_string(node.major), "/dev/nvidia-uvm");
  }
}

void ObserveHelper(Scene& scene) {
  Node helper = scene.host.Stat("/usr/bin/nvidia-modprobe");
  if (!helper.ok()) {
    if (IsDirectory(scene.host, "/usr/bin")) scene.Miss("nvidia-modprobe", "/usr/bin/nvidia-modprobe");
    return;
  }
  scene.See("nvidia-modprobe", (helper.mode & 04000) != 0 ? "setuid" : "plain", "/usr/bin/nvidia-modprobe");
}

void ObserveParams(Scene& scene) {
  FileText params = scene.host.Read("/proc/driver/nvidia/params", kSmallFile);
  for (std::string_view line : Split(params.text, '\n')) {
    for (const char* wanted : {"ModifyDeviceFiles", "DeviceFileMode", "DeviceFileUID", "DeviceFileGID"}) {
      if (!StartsWith(line, std::string(wanted) + ":")) continue;
      std::string value(Trim(line.substr(line.find(':') + 1)));
      scene.See("param." + std::string(wanted), value, "/proc/driver/nvidia/params");
    }
  }
}

// "Model:  NVIDIA A100-SXM4-80GB", "Bus Location: 0000:07:00.0", "Device Minor: 0", "GPU Excluded: No".
void ObserveProcGpu(Scene& scene, const std::string& folder) {
  std::string path = "/proc/driver/nvidia/gpus/" + folder + "/information";
  std::string bus = ToLower(folder);
  FileText file = scene.host.Read(path, kSmallFile);
  std::string model;
  std::string minor;
  for (std::string_view line : Split(file.text, '\n')) {
    size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view name = Trim(line.substr(0, colon));
    std::string value(Trim(line.substr(colon + 1)));
    if (name == "Model") model = value;
    if (name == "Device Minor") minor = value;
    if (name == "GPU Excluded" && value == "Yes") scene.See("gpu.excluded", bus, path);
    if (name == "GPU Firmware") scene.See("gpu.firmware", value, path);
  }
  if (!file.ok()) return;
  scene.See("proc.gpu", model.empty() ? "unknown" : model, path);
  if (!minor.empty()) ObserveNode(scene, "nvidia" + minor, false);
  for (MachineGpu& gpu : scene.machine.gpus) {
    if (gpu.bus_id != bus) continue;
    if (!Contains(model, "Unknown")) gpu.name = model;
    return;
  }
  MachineGpu gpu;
  gpu.name = Contains(model, "Unknown") ? "" : model;
  gpu.bus_id = bus;
  gpu.where = path;
  scene.machine.gpus.push_back(gpu);
}

}  // namespace

void ObserveDeviceFiles(Scene& scene) {
  if (scene.host.view() == Host::View::kFiles) return;  // an image has no devices to miss
  bool any = scene.Has("proc.driver.nvidia") || !scene.machine.gpus.empty() ||
             !scene.host.List("/dev", HasPrefix("nvidia")).empty();
  std::vector<std::string> cards = scene.host.List("/proc/driver/nvidia/gpus", AnyName());
  for (const std::string& bus : cards) ObserveProcGpu(scene, bus);
  if (scene.Has("proc.driver.nvidia") && cards.empty()) scene.Miss("proc.gpu", "/proc/driver/nvidia/gpus");
  if (any) {
    ObserveNode(scene, "nvidiactl", true);
    ObserveNode(scene, "nvidia-uvm", true);
    if (cards.empty()) ObserveNode(scene, "nvidia0", false);
    for (const char* optional : {"nvidia-uvm-tools", "nvidia-modeset"}) {
      if (Exists(scene.host, std::string("/dev/") + optional)) ObserveNode(scene, optional, false);
    }
    size_t caps = scene.host.List("/dev/nvidia-caps", HasPrefix("nvidia-cap")).size();
    if (caps > 0) scene.See("dev.nvidia-caps", std::to_string(caps), "/dev/nvidia-caps");
    ObserveMajors(scene);
    ObserveHelper(scene);
    ObserveParams(scene);
  }
  for (const char* tegra : {"nvmap", "nvhost-ctrl-gpu", "nvgpu/igpu0/ctrl"}) {
    if (Exists(scene.host, std::string("/dev/") + tegra)) ObserveNode(scene, tegra, false);
  }
}

}  // namespace cudacompat::probe
