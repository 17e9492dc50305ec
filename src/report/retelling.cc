#include "report/retelling.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/text.h"
#include "report/line.h"

namespace cudacompat::report {
namespace {

constexpr size_t kMostSpaced = size_t{4} << 20;      // above that tabs and doubled blanks stay
constexpr size_t kMostUnwrapped = size_t{1} << 20;   // a longer text was not copied from a window
constexpr size_t kMostRespelled = size_t{64} << 20;  // of one text
constexpr size_t kStretch = 64 << 10;                // of one paragraph
constexpr size_t kSignBefore = 1200;                 // of a long line before the sign
constexpr size_t kLinesAfter = 6;
constexpr size_t kLeastWidth = 30;  // nothing is as narrow
constexpr size_t kMostWidth = 320;  // and nothing as wide
constexpr size_t kMostJoined = 40;  // of a paragraph that is joined

unsigned char Byte(std::string_view text, size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// "\n" of a text that was stored as a string; before a small letter it is a path's.
bool EscapedEnd(std::string_view text, size_t at) {
  unsigned char next = Byte(text, at + 2);
  return Byte(text, at + 1) == 'n' && !(next >= 'a' && next <= 'z') && !IsDigit(static_cast<char>(next)) &&
         next != '_';
}

/// The length of "<br>" and its like; 0 where it is none.
size_t LineBreak(std::string_view text, size_t at) {
  for (std::string_view each : {"<br>", "<br/>", "<br />"}) {
    if (StartsWith(text.substr(at, 6), each)) return each.size();
  }
  return 0;
}

/// A sign that a program would have printed otherwise may begin here.
bool Odd(std::string_view text, size_t at, bool blanks) {
  switch (Byte(text, at)) {
    case 0xC2:
      return Byte(text, at + 1) == 0xA0 || Byte(text, at + 1) == 0xAD || Byte(text, at + 1) == 0xB4;
    case 0xE2:
      return Byte(text, at + 1) == 0x80 || Byte(text, at + 1) == 0x88;
    case 0xE3:
      return Byte(text, at + 1) == 0x80;
    case 0xEF:
      return Byte(text, at + 1) >= 0xBB && Byte(text, at + 1) <= 0xBD;
    case '&':
      return Byte(text, at + 1) == '#' || IsAlpha(static_cast<char>(Byte(text, at + 1)));
    case '\\': {
      static constexpr std::string_view kEscaped = "\"'`u_*[]<>#~|/\\";
      return EscapedEnd(text, at) ||
             (at + 1 < text.size() && kEscaped.find(text[at + 1]) != std::string_view::npos);
    }
    case '\t':
      return blanks;
    case '*':
      return Byte(text, at + 1) == '*';
    case '<':
      return LineBreak(text, at) > 0;
    case ' ':
      return blanks && (Byte(text, at + 1) == ' ' || Byte(text, at + 1) == ':');
    default:
      return false;
  }
}

/// The next such place. Sixty-four bytes at a time are passed over that hold nothing of it.
size_t NextOdd(std::string_view text, size_t at, bool blanks) {
  constexpr size_t kBlock = 64;
  while (at < text.size()) {
    if (!blanks && at + kBlock <= text.size()) {
      const char* block = text.data() + at;
      unsigned char any = 0;
      for (size_t i = 0; i < kBlock; ++i) {
        auto c = static_cast<unsigned char>(block[i]);
        any |= static_cast<unsigned char>((c & 0x80) | (c == '&' ? 1 : 0) | (c == '\\' ? 1 : 0) |
                                          (c == '*' ? 1 : 0) | (c == '<' ? 1 : 0));
      }
      if (any == 0) {
        at += kBlock;
        continue;
      }
    }
    const size_t end = std::min(text.size(), at + kBlock);
    for (; at < end; ++at) {
      if (Odd(text, at, blanks)) return at;
    }
  }
  return std::string_view::npos;
}

/// A sign as programs print it: nothing, or a text of ASCII; nullptr where it stands for itself.
const char* Plain(uint32_t point) {
  static char wide[2] = {0, 0};
  if (point == 0xA0 || (point >= 0x2000 && point <= 0x200A) || point == 0x202F || point == 0x3000) return " ";
  if (point == 0xAD || (point >= 0x200B && point <= 0x200F) || point == 0x2060 || point == 0xFEFF) return "";
  if (point == 0xB4 || (point >= 0x2018 && point <= 0x201B) || point == 0x2032) return "'";
  if ((point >= 0x201C && point <= 0x201F) || point == 0x2033) return "\"";
  if ((point >= 0x2010 && point <= 0x2013) || point == 0x2212) return "-";
  if (point == 0x3002) return ". ";
  if (point == 0xFF1A) return ": ";
  if (point == 0xFF0C) return ", ";
  if (point == 0xFF1B) return "; ";
  if (point == 0xFF08) return " (";
  if (point == 0xFF09) return ") ";
  if (point >= 0xFF01 && point <= 0xFF5E) {
    wide[0] = static_cast<char>(point - 0xFEE0);
    return wide;
  }
  if (point == '\n' || (point >= 0x20 && point < 0x7F)) {
    wide[0] = static_cast<char>(point);
    return wide;
  }
  return nullptr;
}

struct Sign {
  uint32_t point = 0;
  size_t size = 0;  ///< of its spelling; 0: none
};

Sign Utf8(std::string_view text, size_t at) {
  uint32_t lead = Byte(text, at);
  size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (size == 0 || at + size > text.size()) return {};
  uint32_t point = lead & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((Byte(text, at + i) & 0xC0) != 0x80) return {};
    point = point << 6 | (Byte(text, at + i) & 0x3FU);
  }
  return {point, size};
}

/// "&quot;", "&#39;", "&#x27;", "&amp;quot;".
Sign Entity(std::string_view text, size_t at) {
  static constexpr std::pair<std::string_view, uint32_t> kNames[] = {
      {"lt;", '<'},     {"gt;", '>'},     {"quot;", '"'},  {"apos;", '\''}, {"nbsp;", 0xA0},
      {"lsquo;", '\''}, {"rsquo;", '\''}, {"ldquo;", '"'}, {"rdquo;", '"'}, {"lbrack;", '['},
      {"rbrack;", ']'}, {"lowbar;", '_'}, {"colon;", ':'}, {"ndash;", '-'}, {"zwnj;", 0x200B}};
  size_t from = at + 1;
  bool ampersand = false;
  while (StartsWith(text.substr(from, 4), "amp;")) {
    from += 4;
    ampersand = true;
  }
  std::string_view rest = text.substr(from, 12);
  for (const auto& [name, point] : kNames) {
    if (StartsWith(rest, name)) return {point, from + name.size() - at};
  }
  if (StartsWith(rest, "#")) {
    bool hex = rest.size() > 1 && (rest[1] == 'x' || rest[1] == 'X');
    std::string digits(rest.substr(hex ? 2 : 1));
    char* end = nullptr;
    unsigned long point = std::strtoul(digits.c_str(), &end, hex ? 16 : 10);
    auto used = static_cast<size_t>(end - digits.c_str());
    if (used > 0 && *end == ';' && point < 0x110000)
      return {static_cast<uint32_t>(point), from + (hex ? 2 : 1) + used + 1 - at};
  }
  return ampersand ? Sign{'&', from - at} : Sign{};
}

/// "\"", "\\\"", "\_", "\/", "\u0027". A backslash before other letters is a path's.
Sign Escaped(std::string_view text, size_t at) {
  static constexpr std::string_view kQuotes = "\"'`";
  static constexpr std::string_view kMarks = "_*[]<>#~|/";
  size_t after = std::min(text.find_first_not_of('\\', at), text.size());
  if (after >= text.size()) return {};
  if (kQuotes.find(text[after]) != std::string_view::npos)
    return {static_cast<uint32_t>(text[after]), after + 1 - at};
  if (after != at + 1) return {};
  if (kMarks.find(text[after]) != std::string_view::npos) return {static_cast<uint32_t>(text[after]), 2};
  if (text[after] == 'u' && after + 5 <= text.size()) {
    std::string digits(text.substr(after + 1, 4));
    char* end = nullptr;
    unsigned long point = std::strtoul(digits.c_str(), &end, 16);
    if (end == digits.c_str() + 4 && Plain(static_cast<uint32_t>(point)) != nullptr)
      return {static_cast<uint32_t>(point), 6};
  }
  return {};
}

/// The stretch with its signs replaced. Runs of blanks become one, none stands before a colon.
Paragraph Retell(std::string_view text, size_t begin, size_t end) {
  Paragraph out;
  out.text.reserve(end - begin);
  std::string_view stretch = text.substr(0, end);
  bool broken = true;  // the next byte does not follow the last one in the log
  auto put = [&](char c, size_t from) {
    bool blank = c == ' ' && !out.text.empty() && (out.text.back() == ' ' || out.text.back() == '\n');
    if (blank) {
      broken = true;
      return;
    }
    if (c == ':' && out.text.size() > 1 && out.text.back() == ' ') {
      out.text.pop_back();
      while (!out.pieces.empty() && out.pieces.back().first >= out.text.size()) out.pieces.pop_back();
      broken = true;
    }
    if (broken || out.pieces.empty()) out.pieces.emplace_back(out.text.size(), from);
    broken = false;
    out.text += c;
  };
  for (size_t at = begin; at < end;) {
    char c = stretch[at];
    Sign sign;
    if (static_cast<unsigned char>(c) >= 0x80) sign = Utf8(stretch, at);
    if (c == '&') sign = Entity(stretch, at);
    if (c == '\\') sign = Escaped(stretch, at);
    if (c == '<' && LineBreak(stretch, at) > 0) sign = {'\n', LineBreak(stretch, at)};
    if (c == '\\' && EscapedEnd(stretch, at)) sign = {'\n', 2};
    if (c == '*' && Byte(stretch, at + 1) == '*') sign = {0x200B, 2};
    const char* plain = sign.size == 0 ? nullptr : Plain(sign.point);
    if (plain != nullptr) {
      broken = true;
      for (const char* each = plain; *each != 0; ++each) put(*each, at);
      broken = true;
      at += sign.size;
      continue;
    }
    size_t size = sign.size > 0 && c != '&' && c != '\\' ? sign.size : 1;
    for (size_t i = 0; i < size; ++i) put(c == '\t' ? ' ' : stretch[at + i], at + i);
    at += size;
  }
  return out;
}

size_t LineBegin(std::string_view text, size_t at, size_t reach) {
  size_t begin = at;
  while (begin > 0 && at - begin < reach && text[begin - 1] != '\n') --begin;
  return begin;
}

/// Behind the line at `at` and `lines` more.
size_t LinesEnd(std::string_view text, size_t at, size_t lines, size_t most) {
  size_t end = at;
  for (;;) {
    size_t next = text.substr(0, most).find('\n', end);
    if (next == std::string_view::npos) return most;
    end = next + 1;
    if (lines-- == 0) return next;
  }
}

/// How many signs, not bytes: widths are counted so.
size_t Width(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// One line of a paragraph, bare: where its text lies in the log.
struct Row {
  size_t begin;
  size_t end;
  size_t width;  ///< of the line up to there, with what stands before it
};

constexpr std::string_view kFrames[] = {"|", "\xE2\x94\x82", "\xE2\x95\x91", "\xE2\x94\x83"};

/// The line without what stands around it: prefixes, quotation marks, frames.
Row BareRow(std::string_view text, size_t begin, size_t end) {
  std::string_view bare = text.substr(begin, end - begin);
  if (EndsWith(bare, "\r")) bare.remove_suffix(1);
  for (int layer = 0; layer < 3; ++layer) {
    const size_t before = bare.size();
    std::string_view name = ComposeName(bare);
    if (!name.empty()) bare.remove_prefix(bare.find('|') + 1);
    bare = WithoutPrefixes(bare);
    std::string_view inner = Trim(bare);
    for (std::string_view frame : kFrames) {
      if (!StartsWith(inner, frame)) continue;
      inner.remove_prefix(frame.size());
      if (EndsWith(inner, frame)) inner = Trim(inner.substr(0, inner.size() - frame.size()));
      if (StartsWith(inner, " ")) inner.remove_prefix(1);
      bare = inner;
      break;
    }
    if (bare.size() == before) break;
  }
  auto from = static_cast<size_t>(bare.data() - text.data());
  const size_t last = from + bare.size();
  return {from, last, Width(text.substr(begin, last - begin))};
}

/// The rows joined where a line may have been broken: the first word of the next would not have fitted.
void JoinRows(std::string_view text, const std::vector<Row>& rows, const TakeParagraph& take) {
  if (rows.size() < 2) return;
  auto said = [&](const Row& row) { return text.substr(row.begin, row.end - row.begin); };
  for (bool blank : {true, false}) {
    Paragraph paragraph;
    size_t seams = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      std::string_view line = said(rows[i]);
      size_t from = rows[i].begin;
      if (i > 0) {
        // The width is that of the widest line near by.
        size_t widest = 0;
        for (size_t k = i > 3 ? i - 3 : 0; k < std::min(rows.size(), i + 3); ++k)
          widest = std::max(widest, rows[k].width);
        std::string_view bare = Trim(line);
        size_t word = Width(bare.substr(0, bare.find(' ')));
        bool broken = rows[i - 1].width >= kLeastWidth && rows[i - 1].width <= kMostWidth && !bare.empty() &&
                      rows[i - 1].width + 1 + word > widest;
        bool full = rows[i - 1].width == widest && !EndsWith(said(rows[i - 1]), " ");
        bool glued = broken && !blank && full;
        if (!broken) paragraph.text += '\n';
        if (broken && !glued && !EndsWith(paragraph.text, " ")) paragraph.text += ' ';
        if (broken && !glued) {
          from += static_cast<size_t>(bare.data() - line.data());
          line = bare;
        }
        seams += broken && (blank || glued) ? 1 : 0;
      }
      paragraph.pieces.emplace_back(paragraph.text.size(), from);
      paragraph.text.append(line);
    }
    if (seams > 0) take(paragraph);
  }
}

/// Two letters, or two digits, or the same sign.
bool SameShape(char a, char b) { return a == b || (IsDigit(a) && IsDigit(b)); }

}  // namespace

void Respell(std::string_view text, const TakeParagraph& take) {
  const bool blanks = text.size() <= kMostSpaced;
  size_t told = 0;
  size_t odd = NextOdd(text, 0, blanks);
  while (odd != std::string_view::npos && told < kMostRespelled) {
    const size_t begin = LineBegin(text, odd, kSignBefore);
    const size_t most = std::min(text.size(), odd + kStretch);
    size_t end = LinesEnd(text, odd, kLinesAfter, most);
    for (;;) {
      size_t line = std::min(text.find('\n', odd), text.size());
      odd = NextOdd(text, std::min(line, end), blanks);
      if (odd == std::string_view::npos || odd >= end) break;
      end = std::max(end, LinesEnd(text, odd, kLinesAfter, most));
    }
    Paragraph paragraph = Retell(text, begin, end);
    told += end - begin;
    if (paragraph.text.size() >= kLeastWidth / 2) take(paragraph);
  }
}

void Unwrap(std::string_view text, const TakeParagraph& take) {
  if (text.size() > kMostUnwrapped || Trim(text).find('\n') == std::string_view::npos) return;
  std::vector<Row> rows;
  auto finish = [&] {
    JoinRows(text, rows, take);
    rows.clear();
  };
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    Row row = BareRow(text, begin, end);
    std::string_view said = text.substr(row.begin, row.end - row.begin);
    // A line without a letter is a frame's.
    bool empty = std::none_of(said.begin(), said.end(), [](char c) { return IsAlpha(c) || IsDigit(c); });
    if (empty || end - begin > 2 * kMostWidth) finish();
    if (!empty && end - begin <= 2 * kMostWidth) rows.push_back(row);
    if (rows.size() >= kMostJoined) {
      std::vector<Row> last(rows.end() - kLinesAfter, rows.end());
      finish();
      rows = std::move(last);
    }
    begin = end + 1;
  }
  finish();
}

std::string WithoutCommonPrefix(std::string_view lines) {
  std::vector<std::string_view> rows = Split(lines, '\n');
  std::string out(rows[0]);
  for (size_t i = 1; i < rows.size(); ++i) {
    size_t same = 0;
    size_t cut = 0;
    while (same < rows[0].size() && same < rows[i].size() && SameShape(rows[0][same], rows[i][same])) {
      char c = rows[i][same++];
      if (c == ' ' || c == '|' || c == ']' || c == '>' || c == '\t') cut = same;
    }
    std::string_view bare = rows[i].substr(cut);
    if (!bare.empty()) bare = WithoutPrefixes(bare);
    out += '\n';
    out.append(bare);
  }
  return out;
}

}  // namespace cudacompat::report
