#include "scan/kernels.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "base/text.h"
#include "scan/cubin.h"
#include "scan/source.h"

namespace cudacompat::scan {
namespace {

void Add(FileReport& file, const Image& image, const std::string& name) {
  const auto known = file.kernels.find(name);
  if (known == file.kernels.end() && file.kernels.size() >= kMostKernels) {
    file.problems.Add("too-many-kernels", image.offset, "more kernels than are listed");
    return;
  }
  std::vector<TargetKey>& targets = file.kernels[name];
  const TargetKey key = KeyOf(image);
  const auto place = std::lower_bound(targets.begin(), targets.end(), key);
  if (place == targets.end() || *place != key) targets.insert(place, key);
}

bool IsNameByte(char c) { return IsAlpha(c) || IsDigit(c) || c == '_' || c == '$' || c == '%'; }

// ".visible .entry NAME(": read in pieces that overlap by the longest name.
void PtxEntries(FileReport& file, const Image& image, Source& payload) {
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
      if (end > begin && begin > hit + mark.size()) Add(file, image, text.substr(begin, end - begin));
      from = std::max(end, hit + 1);
    }
    if (got < kPiece) return;
    const size_t tail = text.size() - std::min(text.size(), mark.size());
    text.erase(0, text.find(mark, from) == std::string::npos ? std::max(from, tail) : from);
  }
}

}  // namespace

ImageFn KernelHook() {
  return [](FileReport& file, const Image& image, Source& payload) {
    if (IsPtx(image.kind)) return PtxEntries(file, image, payload);
    if (image.kind != kCubin && image.kind != kMercury) return;
    ForEachKernel(payload, kMostKernels, [&](const std::string& name) { Add(file, image, name); });
  };
}

std::string Demangled(const std::string& name) {
  if (!StartsWith(name, "_Z")) return name;
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 && text ? std::string(text.get()) : name;
}

}  // namespace cudacompat::scan
