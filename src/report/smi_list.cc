// nvidia-smi -L, --query-gpu CSV, and the numbered card lists that other tools print.

#include <algorithm>

#include "base/text.h"
#include "report/readers.h"
#include "report/regex.h"
#include "report/system_text.h"

namespace cudacompat::report {
namespace {

/// The column of a CSV that a head names, in the spelling of --query-gpu without units.
std::string ColumnName(std::string_view head) {
  std::string name = ToLower(Trim(head.substr(0, head.find('['))));
  return name == "gpu_name" ? "name" : name;
}

/// What a cell is when no head says so.
std::string GuessColumn(std::string_view cell) {
  static const Regex kDriver(R"(^\d{3}\.\d{2,3}(\.\d{2,3})?$)");
  static const Regex kCapability(R"(^\d{1,2}\.\d$)");
  static const Regex kMemory(R"(^\d+ ?[MG]i?B$)");
  static const Regex kBus(R"(^[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.\d$)");
  if (kDriver.FindWhole(cell)) return "driver_version";
  if (kCapability.FindWhole(cell)) return "compute_cap";
  if (kMemory.FindWhole(cell)) return "memory.total";
  if (kBus.FindWhole(cell)) return "pci.bus_id";
  if (!cell.empty() && IsAlpha(cell[0]) && !StartsWith(cell, "GPU-")) return "name";
  return "";
}

/// A name as --query-gpu=name prints it, and not the begin of a sentence that ends in ", 8.6".
bool NamesCard(std::string_view cell) {
  static const Regex kCard(
      R"(^(?:NVIDIA|GeForce|Quadro|Tesla|TITAN|RTX|GTX?|GTS|GRID|NVS|CMP|MX|Jetson|Orin|Xavier|Thor|Tegra|Graphics Device|P10[46]-|DGX|(?:GH|GB|[ABHLTPVKM])\d{1,4}[A-Z]?)(?:[\s\d(-].*)?$)");
  static const Regex kOther(R"((?i)\b(?:cuda|cudnn|driver|version|toolkit|libraries|tensorrt)\b)");
  static const Regex kSentence(R"((?:^|\s)(?:[a-z]{2,}[,;.!?]?|[a-z]+:)(?:\s|$))");
  if (cell.size() > 80 || !kCard.FindWhole(cell) || kOther.Find(cell)) return false;
  std::string name = ReplaceAll(ReplaceAll(std::string(cell), " with Max-Q", ""), " with RTX", "");
  return !kSentence.Find(name);
}

void TakeCell(const std::string& column, std::string_view cell, MachineGpu& gpu, Draft& draft) {
  if (cell.empty() || StartsWith(cell, "[Unknown") || StartsWith(cell, "[N/A") || StartsWith(cell, "[Not") ||
      cell == "N/A")
    return;
  if (column == "name") gpu.name = std::string(cell);
  if (column == "driver_version") draft.KernelDriver(cell, Trust::kTool);
  if (column == "compute_cap") gpu.compute_capability = Capability(cell);
  if (column == "memory.total")
    gpu.memory_mib = MemoryMib(std::string(cell) + (IsDigit(cell.back()) ? " MiB" : ""));
  if (column == "memory.free")
    gpu.memory_free_mib = MemoryMib(std::string(cell) + (IsDigit(cell.back()) ? " MiB" : ""));
  if (column == "pci.bus_id" || column == "gpu_bus_id") gpu.bus_id = std::string(cell);
  if (column == "compute_mode") gpu.compute_mode = std::string(cell);
  if (column == "mig.mode.current") gpu.mig = ToLower(cell);
  if (column == "pci.device_id" && cell.size() == 10)
    gpu.pci_id = ToLower("10de:" + std::string(cell.substr(2, 4)));
}

bool IsHead(const std::vector<std::string_view>& cells) {
  size_t known = 0;
  for (std::string_view cell : cells) {
    static constexpr std::string_view kColumns[] = {"name",
                                                    "index",
                                                    "driver_version",
                                                    "compute_cap",
                                                    "memory.total",
                                                    "memory.free",
                                                    "memory.used",
                                                    "pci.bus_id",
                                                    "uuid",
                                                    "gpu_uuid",
                                                    "compute_mode",
                                                    "count",
                                                    "timestamp",
                                                    "mig.mode.current",
                                                    "pci.device_id",
                                                    "vbios_version",
                                                    "utilization.gpu",
                                                    "temperature.gpu",
                                                    "persistence_mode",
                                                    "driver_model.current",
                                                    "power.draw",
                                                    "gpu_bus_id"};
    std::string name = ColumnName(cell);
    static constexpr std::string_view kFamilies[] = {"utilization.",
                                                     "temperature.",
                                                     "power.",
                                                     "clocks.",
                                                     "memory.",
                                                     "fan.",
                                                     "pci.",
                                                     "ecc.",
                                                     "encoder.",
                                                     "inforom.",
                                                     "enforced.",
                                                     "pstate",
                                                     "clocks_throttle_reasons."};
    bool family = std::any_of(std::begin(kFamilies), std::end(kFamilies),
                              [&](std::string_view each) { return StartsWith(name, each); });
    bool column = std::find(std::begin(kColumns), std::end(kColumns), name) != std::end(kColumns);
    known += family || column ? 1 : 0;
  }
  bool only = cells.size() == 1 &&
              (ColumnName(cells[0]) == "driver_version" || ColumnName(cells[0]) == "compute_cap");
  return only || (known >= 2 && known * 2 >= cells.size());
}

std::vector<std::string_view> Cells(std::string_view text) {
  std::vector<std::string_view> cells = Split(text, ',');
  for (std::string_view& cell : cells) {
    cell = Trim(cell);
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
  }
  return cells;
}

}  // namespace

bool ReadSmiList(const Line& line, Draft& draft) {
  static const Regex kCard(
      R"(^GPU[ #]?(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*:\s*(\S.*?)\s*(?:\(UUID:\s*(?:GPU-)?[^)]*\)?)?\s*$)");
  static const Regex kSlice(R"(^MIG\s+(\d+[cg]\.\S+|\S+)\s+Device\s+\d+:)");
  std::string_view text = line.text;
  std::string profile;
  if (StartsWith(text, "MIG ") && kSlice.Find(text, &profile)) {
    Listing listing = draft.HasGpus(Listing::kList) ? Listing::kList : Listing::kReport;
    MachineGpu& gpu = draft.ThisGpu(listing);
    gpu.mig = "enabled";
    gpu.mig_instances = gpu.mig_instances < 0 ? 1 : gpu.mig_instances + 1;
    return true;
  }
  std::string numbers;
  std::string name;
  if (!StartsWith(text, "GPU") || !kCard.Find(text, &numbers, &name)) return false;
  if (!IsAlpha(name[0]) || EndsWith(name, "%") || ToLower(name) == "none") return false;
  name = WithoutPlace(std::move(name));
  bool smi = Contains(text, "UUID");
  Listing listing = smi ? Listing::kList : Listing::kReport;
  if (smi) draft.Format("nvidia-smi -L", 45);
  // "NVIDIA RTX A6000 (arch=8.6)" of detectron2.
  std::string capability;
  size_t arch = name.find("(arch=");
  if (arch != std::string::npos) {
    capability = Capability(std::string_view(name).substr(arch + 6));
    name = std::string(Trim(std::string_view(name).substr(0, arch)));
  }
  for (std::string_view number : Split(numbers, ',')) {
    std::string digits(Trim(number));
    MachineGpu& gpu = draft.Gpu(listing, std::stoi(digits));
    gpu.name = name;
    if (!capability.empty()) gpu.compute_capability = capability;
  }
  return true;
}

bool ReadSmiCsv(const Line& line, Draft& draft) {
  std::string_view text = line.text;
  std::vector<std::string_view> cells = Cells(text);
  if (cells.size() > 40) return false;
  if (Contains(text, "--query-gpu") || Contains(text, "--format=csv")) {  // the command, not its answer
    draft.section.clear();
    return Contains(text, "nvidia-smi");
  }
  if (IsHead(cells)) {
    draft.section = "csv";
    for (std::string_view cell : cells) draft.section += "," + ColumnName(cell);
    draft.Format("nvidia-smi csv", 44);
    return true;
  }
  if (StartsWith(draft.section, "csv,")) {
    std::vector<std::string_view> columns = Split(std::string_view(draft.section).substr(4), ',');
    if (cells.size() != columns.size()) {
      draft.section.clear();
      return false;
    }
    std::vector<std::string> names(columns.begin(), columns.end());
    MachineGpu& gpu = draft.NextGpu(Listing::kTable);
    for (size_t i = 0; i < cells.size(); ++i) TakeCell(names[i], cells[i], gpu, draft);
    return true;
  }
  if (cells.size() < 2 || cells.size() > 8 || text.size() > 160) return false;
  size_t named = 0;
  size_t numbered = 0;
  for (std::string_view cell : cells) {
    std::string column = GuessColumn(cell);
    if (column == "name") ++named;
    if (column == "driver_version" || column == "compute_cap" || column == "memory.total") ++numbered;
  }
  if (named != 1 || numbered == 0 || numbered + 2 < cells.size()) return false;
  bool card = std::any_of(cells.begin(), cells.end(), [](std::string_view cell) {
    return GuessColumn(cell) == "name" && NamesCard(cell);
  });
  if (!card) return false;
  MachineGpu& gpu = draft.NextGpu(Listing::kRow);
  for (std::string_view cell : cells) TakeCell(GuessColumn(cell), cell, gpu, draft);
  draft.Format("nvidia-smi csv", 44);
  return true;
}

}  // namespace cudacompat::report
