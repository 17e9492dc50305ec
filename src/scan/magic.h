// Finds the first bytes of device code in a buffer, at the speed of memory.
// Does not own: whether there is device code behind them (search.cc).
#pragma once

#include <cstddef>

#include "scan/bytes.h"

namespace cudacompat::scan {

inline constexpr uint32_t kElfMagic = 0x464C457F;
inline constexpr uint32_t kZstdMagic = 0xFD2FB528;

inline constexpr size_t kNotFound = SIZE_MAX;

/// The first offset >= from (a multiple of 8 away from it) at which a container, an ELF file or a zstd frame
/// begins by its first four bytes; kNotFound when there is none.
size_t FindMagicAligned(Bytes bytes, size_t from);

/// The same at any offset.
size_t FindMagicAnywhere(Bytes bytes, size_t from);

}  // namespace cudacompat::scan
