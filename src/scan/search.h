// The search for device code outside the sections made for it: containers, bare cubins, and cubins that are
// bare zstd frames (fatbin.md 0.6 says which libraries do that).
// Does not own: walking what was found (fatbin.cc).
#pragma once

#include <functional>
#include <vector>

#include "scan/collector.h"
#include "scan/source.h"

namespace cudacompat::scan {

struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;
};

/// Reports what lies in [0, source.size()) outside `covered` (sorted, not overlapping). Places are compared
/// at multiples of 8 from the start of the source, or at every byte when `unaligned` (objects in archives).
/// `section_at` names the section of an offset; `base` is added in the report.
void SearchStray(Source& source, uint64_t base, const std::vector<Range>& covered, bool unaligned,
                 const std::function<uint32_t(uint64_t)>& section_at, Collector& collector);

}  // namespace cudacompat::scan
