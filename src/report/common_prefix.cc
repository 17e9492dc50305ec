#include "report/common_prefix.h"

#include <algorithm>

#include "base/text.h"

namespace cudacompat::report {
namespace {

constexpr size_t kLookedAt = 400;       // lines
constexpr size_t kLongestPrefix = 200;  // bytes
constexpr size_t kLeastLines = 2;
constexpr size_t kMostEnds = 24;
constexpr std::string_view kDigits = "00";  // the piece that any number is
constexpr std::string_view kLevel = "LL";   // the piece that any level is

/// "INFO", "Warning": how long the level at the text's beginning is, with the blanks that fill its column; or
/// 0.
size_t LevelAt(std::string_view text) {
  static constexpr std::string_view kLevels[] = {"critical", "warning", "notice", "error", "debug",
                                                 "fatal",    "trace",   "info",   "warn"};
  const std::string lower = ToLower(text.substr(0, 8));
  for (std::string_view level : kLevels) {
    if (!StartsWith(lower, level)) continue;
    if (text.size() > level.size() && (IsAlpha(text[level.size()]) || IsDigit(text[level.size()]))) return 0;
    const size_t next = std::min(text.find_first_not_of(' ', level.size()), text.size());
    const bool column = next < text.size() && Contains("-:|]", text.substr(next, 1));
    return column ? next : level.size();
  }
  return 0;
}

/// How long the next piece of a line is and what stands for it: a number, a level, else one byte.
size_t NextPiece(std::string_view line, size_t at, std::string_view* piece) {
  // A number at the beginning of a line is filled with blanks.
  size_t end = at == 0 ? std::min(line.find_first_not_of(" \t"), line.size()) : at;
  const size_t digits = end;
  while (end < line.size() && IsDigit(line[end])) ++end;
  if (end > digits) {
    *piece = kDigits;
    return end - at;
  }
  const bool inside = at > 0 && IsAlpha(line[at - 1]);
  const size_t level = inside ? 0 : LevelAt(line.substr(at));
  if (level != 0) {
    *piece = kLevel;
    return level;
  }
  *piece = line.substr(at, 1);
  return 1;
}

/// How many pieces the line begins with, and how many bytes they are.
size_t Matched(const std::vector<std::string>& pieces, std::string_view line, size_t* bytes, size_t most) {
  size_t at = 0;
  size_t count = 0;
  while (count < most && at < line.size()) {
    std::string_view piece;
    const size_t size = NextPiece(line, at, &piece);
    if (pieces[count] != piece) break;
    at += size;
    ++count;
  }
  // A line that holds nothing else may have lost the blanks behind.
  if (at == line.size()) {
    while (count < most && pieces[count] == " ") ++count;
  }
  if (bytes != nullptr) *bytes = at;
  return count;
}

std::vector<std::string_view> FirstLines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (size_t start = 0; start < text.size() && lines.size() < kLookedAt;) {
    size_t end = std::min(text.find_first_of("\r\n", start), text.size());
    if (end > start) lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

}  // namespace

CommonPrefix::CommonPrefix(std::string_view text) {
  const std::vector<std::string_view> lines = FirstLines(text);
  if (lines.size() < kLeastLines) return;
  const size_t most_without = lines.size() / 5;
  for (size_t place : {lines.size() / 2, lines.size() / 4, lines.size() * 3 / 4}) {
    std::vector<std::string> pieces;
    for (size_t at = 0; at < std::min(lines[place].size(), kLongestPrefix);) {
      std::string_view piece;
      at += NextPiece(lines[place], at, &piece);
      pieces.emplace_back(piece);
    }
    std::vector<size_t> matched;
    matched.reserve(lines.size());
    for (std::string_view line : lines) matched.push_back(Matched(pieces, line, nullptr, pieces.size()));
    auto least = matched.begin() + static_cast<std::ptrdiff_t>(most_without);
    std::nth_element(matched.begin(), least, matched.end());
    if (*least <= pieces_.size()) continue;
    pieces.resize(*least);
    pieces_ = std::move(pieces);
  }
  for (size_t end = pieces_.size(); end > 0 && ends_.size() < kMostEnds; --end) {
    const char last = pieces_[end - 1].back();
    const bool word = IsAlpha(last) || IsDigit(last);
    const bool blank_follows = end < pieces_.size() && pieces_[end] == " ";
    if (!word && !(blank_follows && last != ' ')) ends_.push_back(end);
  }
}

std::string CommonPrefix::Without(std::string_view text, size_t pieces) const {
  std::string out;
  out.reserve(text.size());
  for (size_t start = 0; start < text.size();) {
    size_t end = std::min(text.find_first_of("\r\n", start), text.size());
    std::string_view line = text.substr(start, end - start);
    size_t bytes = 0;
    if (Matched(pieces_, line, &bytes, pieces) == pieces) line.remove_prefix(bytes);
    out += line;
    if (end < text.size()) out += text[end];
    start = end + 1;
  }
  return out;
}

}  // namespace cudacompat::report
