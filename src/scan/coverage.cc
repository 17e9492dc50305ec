#include "scan/coverage.h"

#include <algorithm>
#include <map>
#include <set>

namespace cudacompat::scan {
namespace {

// What tells a library whose kernels are each made for some cards from a build for a list of targets that has
// a hole (docs/scan.md). Measured: builds with nvcc hold 1 to 7 kinds of containers, however many files they
// have; cuBLASLt, cuFFT, cuSPARSELt and cuDNN's engines hold 8 to 27 kinds in 361 containers and more.
constexpr uint64_t kManyContainers = 128;
constexpr size_t kManyKinds = 8;

// Generation of an architecture: what stands before its last digit.
std::set<uint32_t> Generations(const std::vector<TargetKey>& targets) {
  std::set<uint32_t> generations;
  for (const TargetKey& key : targets) generations.insert(key.arch / 10);
  return generations;
}

bool ForSeveralArchitectures(const std::vector<TargetKey>& targets) {
  return std::any_of(targets.begin(), targets.end(),
                     [&](const TargetKey& key) { return key.arch != targets.front().arch; });
}

Style StyleOf(const std::map<std::vector<TargetKey>, uint64_t>& sets, uint64_t containers) {
  if (sets.size() == 1) return Style::kUniform;
  std::set<uint32_t> generations;
  std::set<std::vector<TargetKey>> kinds;  // the age of PTX aside
  for (const auto& [targets, count] : sets) {
    // What most files were compiled for, more than one architecture, is what a build's flags asked for.
    if (count * 2 >= containers && ForSeveralArchitectures(targets)) return Style::kOrdinary;
    generations.merge(Generations(targets));
    std::vector<TargetKey> kind = targets;
    for (TargetKey& key : kind) key.isa_major = key.isa_minor = 0;
    kinds.insert(std::move(kind));
  }
  const bool tuned = containers >= kManyContainers && kinds.size() >= kManyKinds && generations.size() > 1;
  return tuned ? Style::kHandTuned : Style::kOrdinary;
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
  std::map<std::vector<TargetKey>, uint64_t> sets;
  for (const TargetSet& set : file.target_sets) {
    if (set.stub) coverage.stubs += set.containers;
    if (set.device_link) coverage.device_links += set.containers;
    if (!set.module()) continue;
    coverage.containers += set.containers;
    sets[set.targets] += set.containers;
    for (const TargetKey& key : set.targets) counts[key] += set.containers;
  }
  for (const auto& [key, containers] : counts) coverage.targets.push_back({key, containers});
  std::sort(coverage.targets.begin(), coverage.targets.end(),
            [](const TargetCount& a, const TargetCount& b) { return TargetBefore(a.target, b.target); });
  if (coverage.containers > 0) coverage.style = StyleOf(sets, coverage.containers);
  const bool bare = (file.containers_total == 0 && file.images_total > 1) || file.format == kLooseImages;
  if (bare) coverage.style = Style::kHandTuned;  // each image for one card
  return coverage;
}

std::vector<uint32_t> ContainersWithout(const FileReport& file, const TargetKey& target) {
  std::vector<uint32_t> without;
  for (uint32_t i = 0; i < file.containers.size(); ++i) {
    const TargetSet& set = file.target_sets[file.containers[i].target_set];
    if (set.module() && !std::binary_search(set.targets.begin(), set.targets.end(), target))
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
