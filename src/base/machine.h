// Machine: what is known of one machine, seen here by the probe, read from a report, or recorded.
// The probe and the report reader fill it; the answer turns it into rows of the observation tables.
// Does not own: verdicts, and no version or card is known here. Empty text means "not seen", never "absent";
// what was looked for and is not there is a Sighting with found == false.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cudacompat {

/// One card, or one slice of a card.
struct MachineGpu {
  std::string name;    ///< as printed: "NVIDIA GeForce MX450", may be cut short: "NVIDIA A100 80G..."
  std::string pci_id;  ///< "10de:1f97"
  std::string bus_id;  ///< "0000:01:00.0"
  std::string compute_capability;  ///< "7.5" when the machine itself says so
  int64_t memory_mib = 0;
  int64_t memory_free_mib = -1;
  int count = 1;
  std::string compute_mode;  ///< "Default", "Exclusive_Process", "Prohibited"
  std::string mig;           ///< "enabled", "disabled" or empty
  int mig_instances = -1;
  std::string where;             ///< the file, function or line that said it
  std::string kernel_driver{};   ///< the kernel module bound to it: "nvidia", "nouveau", "vfio-pci" or empty
  std::string persistence{};     ///< "enabled", "disabled" or empty
  std::string virtualization{};  ///< "none", "passthrough", "vgpu", "host-vgpu", "host-vsga" or empty
  std::string licence{};         ///< of a vGPU: "licensed", "unlicensed" or empty
};

/// A toolkit on disk ("12.6", /usr/local/cuda-12.6) or a CUDA library on the loader's path (libcudnn.so.9).
struct MachinePiece {
  std::string name;     ///< "toolkit", "cudart", "cublas", "cudnn", "nccl", …
  std::string version;  ///< as found
  std::string where;
};

/// One installed Python distribution that matters here.
struct MachinePackage {
  std::string package;  ///< normalised name: "torch", "tensorflow", "nvidia-cublas-cu12"
  std::string version;  ///< without the local part: "2.6.0"
  std::string tag;   ///< local part or what the report says of the build: "cu124", "cpu", "rocm6.2", or empty
  std::string text;  ///< as installed: "2.6.0+cu124"
  std::string python;  ///< the interpreter's version it belongs to, "3.11"
  std::string where;
  std::string cuda{};  ///< what its own files say: "12.4", "none" for a CPU-only build, or empty
  std::string env{};   ///< the prefix of the environment it lies in, as MachinePython::env
};

struct MachinePython {
  std::string version;  ///< "3.11.7", "3.13.1t"
  std::string path;
  bool active = false;  ///< what `python` means here
  std::string env{};    ///< its prefix: "/usr", "/home/user/venv"
  std::string kind{};   ///< "system", "venv", "conda", "uv", "pyenv" or empty
};

/// A driver library the loader can find, in the order in which it looks: the first with `wins` is opened.
struct MachineLibrary {
  std::string name;     ///< "libcuda", "libnvidia-ml"
  std::string version;  ///< from the file name behind the links, or empty
  std::string kind;     ///< "system", "compat", "wsl", "stub", "injected", "tegra", "empty", "dangling"
  std::string
      by;  ///< what makes the loader find it: "LD_LIBRARY_PATH", "ld.so.cache", "ld.so.conf", "default"
  std::string path;  ///< as the loader sees it
  std::string real;  ///< with links resolved
  bool wins = false;
};

/// Anything else that was looked for: key, value, where, and whether it was there.
/// Keys are dotted and lower case: "module.nvidia", "module.nouveau", "dev.nvidia-uvm",
/// "env.CUDA_VISIBLE_DEVICES", "secure-boot", "libcuda", "container", "proc.driver.nvidia" …
struct Sighting {
  std::string key;
  std::string value;
  std::string where;
  bool found = true;
};

/// A line of an error seen in a report or a kernel log.
struct MachineLine {
  int64_t line = 0;  ///< from 1; 0 when unknown
  std::string text;
  std::string where{};  ///< the file it stood in; empty for a report
};

struct Machine {
  std::string format;  ///< "live", "record", "nvidia-smi", "collect_env" …
  std::string host;    ///< only to tell two hosts of one paste apart; never printed
  std::string os;      ///< linux, windows, wsl; macos and others as they are
  std::string os_text;
  std::string arch;      ///< x86_64, aarch64, tegra …
  std::string platform;  ///< bare, container, wsl, vm, hosted
  std::string jetpack;
  std::string kernel_driver;   ///< "550.54.14"
  std::string module_flavour;  ///< "open", "proprietary" or empty
  std::string cuda_driver;     ///< what the user-mode driver reports: "12.4"
  std::string cuda_driver_where;
  std::string
      available;  ///< what the report itself says of torch.cuda.is_available(): "true", "false" or empty
  std::vector<MachineGpu> gpus;
  std::vector<MachinePiece> toolkits;
  std::vector<MachinePiece> runtimes;
  std::vector<MachinePackage> packages;
  std::vector<MachinePython> pythons;
  std::vector<Sighting> sightings;
  std::vector<MachineLine> errors;
  std::vector<std::string> unread;    ///< lines or parts that were not understood, at most a few dozen
  std::vector<std::string> problems;  ///< what could not be read: permission, cut off, malformed
  std::vector<MachineLibrary> libraries;
};

}  // namespace cudacompat
