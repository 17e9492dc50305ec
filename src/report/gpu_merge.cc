// The cards of one machine from several listings: the best listing stands, the others fill its gaps.
#include <algorithm>

#include "base/text.h"
#include "report/draft.h"
#include "report/readers.h"
#include "report/regex.h"
#include "report/system_text.h"

namespace cudacompat::report {
namespace {

bool CutShort(std::string_view name) { return EndsWith(name, "...") || EndsWith(name, "…"); }

std::string_view WithoutDots(std::string_view name) {
  size_t end = name.find_last_not_of(". ");
  return end == std::string_view::npos ? std::string_view{} : name.substr(0, end + 1);
}

/// "00000000:01:00.0", "0000:01:00.0" and "01:00.0" are one place.
std::string BusKey(std::string_view bus) {
  std::string lower = ToLower(bus);
  std::vector<std::string_view> parts = Split(lower, ':');
  if (parts.size() < 2) return "";
  return std::string(parts[parts.size() - 2]) + ":" + std::string(parts.back());
}

/// One name may be the other: equal, cut short, or with the vendor left out.
bool SameName(std::string_view a, std::string_view b) {
  std::string x = NameKey(WithoutDots(a));
  std::string y = NameKey(WithoutDots(b));
  for (std::string* key : {&x, &y}) {
    if (StartsWith(*key, "nvidia")) key->erase(0, 6);
  }
  if (CutShort(a)) return StartsWith(y, x);
  if (CutShort(b)) return StartsWith(x, y);
  return x == y || (x.size() > 5 && EndsWith(y, x)) || (y.size() > 5 && EndsWith(x, y));
}

void Fill(std::string& to, const std::string& from) {
  if (to.empty()) to = from;
}

void FillFrom(MachineGpu& gpu, const MachineGpu& other) {
  if (gpu.name.empty() || (CutShort(gpu.name) && !CutShort(other.name) && SameName(gpu.name, other.name))) {
    gpu.name = other.name.empty() ? gpu.name : other.name;
  }
  Fill(gpu.pci_id, other.pci_id);
  Fill(gpu.bus_id, other.bus_id);
  Fill(gpu.compute_capability, other.compute_capability);
  Fill(gpu.compute_mode, other.compute_mode);
  Fill(gpu.mig, other.mig);
  Fill(gpu.kernel_driver, other.kernel_driver);
  Fill(gpu.persistence, other.persistence);
  Fill(gpu.virtualization, other.virtualization);
  Fill(gpu.licence, other.licence);
  if (gpu.memory_mib == 0) gpu.memory_mib = other.memory_mib;
  if (gpu.memory_free_mib < 0) gpu.memory_free_mib = other.memory_free_mib;
  if (gpu.mig_instances < 0) gpu.mig_instances = other.mig_instances;
}

const MachineGpu* Partner(const MachineGpu& gpu, size_t place, const std::vector<MachineGpu>& others,
                          size_t own_size) {
  for (const MachineGpu& other : others) {
    if (!gpu.bus_id.empty() && !other.bus_id.empty() && BusKey(gpu.bus_id) == BusKey(other.bus_id))
      return &other;
  }
  bool same_size = others.size() == own_size && place < others.size();
  if (same_size &&
      (gpu.name.empty() || others[place].name.empty() || SameName(gpu.name, others[place].name))) {
    return &others[place];
  }
  for (const MachineGpu& other : others) {
    if (!other.name.empty() && !gpu.name.empty() && SameName(gpu.name, other.name)) return &other;
  }
  // A capability alone ("highest compute capability: 8.6") belongs to the only card there is.
  bool nameless = others.size() == 1 && others[0].name.empty() && own_size == 1;
  return nameless ? &others[0] : nullptr;
}

/// "NVIDIA RTX 6000 Ada | SM89 | 142 SMs", "NVS 310 @ 1046/875 MHz": a cell or a clock behind it is no part
/// of a name; the architecture that it tells stays.
void CutName(MachineGpu& gpu) {
  static const Regex kArchitecture(R"((?i)\bsm_?(\d{2,3})\b)");
  for (std::string_view end : {"|", "  ", " @ ", "\t"}) {
    size_t at = gpu.name.find(end);
    if (at == std::string::npos || at < 3) continue;
    std::string number;
    if (gpu.compute_capability.empty() && kArchitecture.Find(std::string_view(gpu.name).substr(at), &number))
      gpu.compute_capability = Capability("sm_" + number);
    gpu.name = std::string(Trim(std::string_view(gpu.name).substr(0, at)));
  }
}

}  // namespace

/// No card of NVIDIA's and no driver of it: the report is about the other's, unless that only shows pictures.
void Draft::SawOnlyOtherVendor() {
  std::string vendor;
  for (const Sighting& sighting : machine.sightings) {
    if (sighting.key == "vendor.other") vendor = sighting.value;
  }
  for (std::string_view display : {"aspeed", "matrox", "vmware", "microsoft"}) {
    if (vendor == display) return;
  }
  if (vendor.empty() || !machine.kernel_driver.empty()) return;
  for (const auto& [listing, gpus] : gpus_) {
    if (!gpus.empty() && !gpus.front().name.empty()) vendor = gpus.front().name;
  }
  Saw("vendor.only", vendor);
}

void Draft::MergeGpus() {
  for (auto& [listing, gpus] : gpus_) {
    std::for_each(gpus.begin(), gpus.end(), CutName);
    bool some =
        std::any_of(gpus.begin(), gpus.end(), [](const MachineGpu& each) { return !each.name.empty(); });
    auto useless = [&](const MachineGpu& each) {
      // "gpu=on", and "NVIDIA CUDA", the name of an OpenCL platform
      if (!each.name.empty() && each.compute_capability.empty() && each.pci_id.empty() && NoCard(each.name))
        return true;
      bool nameless = each.name.empty() && (some || (each.compute_capability.empty() && each.pci_id.empty()));
      std::string vendor = OtherVendorOf(each.name);
      if (!vendor.empty()) OtherVendor(vendor);
      return nameless;
    };
    gpus.erase(std::remove_if(gpus.begin(), gpus.end(), useless), gpus.end());
  }
  // An integrated card beside NVIDIA's is no card of the question; alone it is the answer.
  bool nvidia = false;
  auto foreign = [](const MachineGpu& each) { return !OtherVendorOf(each.name).empty(); };
  for (auto& [listing, gpus] : gpus_) nvidia = nvidia || !std::all_of(gpus.begin(), gpus.end(), foreign);
  for (auto& [listing, gpus] : gpus_) {
    if (nvidia) gpus.erase(std::remove_if(gpus.begin(), gpus.end(), foreign), gpus.end());
  }
  if (!nvidia) SawOnlyOtherVendor();
  std::vector<MachineGpu>* best = nullptr;
  for (auto& [listing, gpus] : gpus_) {
    bool named =
        std::any_of(gpus.begin(), gpus.end(), [](const MachineGpu& each) { return !each.name.empty(); });
    if (!gpus.empty() && (named || best == nullptr)) best = &gpus;
  }
  if (best == nullptr) return;
  for (auto place = gpus_.rbegin(); place != gpus_.rend(); ++place) {
    if (&place->second == best) continue;
    for (size_t i = 0; i < best->size(); ++i) {
      const MachineGpu* other = Partner((*best)[i], i, place->second, best->size());
      if (other != nullptr) FillFrom((*best)[i], *other);
    }
  }
  machine.gpus = *best;
}

}  // namespace cudacompat::report
