#include "report/text_input.h"

#include <algorithm>

#include "base/text.h"

namespace cudacompat::report {
namespace {

constexpr size_t kMostConverted = size_t{64} << 20;

void AppendUtf8(std::string& out, uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

std::string FromUtf16(std::string_view text, bool big_endian) {
  std::string out;
  auto unit = [&](size_t at) {
    auto first = static_cast<unsigned char>(text[at]);
    auto second = static_cast<unsigned char>(text[at + 1]);
    return static_cast<uint32_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  for (size_t at = 0; at + 1 < text.size(); at += 2) {
    uint32_t point = unit(at);
    if (point >= 0xD800 && point < 0xDC00 && at + 3 < text.size()) {
      uint32_t low = unit(at + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        at += 2;
      }
    }
    if (point >= 0xD800 && point < 0xE000) point = '?';
    AppendUtf8(out, point);
  }
  return out;
}

/// UTF-16 without its mark: every other byte of what it begins with is zero.
bool LooksLikeUtf16(std::string_view text, size_t zero_at) {
  std::string_view begin = text.substr(0, 512);
  if (begin.size() < 16) return false;
  size_t zeros = 0;
  for (size_t at = zero_at; at < begin.size(); at += 2) zeros += begin[at] == '\0' ? 1 : 0;
  for (size_t at = 1 - zero_at; at < begin.size(); at += 2) {
    if (begin[at] == '\0') return false;
  }
  return zeros * 2 > begin.size() - begin.size() / 5;
}

}  // namespace

std::string_view AsUtf8(std::string_view text, std::string& converted) {
  if (StartsWith(text, "\xEF\xBB\xBF")) return text.substr(3);
  bool little = StartsWith(text, "\xFF\xFE");
  bool big = StartsWith(text, "\xFE\xFF");
  size_t mark = little || big ? 2 : 0;
  if (mark == 0) {
    little = LooksLikeUtf16(text, 1);
    big = !little && LooksLikeUtf16(text, 0);
  }
  if (!little && !big) return text;
  converted = FromUtf16(text.substr(mark, kMostConverted), big);
  return converted;
}

std::string WithoutColours(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\x1b') {
      out += text[at];
      continue;
    }
    if (at + 1 >= text.size() || text[at + 1] != '[') continue;
    size_t end = at + 2;
    while (end < text.size() && (IsDigit(text[end]) || text[end] == ';' || text[end] == '?')) ++end;
    at = std::min(end, text.size() - 1);
  }
  return out;
}

std::pair<int64_t, int64_t> LineCounter::At(size_t offset) {
  if (offset < counted_) {  // a few bytes back: count again from what is near
    auto back = std::count(text_.begin() + static_cast<std::ptrdiff_t>(offset),
                           text_.begin() + static_cast<std::ptrdiff_t>(counted_), '\n');
    line_ -= back;
    if (back > 0) {
      size_t before = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
      start_ = before == std::string_view::npos ? 0 : before + 1;
    }
  } else {
    auto begin = text_.begin() + static_cast<std::ptrdiff_t>(counted_);
    auto end = text_.begin() + static_cast<std::ptrdiff_t>(offset);
    auto fresh = std::count(begin, end, '\n');
    line_ += fresh;
    if (fresh > 0) start_ = text_.rfind('\n', offset - 1) + 1;
  }
  counted_ = offset;
  return {line_, static_cast<int64_t>(offset - start_) + 1};
}

}  // namespace cudacompat::report
