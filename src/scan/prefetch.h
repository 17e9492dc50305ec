// Warms a cold file's headers before they are walked: all containers at once, level by level, so that the
// disk sees many requests instead of one after the other (fatbin.md section 8: 5 to 7 times faster).
// Advice only: what is read here is thrown away, and wrong addresses cost a read and nothing else.
#pragma once

#include <vector>

#include "scan/object.h"

namespace cudacompat::scan {

/// Follows the registration records (".nvFatBinSegment", 24 bytes each) into the sections in `places`. Does
/// nothing where the file is hot or cannot be read anywhere.
void PrefetchHeaders(Source& source, const std::vector<Place>& places);

}  // namespace cudacompat::scan
