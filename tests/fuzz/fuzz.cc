#include "fuzz.h"

#include <cstdlib>
#include <cstring>
#include <vector>

#include "scan/kernels.h"
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
    for (const scan::FileReport& file : scan::ScanSource(source, "fuzz", options)) CheckReport(file, options);
  }
}
