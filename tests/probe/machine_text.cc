#include "probe/machine_text.h"

namespace cudacompat::probe {
namespace {

class Lines {
 public:
  void Add(const std::string& key, const std::string& value) {
    if (!value.empty()) text_ += key + "=" + value + "\n";
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void AddGpus(const Machine& machine, Lines* lines) {
  for (const MachineGpu& gpu : machine.gpus) {
    std::string text = gpu.name + " | " + gpu.pci_id + " | " + gpu.bus_id + " | cc " +
                       gpu.compute_capability + " | " + std::to_string(gpu.memory_mib) + "/" +
                       std::to_string(gpu.memory_free_mib) + " MiB | mode " + gpu.compute_mode + " | mig " +
                       gpu.mig + " " + std::to_string(gpu.mig_instances) + " | bound " + gpu.kernel_driver +
                       " | virt " + gpu.virtualization + " " + gpu.licence;
    lines->Add("gpu", text);
  }
}

}  // namespace

std::string MachineText(const Machine& machine) {
  Lines lines;
  lines.Add("format", machine.format);
  lines.Add("os", machine.os);
  lines.Add("os_text", machine.os_text);
  lines.Add("arch", machine.arch);
  lines.Add("platform", machine.platform);
  lines.Add("jetpack", machine.jetpack);
  lines.Add("kernel_driver", machine.kernel_driver);
  lines.Add("module_flavour", machine.module_flavour);
  lines.Add("cuda_driver", machine.cuda_driver);
  AddGpus(machine, &lines);
  for (const MachineLibrary& library : machine.libraries) {
    lines.Add("library", library.name + " " + library.version + " " + library.kind + " " + library.by + " " +
                             library.path + " -> " + library.real + (library.wins ? " wins" : ""));
  }
  for (const MachinePiece& piece : machine.toolkits) lines.Add("toolkit", piece.version + " " + piece.where);
  for (const MachinePiece& piece : machine.runtimes) {
    lines.Add("runtime", piece.name + " " + piece.version + " " + piece.where);
  }
  for (const MachinePython& python : machine.pythons) {
    lines.Add("python", python.version + " " + python.kind + " " + python.path + " in " + python.env +
                            (python.active ? " active" : ""));
  }
  for (const MachinePackage& package : machine.packages) {
    lines.Add("package", package.package + " " + package.text + " tag " + package.tag + " cuda " +
                             package.cuda + " python " + package.python + " in " + package.env);
  }
  for (const Sighting& sighting : machine.sightings) {
    lines.Add(sighting.found ? "see" : "miss", sighting.key + "=" + sighting.value + " @ " + sighting.where);
  }
  for (const MachineLine& line : machine.errors)
    lines.Add("line", std::to_string(line.line) + " " + line.text);
  for (const std::string& problem : machine.problems) lines.Add("problem", problem);
  return lines.text();
}

}  // namespace cudacompat::probe
