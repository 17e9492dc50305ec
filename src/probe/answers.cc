#include "probe/answers.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace cudacompat::probe {
namespace {

constexpr int kMostCards = 256;

int64_t Number(std::string_view text, int64_t otherwise = -1) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? value : otherwise;
}

// The numbers of nvmlComputeMode_t and CUcomputemode are the same.
std::string ComputeMode(std::string_view code) {
  static constexpr const char* kNames[] = {"Default", "Exclusive_Thread", "Prohibited", "Exclusive_Process"};
  int64_t number = Number(code);
  return number >= 0 && number < 4 ? kNames[number] : "";
}

std::string Switch(std::string_view code) {
  if (code.empty()) return "";
  return code == "0" ? "disabled" : "enabled";
}

// nvmlGpuVirtualizationMode_t
std::string Virtualization(std::string_view code) {
  static constexpr const char* kNames[] = {"none", "passthrough", "vgpu", "host-vgpu", "host-vsga"};
  int64_t number = Number(code);
  return number >= 0 && number < 5 ? kNames[number] : "";
}

// nvmlGpuFabricState_t
std::string Fabric(std::string_view code) {
  static constexpr const char* kNames[] = {"not-supported", "not-started", "in-progress", "completed"};
  int64_t number = Number(code);
  return number >= 0 && number < 4 ? kNames[number] : std::string(code);
}

MachineGpu& CardAt(Machine& machine, const std::string& bus, const std::string& where) {
  for (MachineGpu& gpu : machine.gpus) {
    if (!bus.empty() && BusAddress(gpu.bus_id) == bus) return gpu;
  }
  machine.gpus.emplace_back();
  machine.gpus.back().bus_id = bus;
  machine.gpus.back().where = where;
  return machine.gpus.back();
}

void Fill(std::string* field, const std::string& value) {
  if (!value.empty()) *field = value;
}

// One card of one library. libcuda adds only what NVML left open.
void ApplyCard(Scene& scene, const Answers& answers, const std::string& library, int index) {
  std::string prefix = library + "gpu." + std::to_string(index) + ".";
  auto get = [&](const char* key) { return answers.Get(prefix + key); };
  std::string where = (library == "nvml." ? "NVML, card " : "libcuda, device ") + std::to_string(index);
  if (!get("code").empty()) {
    scene.See(library + "gpu.code", get("code"), where);
    return;
  }
  std::string name = get("name");
  std::string bus = BusAddress(get("bus"));
  if (name.empty() && bus.empty()) return;
  MachineGpu& gpu = CardAt(scene.machine, bus, where);
  bool first = gpu.compute_capability.empty() || library == "nvml.";
  if (first || gpu.name.empty()) Fill(&gpu.name, Printable(name));
  Fill(&gpu.pci_id, ToLower(get("pci")));
  if (first) Fill(&gpu.compute_capability, get("cc"));
  if (gpu.memory_mib == 0) gpu.memory_mib = Number(get("memory-total"), 0);
  if (gpu.memory_free_mib < 0) gpu.memory_free_mib = Number(get("memory-free"));
  if (gpu.compute_mode.empty()) gpu.compute_mode = ComputeMode(get("compute-mode"));
  Fill(&gpu.persistence, Switch(get("persistence")));
  Fill(&gpu.mig, Switch(get("mig")));
  if (!get("mig-instances").empty()) gpu.mig_instances = static_cast<int>(Number(get("mig-instances")));
  Fill(&gpu.virtualization, Virtualization(get("virtualization")));
  Fill(&gpu.licence, get("licence"));
  if (!get("fabric").empty()) scene.See("gpu.fabric", Fabric(get("fabric")), where);
}

void ApplyCards(Scene& scene, const Answers& answers, const std::string& library) {
  int64_t count = Number(answers.Get(library + "count"), 0);
  // On MIG machines libcuda shows slices under the address of their card: those are no cards of their own.
  for (int i = 0; i < count && i < kMostCards; ++i) ApplyCard(scene, answers, library, i);
}

// Every answer that is not a card's becomes a sighting of the same key; identities stay out of the machine.
void SeeAnswers(Scene& scene, const Answers& answers) {
  for (const auto& [key, value] : answers.pairs()) {
    if (Contains(key, ".gpu.") || EndsWith(key, "uuid") || EndsWith(key, ".step")) continue;
    std::string library = key.substr(0, key.find('.'));
    std::string path = answers.Get(library + ".path");
    scene.See(key, Printable(value), path.empty() ? library : path);
  }
}

std::vector<std::string> Uuids(const Answers& answers) {
  std::vector<std::string> uuids;
  for (const auto& [key, value] : answers.pairs()) {
    if (EndsWith(key, ".uuid") || Contains(key, ".mig-uuid.")) uuids.push_back(value);
  }
  return uuids;
}

