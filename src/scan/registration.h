// The records by which a program registers its containers at start: ".nvFatBinSegment" of ELF, ".nvFatBi" of
// PE (fatbin.md 2.5). Hints only: files hold containers that nothing registers.
#pragma once

#include <cstdint>
#include <vector>

#include "scan/object.h"

namespace cudacompat::scan {

struct Registration {
  uint64_t container = 0;    ///< file offset
  bool device_link = false;  ///< what the device linker made of relocatable containers
};

/// Those whose address lies in one of the sections with device code; in an object file that is not linked the
/// addresses are still zero, and there are none. Reads the record sections of `places` and nothing else.
std::vector<Registration> ReadRegistrations(Source& source, const std::vector<Place>& places);

}  // namespace cudacompat::scan
