#include "base/version.h"

#include <array>

#include "base/text.h"

namespace cudacompat {
namespace {

constexpr int64_t kLastPart = 1000000;  // room of the fourth part in a DottedKey
constexpr int kReleaseParts = 4;

// Phases of PEP 440 in their order; the number stands in the low eight bits.
enum Phase : int64_t { kDev = 0, kAlpha = 1, kBeta = 2, kCandidate = 3, kFinal = 4, kPost = 5 };

// Reads digits at *pos; nullopt when there is none or the value passes `limit`.
std::optional<int64_t> ReadNumber(std::string_view text, size_t* pos, int64_t limit) {
  size_t start = *pos;
  int64_t value = 0;
  while (*pos < text.size() && IsDigit(text[*pos])) {
    value = value * 10 + (text[*pos] - '0');
    if (value > limit) return std::nullopt;
    ++*pos;
  }
  if (*pos == start) return std::nullopt;
  return value;
}

bool Skip(std::string_view text, size_t* pos, std::string_view word) {
  if (text.substr(*pos, word.size()) != word) return false;
  *pos += word.size();
  return true;
}

// The part after the release numbers: "rc1", ".post3", "-1", ".dev20241113"; false when it is none of these.
bool ReadPhase(std::string_view text, size_t* pos, int64_t* phase, int64_t* number) {
  *phase = kFinal;
  *number = 0;
  if (*pos == text.size()) return true;
  if (text[*pos] == '.' || text[*pos] == '-' || text[*pos] == '_') ++*pos;
  static constexpr std::array<std::pair<std::string_view, Phase>, 10> kWords = {{{"alpha", kAlpha},
                                                                                 {"beta", kBeta},
                                                                                 {"preview", kCandidate},
                                                                                 {"pre", kCandidate},
                                                                                 {"post", kPost},
                                                                                 {"dev", kDev},
                                                                                 {"rc", kCandidate},
                                                                                 {"a", kAlpha},
                                                                                 {"b", kBeta},
                                                                                 {"c", kCandidate}}};
  for (const auto& [word, value] : kWords) {
    if (!Skip(text, pos, word)) continue;
    *phase = value;
    if (*pos < text.size() && IsDigit(text[*pos])) {
      std::optional<int64_t> read = ReadNumber(text, pos, INT64_MAX / 20);
      if (!read) return false;
      *number = *read > 255 ? 255 : *read;  // a date behind "dev": only its being one matters here
    }
    return *pos == text.size();
  }
  return false;
}

}  // namespace

std::optional<int64_t> DottedKey(std::string_view text) {
  size_t pos = 0;
  int64_t key = 0;
  int parts = 0;
  while (true) {
    int64_t limit = parts == 0 ? 99999 : parts == 3 ? kLastPart - 1 : 999;
    std::optional<int64_t> part = ReadNumber(text, &pos, limit);
    if (!part || parts == 4) return std::nullopt;
    key = parts == 3 ? key * kLastPart + *part : key * 1000 + *part;
    ++parts;
    if (pos == text.size()) break;
    if (text[pos++] != '.') return std::nullopt;
  }
  for (int i = parts; i < 3; ++i) key *= 1000;
  return parts == 4 ? key : key * kLastPart;
}

std::string DottedText(int64_t key) {
  int64_t fourth = key % kLastPart;
  key /= kLastPart;
  int64_t third = key % 1000;
  std::string text = std::to_string(key / 1000000) + "." + std::to_string(key / 1000 % 1000);
  if (third != 0 || fourth != 0) text += "." + std::to_string(third);
  if (fourth != 0) text += "." + std::to_string(fourth);
  return text;
}

std::string NvidiaVersion(std::string_view windows_version) {
  const std::vector<std::string_view> parts = Split(windows_version, '.');
  if (parts.size() != 4 || parts[0].size() > 2 || parts[3].size() > 4 || !DottedKey(windows_version))
    return "";
  const std::string digits =
      std::string(1, parts[2].back()) + std::string(4 - parts[3].size(), '0') + std::string(parts[3]);
  return digits.substr(0, 3) + "." + digits.substr(3);
}

std::optional<int64_t> PackageKey(std::string_view text) {
  std::string lower = ToLower(text);
  size_t pos = 0;
  int64_t key = 0;
  int parts = 0;
  while (parts < kReleaseParts) {
    std::optional<int64_t> part = ReadNumber(lower, &pos, 4095);
    if (!part) return std::nullopt;
    key = key << 12 | *part;
    ++parts;
    if (pos + 1 >= lower.size() || lower[pos] != '.' || !IsDigit(lower[pos + 1])) break;
    ++pos;
  }
  for (int i = parts; i < kReleaseParts; ++i) key <<= 12;
  int64_t phase = kFinal;
  int64_t number = 0;
  if (!ReadPhase(lower, &pos, &phase, &number)) return std::nullopt;
  return key << 11 | phase << 8 | number;
}

bool IsPrerelease(int64_t package_key) { return (package_key >> 8 & 7) < kFinal; }

std::optional<int64_t> CapabilityKey(std::string_view text) {
  size_t pos = 0;
  std::optional<int64_t> major = ReadNumber(text, &pos, 99);
  if (!major || *major == 0 || pos + 2 != text.size() || text[pos] != '.' || !IsDigit(text[pos + 1])) {
    return std::nullopt;
  }
  return *major * 10 + (text[pos + 1] - '0');
}

std::string CapabilityText(int64_t key) { return std::to_string(key / 10) + "." + std::to_string(key % 10); }

std::optional<Target> ParseTarget(std::string_view text) {
  Target target;
  for (std::string_view kind : {"sm_", "compute_", "lto_"}) {
    if (text.substr(0, kind.size()) != kind) continue;
    target.kind = kind.substr(0, kind.size() - 1);
    size_t pos = kind.size();
    std::optional<int64_t> number = ReadNumber(text, &pos, 999);
    if (!number || *number < 10) return std::nullopt;
    target.capability = *number;
    if (pos < text.size() && (text[pos] == 'a' || text[pos] == 'f')) target.suffix = text[pos++];
    if (pos != text.size()) return std::nullopt;
    return target;
  }
  return std::nullopt;
}

}  // namespace cudacompat
