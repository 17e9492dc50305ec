// Scene: what every collector of the probe gets: the host it looks at and the machine it fills in.
// A collector writes observations only; absence is written down (Miss) where it was really looked for.
// Does not own: conclusions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/machine.h"
#include "probe/host.h"

namespace cudacompat::probe {

struct Scene {
  const Host& host;
  Machine& machine;
  SystemName name;   ///< of the kernel; empty for an image
  std::string arch;  ///< x86_64, aarch64
  std::string home;  ///< $HOME or empty

  void See(std::string key, std::string value, std::string where);
  void Miss(std::string key, std::string where);
  /// See or Miss by whether the path is there; the value is `value`.
  bool SeePath(const std::string& key, const std::string& path, std::string value = "");
  void Problem(std::string text);
  const Sighting* Find(std::string_view key) const;
  bool Has(std::string_view key) const;  ///< seen and found
  std::string Env(const std::string& variable) const;
  bool IsLinuxKernel() const { return !name.release.empty(); }
};

// The collectors, in the order of the stack. Each is one file of its own name.
void ObservePlatform(Scene& scene);     // platform.cc: WSL, Jetson, container, VM, hosted
void ObserveContainer(Scene& scene);    // container.cc
void ObservePci(Scene& scene);          // pci.cc
void ObserveModule(Scene& scene);       // module.cc
void ObserveKernelLog(Scene& scene);    // kernel_log.cc
void ObserveDeviceFiles(Scene& scene);  // device_files.cc
void ObserveLoader(Scene& scene);       // loader_view.cc: libcuda, NVML, runtimes
void ObserveToolkits(Scene& scene);     // toolkits.cc
void ObserveServices(Scene& scene);     // services.cc: fabric manager, persistence, licences, system packages
void ObserveEnvironment(Scene& scene);  // environment.cc
void ObservePython(Scene& scene);       // python_env.cc

// Shared by collectors.
std::string CleanVersion(
    std::string_view text);  ///< the leading digits and dots: "550.54.14-1ubuntu" → 550.54.14
std::string TextBetween(std::string_view text, std::string_view before, std::string_view after);

}  // namespace cudacompat::probe
