#include "probe/toolkit_folder.h"

#include "base/text.h"

namespace cudacompat::probe {
namespace {

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
    version = VersionInHeader(host.Read(folder + include, kHeaderStart).text, "CUDA_VERSION");
    if (!version.empty()) return {version, folder + include};
  }
  version =
      VersionInHeader(host.Read(folder + "/include/cuda_runtime_api.h", kHeaderStart).text, "CUDART_VERSION");
  return {version, folder + "/include/cuda_runtime_api.h"};
}

}  // namespace

std::string VersionInHeader(std::string_view text, std::string_view macro) {
  std::string digits = CleanVersion(TextBetween(text, "#define " + std::string(macro) + " ", "\n"));
  if (digits.size() < 4 || digits.size() > 6 || Contains(digits, ".")) return "";
  int number = std::stoi(digits);
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

void ToolkitFolders::Add(const std::string& folder) {
  if (folder.empty()) return;
  std::string real = RealPath(scene_.host, folder);
  if (real.empty() || real == "/" || !known_.insert(real).second) return;
  Version version = VersionOf(scene_.host, real);
  bool compiles = Exists(scene_.host, real + compiler_);
  if (version.text.empty() && !compiles) return;
  scene_.machine.toolkits.push_back({"toolkit", version.text, real});
  scene_.See("toolkit", version.text, version.text.empty() ? real : version.where);
  if (compiles) {
    scene_.See("toolkit.nvcc", version.text, real + compiler_);
  } else {
    scene_.Miss("toolkit.nvcc", real + compiler_);
  }
}

}  // namespace cudacompat::probe
