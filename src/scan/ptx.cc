#include "scan/ptx.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace cudacompat::scan {
namespace {

constexpr size_t kFirst = 4096;
constexpr size_t kMost = 1024 * 1024;

// Drops blanks and comments; false when the text ends inside a comment.
bool SkipBlank(std::string_view* text) {
  while (!text->empty()) {
    if (IsSpace(text->front())) {
      text->remove_prefix(1);
    } else if (StartsWith(*text, "//")) {
      const size_t end = text->find('\n');
      if (end == std::string_view::npos) return false;
      text->remove_prefix(end + 1);
    } else if (StartsWith(*text, "/*")) {
      const size_t end = text->find("*/", 2);
      if (end == std::string_view::npos) return false;
      text->remove_prefix(end + 2);
    } else {
      return true;
    }
  }
  return false;
}

// At most five digits: what is longer is no version.
uint32_t Number(std::string_view* text) {
  uint32_t value = 0;
  for (int i = 0; i < 5 && !text->empty() && IsDigit(text->front()); ++i) {
    value = value * 10 + static_cast<uint32_t>(text->front() - '0');
    text->remove_prefix(1);
  }
  return value;
}

std::string_view Word(std::string_view* text) {
  size_t end = 0;
  while (end < text->size() && (IsAlpha((*text)[end]) || IsDigit((*text)[end]) || (*text)[end] == '_')) ++end;
  const std::string_view word = text->substr(0, end);
  text->remove_prefix(end);
  return word;
}

void Targets(std::string_view* text, PtxHeader* header) {
  do {
    if (!SkipBlank(text)) return;
    std::string_view word = Word(text);
    if (word == "debug") header->debug = true;
    if (StartsWith(word, "sm_") && header->arch == 0) {
      word.remove_prefix(3);
      header->arch = Number(&word);
      if (word == "a" || word == "f") header->suffix = word.front();
    }
    if (!SkipBlank(text) || text->front() != ',') return;
    text->remove_prefix(1);
  } while (true);
}

std::optional<PtxHeader> Parse(std::string_view text) {
  if (!SkipBlank(&text) || !StartsWith(text, ".version")) return std::nullopt;
  text.remove_prefix(8);
  if (!SkipBlank(&text) || !IsDigit(text.front())) return std::nullopt;
  PtxHeader header;
  header.isa_major = static_cast<uint16_t>(Number(&text));
  if (text.empty() || text.front() != '.') return std::nullopt;
  text.remove_prefix(1);
  header.isa_minor = static_cast<uint16_t>(Number(&text));
  while (SkipBlank(&text) && text.front() == '.') {
    text.remove_prefix(1);
    const std::string_view directive = Word(&text);
    if (directive == "target") {
      Targets(&text, &header);
    } else if (directive == "address_size") {
      if (SkipBlank(&text)) header.is64 = Number(&text) == 64;
    } else {
      break;
    }
  }
  return header;
}

}  // namespace

bool MayBePtx(Bytes first) {
  const std::string_view mark = ".version";
  std::string_view text(reinterpret_cast<const char*>(first.data()), first.size());
  return !SkipBlank(&text) || StartsWith(text, mark.substr(0, text.size()));
}

std::optional<PtxHeader> ReadPtxHeader(Source& source) {
  std::vector<uint8_t> bytes = ReadBytes(source, 0, kFirst);
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::string_view rest = text;
  // Only a text that is all comment so far is worth more reading.
  const bool all_comment = !SkipBlank(&rest) && bytes.size() == kFirst;
  if (!all_comment) return Parse(text);
  bytes = ReadBytes(source, 0, kMost);
  return Parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

bool PtxIsWhole(Source& source) {
  constexpr uint64_t kMostRead = 64 << 20;
  std::array<uint8_t, 16384> piece{};
  char in = 0;      // '"' in quotes, '/' in a comment up to the line's end, '*' in one that is closed
  char before = 0;  // the byte before, where two make a mark
  int64_t depth = 0;
  for (uint64_t at = 0; at < kMostRead;) {
    const size_t got = source.ReadAt(at, piece);
    if (got == 0) return depth == 0 && in != '"' && in != '*';
    for (size_t i = 0; i < got; ++i) {
      const char c = static_cast<char>(piece[i]);
      if (in == 0) {
        if (before == '/' && (c == '/' || c == '*')) {
          in = c;
          before = 0;
          continue;
        }
        if (c == '"') in = c;
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      } else if ((in == '"' && c == '"') || (in == '/' && c == '\n') ||
                 (in == '*' && before == '*' && c == '/')) {
        in = 0;
        before = 0;
        continue;
      }
      before = c;
    }
    at += got;
  }
  return true;
}

}  // namespace cudacompat::scan
