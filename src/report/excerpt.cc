#include "report/excerpt.h"

#include <algorithm>

#include "report/literal_scan.h"

namespace cudacompat::report {
namespace {

constexpr size_t kEnds = 128 << 10;
constexpr size_t kExcerptBefore = 2 << 10;
constexpr size_t kExcerptAfter = 6 << 10;
constexpr size_t kXml = 64 << 10;

/// What the useful lines of reports hold. Rare in logs of work that goes well.
constexpr std::string_view kHints[] = {"<nvidia_smi_log",
                                       "NVIDIA-SMI ",
                                       "NVSMI LOG",
                                       "PyTorch version",
                                       "Is CUDA available",
                                       "CUDA used to build",
                                       "GPU models and",
                                       "Nvidia driver version",
                                       "nvidia.com/gpu.product",
                                       "nvidia.com/cuda.",
                                       "NVRM version",
                                       "NVIDIA UNIX",
                                       "Cuda compilation tools",
                                       "inference compute",
                                       "ggml_cuda_init: found",
                                       "compute capability",
                                       "kernel reported version",
                                       "cuda capability sm_",
                                       "Driver Version:",
                                       "driver_version",
                                       "sys.platform:",
                                       "torch version",
                                       "CUDA available:",
                                       "[pip3] torch",
                                       "torch==2.",
                                       "Tensorflow version",
                                       "tensorflow==",
                                       "CUDA SETUP: ",
                                       "nv_tegra_release",
                                       "Card name: ",
                                       "-tegra-aarch64",
                                       "microsoft-standard",
                                       "Device: cuda:",
                                       "Ultralytics ",
                                       "jaxlib: "};

using Range = std::pair<size_t, size_t>;

/// The range widened to whole lines, as far as they are near.
Range WholeLines(std::string_view text, Range range) {
  size_t begin = range.first;
  for (size_t i = 0; i < kExcerptBefore && begin > 0 && text[begin - 1] != '\n'; ++i) --begin;
  size_t end = range.second;
  for (size_t i = 0; i < kExcerptBefore && end < text.size() && text[end] != '\n'; ++i) ++end;
  return {begin, end};
}

}  // namespace

int64_t Excerpt::OriginalLine(int64_t line) const {
  auto after = std::upper_bound(lines.begin(), lines.end(), line,
                                [](int64_t wanted, const auto& each) { return wanted < each.first; });
  if (after == lines.begin()) return line;
  --after;
  return after->second + (line - after->first);
}

Excerpt TakeExcerpt(std::string_view text, size_t most) {
  Excerpt excerpt;
  if (text.size() <= most) {
    excerpt.text = std::string(text);
    return excerpt;
  }
  excerpt.whole = false;
  std::vector<Range> ranges{{0, std::min(kEnds, most / 4)}};
  size_t last_end = text.size() - std::min(kEnds, most / 4);
  size_t taken = 2 * std::min(kEnds, most / 4);
  static const LiteralScan scan(std::vector<std::string_view>(std::begin(kHints), std::end(kHints)));
  scan.Scan(text, [&](size_t hint, size_t at) {
    if (at < ranges.back().second || at >= last_end || taken >= most) return;
    size_t begin = std::max(ranges.back().second, at > kExcerptBefore ? at - kExcerptBefore : 0);
    size_t end = std::min(last_end, at + (hint == 0 ? kXml : kExcerptAfter));
    taken += end - begin;
    ranges.emplace_back(begin, end);
  });
  ranges.emplace_back(last_end, text.size());
  excerpt.lines.clear();
  int64_t original = 1;
  int64_t line = 1;
  size_t counted = 0;
  for (const Range& range : ranges) {
    auto [begin, end] = WholeLines(text, range);
    begin = std::max(begin, counted);
    if (begin >= end) continue;
    original += std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                           text.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
    excerpt.lines.emplace_back(line, original);
    excerpt.text.append(text.substr(begin, end - begin));
    excerpt.text += '\n';
    int64_t inside = std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    original += inside;
    line += inside + 1;
    counted = end;
  }
  return excerpt;
}

}  // namespace cudacompat::report
