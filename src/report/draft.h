// Draft: a machine as it becomes known line by line. Several lines may tell the same thing; the one that
// knows best stands, whatever the order. Does not own: how a line is read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/machine.h"

namespace cudacompat::report {

/// How much a line is believed, highest first. A kernel module that speaks of itself is above every list of
/// packages.
enum class Trust {
  kGuess = 10,      ///< a word in passing
  kInstalled = 20,  ///< a package or a file on disk: it may not be what is loaded
  kPlain = 30,      ///< what a person typed
  kFramework = 50,  ///< a framework's start-up log
  kReport = 60,     ///< a report tool's field
  kTool = 80,       ///< nvidia-smi
  kKernel = 90,     ///< the kernel module itself
};

/// Where cards were listed. Listings in one paste are the same cards; the best one stands, the others add to
/// it.
enum class Listing { kSaid, kPlain, kPci, kLog, kLabels, kRow, kReport, kList, kTable, kQuery };

class Draft {
 public:
  Machine machine;
  std::string section;          ///< the heading that the line stands under; readers set and test it
  bool jax_cuda = false;        ///< JAX lists a card: its plugin is a CUDA build
  bool xla_cuda = false;        ///< XLA lists a card; it is JAX's or TensorFlow's
  bool tensorflow_gpu = false;  ///< the text speaks of tensorflow-gpu, or TensorFlow made a device of a card
  bool tensorflow_listed = false;  ///< a list of packages names plain tensorflow
  std::string smi_version;         ///< of nvidia-smi itself
  std::string conda_cuda;          ///< the CUDA that conda's packages beside torch name, or "none"
  int64_t line = 0;                ///< the line being read
  bool old_torch_report = false;
  bool wsl_libcuda = false;   ///< a path of the libcuda that Windows brings was met …
  std::string linux_libcuda;  ///< … and one of a Linux driver beside or before it

  /// A format was recognised; the one with the highest weight names the report.
  void Format(std::string_view name, int weight);
  bool Has(std::string_view format) const { return formats_.count(std::string(format)) != 0; }

  void KernelDriver(std::string_view version, Trust trust);
  void CudaDriver(std::string_view version, Trust trust);
  /// "Ubuntu 22.04.3 LTS (x86_64)", "Windows-10-10.0.19045-SP0": system, processor and platform as far as the
  /// text has them.
  void System(std::string_view text, Trust trust);
  void Arch(std::string_view text, Trust trust);
  void Platform(std::string_view platform, Trust trust);
  void Available(std::string_view text, Trust trust);
  void Python(std::string_view text, Trust trust);
  void OtherVendor(std::string_view vendor);

  MachineGpu& Gpu(Listing listing, int index);
  MachineGpu& NextGpu(Listing listing);
  /// The card that the listing spoke of last, or a first one.
  MachineGpu& ThisGpu(Listing listing);
  template <typename Change>
  void EveryGpu(Listing listing, Change&& change) {
    if (!HasGpus(listing)) return;
    for (MachineGpu& gpu : gpus_[listing]) change(gpu);
  }
  bool HasGpus(Listing listing) const { return gpus_.count(listing) != 0; }

  /// `text` as installed: "2.6.0+cu124". Of one package the best trusted line stands.
  MachinePackage* Package(std::string_view name, std::string_view text, Trust trust);
  void Toolkit(std::string_view version, std::string_view where);
  void Runtime(std::string_view name, std::string_view version, std::string_view where);
  void Saw(std::string_view key, std::string_view value);
  void Unread(std::string_view text);
  void ErrorLine(std::string_view text, int64_t number);
  void Problem(std::string_view text);

  bool Empty() const;
  Machine Finish();

 private:
  bool Better(const char* what, Trust trust);
  void SawOnlyOtherVendor();
  void SawShadowedLibcuda();
  void MergeGpus();

  std::map<std::string, int> formats_;
  std::map<std::string, Trust> trust_;  // of each value that is set
  std::map<Listing, std::vector<MachineGpu>> gpus_;
  std::map<Listing, std::vector<int>> indices_;
  std::map<Listing, size_t> current_;
  std::map<std::string, Trust> package_trust_;
  size_t unread_ = 0;
};

/// The first "535.104.05" of a text that can be a driver's number; Windows' "31.0.15.6094" as 560.94. Empty
/// when none.
std::string DriverNumber(std::string_view text);

/// The first dotted number: "12.4", "3.10.12". Empty when none.
std::string DottedNumber(std::string_view text);

/// "yes", "True", "1" → true; "no", "False" → false; empty otherwise.
std::string TruthValue(std::string_view text);

}  // namespace cudacompat::report
