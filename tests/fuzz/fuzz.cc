#include "fuzz.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "scan/kernels.h"
#include "scan/modules.h"
#include "scan/scan.h"

namespace {

using namespace cudacompat;

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckReport(const scan::FileReport& file, const scan::Options& options) {
  Check(file.images.size() <= options.most_images);
  Check(file.problems.list().size() <= scan::Problems::kKept);
  uint64_t grouped = 0;
  for (const auto& [group, count] : file.groups) grouped += count;
  Check(grouped <= file.images_total);
  uint64_t last = 0;
  for (const scan::Image& image : file.images) {
    Check(image.offset >= last);
    last = image.offset;
    Check(image.section == scan::kNoSection || image.section < file.sections.size());
    Check(image.identifier < file.identifiers.size());
    Check(image.container == scan::kNoContainer || image.container < file.containers.size());
    Check(!scan::TargetName(image).empty());
  }
}

// What is summed while a file is scanned is what its images say.
void CheckSums(const scan::FileReport& kept, const scan::FileReport& summed) {
  Check(kept.path == summed.path && kept.images_total == summed.images_total);
  if (kept.images.size() != kept.images_total) return;
  Check(scan::ModulesKnown(summed));
  auto sorted = [](std::vector<scan::ModuleSet> sets) {
    std::sort(sets.begin(), sets.end(),
              [](const scan::ModuleSet& a, const scan::ModuleSet& b) { return a.images < b.images; });
    return sets;
  };
  const std::vector<scan::ModuleSet> one = sorted(scan::ModulesOf(kept, scan::Reach::kAll)),
                                     other = sorted(scan::ModulesOf(summed, scan::Reach::kAll));
  Check(one.size() == other.size());
  for (size_t i = 0; i < one.size(); ++i) {
    Check(one[i].images == other[i].images && one[i].containers == other[i].containers);
    Check(one[i].names == other[i].names);
  }
}

}  // namespace

void FuzzScan(const uint8_t* data, size_t size, std::string_view magic, size_t at) {
  std::vector<uint8_t> bytes(data, data + size);
  if (!magic.empty() && at <= size && magic.size() <= size - at)
    std::memcpy(bytes.data() + at, magic.data(), magic.size());
  for (const bool deep : {false, true}) {
    scan::Options options;
    options.deep = deep;
    options.most_images = 1000;
    options.most_members = 200;
    options.most_unpacked = 4 << 20;
    if (deep) options.on_image = scan::KernelHook();
    scan::MemorySource source(bytes);
    const std::vector<scan::FileReport> kept = scan::ScanSource(source, "fuzz", options);
    for (const scan::FileReport& file : kept) CheckReport(file, options);
    options.on_image = nullptr;
    options.keep_images = false;
    options.sum_modules = true;
    const std::vector<scan::FileReport> summed = scan::ScanSource(source, "fuzz", options);
    Check(kept.size() == summed.size());
    for (size_t i = 0; i < kept.size(); ++i) CheckSums(kept[i], summed[i]);
  }
}
