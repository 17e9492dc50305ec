#include "scan/coverage.h"

#include <algorithm>
#include <map>
#include <set>

namespace cudacompat::scan {
namespace {

// Generations of a set: what stands before the last digit of its architectures.
size_t Generations(const TargetSet& set) {
  std::set<uint32_t> majors;
  for (const TargetKey& key : set.targets) majors.insert(key.arch / 10);
  return majors.size();
}

int KindRank(uint16_t kind) {
  if (kind == kCubin) return 0;
  if (kind == kMercury) return 1;
  if (IsPtx(kind)) return 2;
  return kind == kLtoIr ? 3 : 4;
}

}  // namespace

bool TargetBefore(const TargetKey& a, const TargetKey& b) {
  if (KindRank(a.kind) != KindRank(b.kind)) return KindRank(a.kind) < KindRank(b.kind);
  if (a.kind != b.kind) return a.kind < b.kind;
  if (a.arch != b.arch) return a.arch < b.arch;
  return a < b;
}

Coverage CoverageOf(const FileReport& file) {
  Coverage coverage;
  std::map<TargetKey, uint64_t> counts;
  uint64_t spanning = 0;
  std::set<std::vector<TargetKey>> sets;
  for (const TargetSet& set : file.target_sets) {
    if (set.stub) {
      coverage.stubs += set.containers;
      continue;
    }
    coverage.containers += set.containers;
    sets.insert(set.targets);
    if (Generations(set) > 1) spanning += set.containers;
    for (const TargetKey& key : set.targets) counts[key] += set.containers;
  }
  for (const auto& [key, containers] : counts) coverage.targets.push_back({key, containers});
  std::sort(coverage.targets.begin(), coverage.targets.end(),
            [](const TargetCount& a, const TargetCount& b) { return TargetBefore(a.target, b.target); });
  if (coverage.containers == 0) return coverage;
  if (sets.size() == 1) {
    coverage.style = Style::kUniform;
  } else {
    coverage.style = spanning * 2 >= coverage.containers ? Style::kOrdinary : Style::kHandTuned;
  }
  return coverage;
}

std::vector<uint32_t> ContainersWithout(const FileReport& file, const TargetKey& target) {
  std::vector<uint32_t> without;
  for (uint32_t i = 0; i < file.containers.size(); ++i) {
    const TargetSet& set = file.target_sets[file.containers[i].target_set];
    if (!set.stub && !std::binary_search(set.targets.begin(), set.targets.end(), target))
      without.push_back(i);
  }
  return without;
}

std::string StyleName(Style style) {
  switch (style) {
    case Style::kUniform:
      return "uniform";
    case Style::kOrdinary:
      return "ordinary";
    case Style::kHandTuned:
      return "hand-tuned";
    case Style::kNone:
      break;
  }
  return "none";
}

}  // namespace cudacompat::scan
