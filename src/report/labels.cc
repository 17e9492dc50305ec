// Labels of GPU-feature-discovery, however a node was printed: YAML, JSON, key=value, kubectl --show-labels.

#include <cstdlib>

#include "base/text.h"
#include "report/readers.h"
#include "report/regex.h"

namespace cudacompat::report {
namespace {

int Number(std::string_view value) { return std::atoi(std::string(value.substr(0, 9)).c_str()); }

/// "NVIDIA-TITAN-X-(Pascal)-SHARED", "NVIDIA-A100-SXM4-40GB-MIG-1g.5gb": the card itself.
std::string Product(std::string name) {
  size_t slice = name.find("-MIG-");
  if (slice != std::string::npos) name.resize(slice);
  if (EndsWith(name, "-SHARED")) name.resize(name.size() - 7);
  return ReplaceAll(name, "-", " ");
}

/// Parts of a version that stand in labels of their own; joined as soon as both are there.
void TakePart(const std::string& key, const std::string& value, Draft& draft) {
  std::string& notes = draft.section;  // "labels;cuda.driver.major=535;…"
  if (!StartsWith(notes, "labels")) notes = "labels";
  notes += ";" + key + "=" + value + ";";
  auto part = [&](std::string_view name) {
    size_t at = notes.rfind(";" + std::string(name) + "=");
    if (at == std::string::npos) return std::string();
    size_t begin = at + name.size() + 2;
    return notes.substr(begin, notes.find(';', begin) - begin);
  };
  for (std::string_view base : {"cuda.driver", "cuda.driver-version"}) {
    std::string prefix(base);
    std::string minor = part(prefix + ".minor");
    std::string revision = part(prefix + (base == "cuda.driver" ? ".rev" : ".revision"));
    if (minor.size() == 1)
      minor.insert(0, "0");  // labels are numbers: 104.05 is 104 and 5, 54.14 is 54 and 14
    if (revision.size() == 1) revision.insert(0, "0");
    std::string major = part(prefix + ".major");
    if (!major.empty() && !minor.empty() && (!revision.empty() || EndsWith(key, ".minor"))) {
      // The one with the revision comes second or first; it is longer and more trusted.
      draft.KernelDriver(major + "." + minor + (revision.empty() ? "" : "." + revision),
                         revision.empty() ? Trust::kFramework : Trust::kReport);
    }
  }
  for (std::string_view base : {"cuda.runtime", "cuda.runtime-version"}) {
    std::string prefix(base);
    std::string major = part(prefix + ".major");
    std::string minor = part(prefix + ".minor");
    if (!major.empty() && !minor.empty()) draft.CudaDriver(major + "." + minor, Trust::kReport);
  }
  std::string major = part("gpu.compute.major");
  std::string minor = part("gpu.compute.minor");
  if (!major.empty() && !minor.empty())
    draft.ThisGpu(Listing::kLabels).compute_capability = major + "." + minor;
}

void TakeLabel(const std::string& key, const std::string& value, Draft& draft) {
  if (value.empty()) return;
  if (key == "gpu.product")
    draft.ThisGpu(Listing::kLabels).name = Product(value);
  else if (key == "gpu.count" && Number(value) > 0)
    draft.ThisGpu(Listing::kLabels).count = Number(value);
  else if (key == "gpu.memory")
    draft.ThisGpu(Listing::kLabels).memory_mib = Number(value);
  else if (key == "cuda.driver-version.full")
    draft.KernelDriver(value, Trust::kTool);
  else if (key == "cuda.runtime-version.full")
    draft.CudaDriver(value, Trust::kTool);
  else if (key == "mig.capable" || key == "mig.strategy")
    draft.Saw(key, value);
  else if (key == "gpu.replicas" || key == "vgpu.present" || key == "gpu.machine")
    draft.Saw("label." + key, value);
  else
    TakePart(key, value, draft);
}

}  // namespace

bool ReadLabels(const Line& line, Draft& draft) {
  static const Regex kLabel(
      R"re((nvidia\.com|kubernetes\.io|kubernetes\.azure\.com|eks\.amazonaws\.com)/([\w.-]+)["']?\s*[:=]\s*["']?([^"',\s}]*))re");
  if (Contains(line.text,
               "node-nvidia-register")) {  // HAMi: "UUID,10,40960,100,NVIDIA-NVIDIA A100-PCIE-40GB,0,true:"
    static const Regex kRegistered(R"(GPU-[\w-]+,\d+,(\d+),\d+,(?:NVIDIA-)?([^,:]+),)");
    std::string_view cards = line.text;
    std::string memory;
    std::string name;
    bool found = false;
    while (kRegistered.FindAndConsume(&cards, &memory, &name)) {
      MachineGpu& gpu = draft.NextGpu(Listing::kLabels);
      gpu.name = name;
      gpu.memory_mib = Number(memory);
      found = true;
    }
    if (found) draft.Platform("container", Trust::kGuess);
    if (found) return true;
  }
  if (!Contains(line.text, "nvidia.com/") && !Contains(line.text, "kubernetes.io/")) return false;
  std::string_view rest = line.text;
  std::string domain;
  std::string key;
  std::string value;
  bool any = false;
  while (kLabel.FindAndConsume(&rest, &domain, &key, &value)) {
    any = true;
    if (domain == "nvidia.com") {
      if (StartsWith(key, "gpu.product") || StartsWith(key, "cuda."))
        draft.Format("gpu-feature-discovery", 42);
      TakeLabel(key, value, draft);
    }
    if (domain == "kubernetes.io" && key == "arch") draft.Arch(value, Trust::kTool);
    if (domain == "kubernetes.io" && key == "os") draft.System(value, Trust::kTool);
  }
  if (any) draft.Platform("container", Trust::kGuess);
  return any;
}

}  // namespace cudacompat::report
