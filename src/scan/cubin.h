// A cubin read from inside: what a bare one is for, which toolkit made it, which kernels it holds.
// Layout: fatbin.md section 3. The inner ELF is never validated: toolkits 12.0 to 12.3 wrote odd ones.
// Does not own: images inside fat binaries, whose headers say everything but kernels and toolkit.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "scan/source.h"

namespace cudacompat::scan {

struct CubinHeader {
  uint32_t arch = 0;
  uint8_t abi = 0;
  std::string toolkit;  ///< "12.4" where the header says so (ABI 7)
  char old_suffix = 0;  ///< 'a' where the flags of ABI 7 and early ABI 8 say so
  uint64_t extent = 0;  ///< bytes the ELF file spans, by its headers
};

/// The header of a cubin at the start of `source`; nothing when it is none.
std::optional<CubinHeader> ReadCubinHeader(Source& source);

/// What takes reading sections: suffix and toolkit of newer cubins.
struct CubinDetails {
  char suffix = 0;
  std::string toolkit;
};
CubinDetails ReadCubinDetails(Source& source, const CubinHeader& header);

/// How many of its first bytes hold the note of nearly every cubin (fatbin.md 3.4).
inline constexpr size_t kNotesWithin = 64 * 1024;

/// The toolkit that made the cubin whose first bytes these are: from the version field (ABI 7) or from a
/// note that lies in the prefix (ABI 8). Empty when it does not say.
std::string CubinToolkit(Bytes prefix);
/// The same of a cubin in a zstd frame, of which no more is unpacked than that takes.
std::string ZstdCubinToolkit(Source& source, uint64_t offset, uint64_t end);

/// True when no section is the code of a kernel: what a device link leaves behind.
bool CubinHasNoKernels(Source& source);

/// Mangled names of the kernels (functions marked as entry points), at most `limit`.
void ForEachKernel(Source& source, size_t limit, const std::function<void(const std::string&)>& use);

}  // namespace cudacompat::scan
