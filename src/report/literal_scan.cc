#include "report/literal_scan.h"

#include <algorithm>

#include "base/text.h"

namespace cudacompat::report {
namespace {

/// One quotation mark stands for every other.
bool Quote(char c) { return c == '\'' || c == '"' || c == '`'; }

/// How often a byte is met in logs, very roughly: the window with the rarest bytes is asked for, and one
/// without quotation marks, which differ.
int Commonness(char c) {
  if (Quote(c)) return 1000;
  if (c == ' ' || c == 'e' || c == 'r' || c == 'o' || c == '-' || c == '=') return 8;
  if (c == 'a' || c == 't' || c == 'i' || c == 'n' || c == 's') return 6;
  if (IsDigit(c)) return 5;
  if (c == 'l' || c == 'd' || c == 'c' || c == 'u' || c == '.' || c == '/' || c == '_') return 4;
  return c >= 'a' && c <= 'z' ? 2 : 1;
}

size_t RarestWindow(std::string_view literal, size_t window) {
  size_t best = 0;
  int best_cost = 1 << 30;
  int cost = 0;
  for (size_t end = 0; end < literal.size(); ++end) {
    cost += Commonness(literal[end]);
    if (end >= window) cost -= Commonness(literal[end - window]);
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
  for (std::string_view literal : literals) {
    literals_.push_back(ToLower(literal));
    for (char& c : literals_.back()) {
      if (Quote(c)) c = '\'';
    }
    const std::string& lower = literals_.back();
    if (lower.size() < kWindow) continue;
    size_t start = RarestWindow(lower, kWindow);
    for (size_t i = 0; i < kStride; ++i) {
      auto offset = static_cast<uint32_t>(start + i);
      placed.push_back({Hash(lower.data() + offset), {static_cast<uint32_t>(literals_.size() - 1), offset}});
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
  const std::string& wanted = literals_[literal];
  if (text.size() - at < wanted.size()) return false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    char c = text[at + i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c != wanted[i] && !(wanted[i] == '\'' && Quote(c))) return false;
  }
  return true;
}

}  // namespace cudacompat::report
