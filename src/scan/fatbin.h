// The walk over containers of a fat binary and their entries: headers only, no payload is read.
// Layout: fatbin.md section 2. Monotone: every step goes forward, so nothing can loop.
// Does not own: where containers lie (elf_file.cc, pe_file.cc, search.cc) and what images are for.
#pragma once

#include "scan/collector.h"
#include "scan/source.h"

namespace cudacompat::scan {

inline constexpr uint32_t kContainerMagic = 0xBA55ED50;
inline constexpr uint32_t kLegacyMagic = 0x1EE55A01;  ///< CUDA 3 and older

/// Where a walk takes place. `begin` and `end` are offsets in the source; `base` is added in the report.
struct WalkArea {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t base = 0;
  uint32_t section = kNoSection;
  bool fatbin_section = false;
  bool vendor_reads = false;  ///< the vendor's lister reads this place
};

/// True when NVIDIA's lister prints such an image, where it reads the place (fatbin.md section 5).
bool VendorLists(const Image& image);

/// Walks every container of a section; gaps of zero words between them are normal.
void WalkSection(Source& source, const WalkArea& area, Collector& collector);

/// Walks the one container at area.begin if there is a plausible one; returns its end, or 0. For containers
/// found by search, where the magic alone proves nothing.
uint64_t WalkFound(Source& source, const WalkArea& area, Collector& collector);

}  // namespace cudacompat::scan
