// Inside a container: which, and what was put into it. Outside: which container runtimes are there and
// whether they know of the cards.
#include "base/text.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

bool SeeContainer(Scene& scene, const std::string& engine, const std::string& where) {
  if (scene.Has("container")) return false;
  scene.See("container", engine, where);
  return true;
}

void ObserveCgroup(Scene& scene) {
  for (const char* path : {"/proc/1/cgroup", "/proc/self/cgroup"}) {
    std::string text = scene.host.Read(path, kSmallFile).text;
    if (Contains(text, "kubepods")) SeeContainer(scene, "kubernetes", path);
    if (Contains(text, "docker")) SeeContainer(scene, "docker", path);
    if (Contains(text, "libpod")) SeeContainer(scene, "podman", path);
    if (Contains(text, "containerd") || Contains(text, "cri-")) SeeContainer(scene, "containerd", path);
    if (Contains(text, "/lxc")) SeeContainer(scene, "lxc", path);
  }
}

void ObserveInside(Scene& scene) {
  if (!scene.Env("KUBERNETES_SERVICE_HOST").empty() ||
      IsDirectory(scene.host, "/var/run/secrets/kubernetes.io")) {
    SeeContainer(scene, "kubernetes", "KUBERNETES_SERVICE_HOST");
  }
  if (!scene.Env("APPTAINER_CONTAINER").empty() || !scene.Env("SINGULARITY_CONTAINER").empty() ||
      IsDirectory(scene.host, "/.singularity.d")) {
    SeeContainer(scene, "apptainer", "/.singularity.d");
  }
  if (Exists(scene.host, "/.dockerenv")) SeeContainer(scene, "docker", "/.dockerenv");
  FileText podman = scene.host.Read("/run/.containerenv", kSmallFile);
  if (podman.ok()) {
    SeeContainer(scene, "podman", "/run/.containerenv");
    if (Contains(podman.text, "rootless=1")) scene.See("container.rootless", "1", "/run/.containerenv");
  }
  if (Exists(scene.host, "/.flatpak-info")) SeeContainer(scene, "flatpak", "/.flatpak-info");
  std::string variable = scene.Env("container");
  if (!variable.empty() && variable != "wsl") SeeContainer(scene, variable, "container");
  std::string systemd = ReadTrimmed(scene.host, "/run/systemd/container", 256);
  if (!systemd.empty() && systemd != "wsl") SeeContainer(scene, systemd, "/run/systemd/container");
  ObserveCgroup(scene);
}

// Files and folders of the driver that were mounted in from the host.
void ObserveInjected(Scene& scene) {
  FileText mounts = scene.host.Read("/proc/self/mountinfo", kLargeFile);
  int count = 0;
  for (std::string_view line : Split(mounts.text, '\n')) {
    std::vector<std::string_view> words = Words(line);
    if (words.size() < 5) continue;
    std::string_view target = words[4];  // proc(5): the fifth field is the mount point
    bool driver = Contains(target, "libcuda.so") || Contains(target, "libnvidia-ml.so") ||
                  StartsWith(target, "/dev/nvidia") || StartsWith(target, "/usr/local/nvidia") ||
                  Contains(target, "nvidia-smi");
    if (driver && ++count <= 20) scene.See("container.mount", "", std::string(target));
  }
  if (mounts.ok() && count == 0) scene.Miss("container.mount", "/proc/self/mountinfo");
  // Version 1 of cgroups lists what is allowed; in version 2 it is a program in the kernel that cannot be
  // read.
  FileText devices = scene.host.Read("/sys/fs/cgroup/devices/devices.list", kSmallFile);
  if (!devices.ok()) return;
  bool allowed = StartsWith(Trim(devices.text), "a ");
  for (std::string_view line :
       Split(devices.text, '\n')) {  // "c 195:* m" lets nobody read: only "r" and "w" count
    std::vector<std::string_view> words = Words(line);
    bool ours = words.size() == 3 && StartsWith(words[1], "195:");
    allowed = allowed || (ours && Contains(words[2], "r"));
  }
  if (allowed) {
    scene.See("cgroup.nvidia", "allowed", "/sys/fs/cgroup/devices/devices.list");
  } else {
    scene.Miss("cgroup.nvidia", "/sys/fs/cgroup/devices/devices.list");
  }
}

void SeeProgram(Scene& scene, const std::string& key, const std::string& name) {
  for (const char* folder : {"/usr/bin/", "/usr/local/bin/", "/usr/local/nvidia/toolkit/", "/snap/bin/"}) {
    if (Exists(scene.host, folder + name)) {
      scene.See(key, name, folder + name);
      return;
    }
  }
  scene.Miss(key, "/usr/bin/" + name);
}

// daemon.json: {"runtimes": {"nvidia": {"path": "nvidia-container-runtime"}}, "default-runtime": "nvidia"}.
// The words are looked for; a broken file is Docker's to complain of.
void ObserveDocker(Scene& scene) {
  SeeProgram(scene, "docker", "docker");
  if (!scene.Has("docker") && !Exists(scene.host, "/etc/docker")) return;
  if (Exists(scene.host, "/snap/bin/docker")) scene.See("docker.snap", "", "/snap/bin/docker");
  for (const char* path : {"/etc/docker/daemon.json", "/var/snap/docker/current/config/daemon.json"}) {
    FileText config = scene.host.Read(path, kSmallFile);
    if (Contains(config.text, "nvidia-container-runtime")) scene.See("docker.runtime.nvidia", "", path);
  }
  if (!scene.Has("docker.runtime.nvidia")) scene.Miss("docker.runtime.nvidia", "/etc/docker/daemon.json");
}

void ObserveOutside(Scene& scene) {
  if (!IsDirectory(scene.host, "/usr/bin")) return;
  ObserveDocker(scene);
  SeeProgram(scene, "podman", "podman");
  bool any = scene.Has("docker") || scene.Has("podman") || IsDirectory(scene.host, "/etc/containerd") ||
             IsDirectory(scene.host, "/etc/crio");
  if (!any) return;
  SeeProgram(scene, "nvidia-container-toolkit", "nvidia-ctk");
  SeeProgram(scene, "nvidia-container-cli", "nvidia-container-cli");
  for (const char* folder : {"/etc/cdi", "/var/run/cdi"}) {
    for (const std::string& name : scene.host.List(folder, HasPrefix("nvidia"))) {
      scene.See("cdi", name, std::string(folder) + "/" + name);
    }
  }
  std::string config = "/etc/nvidia-container-runtime/config.toml";
  FileText file = scene.host.Read(config, kSmallFile);
  for (std::string_view line : Split(file.text, '\n')) {
    if (StartsWith(Trim(line), "no-cgroups")) {
      scene.See("nvidia-container-runtime.no-cgroups", Contains(line, "true") ? "true" : "false", config);
    }
  }
}

}  // namespace

void ObserveContainer(Scene& scene) {
  ObserveInside(scene);
  if (scene.Has("container")) {
    ObserveInjected(scene);
  } else {
    ObserveOutside(scene);
  }
  Machine& machine = scene.machine;
  machine.platform = scene.Has("hosted")      ? "hosted"
                     : scene.Has("container") ? "container"
                     : scene.Has("wsl")       ? "wsl"
                     : scene.Has("vm")        ? "vm"
                                              : "bare";
  // An image or a disk does not say where it will run.
  if (scene.host.view() == Host::View::kFiles && machine.platform == "bare") machine.platform.clear();
}

}  // namespace cudacompat::probe
