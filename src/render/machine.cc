#include "render/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "render/json.h"

namespace cudacompat::render {
namespace {

using nlohmann::ordered_json;

std::string GpuText(const MachineGpu& gpu) {
  std::string text = gpu.name.empty() ? gpu.pci_id : gpu.name;
  if (!gpu.compute_capability.empty()) text += ", compute capability " + gpu.compute_capability;
  if (gpu.memory_mib > 0) text += fmt::format(", {} MiB", gpu.memory_mib);
  if (!gpu.pci_id.empty() && !gpu.name.empty()) text += ", " + gpu.pci_id;
  if (gpu.memory_free_mib >= 0) text += fmt::format(", {} MiB free", gpu.memory_free_mib);
  if (!gpu.compute_mode.empty() && gpu.compute_mode != "Default")
    text += ", compute mode " + ReplaceAll(gpu.compute_mode, "_", " ");
  if (gpu.mig == "enabled")
    text += gpu.mig_instances < 0 ? ", MIG on" : fmt::format(", MIG on with {} instances", gpu.mig_instances);
  if (gpu.persistence == "enabled") text += ", persistence on";
  if (!gpu.licence.empty()) text += ", " + gpu.licence;
  if (gpu.count > 1) text += fmt::format(", {} of them", gpu.count);
  return text;
}

// People meet three numbers called "CUDA version"; all are right, each says another thing.
void AddThreeVersions(const Machine& machine, const std::vector<answer::CarriedRuntime>& runtimes,
                      const std::string& board_cuda, const Style& style, std::string* out) {
  *out += Bold(style, "The three CUDA versions") + "\n";
  std::vector<std::vector<std::string>> rows;
  if (machine.cuda_driver.empty() && !board_cuda.empty())
    rows.push_back({"driver", board_cuda, "what JetPack " + machine.jetpack + " brings"});
  else
    rows.push_back({"driver", machine.cuda_driver.empty() ? "not seen" : machine.cuda_driver,
                    "the newest that this driver runs by itself"});
  for (const MachinePiece& toolkit : machine.toolkits)
    rows.push_back({"toolkit", toolkit.version, "compiles only; " + toolkit.where});
  if (machine.toolkits.empty()) rows.push_back({"toolkit", "none", "only needed to compile"});
  for (const answer::CarriedRuntime& runtime : runtimes)
    rows.push_back({runtime.package, runtime.cuda.empty() ? "not known" : runtime.cuda, runtime.words});
  if (runtimes.empty())
    rows.push_back({"framework", "none", "would carry a runtime of its own and use that"});
  *out += Table({}, rows, 2);
}

bool IsBoard(const Machine& machine) { return machine.arch == "tegra" || !machine.jetpack.empty(); }

}  // namespace

ordered_json TargetJson(const Machine& machine) {
  ordered_json out = {{"format", machine.format},
                      {"unread", machine.unread},
                      {"os", TextOrNull(machine.os)},
                      {"arch", TextOrNull(machine.arch)},
                      {"platform", TextOrNull(machine.platform)},
                      {"gpus", ordered_json::array()},
                      {"kernel_driver", TextOrNull(machine.kernel_driver)},
                      {"cuda_driver", TextOrNull(machine.cuda_driver)},
                      {"toolkits", ordered_json::array()},
                      {"frameworks", ordered_json::array()}};
  for (const MachineGpu& gpu : machine.gpus) {
    out["gpus"].push_back({{"gpu", gpu.name.empty() ? gpu.pci_id : gpu.name},
                           {"compute_capability", TextOrNull(gpu.compute_capability)},
                           {"count", gpu.count}});
  }
  for (const MachinePiece& toolkit : machine.toolkits) out["toolkits"].push_back(toolkit.version);
  for (const MachinePackage& package : machine.packages) {
    out["frameworks"].push_back({{"package", package.package},
                                 {"version", package.version},
                                 {"tag", TextOrNull(package.tag)},
                                 {"text", package.text}});
  }
  out["available"] =
      machine.available.empty() ? ordered_json(nullptr) : ordered_json(machine.available == "true");
  return out;
}

std::string ToText(const Machine& machine, const std::vector<answer::CarriedRuntime>& runtimes,
                   const std::string& board_cuda, const Style& style) {
  std::string out;
  AddThreeVersions(machine, runtimes, board_cuda, style, &out);
  out += "\n" + Bold(style, "Machine") + "\n";
  for (const MachineGpu& gpu : machine.gpus)
    AddLabelled(&out, style, 14, &gpu == &machine.gpus.front() ? "card" : "", GpuText(gpu));
  if (machine.gpus.empty()) AddLabelled(&out, style, 14, "card", "no NVIDIA card seen");
  AddLabelled(&out, style, 14, "kernel driver",
              machine.kernel_driver.empty()
                  ? (IsBoard(machine) ? "part of the board's own kernel" : "not loaded")
                  : machine.kernel_driver +
                        (machine.module_flavour.empty() ? "" : " (" + machine.module_flavour + " modules)"));
  AddLabelled(&out, style, 14, "system",
              machine.os + " " + machine.arch + (machine.os_text.empty() ? "" : ", " + machine.os_text));
  AddLabelled(&out, style, 14, "platform", machine.platform);
  AddLabelled(&out, style, 14, "JetPack", machine.jetpack);
  bool first = true;
  for (const MachineLibrary& library : machine.libraries) {
    AddLabelled(&out, style, 14, first ? "libraries" : "",
                library.name + " " + library.version + " " + library.path +
                    (library.kind.empty() ? "" : " (" + library.kind + ")") +
                    (library.wins ? ", the one that is loaded" : ""));
    first = false;
  }
  first = true;
  for (const MachinePiece& runtime : machine.runtimes) {
    AddLabelled(&out, style, 14, first ? "runtimes" : "",
                runtime.name + " " + runtime.version + " " + runtime.where);
    first = false;
  }
  first = true;
  // An image holds no PATH: which one runs is not known.
  const bool open = std::any_of(
      machine.sightings.begin(), machine.sightings.end(),
      [](const Sighting& sighting) { return sighting.key == "python.chosen" && !sighting.found; });
  for (const MachinePython& python : machine.pythons) {
    AddLabelled(&out, style, 14, first ? "Python" : "",
                python.version + " " + python.path +
                    (!python.active ? ""
                     : open         ? ", the one that is judged"
                                    : ", the active one"));
    first = false;
  }
  first = true;
  for (const MachinePackage& package : machine.packages) {
    AddLabelled(&out, style, 14, first ? "packages" : "",
                package.package + " " + (package.text.empty() ? package.version : package.text) +
                    (package.python.empty() ? "" : ", Python " + package.python));
    first = false;
  }
  for (const std::string& problem : machine.problems) AddLabelled(&out, style, 14, "problem", problem);
  return out;
}

}  // namespace cudacompat::render
