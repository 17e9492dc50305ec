#include "report/system_text.h"

#include <algorithm>

#include "base/text.h"

namespace cudacompat::report {
namespace {

struct Word {
  std::string_view word;
  std::string_view means;
};

/// A word of letters and digits, not a part of a longer one ("arch" is in "architecture").
bool HasWord(std::string_view text, std::string_view word) {
  auto part = [](char c) { return IsAlpha(c) || IsDigit(c); };
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    size_t end = at + word.size();
    bool starts = at == 0 || !part(text[at - 1]) || !part(word.front());
    bool ends = end >= text.size() || !part(text[end]) || !part(word.back()) || IsDigit(text[end]);
    if (starts && ends) return true;
  }
  return false;
}

std::string First(std::string_view text, const Word* begin, const Word* end) {
  for (const Word* each = begin; each != end; ++each) {
    if (HasWord(text, each->word)) return std::string(each->means);
  }
  return "";
}

constexpr Word kSystems[] = {{"microsoft-standard", "wsl"},
                             {"wsl2", "wsl"},
                             {"wsl", "wsl"},
                             {"-microsoft", "wsl"},
                             {"windows", "windows"},
                             {"win32", "windows"},
                             {"win64", "windows"},
                             {"win10", "windows"},
                             {"win11", "windows"},
                             {"mingw", "windows"},
                             {"win_amd64", "windows"},
                             {"macos", "macos"},
                             {"mac os", "macos"},
                             {"darwin", "macos"},
                             {"osx", "macos"},
                             {"freebsd", "freebsd"},
                             {"linux", "linux"},
                             {"gnu", "linux"},
                             {"ubuntu", "linux"},
                             {"debian", "linux"},
                             {"centos", "linux"},
                             {"fedora", "linux"},
                             {"red hat", "linux"},
                             {"rhel", "linux"},
                             {"rocky", "linux"},
                             {"alma", "linux"},
                             {"almalinux", "linux"},
                             {"manjaro", "linux"},
                             {"arch", "linux"},
                             {"opensuse", "linux"},
                             {"suse", "linux"},
                             {"sles", "linux"},
                             {"nixos", "linux"},
                             {"gentoo", "linux"},
                             {"pop!_os", "linux"},
                             {"mint", "linux"},
                             {"alpine", "linux"},
                             {"amazon", "linux"},
                             {"manylinux", "linux"},
                             {"kali", "linux"},
                             {"cachyos", "linux"},
                             {"endeavouros", "linux"},
                             {"unraid", "linux"},
                             {"proxmox", "linux"},
                             {"kylin", "linux"},
                             {"openeuler", "linux"},
                             {"tencentos", "linux"},
                             {"void", "linux"},
                             {"bazzite", "linux"},
                             {"zorin", "linux"},
                             {"garuda", "linux"},
                             {"elementary", "linux"},
                             {"scientific", "linux"},
                             {"oracle", "linux"}};

constexpr Word kArches[] = {{"tegra", "tegra"},       {"jetson", "tegra"},    {"x86_64", "x86_64"},
                            {"amd64", "x86_64"},      {"x86-64", "x86_64"},   {"x64", "x86_64"},
                            {"64-bit x86", "x86_64"}, {"aarch64", "aarch64"}, {"arm64", "aarch64"},
                            {"ppc64le", "ppc64le"},   {"ppc64el", "ppc64le"}, {"powerpc64le", "ppc64le"},
                            {"riscv64", "riscv64"},   {"armv7l", "armv7l"},   {"i686", "x86"},
                            {"i386", "x86"},          {"win32-x86", "x86"}};

constexpr Word kPlatforms[] = {
    {"colab", "hosted"},     {"kaggle", "hosted"},        {"sagemaker", "hosted"},
    {"docker", "container"}, {"kubernetes", "container"}, {"microsoft-standard", "wsl"},
    {"wsl2", "wsl"}};

constexpr Word kVendors[] = {{"amd", "amd"},
                             {"radeon", "amd"},
                             {"advanced micro", "amd"},
                             {"gfx", "amd"},
                             {"instinct", "amd"},
                             {"intel", "intel"},
                             {"apple", "apple"},
                             {"iluvatar", "iluvatar"},
                             {"moore threads", "moore-threads"},
                             {"metax", "metax"},
                             {"ascend", "huawei"},
                             {"hygon", "hygon"},
                             {"cambricon", "cambricon"},
                             {"matrox", "matrox"},
                             {"aspeed", "aspeed"},
                             {"vmware", "vmware"},
                             {"qualcomm", "qualcomm"},
                             {"adreno", "qualcomm"},
                             {"microsoft basic", "microsoft"}};

}  // namespace

SystemWords ReadSystem(std::string_view text) {
  std::string lower = ToLower(text.substr(0, 2000));
  SystemWords words;
  if (lower == "nt") return {"windows", "", ""};  // Python's os.name
  if (lower == "posix") return {"linux", "", ""};
  words.os = First(lower, std::begin(kSystems), std::end(kSystems));
  words.arch = First(lower, std::begin(kArches), std::end(kArches));
  words.platform = First(lower, std::begin(kPlatforms), std::end(kPlatforms));
  return words;
}

std::string OtherVendorOf(std::string_view gpu) {
  std::string lower = ToLower(gpu.substr(0, 400));
  if (Contains(lower, "nvidia") || Contains(lower, "geforce") || Contains(lower, "quadro")) return "";
  return First(lower, std::begin(kVendors), std::end(kVendors));
}

std::string CudaTag(std::string_view cuda) {
  std::vector<std::string_view> parts = Split(cuda, '.');
  bool digits = parts.size() >= 2;
  for (std::string_view part : parts) {
    digits = digits && !part.empty() && std::all_of(part.begin(), part.end(), IsDigit);
  }
  return digits ? "cu" + std::string(parts[0]) + std::string(parts[1]) : "";
}

}  // namespace cudacompat::report
