// Which file of an older build is the older self of which new one.
// Does not own: what is compared then (data/rules/coverage_kept.sql).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cudacompat::answer {

struct PairedFile {
  int64_t id = 0;
  std::string path;
  int64_t unit = 0;  ///< of the new ones: which of the paths that were given
};

/// Pairs (old, new): files of the same name but for versions and hashes, each with the one whose folders
/// agree the furthest; a new one without an older self is new. When each side is one file, those two.
std::vector<std::pair<int64_t, int64_t>> PairsOf(const std::vector<PairedFile>& old_files,
                                                 const std::vector<PairedFile>& new_files);

}  // namespace cudacompat::answer
