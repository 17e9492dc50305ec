// Little-endian loads from hostile bytes. Every load is total: beyond the end it yields 0, never a read.
// Does not own: what the bytes mean; callers check sizes where "absent" and "zero" must differ.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace cudacompat::scan {

using Bytes = std::span<const uint8_t>;

static_assert(std::endian::native == std::endian::little, "loads below copy bytes as they lie");

/// The little-endian integer at `offset`, or 0 where it does not fit into `bytes`.
template <typename T>
T Load(Bytes bytes, uint64_t offset) {
  T value = 0;
  if (offset <= bytes.size() && sizeof(T) <= bytes.size() - offset) {
    std::memcpy(&value, bytes.data() + offset, sizeof(T));
  }
  return value;
}

inline uint8_t Load8(Bytes bytes, uint64_t offset) { return Load<uint8_t>(bytes, offset); }
inline uint16_t Load16(Bytes bytes, uint64_t offset) { return Load<uint16_t>(bytes, offset); }
inline uint32_t Load32(Bytes bytes, uint64_t offset) { return Load<uint32_t>(bytes, offset); }
inline uint64_t Load64(Bytes bytes, uint64_t offset) { return Load<uint64_t>(bytes, offset); }

/// True when [offset, offset + length) lies inside [0, total). Cannot overflow.
constexpr bool Fits(uint64_t offset, uint64_t length, uint64_t total) {
  return offset <= total && length <= total - offset;
}

/// a + b, or the largest value where that overflows: such an offset fits nowhere.
constexpr uint64_t SaturatingAdd(uint64_t a, uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

/// The part of `bytes` from `offset` on, at most `length` bytes; empty where there is none.
inline Bytes Part(Bytes bytes, uint64_t offset, uint64_t length = UINT64_MAX) {
  if (offset >= bytes.size()) return {};
  const uint64_t rest = bytes.size() - offset;
  return bytes.subspan(static_cast<size_t>(offset), static_cast<size_t>(length < rest ? length : rest));
}

}  // namespace cudacompat::scan
