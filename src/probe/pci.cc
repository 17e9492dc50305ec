// The PCI bus through sysfs: which cards are plugged in, and which kernel driver holds each. Identity comes
// from numbers only; names are the business of the driver and of the data. A card's configuration space is
// not read: that would wake a sleeping laptop card.
#include "base/text.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

constexpr char kDevices[] = "/sys/bus/pci/devices";
constexpr size_t kMostPciDevices = 4096;

// "0x10de\n" → "10de"
std::string Hex(const Host& host, const std::string& path) {
  std::string text = ReadTrimmed(host, path, 64);
  return StartsWith(text, "0x") ? ToLower(text.substr(2)) : ToLower(text);
}

void SeeNvidia(Scene& scene, const std::string& path, const std::string& bus, const std::string& pci_class) {
  std::string id = "10de:" + Hex(scene.host, path + "/device");
  std::string group = pci_class.substr(0, 4);
  if (group == "0680") scene.See("pci.nvswitch", id, path);
  if (group != "0300" && group != "0302" && group != "0380") return;
  MachineGpu gpu;
  gpu.pci_id = id;
  gpu.bus_id = bus;
  gpu.where = path;
  if (std::optional<std::string> driver = scene.host.ReadLink(path + "/driver")) {
    gpu.kernel_driver = BaseName(*driver);
  }
  scene.See("pci.nvidia", id, path);
  scene.See("pci.driver", gpu.kernel_driver.empty() ? "none" : gpu.kernel_driver, path);
  std::string subsystem = Hex(scene.host, path + "/subsystem_vendor");
  if (!subsystem.empty()) {
    scene.See("pci.subsystem", subsystem + ":" + Hex(scene.host, path + "/subsystem_device"), path);
  }
  scene.machine.gpus.push_back(gpu);
}

void SeeOther(Scene& scene, const std::string& path, const std::string& vendor,
              const std::string& pci_class) {
  if (!StartsWith(pci_class, "03")) return;
  scene.See("pci.display.other", vendor + ":" + Hex(scene.host, path + "/device"), path);
}

}  // namespace

void ObservePci(Scene& scene) {
  std::vector<std::string> names = scene.host.List(kDevices, AnyName());
  if (names.empty()) return;  // nothing to look at: neither a sighting nor a miss
  size_t seen = 0;
  for (const std::string& bus : names) {
    if (++seen > kMostPciDevices) break;
    std::string path = std::string(kDevices) + "/" + bus;
    std::string vendor = Hex(scene.host, path + "/vendor");
    std::string pci_class = Hex(scene.host, path + "/class");
    if (pci_class.size() < 4) continue;
    if (vendor == "10de") {
      SeeNvidia(scene, path, bus, pci_class);
    } else {
      SeeOther(scene, path, vendor, pci_class);
    }
  }
  scene.See("pci.scope", std::to_string(names.size()), kDevices);
  if (scene.machine.gpus.empty()) scene.Miss("pci.nvidia", kDevices);
}

}  // namespace cudacompat::probe
