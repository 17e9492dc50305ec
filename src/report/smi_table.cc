// nvidia-smi's table. Rows are told by their shape, so tables that lost their head, their frame or their line
// ends still give what they hold.

#include "base/text.h"
#include "report/readers.h"
#include "report/regex.h"

namespace cudacompat::report {
namespace {

bool ReadBanner(std::string_view text, Draft& draft) {
  static const Regex kSmi(R"(NVIDIA-SMI[\s*]+v?(\d{3}\.[\d.]+))");
  static const Regex kDriver(R"((?:Driver|KMD)[\s*]+Version[\s*]*:[\s*]*(\d{3}\.[\d.]+))");
  static const Regex kCuda(R"(CUDA(?: UMD| Driver)?[\s*]+Version[\s*]*:[\s*]*(\d+\.\d+|N/A|ERR!|Not Found))");
  if (!Contains(text, "Version") && !Contains(text, "NVIDIA-SMI")) return false;
  std::string value;
  bool smi = kSmi.Find(text, &value);
  if (smi) {
    draft.Format("nvidia-smi", 50);
    draft.smi_version = DriverNumber(value);
    draft.section = "smi-table";
  }
  bool banner = smi || (StartsWith(text, "|") && Contains(text, "Version"));
  if (!banner) return false;
  bool any = smi;
  if (kDriver.Find(text, &value)) {
    draft.KernelDriver(value, Trust::kTool);
    draft.Format("nvidia-smi", 50);
    any = true;
  }
  if (kCuda.Find(text, &value)) {
    if (DottedNumber(value).empty()) draft.Saw("smi.cuda-version", value);
    draft.CudaDriver(value, Trust::kTool);
    any = true;
  }
  return any;
}

bool ReadHead(std::string_view text, Draft& draft) {
  if (!StartsWith(text, "|") || !Contains(text, "GPU")) return false;
  bool head = Contains(text, "Persistence-M") || Contains(text, "TCC/WDDM") || Contains(text, "Driver-Model");
  if (!head) return false;
  draft.section = "smi-table";
  draft.Format("nvidia-smi", 50);
  // Which column the table has says which system it was printed on; WSL prints Linux' one.
  if (!Contains(text, "Persistence-M"))
    draft.System("windows", Trust::kTool);
  else
    draft.System("linux", Trust::kGuess);
  return true;
}

bool ReadNameRow(std::string_view text, Draft& draft) {
  static const Regex kRow(
      R"(^\|\s*(\d{1,3})\s+(\S.*?)\s+(On|Off|WDDM|TCC|MCDM|N/A|ERR!|Disabled|Enabled)\s*\|)"
      R"(\s*([0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f])?)");
  static const Regex kPlainRow(
      R"(^\|\s*(\d{1,3})\s+([A-Za-z][\w .()/+-]*\S)\s*\|\s*([0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f]))");
  if (!StartsWith(text, "|") || draft.section == "smi-processes") return false;
  int index = 0;
  std::string name;
  std::string mode;
  std::string bus;
  if (!kRow.Find(text, &index, &name, &mode, &bus) && !kPlainRow.Find(text, &index, &name, &bus)) {
    return false;
  }
  if (!IsAlpha(name[0]) || StartsWith(name, "N/A")) return false;  // a row of processes
  MachineGpu& gpu = draft.Gpu(Listing::kTable, index);
  gpu.name = name;
  gpu.bus_id = bus;
  if (Contains(name, "(nvgpu)")) draft.Arch("tegra", Trust::kTool);  // the driver of Jetson
  if (mode == "On" || mode == "Off") gpu.persistence = mode == "On" ? "enabled" : "disabled";
  if (mode == "WDDM" || mode == "TCC" || mode == "MCDM") draft.System("windows", Trust::kTool);
  draft.Format("nvidia-smi", 50);
  draft.section = "smi-table";
  return true;
}

void ReadModeCell(std::string_view text, MachineGpu& gpu) {
  if (Contains(text, "E. Process") || Contains(text, "E.Process") || Contains(text, "Exclusive_Process")) {
    gpu.compute_mode = "Exclusive_Process";
  } else if (Contains(text, "E. Thread") || Contains(text, "Exclusive_Thread")) {
    gpu.compute_mode = "Exclusive_Thread";
  } else if (Contains(text, "Prohibited")) {
    gpu.compute_mode = "Prohibited";
  } else if (Contains(text, "Default")) {
    gpu.compute_mode = "Default";
  }
}

bool ReadMemoryRow(std::string_view text, Draft& draft) {
  static const Regex kMemory(R"(\|\s*(\d+)\s*Mi?B\s*/\s*(\d+)\s*Mi?B\s*\|)");
  if (!StartsWith(text, "|") || !draft.HasGpus(Listing::kTable) || draft.section != "smi-table") return false;
  int64_t used = 0;
  int64_t total = 0;
  MachineGpu& gpu = draft.ThisGpu(Listing::kTable);
  bool memory = kMemory.Find(text, &used, &total);
  if (memory && gpu.memory_mib == 0) {
    gpu.memory_mib = total;
    gpu.memory_free_mib = total - used;
  }
  if (memory || Contains(text, "Not Supported")) ReadModeCell(text, gpu);
  return memory;
}

bool ReadMig(std::string_view text, Draft& draft) {
  static const Regex kInstance(R"(^\|\s*(\d{1,3})\s+\d+\s+\d+\s+\d+\s*\|)");
  if (Contains(text, "MIG devices")) {
    draft.section = "smi-mig";
    bool none = Contains(text, "No MIG devices");
    if (none && draft.HasGpus(Listing::kTable)) draft.ThisGpu(Listing::kTable).mig_instances = 0;
    if (none) draft.Saw("mig.instances", "0");
    return true;
  }
  int index = 0;
  if (draft.section == "smi-mig" && kInstance.Find(text, &index)) {
    MachineGpu& gpu = draft.Gpu(Listing::kTable, index);
    gpu.mig = "enabled";
    gpu.mig_instances = gpu.mig_instances < 0 ? 1 : gpu.mig_instances + 1;
    return true;
  }
  // The third row of a card: "|                |               |             Enabled* |".
  if (draft.section == "smi-table" && StartsWith(text, "|") && draft.HasGpus(Listing::kTable)) {
    bool third = text.find_first_not_of("| ") != std::string_view::npos;
    std::string_view rest = third ? text.substr(text.find_first_not_of("| ")) : std::string_view{};
    if (StartsWith(rest, "Enabled")) draft.ThisGpu(Listing::kTable).mig = "enabled";
    if (StartsWith(rest, "Disabled")) draft.ThisGpu(Listing::kTable).mig = "disabled";
  }
  return false;
}

}  // namespace

bool ReadSmiTable(const Line& line, Draft& draft) {
  std::string_view text = line.text;
  if (ReadBanner(text, draft) || ReadHead(text, draft)) return true;
  if (ReadNameRow(text, draft)) {
    ReadMemoryRow(text, draft);  // a table that lost its line ends has both rows here
    return true;
  }
  if (ReadMemoryRow(text, draft) || ReadMig(text, draft)) return true;
  bool frame = text.find_first_not_of("+-=| ") == std::string_view::npos;
  if (Contains(text, "Processes:")) draft.section = "smi-processes";
  if (frame) return true;
  return StartsWith(text, "|") && StartsWith(draft.section, "smi-");
}

}  // namespace cudacompat::report
