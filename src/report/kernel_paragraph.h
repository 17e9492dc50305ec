// The kernel driver's messages are broken at sixty columns, each line with its own "NVRM:". Here they are one
// line again. Does not own: what a message means.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cudacompat::report {

/// Some lines of the kernel log, joined by blanks.
struct Paragraph {
  std::string text;
  std::vector<std::pair<size_t, size_t>> pieces;  ///< place in `text` → place in the log, rising

  /// Where a byte of `text` stands in the log.
  size_t Original(size_t at) const;
  /// Whether the bytes from `begin` to `end` are of two pieces.
  bool Crosses(size_t begin, size_t end) const;
};

/// Neighbouring lines of "NVRM:", two at least, as far as they are few: what is broken is short.
std::vector<Paragraph> KernelParagraphs(std::string_view text);

}  // namespace cudacompat::report
