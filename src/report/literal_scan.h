// LiteralScan: finds every occurrence of many literals in one pass, without case and with any quotation mark
// for any other, faster than memory is usually copied. Does not own: what a literal means.
//
// Of each literal one window of 8 bytes is chosen. A text that holds the window holds, at one of any five
// neighbouring positions, one of the window's five 4-byte pieces; so it is enough to look at every fifth
// position, hash four bytes and ask a bitmap. Only what passes the bitmap is compared in full.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace cudacompat::report {

class LiteralScan {
 public:
  /// Every literal must have at least 8 bytes; shorter ones are never found.
  explicit LiteralScan(const std::vector<std::string_view>& literals);

  /// Calls hit(literal's index, offset of its first byte) once for each occurrence, nearly in order of offset
  /// (a later literal may start a few bytes before an earlier one).
  template <typename Hit>
  void Scan(std::string_view text, Hit&& hit) const {
    if (text.size() < kPiece) return;
    const char* data = text.data();
    const size_t last = text.size() - kPiece;
    for (size_t at = 0; at <= last; at += kStride) {
      uint32_t hash = Hash(data + at);
      if (((bitmap_[hash >> 6] >> (hash & 63)) & 1) == 0) continue;
      for (uint32_t i = starts_[hash >> kShared]; i < starts_[(hash >> kShared) + 1]; ++i) {
        const Entry& entry = entries_[i];
        if (at >= entry.offset && Matches(text, at - entry.offset, entry.literal)) {
          hit(static_cast<size_t>(entry.literal), at - entry.offset);
        }
      }
    }
  }

 private:
  struct Entry {
    uint32_t literal;
    uint32_t offset;  // of the piece inside the literal
  };
  static constexpr size_t kPiece = 4;
  static constexpr size_t kWindow = 8;
  static constexpr size_t kStride = kWindow - kPiece + 1;
  static constexpr uint32_t kBits = 16;
  static constexpr uint32_t kShared = 4;  // so many of the lowest bits share one list of entries

  /// Letters of both cases fall together; that other bytes do as well only costs a comparison.
  static uint32_t Hash(const char* at) {
    uint32_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return ((word | 0x20202020U) * 2654435761U) >> (32 - kBits);
  }
  bool Matches(std::string_view text, size_t at, uint32_t literal) const;

  std::string folded_;            // all literals in lower case, one behind the other …
  std::vector<uint32_t> begins_;  // … and where each begins
  std::array<uint64_t, (1U << kBits) / 64> bitmap_{};
  std::array<uint32_t, (1U << (kBits - kShared)) + 1> starts_{};
  std::vector<Entry> entries_;
};

}  // namespace cudacompat::report
