// Of a text that is too long to be a report, the parts that may hold one.
// Does not own: what those parts say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cudacompat::report {

struct Excerpt {
  std::string text;
  bool whole = true;
  /// Line of `text` (from 1) → line of the original, for the first line of each part; ascending.
  std::vector<std::pair<int64_t, int64_t>> lines{{1, 1}};

  int64_t OriginalLine(int64_t line) const;
};

/// Both ends and the surroundings of every word that reports begin with, `most` bytes together. One fast
/// pass.
Excerpt TakeExcerpt(std::string_view text, size_t most);

}  // namespace cudacompat::report
