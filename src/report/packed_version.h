// Versions printed as integers: 11040 is CUDA 11.4, 8907 is cuDNN 8.9.7, 90501 is cuDNN 9.5.1.
// Does not own: which version does what.
#pragma once

#include <string>
#include <string_view>

namespace cudacompat::report {

/// major * 1000 + minor * 10 + patch, as cudart, the driver and most CUDA libraries count: "11040" → "11.4".
/// Text that already has a dot comes back as it is; anything else that does not fit is empty.
std::string DecodeCudaVersion(std::string_view digits);

/// cuDNN counts major * 1000 + minor * 100 + patch up to 8 and major * 10000 + … from 9: "8907" → "8.9.7".
std::string DecodeCudnnVersion(std::string_view digits);

}  // namespace cudacompat::report
