// "key: value" reports. One table says what a key tells; keys compare by their letters and digits alone, so
// every tool's spelling ("CUDA used to build PyTorch", "torch.version.cuda") is a row and not a reader.
#include "report/fields.h"

#include <algorithm>

#include "base/text.h"
#include "report/packed_version.h"
#include "report/readers.h"
#include "report/regex.h"
#include "report/system_text.h"

namespace cudacompat::report {
namespace {

bool NoValue(std::string_view value) {
  std::string key = NameKey(value.substr(0, 80));
  return key.empty() || key == "na" || key == "none" || key == "null" || StartsWith(key, "couldnotcollect") ||
         StartsWith(key, "notinstalled") || StartsWith(key, "notfound") || StartsWith(key, "notavailable") ||
         StartsWith(key, "nocuda") || StartsWith(key, "noresponse") || StartsWith(key, "notapplicable");
}

/// "12020", "(12, 2)", "12.2", and "12.20" of programs that print two digits → "12.2".
std::string CudaNumber(std::string_view value) {
  static const Regex kPair(R"(\((\d+), ?(\d+)\))");
  static const Regex kPacked(R"(^(\d{4,5})$)");
  std::string major;
  std::string minor;
  if (kPair.Find(value, &major, &minor)) return major + "." + minor;
  if (kPacked.FindWhole(value, &major)) return DecodeCudaVersion(major);
  static const Regex kTwoDigits(R"(^(\d{1,2}\.[1-9])0$)");
  std::string number = DottedNumber(value);
  return kTwoDigits.FindWhole(number, &major) ? major : number;
}

std::string CudnnNumber(std::string_view value) {
  static const Regex kPacked(R"(^\D{0,3}(\d{4,6})\b)");
  std::string packed;
  if (kPacked.Find(value, &packed)) return DecodeCudnnVersion(packed);
  return DottedNumber(value);
}

/// "torch==2.5.1+cu124 torchvision==0.20.1+cu124", "tensorflow-gpu 1.15": the package's name stands before
/// its number.
bool TakeNamedPackages(const Field& field, std::string_view value, Draft& draft) {
  static const Regex kFirst(
      R"(^["'(]*([A-Za-z][\w-]*)(?:\[[\w,]*\])?(?: ?={1,3} ?| version |[ -])v?(\d+(?:\.\d+)+[\w.+]*))");
  static const Regex kNext(R"([\s,;]([A-Za-z][\w-]*)(?:\[[\w,]*\])?==(\d+(?:\.\d+)+[\w.+]*))");
  std::string name;
  std::string version;
  if (!kFirst.Find(value, &name, &version)) return false;
  const std::string key = PackageName(name);
  const bool another = StartsWith(key, std::string(field.extra) + "-");  // of one family: tensorflow-gpu
  const bool same = key == field.extra || key == "py" + std::string(field.extra) ||
                    (key == "tf" && field.extra == "tensorflow") || NameKey(name) == field.key;
  if (!same && !another) return false;
  draft.Package(another ? key : std::string(field.extra), version, Trust::kReport);
  std::string_view rest = value;
  while (kNext.FindAndConsume(&rest, &name, &version)) draft.Package(name, version, Trust::kReport);
  return true;
}

/// False where the value is none that a package has: then the line was not understood.
bool TakePackage(const Field& field, std::string_view value, Draft& draft) {
  static const Regex kVersion(R"(^(?:b')?[v"'=]*(\d+(?:\.\d+)*[\w.+-]*))");
  static const Regex kGitThenVersion(
      R"(^b?'?v?\d\S*-g[0-9a-f]+'? (\d+\.\d+[\w.]*)$)");  // TensorFlow's template
  static const Regex kInParens(R"(\((True|False|yes|no)\))");
  static const Regex kCudaParens(R"((?i)\(?\bcuda(?: version)?[ :]?\s?(\d+\.\d+)\)?)");
  if (NoValue(value)) return true;
  std::string version;
  if (!kGitThenVersion.Find(value, &version) && !kVersion.Find(value, &version))
    return TakeNamedPackages(field, value, draft);
  while (!version.empty() && (version.back() == '.' || version.back() == '-')) version.pop_back();
  Trust trust = field.key == "pytorchversion" ? Trust::kTool : Trust::kReport;
  MachinePackage* package = draft.Package(field.extra, version, trust);
  std::string said;
  if (kInParens.Find(value, &said) && field.extra == "torch") {
    draft.Available(said, Trust::kReport);
  }
  bool torch = package != nullptr && field.extra == "torch";
  if (torch && package->tag.empty() && kCudaParens.Find(value, &said)) package->cuda = said;
  if (field.key == "pytorchversion" && draft.section != "smi-q") draft.section = "collect_env";
  return true;
}

void TakeTorchCuda(std::string_view value, Draft& draft) {
  MachinePackage* torch = nullptr;
  for (MachinePackage& each : draft.machine.packages) torch = each.package == "torch" ? &each : torch;
  if (torch == nullptr) {
    // Met before the version; Draft drops it when no version follows.
    draft.machine.packages.emplace_back();
    torch = &draft.machine.packages.back();
    torch->package = "torch";
  }
  if (!torch->cuda.empty() && torch->cuda != "none") return;
  std::string number = CudaNumber(value);
  bool cpu = number.empty() && NoValue(value);
  if (!number.empty()) torch->cuda = number;
  if (cpu) torch->cuda = "none";
  if (Contains(value, "is available")) draft.Available("true", Trust::kReport);
}

void TakeGpu(const Field& field, std::string_view value, Draft& draft) {
  static const Regex kFastai(R"(^\d+MB \| (.+)$)");
  if (value.empty() && field.key == "gpu") draft.section = "gpu-list";
  if (NoValue(value) || value.find('\t') != std::string_view::npos) return;
  // Rows of a topology ("GPU0  X  NV12  SYS") hold no small letter but for "Affinity".
  bool small = std::any_of(value.begin(), value.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (field.extra == "more" && (!small || Contains(value, "Affinity"))) return;
  std::string name;
  if (kFastai.FindWhole(value, &name)) value = name;
  Line line;
  line.number = draft.line;
  line.text = field.extra == "more" ? "GPU " + std::string(field.key.substr(3)) + ": " + std::string(value)
                                    : std::string(value);
  if (StartsWith(line.text, "GPU") && ReadSmiList(line, draft)) return;
  if (draft.HasGpus(Listing::kReport)) return;
  AddGpuText(value, field.extra == "plain" ? Listing::kPlain : Listing::kReport, draft);
}

void TakeCapability(std::string_view value, Draft& draft) {
  std::string capability = Capability(value);
  if (capability.empty()) return;
  if (draft.Has("collect_env") || draft.HasGpus(Listing::kReport)) {
    draft.EveryGpu(Listing::kReport, [&](MachineGpu& gpu) {
      if (gpu.compute_capability.empty()) gpu.compute_capability = capability;
    });
    if (draft.HasGpus(Listing::kReport)) return;
  }
  for (Listing listing :
       {Listing::kLog, Listing::kReport, Listing::kTable, Listing::kList, Listing::kPlain}) {
    if (!draft.HasGpus(listing)) continue;
    if (draft.ThisGpu(listing).compute_capability.empty())
      draft.ThisGpu(listing).compute_capability = capability;
    return;
  }
  draft.Gpu(Listing::kPlain, 0).compute_capability = capability;
}

/// "CUDA version" means the toolkit, unless the line itself says whose it is.
void TakeToolkit(std::string_view value, Draft& draft) {
  static const Regex kRelease(R"(V(\d+\.\d+\.\d+))");
  static const Regex kBuild(R"(cuda_(\d+\.\d+)\.)");
  if (NoValue(value)) return;
  std::string version;
  if (!kRelease.Find(value, &version) && !kBuild.Find(value, &version)) {
    version = CudaNumber(value);
  }
  draft.Toolkit(version, "report");
}

void TakeRuntime(std::string_view value, Draft& draft) {
  // In collect_env this field is what nvcc says: a toolkit on disk, not what torch runs.
  if (draft.Has("collect_env")) return TakeToolkit(value, draft);
  std::string version = CudaNumber(value);
  if (!version.empty()) draft.Runtime("cudart", version, "report");
}

void TakeArchList(std::string_view value, Draft& draft) {
  static const Regex kTarget(R"((?:code=)?((?:sm|compute)_\d+[af]?))");
  std::string_view rest = value;
  std::vector<std::string> targets;
  std::string target;
  bool gencode = Contains(value, "code=");
  static const Regex kCode(R"(code=((?:sm|compute)_\d+[af]?))");
  while ((gencode ? kCode : kTarget).FindAndConsume(&rest, &target) && targets.size() < 64) {
    if (std::find(targets.begin(), targets.end(), target) == targets.end()) targets.push_back(target);
  }
  if (!targets.empty()) draft.Saw("torch.arch_list", Join(targets, " "));
}

/// A kernel driver has three digits before its dot; what is shorter is a CUDA release.
bool IsKernelDriver(std::string_view value) { return DriverNumber(value).find('.') >= 3; }

bool Take(const Field& field, std::string_view value, Draft& draft) {
  switch (field.what) {
    case Tells::kNothing:
      break;
    case Tells::kPackage:
      if (!TakePackage(field, value, draft)) return false;
      break;
    case Tells::kTorchCuda:
      TakeTorchCuda(value, draft);
      break;
    case Tells::kRocm:
      if (!NoValue(value) && !DottedNumber(value).empty()) draft.OtherVendor("amd");
      break;
    case Tells::kXpu:
      if (TruthValue(value) == "true" ||
          (value.size() == 8 && std::all_of(value.begin(), value.end(), IsDigit)))
        draft.OtherVendor("intel");
      break;
    case Tells::kAvailable:
      // numba: the driver has started, which says nothing of the runtime and its libraries.
      if (field.extra == "driver" && TruthValue(value) == "true") break;
      draft.Available(value, Trust::kReport);
      break;
    case Tells::kSystem:
      draft.System(value, field.extra == "weak" ? Trust::kPlain : Trust::kReport);
      break;
    case Tells::kLibc:
      if (!NoValue(value)) draft.Saw("libc", (IsDigit(value.front()) ? "glibc " : "") + std::string(value));
      break;
    case Tells::kArch:
      draft.Arch(value, Trust::kReport);
      break;
    case Tells::kPython:
      draft.Python(value, Trust::kReport);
      if (Contains(value, "AMD64") || Contains(value, "ARM64")) draft.Arch(value, Trust::kPlain);
      break;
    case Tells::kDriver:
      draft.KernelDriver(value, field.extra == "weak" ? Trust::kPlain : Trust::kReport);
      break;
    case Tells::kCudaDriver:
      // SGLang's report prints the kernel driver under this name.
      if (!DriverNumber(value).empty() && IsKernelDriver(value)) {
        draft.KernelDriver(value, Trust::kReport);
        break;
      }
      draft.CudaDriver(CudaNumber(value), Trust::kReport);
      break;
    case Tells::kCudaRuntime:
      TakeRuntime(value, draft);
      break;
    case Tells::kToolkit:
      TakeToolkit(value, draft);
      break;
    case Tells::kCudnn: {
      std::string version = NoValue(value) ? "" : CudnnNumber(value);
      if (!version.empty() && value.find('/') == std::string_view::npos)
        draft.Runtime("cudnn", version, "report");
      break;
    }
    case Tells::kNccl:
      draft.Runtime("nccl", DottedNumber(value), "report");
      break;
    case Tells::kGpu:
      TakeGpu(field, value, draft);
      break;
    case Tells::kCapability:
      TakeCapability(value, draft);
      break;
    case Tells::kArchList:
      TakeArchList(value, draft);
      break;
    case Tells::kEnvironment:
      if (!NoValue(value)) draft.Saw("env." + std::string(field.extra), value);
      break;
  }
  if (!field.format.empty()) draft.Format(field.format, field.weight);
  return true;
}

const Field* Lookup(std::string_view key) {
  std::string name = NameKey(key);
  // "OS Platform and Distribution (e.g., Linux Ubuntu 16.04)": what a template explains is no part of the
  // key.
  size_t open = key.find(" (");
  if (open != std::string_view::npos && open > 1 && !Contains(key, "GPU?"))
    name = NameKey(key.substr(0, open));
  if (name.size() > 60) return nullptr;
  if (StartsWith(name, "gpu") && EndsWith(name, "computecapability")) name = "computecapability";
  const auto& fields = KnownFields();
  auto found =
      std::lower_bound(fields.begin(), fields.end(), name,
                       [](const Field& field, const std::string& wanted) { return field.key < wanted; });
  return found != fields.end() && found->key == name ? &*found : nullptr;
}

std::string_view WithoutBullet(std::string_view text) {
  while (!text.empty() &&
         (text[0] == '-' || text[0] == '*' || text[0] == '#' || text[0] == '+' || text[0] == ' ')) {
    text.remove_prefix(1);
  }
  static const Regex kNumbered(R"(^\d{1,2}[.)] )");
  std::string_view piece = text;
  kNumbered.Consume(&piece);
  return {piece.data(), piece.size()};
}

struct Pair {
  std::string_view key;
  std::string_view value;
};

/// By each place where a key may end: ":", "=", a tab, two blanks, " - ", "?", and "|" of a markdown table.
std::vector<Pair> Pairs(std::string_view text) {
  std::vector<Pair> pairs;
  if (StartsWith(text, "|")) {
    std::string_view inner = Trim(text.substr(1));
    size_t bar = inner.find('|');
    if (bar != std::string_view::npos) {
      std::string_view value = inner.substr(bar + 1);
      pairs.push_back({Trim(inner.substr(0, bar)), Trim(value.substr(0, value.find('|')))});
    }
    return pairs;
  }
  for (std::string_view separator : {":", "=", "\t", "  ", " - ", "?"}) {
    size_t at = text.find(separator);
    if (at == std::string_view::npos || at == 0 || at > 80) continue;
    std::string_view value = Trim(text.substr(at + separator.size()));
    while (!value.empty() && (value.front() == ':' || value.front() == '=')) value = Trim(value.substr(1));
    while (value.size() > 1 && (value.back() == ',' || value.back() == '"' || value.back() == '\''))
      value.remove_suffix(1);
    while (value.size() > 1 && (value.front() == '"' || value.front() == '\'')) value.remove_prefix(1);
    pairs.push_back({Trim(text.substr(0, at)), Trim(value)});
  }
  return pairs;
}

/// "PyTorch version 1.5.0", "CUDA version is 11.8": no separator at all.
bool ReadBare(std::string_view text, Draft& draft) {
  static const Regex kBare(
      R"((?i)^(pytorch version|torch version|tensorflow version|cuda version|driver version|nvidia driver version|nvidia driver|python version|cudnn version|is cuda available|cuda available|torch\.cuda\.is_available\(\)|cuda runtime|cudnn)(?:\s+is|\s+returns)?\s+(\S.*)$)");
  std::string key;
  std::string value;
  if (text.size() > 120 || !kBare.Find(text, &key, &value)) return false;
  if (!IsDigit(value[0]) && TruthValue(value).empty() && !NoValue(value)) return false;
  const Field* field = Lookup(key);
  return field != nullptr && Take(*field, value, draft);
}

/// A table's row of cards without a colon: "GPU 0,1   Tesla V100-SXM2-16GB (arch=7.0)" of detectron2, which
/// prints equal cards as one.
bool ReadCardRow(const Line& line, Draft& draft) {
  static const Regex kRow(R"(^GPU ?(\d{1,3}(?: ?, ?\d{1,3})*)(?:\s{2,}|\t\s*)([^\t]*[a-z][^\t]*)$)");
  std::string numbers;
  std::string name;
  if (!StartsWith(line.text, "GPU") || !kRow.Find(line.text, &numbers, &name)) return false;
  // A row of a topology holds words in capitals, and columns.
  if (Contains(name, "Affinity") || Contains(name, "   ")) return false;
  Line row = line;
  row.text = "GPU " + numbers + ": " + name;
  return ReadSmiList(row, draft);
}

/// lscpu and the like between the fields of a report: understood, and of no use here.
bool OfNoUse(const Line& line, Draft& draft) {
  static const Regex kLscpu(
      R"(^(?:CPU|Vendor ID|Model name|Model|Thread|Core|Socket|Stepping|BogoMIPS|Virtualization|L\d\w? cache|NUMA|Vulnerability|Flags|Address sizes|Byte Order|Frequency|Hypervisor vendor|BIOS|Caches|On-line|Cluster|Bogo|Max|Min|Manufacturer|Family|DeviceID|CurrentClockSpeed|MaxClockSpeed|ProcessorType|Revision|L2CacheSize|L2CacheSpeed|Name|Architecture|Off-line|Scaling|Dynamic)\b)");
  if (StartsWith(line.text, "Collecting") && Contains(line.text, "environment information")) {
    draft.Format("collect_env", 60);
    return true;
  }
  return draft.Has("collect_env") && kLscpu.Find(line.text);
}

/// A form: the label has a line of its own ("### GPU model and memory"), and the value stands on the next.
bool ReadForm(const Line& line, std::string_view text, Draft& draft) {
  static constexpr std::string_view kWaits = "form:";
  static const Regex kProduct(R"(^(?:[A-Za-z]+ )?v?(\d+\.\d[\w.+-]*)$)");  // "tf 2.10.0"
  const bool words = text.size() < 60 && text.find_first_of(":=|\t") == std::string_view::npos;
  const Field* known = words && !IsDigit(text.back()) ? Lookup(text) : nullptr;
  const bool label = known != nullptr && known->what != Tells::kNothing;
  if (StartsWith(draft.section, kWaits)) {
    const Field* field = Lookup(std::string_view(draft.section).substr(kWaits.size()));
    draft.section.clear();
    if (!label && !StartsWith(line.text, "#") && field != nullptr && text.size() <= 200) {
      std::string version;
      const bool product = field->what == Tells::kPackage && kProduct.FindWhole(text, &version);
      return Take(*field, product ? std::string_view(version) : text, draft);
    }
  }
  // Without its sign only a label of several words is one, and only where nothing else is being read.
  if (!label || (!StartsWith(line.text, "#") && (!draft.section.empty() || Words(text).size() < 2)))
    return false;
  draft.section = std::string(kWaits) + std::string(text);
  return true;
}

}  // namespace

bool ReadField(const Line& line, Draft& draft) {
  std::string_view text = WithoutBullet(line.text);
  if (text.empty()) return true;
  if (ReadForm(line, text, draft)) return true;
  if (draft.section == "gpu-list") {
    // "- GPU:" of Lightning, its cards below as items of their own.
    bool item = text.size() < line.text.size() && !Contains(text, ":");
    if (item && AddGpuText(text, Listing::kReport, draft)) return true;
    draft.section.clear();
  }
  if (ReadCardRow(line, draft)) return true;
  for (const Pair& pair : Pairs(text)) {
    const Field* field = Lookup(pair.key);
    if (field == nullptr) continue;
    return Take(*field, pair.value, draft);
  }
  return ReadBare(text, draft) || OfNoUse(line, draft);
}

}  // namespace cudacompat::report
