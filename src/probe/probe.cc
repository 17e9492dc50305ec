#include "probe/probe.h"

#include "base/text.h"
#include "probe/answers.h"
#include "probe/driver_query.h"
#include "probe/scene.h"
#include "probe/windows_host.h"

namespace cudacompat::probe {
namespace {

// An image or a disk does not run: its loader's name tells what it is made for.
std::string ArchOf(const Host& host, const SystemName& name) {
  if (name.machine == "arm64") return "aarch64";
  if (!name.machine.empty()) return name.machine;
  for (const char* path :
       {"/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu", "/lib/ld-musl-x86_64.so.1"}) {
    if (host.Lstat(path).ok()) return "x86_64";
  }
  for (const char* path :
       {"/lib/ld-linux-aarch64.so.1", "/lib/aarch64-linux-gnu", "/lib/ld-musl-aarch64.so.1"}) {
    if (host.Lstat(path).ok()) return "aarch64";
  }
  return "";
}

// "Linux version 6.8.0-45-generic (buildd@…) …" stands in for uname where there is a /proc.
SystemName NameOf(const Host& host) {
  SystemName name = host.Uname();
  if (!name.release.empty()) return name;
  std::vector<std::string_view> words;
  std::string version = ReadTrimmed(host, "/proc/version");
  words = Words(version);
  if (words.size() > 2 && words[0] == "Linux" && words[1] == "version") name.release = words[2];
  return name;
}

const char* FormatOf(Host::View view) {
  switch (view) {
    case Host::View::kLive:
      return "live";
    case Host::View::kRecord:
      return "record";
    default:
      return "root";
  }
}

// The libraries may start the vendor's nvidia-modprobe to make what is missing. So they are asked only where
// a device says that there is something to ask.
std::string WhyNotAsk(const Host& host) {
  if (host.windows() != nullptr) return "";
  for (const char* path :
       {"/dev/nvidiactl", "/dev/dxg", "/dev/nvmap", "/dev/nvhost-ctrl-gpu", "/dev/nvgpu"}) {
    if (Exists(host, path)) return "";
  }
  return "no device file of the driver";
}

Answers DriverAnswersFor(const Host& host, const Machine& machine, const ProbeOptions& options,
                         std::string* skipped) {
  if (host.view() != Host::View::kLive) return host.DriverAnswers();
  if (!options.ask_driver) {
    *skipped = "not asked for";
    return {};
  }
  if (!options.ask_always) *skipped = WhyNotAsk(host);
  if (!skipped->empty()) return {};
  DriverQuery query;
  query.timeout_ms = options.driver_timeout_ms;
  query.nvml = NvmlLibraryName();
  query.libcuda = DriverLibraryName();
  query.ask_unhidden = host.Env("CUDA_VISIBLE_DEVICES").has_value();
  for (const MachineLibrary& library : machine.libraries) {
    bool other = library.name == "libcuda" && !library.wins && library.kind != "dangling";
    if (other && library.kind != "stub" && library.kind != "empty") query.other_cudas.push_back(library.path);
  }
  return QueryDriver(query);
}

// In the order of the stack; ObserveContainer needs what ObservePlatform found.
void ObserveLinux(Scene& scene) {
  ObservePlatform(scene);
  ObserveContainer(scene);
  ObservePci(scene);
  ObserveModule(scene);
  ObserveKernelLog(scene);
  ObserveDeviceFiles(scene);
  ObserveLoader(scene);
  ObserveToolkits(scene);
  ObserveServices(scene);
  ObserveEnvironment(scene);
}

}  // namespace

Machine ProbeMachine(const Host& host, const ProbeOptions& options, Answers* answers) {
  Machine machine;
  machine.format = FormatOf(host.view());
  Scene scene{host, machine, NameOf(host), "", host.Env("HOME").value_or("")};
  scene.arch = ArchOf(host, scene.name);
  scene.See("view", machine.format, "");
  if (!scene.name.release.empty()) scene.See("kernel.release", scene.name.release, "uname");
  const WindowsHost* windows = host.windows();
  if (windows != nullptr) {
    ObserveWindows(scene, *windows);
    ObserveEnvironment(scene);
  } else {
    ObserveLinux(scene);
  }
  std::string skipped;
  Answers said = DriverAnswersFor(host, machine, options, &skipped);
  if (!skipped.empty()) scene.See("driver.skipped", skipped, "");
  ApplyAnswers(scene, said);
  if (answers != nullptr) *answers = said;
  if (options.python && windows != nullptr) ObserveWindowsPython(scene, *windows);
  if (options.python && windows == nullptr) ObservePython(scene);
  return machine;
}

}  // namespace cudacompat::probe
