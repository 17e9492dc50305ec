// Which targets the containers of a file hold: counts, sets and holes.
// Does not own: which target serves which card (that is a rule in the database).
#pragma once

#include <string>
#include <vector>

#include "scan/report.h"

namespace cudacompat::scan {

/// How a library was built, by the sets of its containers.
enum class Style {
  kNone,       ///< no container with code
  kUniform,    ///< every container holds the same targets
  kOrdinary,   ///< compiled for a list of targets: a container that lacks one of them is a hole
  kHandTuned,  ///< many containers of many kinds, no list of several targets in half of them, or images
               ///< without containers only: what others hold is meant to be missing
};

/// The format of what stands for images that are a file each (answer/observe.h).
inline constexpr const char* kLooseImages = "loose images";

struct TargetCount {
  TargetKey target;
  uint64_t containers = 0;
};

struct Coverage {
  Style style = Style::kNone;
  uint64_t containers = 0;  ///< modules: with code, neither stubs nor results of a device link
  uint64_t stubs = 0;
  uint64_t device_links = 0;
  std::vector<TargetCount> targets;  ///< by kind (cubins first), architecture, suffix
};

Coverage CoverageOf(const FileReport& file);

/// Indices into FileReport::containers of those with code that lack `target`.
std::vector<uint32_t> ContainersWithout(const FileReport& file, const TargetKey& target);

/// "uniform", "ordinary", "hand-tuned", "none".
std::string StyleName(Style style);

/// Cubins before PTX before LTO-IR, then architecture, suffix and PTX ISA.
bool TargetBefore(const TargetKey& a, const TargetKey& b);

}  // namespace cudacompat::scan
