#include "scan/kernels.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string_view>

#include "base/text.h"
#include "scan/cubin.h"
#include "scan/modules.h"
#include "scan/source.h"

namespace cudacompat::scan {
namespace {

constexpr size_t kLongestName = 1024;  // of a name that is kept for its module

void Add(FileReport& file, const Image& image, const std::string& name) {
  const auto known = file.kernels.find(name);
  if (known == file.kernels.end() && file.kernels.size() >= kMostKernels) {
    file.problems.Add("too-many-kernels", image.offset, "more kernels than are listed");
    return;
  }
  Kernel& kernel = file.kernels[name];
  uint32_t& held = kernel.targets[KeyOf(image)];
  // What lies in no container is no module: it has no list that it could lack something of.
  if (image.container == kNoContainer) {
    held = std::max(held, kernel.modules);
    return;
  }
  if (kernel.container != file.open_container) ++kernel.modules;
  kernel.container = file.open_container;
  held = std::min(held + 1, kernel.modules);  // a container may hold one target twice
}

using NameFn = std::function<void(const std::string&)>;

bool IsNameByte(char c) { return IsAlpha(c) || IsDigit(c) || c == '_' || c == '$' || c == '%'; }

// ".visible .entry NAME(": read in pieces that overlap by the longest name.
void PtxEntries(Source& payload, const NameFn& tell) {
  constexpr size_t kPiece = 64 * 1024;
  constexpr size_t kLongest = 4096;
  const std::string_view mark = ".entry";
  std::string text;
  for (uint64_t at = 0;;) {
    const size_t kept = text.size();
    text.resize(kept + kPiece);
    const size_t got = payload.ReadAt(at, {reinterpret_cast<uint8_t*>(text.data()) + kept, kPiece});
    text.resize(kept + got);
    at += got;
    size_t from = 0;
    for (size_t hit = text.find(mark); hit != std::string::npos; hit = text.find(mark, from)) {
      if (got == kPiece && text.size() - hit < kLongest) {  // the name may go on in the next piece
        from = hit;
        break;
      }
      size_t begin = hit + mark.size();
      while (begin < text.size() && IsSpace(text[begin])) ++begin;
      size_t end = begin;
      while (end < text.size() && IsNameByte(text[end])) ++end;
      if (end > begin && begin > hit + mark.size()) tell(text.substr(begin, end - begin));
      from = std::max(end, hit + 1);
    }
    if (got < kPiece) return;
    const size_t tail = text.size() - std::min(text.size(), mark.size());
    text.erase(0, text.find(mark, from) == std::string::npos ? std::max(from, tail) : from);
  }
}

// The kernels of an image.
void Names(const Image& image, Source& payload, const NameFn& tell) {
  if (IsPtx(image.kind)) return PtxEntries(payload, tell);
  if (image.kind == kCubin || image.kind == kMercury) ForEachKernel(payload, kMostKernels, tell);
}

}  // namespace

ImageFn KernelHook() {
  return [](FileReport& file, const Image& image, Source& payload) {
    Names(image, payload, [&](const std::string& name) { Add(file, image, name); });
  };
}

ImageFn ModuleKernelHook() {
  return [](FileReport& file, const Image& image, Source& payload) {
    if (file.module_kernels.size() >= kMostNamedModules) return;
    const uint64_t place = image.container == kNoContainer ? image.offset : file.open_container;
    std::vector<std::string>& names = file.module_kernels[ModuleName(file, image, 0, place)];
    Names(image, payload, [&](const std::string& name) {
      const bool kept = names.size() < kMostModuleKernels && name.size() <= kLongestName;
      if (kept && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    });
  };
}

std::string KernelsOfModule(const FileReport& file, const std::string& module) {
  const size_t number = StartsWith(module, "#") ? module.find(" at ") : std::string::npos;
  const auto known =
      file.module_kernels.find(number == std::string::npos ? module : module.substr(number + 1));
  if (known == file.module_kernels.end() || known->second.empty()) return "";
  std::vector<std::string> names;
  for (const std::string& name : known->second) names.push_back(Demangled(name));
  if (names.size() == kMostModuleKernels) names.back() = "…";
  return Join(names, ", ");
}

std::string Demangled(const std::string& name) {
  if (!StartsWith(name, "_Z")) return name;
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 && text ? std::string(text.get()) : name;
}

}  // namespace cudacompat::scan
