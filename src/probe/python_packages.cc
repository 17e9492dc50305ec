#include <map>

#include "base/text.h"
#include "probe/python.h"

namespace cudacompat::probe {
namespace {

constexpr size_t kMostPackages = 2000;

struct Distribution {
  std::string name;    // normalised
  std::string text;    // the version as installed
  std::string folder;  // site-packages
  std::string info;    // the .dist-info folder or .egg-info
};

// "nvidia_cublas_cu12-12.4.5.8.dist-info", "torch-2.5.1-py3.11.egg-info"
bool ParseInfoName(std::string_view name, Distribution* out) {
  bool egg = EndsWith(name, ".egg-info");
  if (!egg && !EndsWith(name, ".dist-info")) return false;
  name.remove_suffix(egg ? 9 : 10);
  size_t dash = name.find('-');
  if (dash == std::string_view::npos || dash == 0 || dash + 1 >= name.size()) return false;
  out->name = PackageName(name.substr(0, dash));
  std::string_view version = name.substr(dash + 1);
  size_t python = version.rfind("-py");
  if (egg && python != std::string_view::npos) version = version.substr(0, python);
  out->text = version;
  return IsDigit(version.front()) && IsWatchedPackage(out->name);
}

// What a package's own file says: "12.4", "none", or empty when it says nothing.
struct Built {
  std::string cuda;
  std::string hip;
  std::string version;
};

std::string NoneOr(std::string value) { return value == "None" || value == "False" ? "none" : value; }

Built TorchBuild(const Host& host, const std::string& folder, const std::string& module) {
  std::string text = host.Read(folder + "/" + module + "/version.py", kSmallFile).text;
  if (text.empty()) return {};
  std::string hip = PythonAssignment(text, "hip");
  return {NoneOr(PythonAssignment(text, "cuda")), hip == "None" ? "" : hip,
          PythonAssignment(text, "__version__")};
}

// build_info = collections.OrderedDict([…]) or a dict: "cuda_version": "12.5.1", "is_cuda_build": True
Built TensorflowBuild(const Host& host, const std::string& folder) {
  std::string text = host.Read(folder + "/tensorflow/python/platform/build_info.py", kSmallFile).text;
  if (text.empty()) return {};
  size_t at = text.find("is_cuda_build");
  if (at == std::string::npos) return {};
  if (!Contains(std::string_view(text).substr(at, 24), "True")) return {"none", "", ""};
  at = text.find("cuda_version");
  if (at == std::string::npos) return {};
  std::string_view rest = std::string_view(text).substr(at + 13);
  for (size_t i = 0; i < rest.size() && i < 16; ++i) {
    if (IsDigit(rest[i])) return {CleanVersion(rest.substr(i)), "", ""};
  }
  return {};
}

Built OnnxruntimeBuild(Scene& scene, const std::string& folder) {
  std::string path = folder + "/onnxruntime/capi/build_and_package_info.py";
  std::string text = scene.host.Read(path, kSmallFile).text;
  if (text.empty()) return {};
  // Both packages share one folder: whichever was installed last is what runs.
  std::string package = PythonAssignment(text, "package_name");
  if (!package.empty()) scene.See("onnxruntime.package", package, path);
  std::string cuda = PythonAssignment(text, "cuda_version");
  return {cuda.empty() && package == "onnxruntime" ? "none" : NoneOr(cuda), "", ""};
}

Built PaddleBuild(const Host& host, const std::string& folder) {
  std::string text = host.Read(folder + "/paddle/version/__init__.py", kSmallFile).text;
  return {NoneOr(PythonAssignment(text, "cuda_version")), "", ""};
}

Built BuiltBy(Scene& scene, const Distribution& dist) {
  if (dist.name == "torch" || dist.name == "torchvision" || dist.name == "torchaudio") {
    return TorchBuild(scene.host, dist.folder, dist.name);
  }
  if (StartsWith(dist.name, "tensorflow") || StartsWith(dist.name, "tf-nightly")) {
    bool whole = dist.name == "tensorflow" || dist.name == "tensorflow-gpu" ||
                 dist.name == "tensorflow-cpu" || dist.name == "tf-nightly";
    return whole ? TensorflowBuild(scene.host, dist.folder) : Built{};
  }
  if (StartsWith(dist.name, "onnxruntime")) return OnnxruntimeBuild(scene, dist.folder);
  if (StartsWith(dist.name, "paddlepaddle")) return PaddleBuild(scene.host, dist.folder);
  return {};
}

// What an extension was compiled for, where its files say so, and the libraries it brings.
void SeeDetails(Scene& scene, const Distribution& dist) {
  const Host& host = scene.host;
  if (dist.name == "torch" && IsDirectory(host, dist.folder + "/torch/lib")) {
    bool windows = scene.machine.os == "windows";
    scene.SeePath("torch.libtorch_cuda",
                  dist.folder + (windows ? "/torch/lib/torch_cuda.dll" : "/torch/lib/libtorch_cuda.so"));
  }
  if (dist.name == "bitsandbytes") {
    for (const std::string& file : host.List(dist.folder + "/bitsandbytes", HasPrefix("libbitsandbytes_"))) {
      scene.See("bitsandbytes.library", file, dist.folder + "/bitsandbytes/" + file);
    }
  }
  if (dist.name == "xformers") {
    std::string path = dist.folder + "/xformers/cpp_lib.json";
    std::string torch = TextBetween(host.Read(path, kSmallFile).text, "\"torch\": \"", "\"");
    if (!torch.empty()) scene.See("built-for.xformers", "torch " + torch, path);
  }
}

// Requirements on other systems are not missing when they are absent.
bool MarkerHolds(std::string_view marker, const std::string& arch, bool windows) {
  std::string lower = ToLower(marker);
  bool for_windows = Contains(lower, "windows") || Contains(lower, "win32");
  bool for_linux = Contains(lower, "linux");
  bool for_others = Contains(lower, "darwin");
  bool equal_system = Contains(lower, "==");
  if (equal_system && (for_others || (windows ? for_linux : for_windows))) return false;
  size_t at = marker.find("platform_machine");
  if (at == std::string_view::npos) return true;
  std::string_view rest = marker.substr(at);
  bool equal = Contains(rest.substr(0, 24), "==");
  bool same = Contains(rest, arch) || (arch == "x86_64" && Contains(rest, "AMD64"));
  return equal == same;
}

// "nvidia-cudnn-cu12==9.1.0.70; platform_system == …" and the older "nvidia-cudnn-cu12 (==9.1.0.70) ; …"
void SeeRequirement(Scene& scene, const Distribution& dist, std::string_view line,
                    const std::map<std::string, std::string>& installed) {
  size_t semicolon = line.find(';');
  if (semicolon != std::string_view::npos &&
      !MarkerHolds(line.substr(semicolon + 1), scene.arch, scene.machine.os == "windows")) {
    return;
  }
  std::string_view need = Trim(line.substr(0, semicolon));
  size_t end = need.find_first_of(" (<>=!~[");
  std::string name = PackageName(need.substr(0, end));
  if (!StartsWith(name, "nvidia-") && !StartsWith(name, "cuda-toolkit") && !Contains(name, "triton")) return;
  std::string range(end == std::string_view::npos ? "" : Trim(need.substr(end)));
  range = ReplaceAll(ReplaceAll(ReplaceAll(range, "(", ""), ")", ""), " ", "");
  // Nobody may have asked for an extra: what it needs is not missing when it is absent.
  bool optional = semicolon != std::string_view::npos && Contains(line.substr(semicolon), "extra");
  std::string key = (optional ? "requires.optional." : "requires.") + dist.name;
  scene.machine.sightings.push_back({key, name + range, dist.info + "/METADATA", installed.count(name) != 0});
}

void SeeRequirements(Scene& scene, const Distribution& dist,
                     const std::map<std::string, std::string>& installed) {
  bool main = dist.name == "torch" || dist.name == "tensorflow" || dist.name == "jaxlib" ||
              dist.name == "vllm" || dist.name == "onnxruntime-gpu" || StartsWith(dist.name, "jax-cuda") ||
              StartsWith(dist.name, "paddlepaddle");
  if (!main) return;
  FileText metadata = scene.host.Read(dist.info + "/METADATA", 256 * 1024);
  for (std::string_view line : Split(metadata.text, '\n')) {
    if (Trim(line).empty()) break;  // the description follows
    if (StartsWith(line, "Requires-Dist: ")) SeeRequirement(scene, dist, line.substr(15), installed);
  }
}

std::vector<Distribution> ListDistributions(Scene& scene, const PythonEnvironment& environment) {
  std::vector<Distribution> found;
  for (const std::string& folder : environment.folders) {
    auto ours = [](std::string_view name) {
      Distribution dist;
      return ParseInfoName(name, &dist);
    };
    for (const std::string& name : scene.host.List(folder, ours)) {
      Distribution dist;
      ParseInfoName(name, &dist);
      dist.folder = folder;
      dist.info = folder + "/" + name;
      if (found.size() < kMostPackages) found.push_back(std::move(dist));
    }
    // pip leaves "~orch" behind when it could not remove a package that was in use.
    for (const std::string& name : scene.host.List(folder, HasPrefix("~"))) {
      scene.See("python.leftover", name, folder + "/" + name);
    }
  }
  return found;
}

}  // namespace

bool IsWatchedPackage(std::string_view name) {
  static constexpr std::string_view kPrefixes[] = {
      "nvidia-", "torch",          "tensorflow",   "tf-nightly", "jax",        "cupy",     "onnxruntime",
      "triton",  "pytorch-triton", "paddlepaddle", "flash-attn", "flashinfer", "tensorrt", "cuda-",
      "cudf",    "cuml",           "rmm",          "mmcv",       "mmdet",      "dgl",      "faiss-gpu",
      "mxnet",   "spconv",         "nvtx",         "pycuda",     "numba"};
  static constexpr std::string_view kNames[] = {
      "vllm",          "xformers",   "bitsandbytes",       "deepspeed",        "apex",        "mamba-ssm",
      "causal-conv1d", "detectron2", "sageattention",      "llama-cpp-python", "ctranslate2", "auto-gptq",
      "exllamav2",     "sglang",     "fbgemm-gpu",         "pytorch3d",        "xgboost",     "lightgbm",
      "thinc",         "spacy",      "transformer-engine", "kaolin",           "gsplat"};
  for (std::string_view prefix : kPrefixes) {
    if (StartsWith(name, prefix)) return true;
  }
  for (std::string_view exact : kNames) {
    if (name == exact) return true;
  }
  return false;
}

std::string PythonAssignment(std::string_view text, std::string_view name) {
  for (std::string_view line : Split(text, '\n')) {
    if (!StartsWith(line, name)) continue;
    std::string_view rest = line.substr(name.size());
    if (rest.empty() || (rest.front() != ' ' && rest.front() != ':' && rest.front() != '=')) continue;
    size_t equals = rest.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view value = Trim(rest.substr(equals + 1));
    if (!value.empty() && (value.front() == '\'' || value.front() == '"')) {
      return Printable(value.substr(1, value.find(value.front(), 1) - 1));
    }
    return Printable(Trim(value.substr(0, value.find('#'))));
  }
  return "";
}

std::string BuildTag(std::string_view version, std::string_view cuda, std::string_view hip) {
  size_t plus = version.find('+');
  std::string_view local = plus == std::string_view::npos ? "" : version.substr(plus + 1);
  bool number = StartsWith(local, "cu") && local.size() > 3 && IsDigit(local[2]);
  if (number || StartsWith(local, "cpu")) return std::string(local.substr(0, local.find('.')));
  if (StartsWith(local, "rocm") || StartsWith(local, "xpu")) return std::string(local);
  auto two_parts = [](std::string_view text) {
    size_t dot = text.find('.');
    return std::string(text.substr(0, dot == std::string_view::npos ? dot : text.find('.', dot + 1)));
  };
  if (!hip.empty() && hip != "none") return "rocm" + two_parts(hip);
  if (cuda == "none") return "cpu";
  return cuda.empty() ? std::string(local) : "cu" + ReplaceAll(two_parts(cuda), ".", "");
}

void ReadPackages(Scene& scene, const PythonEnvironment& environment) {
  std::vector<Distribution> found = ListDistributions(scene, environment);
  std::map<std::string, std::string> installed;
  for (const Distribution& dist : found) {
    auto [first, fresh] = installed.emplace(dist.name, dist.text);
    if (!fresh) scene.See("package.shadowed." + dist.name, dist.text, dist.info);
  }
  size_t dots = environment.version.find('.', environment.version.find('.') + 1);
  for (const Distribution& dist : found) {
    Built built = BuiltBy(scene, dist);
    MachinePackage package;
    package.package = dist.name;
    package.text = dist.text;
    if (!built.version.empty() && Contains(built.version, "+") && !Contains(dist.text, "+")) {
      package.text = built.version;  // conda's torch names its build only there
    }
    package.version = package.text.substr(0, package.text.find('+'));
    package.tag = BuildTag(package.text, built.cuda, built.hip);
    package.python = environment.version.substr(0, dots);
    package.where = dist.info;
    package.cuda = built.cuda;
    package.env = environment.prefix;
    scene.machine.packages.push_back(std::move(package));
    SeeDetails(scene, dist);
    SeeRequirements(scene, dist, installed);
  }
}

}  // namespace cudacompat::probe
