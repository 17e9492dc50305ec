#include "report/literal_scan.h"

#include <algorithm>

#include "base/text.h"

namespace cudacompat::report {
namespace {

/// One quotation mark stands for every other.
constexpr bool Quote(char c) { return c == '\'' || c == '"' || c == '`'; }

/// How often a byte is met in logs, very roughly: the window with the rarest bytes is asked for, and one
/// without quotation marks, which differ.
constexpr int Commonness(char c) {
  if (Quote(c)) return 1000;
  if (c == ' ' || c == 'e' || c == 'r' || c == 'o' || c == '-' || c == '=') return 8;
  if (c == 'a' || c == 't' || c == 'i' || c == 'n' || c == 's') return 6;
  if (c >= '0' && c <= '9') return 5;
  if (c == 'l' || c == 'd' || c == 'c' || c == 'u' || c == '.' || c == '/' || c == '_') return 4;
  return c >= 'a' && c <= 'z' ? 2 : 1;
}

/// What stands for a byte in a literal: its lower case, one quotation mark for all; and what it costs.
struct Bytes {
  std::array<char, 256> folded{};
  std::array<int, 256> cost{};
  constexpr Bytes() {
    for (size_t i = 0; i < folded.size(); ++i) {
      const char c = static_cast<char>(i);
      folded[i] = Quote(c) ? '\'' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      cost[i] = Commonness(folded[i]);
    }
  }
};
constexpr Bytes kBytes;

size_t RarestWindow(std::string_view literal, size_t window) {
  size_t best = 0;
  int best_cost = 1 << 30;
  int cost = 0;
  for (size_t end = 0; end < literal.size(); ++end) {
    cost += kBytes.cost[static_cast<unsigned char>(literal[end])];
    if (end >= window) cost -= kBytes.cost[static_cast<unsigned char>(literal[end - window])];
    if (end + 1 < window || cost >= best_cost) continue;
    best_cost = cost;
    best = end + 1 - window;
  }
  return best;
}

}  // namespace

LiteralScan::LiteralScan(const std::vector<std::string_view>& literals) {
  struct Placed {
    uint32_t hash;
    Entry entry;
  };
  std::vector<Placed> placed;
  placed.reserve(literals.size() * kStride);
  size_t bytes = 0;
  for (std::string_view literal : literals) bytes += literal.size();
  folded_.resize(bytes);
  begins_.resize(literals.size() + 1);
  size_t end = 0;
  for (size_t index = 0; index < literals.size(); ++index) {
    const size_t begin = end;
    for (char c : literals[index]) folded_[end++] = kBytes.folded[static_cast<unsigned char>(c)];
    begins_[index + 1] = static_cast<uint32_t>(end);
    const std::string_view folded(folded_.data() + begin, end - begin);
    if (folded.size() < kWindow) continue;
    const size_t start = RarestWindow(folded, kWindow);
    for (size_t i = 0; i < kStride; ++i) {
      auto offset = static_cast<uint32_t>(start + i);
      placed.push_back({Hash(folded.data() + offset), {static_cast<uint32_t>(index), offset}});
    }
  }
  // Sorted by counting: each list's end first, then filled from its end.
  for (const Placed& each : placed) {
    bitmap_[each.hash >> 6] |= uint64_t{1} << (each.hash & 63);
    ++starts_[each.hash >> kShared];
  }
  for (size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  entries_.resize(placed.size());
  for (size_t i = placed.size(); i-- > 0;) entries_[--starts_[placed[i].hash >> kShared]] = placed[i].entry;
}

bool LiteralScan::Matches(std::string_view text, size_t at, uint32_t literal) const {
  const std::string_view wanted(folded_.data() + begins_[literal], begins_[literal + 1] - begins_[literal]);
  if (text.size() - at < wanted.size()) return false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (kBytes.folded[static_cast<unsigned char>(text[at + i])] != wanted[i]) return false;
  }
  return true;
}

}  // namespace cudacompat::report
