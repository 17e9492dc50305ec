#include "render/machine.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cudacompat::render {
namespace {

using nlohmann::ordered_json;

ordered_json TextOrNull(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

void Line(std::string* out, const Style& style, const std::string& label, const std::string& text) {
  if (text.empty()) return;
  std::string head = fmt::format("  {:<14}", label);
  *out += Bold(style, head) + Wrap(style, Printable(text), static_cast<int>(head.size())) + "\n";
}

std::string GpuText(const MachineGpu& gpu) {
  std::string text = gpu.name.empty() ? gpu.pci_id : gpu.name;
  if (!gpu.compute_capability.empty()) text += ", compute capability " + gpu.compute_capability;
  if (gpu.memory_mib > 0) text += fmt::format(", {} MiB", gpu.memory_mib);
  if (!gpu.pci_id.empty() && !gpu.name.empty()) text += ", " + gpu.pci_id;
  if (gpu.count > 1) text += fmt::format(", {} of them", gpu.count);
  return text;
}

// People meet three numbers called "CUDA version"; all are right, each says another thing.
void AddThreeVersions(const Machine& machine, const Style& style, std::string* out) {
  *out += Bold(style, "The three CUDA versions") + "\n";
  std::vector<std::vector<std::string>> rows;
  rows.push_back({"driver", machine.cuda_driver.empty() ? "not seen" : machine.cuda_driver,
                  "the newest that this driver runs by itself"});
  for (const MachinePiece& toolkit : machine.toolkits)
    rows.push_back({"toolkit", toolkit.version, "compiles only; " + toolkit.where});
  if (machine.toolkits.empty()) rows.push_back({"toolkit", "none", "only needed to compile"});
  bool carried = false;
  for (const MachinePackage& package : machine.packages) {
    if (package.cuda.empty() && package.tag.empty()) continue;
    carried = true;
    std::string cuda = package.cuda == "none" ? "none" : package.cuda.empty() ? package.tag : package.cuda;
    rows.push_back({package.package, cuda,
                    (cuda == "none" || cuda == "cpu" ? "a CPU-only build; "
                                                     : "the runtime it carries and really uses; ") +
                        package.text});
  }
  if (!carried) rows.push_back({"framework", "none", "would carry a runtime of its own and use that"});
  *out += Table({}, rows, 2);
}

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

std::string ToText(const Machine& machine, const Style& style) {
  std::string out;
  AddThreeVersions(machine, style, &out);
  out += "\n" + Bold(style, "Machine") + "\n";
  for (const MachineGpu& gpu : machine.gpus)
    Line(&out, style, &gpu == &machine.gpus.front() ? "card" : "", GpuText(gpu));
  if (machine.gpus.empty()) Line(&out, style, "card", "no NVIDIA card seen");
  Line(&out, style, "kernel driver",
       machine.kernel_driver.empty()
           ? "not loaded"
           : machine.kernel_driver +
                 (machine.module_flavour.empty() ? "" : " (" + machine.module_flavour + " modules)"));
  Line(&out, style, "system",
       machine.os + " " + machine.arch + (machine.os_text.empty() ? "" : ", " + machine.os_text));
  Line(&out, style, "platform", machine.platform);
  Line(&out, style, "JetPack", machine.jetpack);
  bool first = true;
  for (const MachineLibrary& library : machine.libraries) {
    Line(&out, style, first ? "libraries" : "",
         library.name + " " + library.version + " " + library.path +
             (library.kind.empty() ? "" : " (" + library.kind + ")") +
             (library.wins ? ", the one that is loaded" : ""));
    first = false;
  }
  first = true;
  for (const MachinePiece& runtime : machine.runtimes) {
    Line(&out, style, first ? "runtimes" : "", runtime.name + " " + runtime.version + " " + runtime.where);
    first = false;
  }
  first = true;
  for (const MachinePython& python : machine.pythons) {
    Line(&out, style, first ? "Python" : "",
         python.version + " " + python.path + (python.active ? ", the active one" : ""));
    first = false;
  }
  first = true;
  for (const MachinePackage& package : machine.packages) {
    Line(&out, style, first ? "packages" : "",
         package.package + " " + (package.text.empty() ? package.version : package.text) +
             (package.python.empty() ? "" : ", Python " + package.python));
    first = false;
  }
  for (const std::string& problem : machine.problems) Line(&out, style, "problem", problem);
  return out;
}

}  // namespace cudacompat::render
