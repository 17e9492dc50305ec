// What people's files do to a text before its content is read: other encodings, colours, line counting.
// Does not own: any format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cudacompat::report {

/// The text as it is, without a byte order mark; a UTF-16 text (what PowerShell's ">" writes) is turned into
/// UTF-8 in `converted`, with or without its mark, its first 64 MiB only.
std::string_view AsUtf8(std::string_view text, std::string& converted);

/// Without terminal colours ("\x1b[31m").
std::string WithoutColours(std::string_view text);

/// Line and column of offsets that are asked for in nearly rising order: counts each byte once.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}

  /// Line and column, both from 1.
  std::pair<int64_t, int64_t> At(size_t offset);

 private:
  std::string_view text_;
  size_t counted_ = 0;  // bytes before this are counted
  int64_t line_ = 1;
  size_t start_ = 0;  // offset of the line's first byte
};

}  // namespace cudacompat::report