int CardCount(const Scene& scene, const Answers& answers) {
  for (const char* key : {"nvml.count", "libcuda.unhidden.count"}) {
    int64_t count = Number(answers.Get(key));
    if (count >= 0) return static_cast<int>(count);
  }
  return static_cast<int>(scene.machine.gpus.size());
}

// The cards that programs get, where the variable chooses: libcuda lists those and no others.
void SeeChosen(Scene& scene, const Answers& answers) {
  int64_t count = Number(answers.Get("libcuda.count"), 0);
  for (int i = 0; i < count && i < kMostCards; ++i) {
    std::string bus = BusAddress(answers.Get("libcuda.gpu." + std::to_string(i) + ".bus"));
    if (!bus.empty()) scene.See("visible.gpu", Printable(bus), "libcuda, device " + std::to_string(i));
  }
}

// Whether UUIDs in the variable name cards can only be judged where NVML told the cards' own.
void SeeVisible(Scene& scene, const Answers& answers) {
  std::optional<std::string> value = scene.host.Env("CUDA_VISIBLE_DEVICES");
  int cards = CardCount(scene, answers);
  if (cards > 0) scene.See("visible.total", std::to_string(cards), "cards");
  if (!value) return;
  SeeChosen(scene, answers);
  std::vector<std::string> uuids = Uuids(answers);
  bool named = Contains(*value, "GPU-") || Contains(*value, "MIG-");
  if (named && uuids.empty()) return;
  Visible visible = ReadVisible(*value, cards, uuids);
  scene.See("visible.count", std::to_string(visible.count), "CUDA_VISIBLE_DEVICES");
  if (visible.none || !visible.refused.empty()) {
    scene.See("visible.refused", visible.refused, "CUDA_VISIBLE_DEVICES");
  }
  if (!visible.repeated.empty()) scene.See("visible.repeated", visible.repeated, "CUDA_VISIBLE_DEVICES");
  if (visible.lost > 0) scene.See("visible.lost", std::to_string(visible.lost), "CUDA_VISIBLE_DEVICES");
}

}  // namespace

// The driver reads a number and leaves what stands behind it: "1gpu" is 1.
static std::string LeadingNumber(const std::string& entry) {
  size_t end = entry.find_first_not_of("0123456789");
  return end == 0 || end == std::string::npos ? entry : entry.substr(0, end);
}

Visible ReadVisible(const std::string& value, int cards, const std::vector<std::string>& uuids) {
  Visible visible;
  if (Trim(value).empty()) {
    visible.none = true;
    return visible;
  }
  std::vector<std::string> named;
  for (std::string_view raw : Split(value, ',')) {
    std::string entry(Trim(raw));
    bool good = false;
    if (StartsWith(entry, "GPU-") || StartsWith(entry, "MIG-")) {  // may be cut short as long as it is clear
      for (const std::string& uuid : uuids) {
        if (!good && StartsWith(uuid, entry)) entry = uuid;
        good = good || entry == uuid;
      }
    } else {
      entry = LeadingNumber(entry);
      int64_t index = Number(entry);
      good = index >= 0 && index < cards;
    }
    const bool again = good && std::find(named.begin(), named.end(), entry) != named.end();
    if (again && visible.refused.empty()) visible.repeated = Printable(entry);
    if (good && !again && !visible.refused.empty()) ++visible.lost;
    if (good && !again && visible.refused.empty()) ++visible.count;
    if (good) named.push_back(entry);
    if (!good && visible.refused.empty())
      visible.refused = entry.empty() ? "an empty entry" : Printable(Trim(raw));
  }
  if (!visible.repeated.empty()) visible.count = visible.lost = 0;
  visible.none = visible.count == 0;
  return visible;
}

std::string BusAddress(std::string_view text) {
  std::string bus = ToLower(Trim(text));
  size_t colon = bus.find(':');
  if (colon == 8 && StartsWith(bus, "0000")) bus = bus.substr(4);
  return bus;
}

std::string CudaVersionText(std::string_view number) {
  int64_t value = Number(number);
  if (value < 1000 || value > 99990) return "";
  return std::to_string(value / 1000) + "." + std::to_string(value % 1000 / 10);
}

void ApplyAnswers(Scene& scene, const Answers& answers) {
  Machine& machine = scene.machine;
  if (!answers.empty()) {
    if (machine.kernel_driver.empty()) machine.kernel_driver = answers.Get("nvml.driver");
    // libcuda is what programs use; NVML may be of another version where libraries are mixed.
    machine.cuda_driver = CudaVersionText(answers.Get("libcuda.version"));
    machine.cuda_driver_where = answers.Get("libcuda.path");
    if (machine.cuda_driver.empty()) {
      machine.cuda_driver = CudaVersionText(answers.Get("nvml.cuda"));
      machine.cuda_driver_where = answers.Get("nvml.path");
    }
    ApplyCards(scene, answers, "nvml.");
    ApplyCards(scene, answers, "libcuda.");
    SeeAnswers(scene, answers);
  }
  SeeVisible(scene, answers);
}

}  // namespace cudacompat::probe
