// nvidia-smi -q and -q -x: one tree of fields in two spellings.
#include <pugixml.hpp>

#include "base/text.h"
#include "report/readers.h"

namespace cudacompat::report {
namespace {

constexpr int kMostCards = 256;

std::string Lowered(std::string_view text, std::string_view yes, std::string_view no) {
  std::string lower = ToLower(Trim(text));
  if (lower == "enabled" || lower == "on") return std::string(yes);
  if (lower == "disabled" || lower == "off") return std::string(no);
  return "";
}

std::string Virtualization(std::string_view text) {
  std::string key = NameKey(text);
  if (key == "none") return "none";
  if (key == "passthrough") return "passthrough";
  if (key == "vgpu") return "vgpu";
  if (key == "hostvgpu") return "host-vgpu";
  if (key == "hostvsga") return "host-vsga";
  return "";
}

/// "0x1F9710DE" → "10de:1f97".
std::string PciId(std::string_view text) {
  std::string lower = ToLower(Trim(text));
  if (StartsWith(lower, "0x")) lower.erase(0, 2);
  return lower.size() == 8 && EndsWith(lower, "10de") ? "10de:" + lower.substr(0, 4) : "";
}

bool Nothing(std::string_view value) {
  return value.empty() || value == "N/A" || value == "None" || StartsWith(value, "[N/A") ||
         value == "Unknown Error";
}

/// A field of one card; `section` is the heading above it.
void TakeField(const std::string& section, std::string_view key, std::string_view value, MachineGpu& gpu,
               Draft& draft) {
  if (key == "virtualizationmode") gpu.virtualization = Virtualization(value);
  if (key == "licensestatus")
    gpu.licence = StartsWith(ToLower(value), "licensed") ? "licensed" : "unlicensed";
  if (Nothing(value)) return;
  if (key == "productname" && gpu.name.empty()) gpu.name = std::string(value);
  if (key == "deviceid" || key == "pcideviceid") gpu.pci_id = PciId(value);
  if (key == "busid" || key == "pcibusid") gpu.bus_id = std::string(value);
  if (key == "computemode") gpu.compute_mode = ReplaceAll(std::string(value), " ", "_");
  if (key == "persistencemode") gpu.persistence = Lowered(value, "enabled", "disabled");
  if (key == "cudacomputecapability" || key == "computecapability")
    gpu.compute_capability = Capability(value);
  if (section == "migmode" && (key == "current" || key == "currentmig"))
    gpu.mig = Lowered(value, "enabled", "disabled");
  if (section == "fbmemoryusage" && key == "total") gpu.memory_mib = MemoryMib(value);
  if (section == "fbmemoryusage" && key == "free") gpu.memory_free_mib = MemoryMib(value);
  if (section == "fabric" && (key == "state" || key == "status"))
    draft.Saw("fabric." + std::string(key), value);
  if (section == "drivermodel" && key == "current") draft.System("windows", Trust::kTool);
}

bool TakeHeadField(std::string_view key, std::string_view value, Draft& draft) {
  if (key == "driverversion" || key == "kmdversion")
    draft.KernelDriver(value, Trust::kTool);
  else if (key == "cudaversion" || key == "cudaumdversion")
    draft.CudaDriver(value, Trust::kTool);
  else
    return false;
  return true;
}

void TakeXmlCard(const pugi::xml_node& card, Draft& draft) {
  MachineGpu& gpu = draft.NextGpu(Listing::kQuery);
  auto text = [&](const char* path) {
    return std::string(Trim(card.first_element_by_path(path).text().get()));
  };
  struct Field {
    const char* path;
    const char* section;
    const char* key;
  };
  static constexpr Field kFields[] = {
      {"product_name", "", "productname"},
      {"pci/pci_device_id", "", "deviceid"},
      {"pci/pci_bus_id", "", "busid"},
      {"compute_mode", "", "computemode"},
      {"persistence_mode", "", "persistencemode"},
      {"mig_mode/current_mig", "migmode", "current"},
      {"fb_memory_usage/total", "fbmemoryusage", "total"},
      {"fb_memory_usage/free", "fbmemoryusage", "free"},
      {"gpu_virtualization_mode/virtualization_mode", "", "virtualizationmode"},
      {"driver_model/current_dm", "drivermodel", "current"},
      {"fabric/state", "fabric", "state"},
      {"fabric/status", "fabric", "status"}};
  for (const Field& field : kFields) {
    std::string value = text(field.path);
    if (!value.empty()) TakeField(field.section, field.key, value, gpu, draft);
  }
  std::string status = text("vgpu_software_licensed_product/license_status");
  if (status.empty()) status = text("grid_licensed_product/license_status");
  if (!status.empty() && status != "N/A") TakeField("", "licensestatus", status, gpu, draft);
  if (gpu.bus_id.empty()) gpu.bus_id = card.attribute("id").value();
  int instances = 0;
  for (pugi::xml_node each : card.child("mig_devices").children("mig_device"))
    instances += each.empty() ? 0 : 1;
  if (gpu.mig == "enabled") gpu.mig_instances = instances;
}

}  // namespace

bool ReadSmiQuery(const Line& line, Draft& draft) {
  std::string_view text = line.text;
  if (Contains(text, "NVSMI LOG")) {
    draft.section = "smi-q";
    draft.Format("nvidia-smi -q", 48);
    return true;
  }
  size_t colon = text.find(" : ");
  if (colon == std::string_view::npos && EndsWith(text, " :")) colon = text.size() - 2;
  bool inside = StartsWith(draft.section, "smi-q");
  bool card = StartsWith(text, "GPU ") && text.size() > 11 && text.size() < 24 &&
              text[text.size() - 2] == '.' && Contains(text, ":") && !Contains(text, " : ");
  if (card && text.find_first_not_of("0123456789abcdefABCDEF:.", 4) == std::string_view::npos) {
    draft.NextGpu(Listing::kQuery).bus_id = std::string(text.substr(4));
    draft.section = "smi-q";
    draft.Format("nvidia-smi -q", 48);
    return true;
  }
  std::string key = colon == std::string_view::npos ? "" : NameKey(text.substr(0, colon));
  if (!inside && key == "attachedgpus") {
    draft.section = "smi-q";
    draft.Format("nvidia-smi -q", 48);
    return true;
  }
  if (!inside) return false;
  if (colon == std::string_view::npos) {
    bool heading =
        text.size() < 60 && IsAlpha(text[0]) && text.find_first_of(":=|") == std::string_view::npos;
    if (heading)
      draft.section = "smi-q/" + NameKey(text);
    else
      draft.section.clear();
    return heading;
  }
  std::string_view value = Trim(text.substr(colon + 2));
  if (StartsWith(value, ":")) value = Trim(value.substr(1));
  if (TakeHeadField(key, value, draft)) return true;
  std::string section = draft.section.size() > 6 ? draft.section.substr(6) : "";
  if (draft.HasGpus(Listing::kQuery) || key == "productname") {
    TakeField(section, key, value, draft.ThisGpu(Listing::kQuery), draft);
  }
  return true;
}

void ReadSmiXml(std::string_view xml, Draft& draft) {
  pugi::xml_document document;
  pugi::xml_parse_result result =
      document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
  draft.Format("nvidia-smi -q -x", 49);
  if (!result) {
    draft.Problem("the XML of nvidia-smi is cut off or damaged (" + std::string(result.description()) +
                  " at byte " + std::to_string(result.offset) + "); what stands before was read");
  }
  pugi::xml_node log = document.child("nvidia_smi_log");
  draft.KernelDriver(log.child("driver_version").text().get(), Trust::kTool);
  draft.KernelDriver(log.child("kmd_version").text().get(), Trust::kTool);
  draft.CudaDriver(log.child("cuda_version").text().get(), Trust::kTool);
  draft.CudaDriver(log.child("cuda_umd_version").text().get(), Trust::kTool);
  int cards = 0;
  for (pugi::xml_node card : log.children("gpu")) {
    if (++cards > kMostCards) break;
    TakeXmlCard(card, draft);
  }
}

}  // namespace cudacompat::report
