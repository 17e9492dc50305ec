// WindowsHost: what Windows adds to a host: the registry, the display devices of SetupAPI, versions of files.
// Paths have forward slashes ("C:/Windows/System32/nvcuda.dll"); the live host understands both.
// Does not own: what is looked for (windows_machine.cc, windows_python.cc).
#pragma once

#include "probe/host.h"
#include "probe/host_memory.h"
#include "probe/scene.h"

namespace cudacompat::probe {

/// One device of the class "Display", present or not started.
struct DisplayDevice {
  std::string name;         ///< "NVIDIA GeForce MX450"
  std::string hardware_id;  ///< "PCI\VEN_10DE&DEV_1F97&SUBSYS_…"
  std::string location;     ///< "PCI bus 1, device 0, function 0"
  std::string service;      ///< "nvlddmkm"
  std::string driver;       ///< as Windows counts: "32.0.15.6094"
  int problem = 0;          ///< the code that the device manager shows: 43, 22 …; 0 for none
};

class WindowsHost {
 public:
  virtual ~WindowsHost() = default;
  /// A value as text; numbers in decimal. `path` begins with HKLM or HKCU; an empty name is the default
  /// value.
  virtual std::optional<std::string> Registry(const std::string& path, const std::string& name) const = 0;
  virtual std::vector<std::string> RegistryKeys(const std::string& path) const = 0;
  virtual std::vector<DisplayDevice> DisplayDevices() const = 0;
  virtual std::string FileVersion(const std::string& path) const = 0;  ///< "32.0.15.6094" or empty
};

/// A recorded Windows machine, for tests: lines of "registry PATH|NAME=VALUE", "device.0.name=…",
/// "version PATH=…", "file PATH=CONTENT", "env NAME=VALUE", "answer KEY=VALUE".
class RecordedWindows : public MemoryHost, public WindowsHost {
 public:
  explicit RecordedWindows(std::string_view text);
  const WindowsHost* windows() const override { return this; }
  std::optional<std::string> Registry(const std::string& path, const std::string& name_) const override;
  std::vector<std::string> RegistryKeys(const std::string& path) const override;
  std::vector<DisplayDevice> DisplayDevices() const override { return devices_; }
  std::string FileVersion(const std::string& path) const override;

 private:
  void Device(std::string_view key, std::string value);

  std::map<std::string, std::string> registry_;
  std::map<std::string, std::string> versions_;
  std::vector<DisplayDevice> devices_;
};

/// Everything but what the driver's libraries say.
void ObserveWindows(Scene& scene, const WindowsHost& windows);
void ObserveWindowsPython(Scene& scene, const WindowsHost& windows);

/// The parts of %PATH%, with forward slashes.
std::vector<std::string> WindowsPath(const Host& host);
std::string ForwardSlashes(std::string text);

}  // namespace cudacompat::probe
