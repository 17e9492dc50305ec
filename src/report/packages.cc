// Lists of installed packages: pip freeze, pip list, pip show, uv, conda, and collect_env's "[pip3]
// torch==2.0.1".

#include "base/text.h"
#include "report/readers.h"
#include "report/regex.h"
#include "report/system_text.h"

namespace cudacompat::report {
namespace {

/// conda names one package otherwise than the index that everyone else means.
std::string CondaName(std::string_view name) {
  std::string key = PackageName(name);
  return key == "pytorch" || key == "pytorch-gpu" ? "torch" : key;
}

/// "py3.10_cuda12.1_cudnn8.9.2_0", "cuda126_mkl_py312_h", "cpu_generic_py311_": the CUDA of a conda build, or
/// "none".
std::string CondaCuda(std::string_view build) {
  static const Regex kDotted(R"(cuda(\d+\.\d+))");
  static const Regex kJoined(R"(cuda_?(\d{2})(\d)(?:_|py|$))");
  std::string major;
  std::string minor;
  if (kDotted.Find(build, &major)) return major;
  if (kJoined.Find(build, &major, &minor)) return major + "." + minor;
  return Contains(build, "cpu") ? "none" : "";
}

void TakeConda(std::string_view name, std::string_view version, std::string_view build, Trust trust,
               Draft& draft) {
  std::string key = CondaName(name);
  if (key == "cudatoolkit" || key == "cuda-cudart" || key == "cudnn" || key == "nccl") {
    std::string piece = key == "cudatoolkit" || key == "cuda-cudart" ? "cudart" : key;
    draft.Runtime(piece, version, "conda");
  }
  if (key == "python") draft.Python(version, Trust::kReport);
  // What conda calls a flavour: torch's build says the same where it is printed.
  if (key == "pytorch-cuda") draft.conda_cuda = DottedNumber(version);
  if (key == "cudatoolkit" && draft.conda_cuda.empty()) draft.conda_cuda = DottedNumber(version);
  if (key == "cpuonly" || (key == "pytorch-mutex" && build == "cpu")) draft.conda_cuda = "none";
  MachinePackage* package = draft.Package(key, version, trust);
  if (package == nullptr) return;
  package->env = "conda";
  if (build == "pypi_0" || key != "torch") return;
  std::string cuda = CondaCuda(build);
  if (cuda.empty() || !package->tag.empty()) return;
  package->cuda = cuda;
  package->tag = cuda == "none" ? "cpu" : CudaTag(cuda);
}

bool ReadRequirement(std::string_view text, Draft& draft) {
  static const Regex kPinned(
      R"(^(?:\[(?:pip3?|conda)\]\s+|[-*]\s+|\d+\.\s+)?([A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s?={2,3}\s?(\d[\w.+!-]*)(?:\s*;.*|\s*#.*|\s*\\)?$)");
  // conda env export, conda's own specs ("pytorch::pytorch=1.12.1=py3.9_cuda11.3_0"), and conda list
  // --explicit
  static const Regex kCondaExport(
      R"(^(?:-\s*)?["']?(?:[\w./-]+::)?([A-Za-z_][\w.-]*)={1,2}(\d[\w.+!]*)=([\w.*]+)["']?(?:\s*#.*)?$)");
  static const Regex kCondaSpec(
      R"(^-\s*["']?(?:[\w./-]+::)?([A-Za-z_][\w.-]*)=(\d[\w.+!]*?)(?:\.\*|\*)?["']?(?:\s*#.*)?$)");
  static const Regex kCondaFile(
      R"(^(?:-\s*)?\S*/((?:linux|win|osx)-\w+|noarch)/([\w.-]+)-([\w.+!]+)-([\w.]+?)\.(?:tar\.bz2|conda)(?:#\w*)?$)");
  static const Regex kFile(
      R"(^([A-Za-z][\w.-]*) @ \S*/[\w.]+?-(\d[\w.]*?(?:(?:\+|%2B)[\w.]+)?)-(?:cp|py)\d\S*\.whl)");
  std::string name;
  std::string version;
  std::string build;
  if (kPinned.Find(text, &name, &version)) {
    draft.Package(CondaName(name) == "torch" ? "torch" : name, version, Trust::kFramework);
    draft.Format("pip-freeze", 10);
    return true;
  }
  if (kFile.Find(text, &name, &version)) {
    draft.Package(name, ReplaceAll(ReplaceAll(version, "%2B", "+"), "%2b", "+"), Trust::kFramework);
    draft.Format("pip-freeze", 10);
    return true;
  }
  if (kCondaExport.Find(text, &name, &version, &build) || kCondaSpec.Find(text, &name, &version)) {
    TakeConda(name, version, build, Trust::kFramework, draft);
    draft.Format("conda-export", 10);
    return true;
  }
  if (text == "- cpuonly") draft.conda_cuda = "none";
  std::string platform;
  if (kCondaFile.Find(text, &platform, &name, &version, &build)) {
    TakeConda(name, version, build, Trust::kFramework, draft);
    draft.Format("conda-export", 10);
    if (StartsWith(platform, "linux")) draft.System("linux", Trust::kPlain);
    if (StartsWith(platform, "win")) draft.System("windows", Trust::kPlain);
    if (EndsWith(platform, "-64")) draft.Arch("x86_64", Trust::kPlain);
    if (EndsWith(platform, "-aarch64")) draft.Arch("aarch64", Trust::kPlain);
    return true;
  }
  return false;
}

bool ReadBracketConda(std::string_view text, Draft& draft) {
  static const Regex kRow(R"(^\[(conda|pip3?)\]\s+([A-Za-z][\w.-]*)\s+(\d[\w.+!]*)(?:\s+(\S+))?)");
  std::string kind;
  std::string name;
  std::string version;
  std::string build;
  if (StartsWith(text, "[") && kRow.Find(text, &kind, &name, &version, &build)) {
    if (kind == "conda")
      TakeConda(name, version, build, build == "pypi_0" ? Trust::kFramework : Trust::kPlain, draft);
    else
      draft.Package(name, version, Trust::kFramework);
    return true;
  }
  return StartsWith(text, "[pip") || StartsWith(text, "[conda]");
}

/// Tables with a head: "Package   Version", "# Name   Version   Build   Channel".
bool ReadTable(const Line& line, Draft& draft) {
  static const Regex kPipHead(R"(^Package\s+Version(?:\s|$))");
  static const Regex kCondaHead(R"(^#?\s*Name\s+Version\s+Build)");
  static const Regex kRow(R"(^([A-Za-z_][\w.-]*)\s+(\d[\w.+!-]*)(?:\s+(\S+))?(?:\s+(\S+))?(?:\s+\S+)*$)");
  std::string_view text = line.text;
  if (kPipHead.Find(text)) {
    draft.section = "pip-list";
    draft.Format("pip-list", 10);
    return true;
  }
  if (kCondaHead.Find(text)) {
    draft.section = "conda-list";
    draft.Format("conda-list", 10);
    return true;
  }
  bool pip = draft.section == "pip-list";
  if (!pip && draft.section != "conda-list") {
    // A row of conda needs no head: its channel gives it away.
    static const Regex kConda(
        R"(^([A-Za-z_][\w.-]*)\s+(\d[\w.+!]*)\s+(\w*(?:py|cuda|cpu|h[0-9a-f]{7}|_\d)\w*[\w.]*)\s+(pytorch|nvidia|conda-forge|defaults|pypi|\S*channel\S*)$)");
    std::string name;
    std::string version;
    std::string build;
    // And none is needed where the version carries a tag: "torch 2.5.1+cu121" for itself.
    static const Regex kTagged(
        R"(^([A-Za-z][\w-]*) v?(\d+\.\d[\w.]* ?\+ ?(?:cu\d{2,3}|cpu|rocm[\d.]+|xpu)\w*)$)");
    if (text.size() < 80 && Contains(text, "+") && kTagged.FindWhole(text, &name, &version)) {
      draft.Package(CondaName(name), ReplaceAll(version, " ", ""), Trust::kPlain);
      return true;
    }
    // Nor where the name itself is of CUDA: "tensorflow-gpu   1.13.1", "nvidia-cudnn-cu12  9.1.0.70".
    static const Regex kOfCuda(
        R"(^([a-z][a-z0-9_.]*(?:-[a-z]+)*-(?:gpu|cu\d{2,3}|cuda\d{2,3}x?(?:-\w+)?))\s+(\d+\.\d[\w.+!]*)(?:\s+\S+){0,3}$)");
    if (text.size() < 120 && Contains(text, "-") && kOfCuda.FindWhole(text, &name, &version)) {
      draft.Package(name, version, Trust::kPlain);
      return true;
    }
    if (!kConda.Find(text, &name, &version, &build)) return false;
    TakeConda(name, version, build, Trust::kFramework, draft);
    draft.Format("conda-list", 10);
    return true;
  }
  std::string name;
  std::string version;
  std::string build;
  std::string channel;
  if (text.find_first_not_of("- ") == std::string_view::npos) return true;
  if (!kRow.Find(text, &name, &version, &build, &channel)) {
    if (StartsWith(text, "#")) return true;
    draft.section.clear();
    return false;
  }
  if (pip)
    draft.Package(name, version, Trust::kFramework);
  else
    TakeConda(name, version, build, Trust::kFramework, draft);
  return true;
}

/// pip show, and pip list --format=json: "Name: torch" above "Version: 2.1.0+cu121".
bool ReadShow(std::string_view text, Draft& draft) {
  bool name = StartsWith(text, "Name: ") || StartsWith(text, "name: ");
  bool version = StartsWith(text, "Version: ") || StartsWith(text, "version: ");
  if (!name && !version) return false;
  std::string_view value = Trim(text.substr(text.find(':') + 1));
  if (name) {
    bool plain = !value.empty() && value.find_first_of(" /()") == std::string_view::npos && IsAlpha(value[0]);
    if (plain) draft.section = "pip-show:" + std::string(value);
    return plain;
  }
  if (!StartsWith(draft.section, "pip-show:") || value.empty() || !IsDigit(value[0])) return false;
  draft.Package(std::string_view(draft.section).substr(9), value, Trust::kFramework);
  draft.section.clear();
  draft.Format("pip-show", 9);
  return true;
}

/// "Collecting torch==2.0", "Successfully installed numpy-1.26.4 torch-2.3.0+cu121".
bool ReadInstalled(std::string_view text, Draft& draft) {
  static const Regex kPart(R"(^([A-Za-z][\w.]*(?:-[A-Za-z][\w.]*)*)-(\d[\w.+!]*)$)");
  if (!StartsWith(text, "Successfully installed ")) return false;
  for (std::string_view word : Words(text.substr(23))) {
    std::string name;
    std::string version;
    // "nvidia-cublas-cu12-12.4.5.8": the last dash before a digit divides.
    size_t dash = word.rfind('-');
    if (dash == std::string_view::npos || dash + 1 >= word.size() || !IsDigit(word[dash + 1])) continue;
    draft.Package(word.substr(0, dash), word.substr(dash + 1), Trust::kFramework);
  }
  draft.Format("pip-install", 9);
  return true;
}

}  // namespace

bool ReadPackages(const Line& line, Draft& draft) {
  static const Regex kTensorFlow(R"(^(?:\[\w+\]\s+)?tensorflow(?:==|\s+)\d)");
  std::string_view text = line.text;
  if (Contains(text, "tensorflow") && kTensorFlow.Find(text)) draft.tensorflow_listed = true;
  if (text.size() > 20000) return false;
  return ReadTable(line, draft) || ReadRequirement(text, draft) || ReadBracketConda(text, draft) ||
         ReadShow(text, draft) || ReadInstalled(text, draft);
}

}  // namespace cudacompat::report
