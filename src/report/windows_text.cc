// dxdiag, systeminfo, wmic and PowerShell's lists. Labels come in the language of the system; values do not,
// so lines are told by their values where the label is not known.

#include <algorithm>

#include "base/text.h"
#include "report/readers.h"
#include "report/regex.h"
#include "report/system_text.h"

namespace cudacompat::report {
namespace {

/// The value behind the first ": ", or empty.
std::string_view Value(std::string_view text) {
  size_t colon = text.find(':');
  return colon == std::string_view::npos || colon > 60 ? std::string_view{} : Trim(text.substr(colon + 1));
}

bool ReadPciDevice(std::string_view text, Draft& draft) {
  static const Regex kDevice(R"((?i)VEN_10DE&DEV_([0-9A-F]{4}))");
  std::string id;
  if (!kDevice.Find(text, &id)) return false;
  std::string pci = "10de:" + ToLower(id);
  MachineGpu& gpu = draft.ThisGpu(Listing::kPlain);
  if (gpu.pci_id.empty()) gpu.pci_id = pci;
  draft.System("windows", Trust::kFramework);
  return true;
}

/// A dxdiag or CIM block: "Card name:", "Name :" above "DriverVersion :".
bool ReadDisplay(std::string_view text, Draft& draft) {
  std::string key = NameKey(text.substr(0, text.find(':')));
  std::string_view value = Value(text);
  if (value.empty()) return false;
  bool name = key == "cardname" || key == "chiptype" || key == "caption" || key == "description" ||
              key == "name" || key == "videoprocessor" || key == "adaptercompatibility";
  if (name) {
    bool nvidia = Contains(value, "NVIDIA") || Contains(value, "GeForce") || Contains(value, "Quadro");
    if (!nvidia && (key == "cardname" || key == "caption" || key == "name") &&
        !OtherVendorOf(value).empty()) {
      draft.section = "display-other";
      if (key != "cardname") return false;
      draft.Saw("pci.other", value);
      std::string vendor = OtherVendorOf(value);
      bool picture = vendor == "microsoft" || vendor == "vmware" || vendor == "aspeed" || vendor == "matrox";
      if (!picture) draft.NextGpu(Listing::kPlain).name = std::string(value);  // left out beside NVIDIA's
      draft.Format("dxdiag", 32);
      draft.System("windows", Trust::kGuess);
      return true;
    }
    // "NVIDIA CUDA" is the name of a platform of OpenCL, under which its cards follow.
    bool card = NameKey(value) != "nvidia" && NameKey(value) != "nvidiacuda";
    if (!nvidia || key == "adaptercompatibility" || value.size() > 80 || !card) return key == "chiptype";
    draft.section = "display-nvidia";
    bool again =
        draft.HasGpus(Listing::kPlain) && NameKey(draft.ThisGpu(Listing::kPlain).name) == NameKey(value);
    MachineGpu& last = draft.ThisGpu(Listing::kPlain);
    if (!again) (last.name.empty() ? last : draft.NextGpu(Listing::kPlain)).name = std::string(value);
    if (key == "cardname") draft.Format("dxdiag", 32);
    // Any program prints "Name:" and "Description:"; the other words are those of Windows.
    if (key != "name" && key != "description") draft.System("windows", Trust::kGuess);
    return true;
  }
  bool display = StartsWith(draft.section, "display-");
  if (key == "driverversion" && display) {
    if (draft.section == "display-nvidia") {
      draft.KernelDriver(value, Trust::kFramework);
      if (std::count(value.begin(), value.end(), '.') == 3) draft.System("windows", Trust::kGuess);
    }
    return true;
  }
  if ((key == "dedicatedmemory" || key == "adapterram") && display) {
    if (draft.section == "display-nvidia") draft.ThisGpu(Listing::kPlain).memory_mib = MemoryMib(value);
    return true;
  }
  return false;
}

/// wmic's table: "31.0.15.5222  NVIDIA GeForce RTX 3060"; "NVIDIA GeForce GTX 1080 Ti - 31.0.15.2802".
bool ReadWmicRow(std::string_view text, Draft& draft) {
  static const Regex kRow(
      R"(^(?:(\d{1,2}\.\d+\.\d+\.\d{4})\s+)?(NVIDIA [\w .()-]*?\w)(?:(?:\s{2,}|\s[-(]\s?)(\d{1,2}\.\d+\.\d+\.\d{4})\)?)?$)");
  static const Regex kWindowsVersion(R"(Microsoft Windows \[[^\]]* (\d+\.\d+\.\d+))");
  std::string before;
  std::string name;
  std::string after;
  if (kWindowsVersion.Find(text, &name)) {
    draft.System("windows", Trust::kReport);
    return true;
  }
  if (!Contains(text, "NVIDIA") || !kRow.FindWhole(text, &before, &name, &after)) return false;
  if (NameKey(name).size() < 9 || name.size() > 60 || Words(name).size() > 8) return false;
  bool card = !before.empty() || !after.empty() || Contains(name, "GeForce") || Contains(name, "RTX") ||
              Contains(name, "Tesla") || Contains(name, "Quadro") || Contains(name, "GRID");
  if (!card) return false;
  if (!before.empty() || !after.empty()) {
    draft.KernelDriver(before.empty() ? after : before, Trust::kFramework);
    draft.System("windows", Trust::kFramework);
  }
  MachineGpu& last = draft.ThisGpu(Listing::kPlain);
  (last.name.empty() ? last : draft.NextGpu(Listing::kPlain)).name = name;
  return true;
}

}  // namespace

bool ReadWindows(const Line& line, Draft& draft) {
  std::string_view text = line.text;
  if (text.size() > 400) return false;
  if (ReadPciDevice(text, draft) || ReadDisplay(text, draft) || ReadWmicRow(text, draft)) return true;
  std::string_view value = Value(text);
  // "Betriebssystemname: Microsoft Windows 11 Home": the value is the same in every language.
  if (Contains(value.substr(0, 40), "Microsoft Windows") || Contains(value.substr(0, 60), " Windows 1")) {
    draft.System("windows", Trust::kReport);
    if (draft.machine.os_text == "windows") draft.machine.os_text = std::string(value.substr(0, 200));
    return true;
  }
  if (StartsWith(value, "x64-") || StartsWith(value, "PC x64") || Contains(value.substr(0, 30), "x64")) {
    draft.Arch("x86_64", Trust::kPlain);
    return Contains(value, "PC");
  }
  return false;
}

}  // namespace cudacompat::report
