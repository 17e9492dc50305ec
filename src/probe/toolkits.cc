// Toolkits on disk: what compiles, not what runs. Each folder once, with the version its own files state.
#include <set>

#include "base/text.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

constexpr size_t kHeader = 32 * 1024;  // the version stands in the first lines behind the licence

// version.json: {"cuda": {"name": "CUDA SDK", "version": "12.4.1"}, …}. Only this one value is wanted, and a
// broken file must do no harm, so it is looked up rather than parsed.
std::string VersionInJson(std::string_view text) {
  size_t cuda = text.find("\"cuda\"");
  if (cuda == std::string_view::npos) return "";
  text = text.substr(cuda, text.find('}', cuda) - cuda);
  size_t key = text.find("\"version\"");
  if (key == std::string_view::npos) return "";
  return CleanVersion(TextBetween(text.substr(key + 9), "\"", "\""));
}

// "#define CUDA_VERSION 12040" → 12.4, as cuda.h says below it: major * 1000 + minor * 10.
std::string VersionInHeader(std::string_view text, std::string_view macro) {
  std::string digits = CleanVersion(TextBetween(text, "#define " + std::string(macro) + " ", "\n"));
  if (digits.size() < 4 || digits.size() > 6 || Contains(digits, ".")) return "";
  int number = std::stoi(digits);
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

struct Version {
  std::string text;
  std::string where;
};

Version VersionOf(const Host& host, const std::string& folder) {
  FileText json = host.Read(folder + "/version.json", kSmallFile);
  std::string version = VersionInJson(json.text);
  if (!version.empty()) return {version, folder + "/version.json"};
  version =
      CleanVersion(TextBetween(host.Read(folder + "/version.txt", kSmallFile).text, "CUDA Version ", "\n"));
  if (!version.empty()) return {version, folder + "/version.txt"};
  for (const char* include :
       {"/include/cuda.h", "/targets/x86_64-linux/include/cuda.h", "/targets/sbsa-linux/include/cuda.h",
        "/targets/aarch64-linux/include/cuda.h"}) {
    version = VersionInHeader(host.Read(folder + include, kHeader).text, "CUDA_VERSION");
    if (!version.empty()) return {version, folder + include};
  }
  version =
      VersionInHeader(host.Read(folder + "/include/cuda_runtime_api.h", kHeader).text, "CUDART_VERSION");
  return {version, folder + "/include/cuda_runtime_api.h"};
}

class Toolkits {
 public:
  explicit Toolkits(Scene& scene) : scene_(scene) {}

  /// Adds the toolkit at `folder` unless it is known or is none; the path as first met stays.
  void Add(const std::string& folder) {
    std::string real = RealPath(scene_.host, folder);
    if (real.empty() || real == "/" || !known_.insert(real).second) return;
    Version version = VersionOf(scene_.host, real);
    bool compiles = Exists(scene_.host, real + "/bin/nvcc");
    if (version.text.empty() && !compiles) return;
    scene_.machine.toolkits.push_back({"toolkit", version.text, real});
    scene_.See("toolkit", version.text, version.text.empty() ? real : version.where);
    if (compiles) {
      scene_.See("toolkit.nvcc", version.text, real + "/bin/nvcc");
    } else {
      scene_.Miss("toolkit.nvcc", real + "/bin/nvcc");
    }
  }

 private:
  Scene& scene_;
  std::set<std::string> known_;
};

void AddNvccOnPath(Scene& scene, Toolkits* toolkits) {
  for (const std::string& folder : PathList(scene.host, "PATH")) {
    if (folder.front() != '/') continue;
    std::string nvcc = folder + "/nvcc";
    std::string real = RealPath(scene.host, nvcc);
    if (real.empty()) continue;
    scene.See("nvcc", real, nvcc);
    std::string bin = ParentPath(real);
    // Debian's nvcc is a script in /usr/bin beside headers in /usr/include: that is no folder of a toolkit.
    if (bin != "/usr/bin" && bin != "/bin") toolkits->Add(ParentPath(bin));
    return;
  }
  if (!scene.Env("PATH").empty()) scene.Miss("nvcc", "PATH");
}

}  // namespace

void ObserveToolkits(Scene& scene) {
  Toolkits toolkits(scene);
  for (const char* variable : {"CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "CUDAToolkit_ROOT"}) {
    std::string folder = scene.Env(variable);
    if (folder.empty()) continue;
    if (IsDirectory(scene.host, folder)) {
      toolkits.Add(folder);
    } else {
      scene.Miss("toolkit." + std::string(variable), folder);
    }
  }
  AddNvccOnPath(scene, &toolkits);
  for (const std::string& name : scene.host.List("/usr/local", HasPrefix("cuda"))) {
    toolkits.Add("/usr/local/" + name);
  }
  for (const char* folder : {"/opt/cuda", "/usr/lib/nvidia-cuda-toolkit", "/usr/lib/cuda"})
    toolkits.Add(folder);
  for (const std::string& platform : scene.host.List("/opt/nvidia/hpc_sdk", HasPrefix("Linux_"))) {
    std::string sdk = "/opt/nvidia/hpc_sdk/" + platform;
    for (const std::string& release : scene.host.List(sdk, AnyName())) {
      std::string cuda = sdk + "/" + release + "/cuda";
      for (const std::string& version : scene.host.List(cuda, AnyName())) {
        if (IsDigit(version.front())) toolkits.Add(cuda + "/" + version);
      }
    }
  }
  std::string prefix = scene.Env("CONDA_PREFIX");
  if (!prefix.empty() && Exists(scene.host, prefix + "/bin/nvcc")) toolkits.Add(prefix);
  std::string debian = VersionInHeader(scene.host.Read("/usr/include/cuda.h", kHeader).text, "CUDA_VERSION");
  if (!debian.empty()) {
    scene.machine.toolkits.push_back({"toolkit", debian, "/usr/include"});
    scene.See("toolkit", debian, "/usr/include/cuda.h");
  }
}

}  // namespace cudacompat::probe
