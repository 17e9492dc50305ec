#include "report/line.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/text.h"
#include "report/regex.h"
#include "report/text_input.h"

namespace cudacompat::report {
namespace {

constexpr size_t kMostReportLines = 400000;
constexpr size_t kLongLine = 160;

/// Bytes that look like others: full-width colon, no-break space, typographic quotes.
std::string Plain(std::string text) {
  static const std::pair<const char*, const char*> kSame[] = {
      {"\xEF\xBC\x9A", ": "}, {"\xC2\xA0", " "},      {"\xE2\x80\x98", "'"}, {"\xE2\x80\x99", "'"},
      {"\xE2\x80\x9C", "\""}, {"\xE2\x80\x9D", "\""}, {"\xE3\x80\x80", " "}, {"\xE2\x94\x82", "|"},
      {"\xEF\xBC\x88", " ("}, {"\xEF\xBC\x89", ") "}, {"\xE2\x80\xA2", "*"}, {"\xE2\x80\x8B", ""}};
  bool ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) {
    for (const auto& [from, to] : kSame) text = ReplaceAll(std::move(text), from, to);
  }
  if (Contains(text, "**")) text = ReplaceAll(std::move(text), "**", "");
  if (Contains(text, "`")) text = ReplaceAll(std::move(text), "`", "");
  if (Contains(text, "\\_")) text = ReplaceAll(std::move(text), "\\_", "_");
  if (Contains(text, "&")) {
    for (const auto& [from, to] : {std::pair<const char*, const char*>{"&gt;", ">"},
                                   {"&lt;", "<"},
                                   {"&amp;", "&"},
                                   {"&quot;", "\""},
                                   {"&#39;", "'"},
                                   {"&nbsp;", " "}}) {
      text = ReplaceAll(std::move(text), from, to);
    }
  }
  return text;
}

struct Raw {
  std::string_view text;
  int64_t number;
};

/// The lines that hold something.
std::vector<Raw> Physical(std::string_view text) {
  std::vector<Raw> lines;
  int64_t number = 0;
  for (size_t start = 0; start < text.size() && lines.size() < kMostReportLines;) {
    size_t end = text.find_first_of("\r\n", start);
    if (end == std::string_view::npos) end = text.size();
    ++number;
    if (end > start) lines.push_back({text.substr(start, end - start), number});
    if (end + 1 < text.size() && text[end] == '\r' && text[end + 1] == '\n') ++end;
    start = end + 1;
  }
  return lines;
}

/// What a viewer put before a line: its number, a frame, a bullet, a progress bar; how long it is, or npos.
size_t Decoration(std::string_view line, int kind, int64_t number) {
  static const Regex kBar(R"(^\s*\d{1,3}%\|[^|]{0,200}\|[^\[]{0,40}\[[^\]]{0,60}\])");
  size_t at = std::min(line.find_first_not_of(" \t"), line.size());
  if (kind == 0) {
    size_t end = at;
    while (end < line.size() && IsDigit(line[end])) ++end;
    if (end == at || std::to_string(number) != line.substr(at, end - at)) return std::string_view::npos;
    if (end < line.size() && (line[end] == ':' || line[end] == '|' || line[end] == '.')) ++end;
    if (end < line.size() && line[end] != ' ' && line[end] != '\t') return std::string_view::npos;
    return end;
  }
  if (kind == 1) {
    std::string_view rest = line;
    return kBar.Consume(&rest) ? line.size() - rest.size() : std::string_view::npos;
  }
  static constexpr std::string_view kMarks[] = {"\xE2\x94\x82", "\xE2\x94\x83", "|", "-", "+"};
  std::string_view mark = kMarks[kind - 2];
  std::string_view rest = line.substr(at);
  const bool alone = StartsWith(rest, mark) && (rest.size() == mark.size() || rest[mark.size()] == ' ');
  return alone ? at + mark.size() : std::string_view::npos;
}

/// Takes away what every line has before it, and the frame's other side behind it.
void Undecorate(std::vector<Raw>& lines) {
  constexpr size_t kLeastLines = 3;
  constexpr int kKinds = 7;
  if (lines.size() < kLeastLines) return;
  for (int kind = 0; kind < kKinds; ++kind) {
    std::string_view first = Trim(lines[0].text);
    int64_t offset = 0;  // a viewer may begin with another number
    if (kind == 0 && !first.empty() && IsDigit(first[0]))
      offset = std::strtol(std::string(first.substr(0, 9)).c_str(), nullptr, 10) - lines[0].number;
    auto all = [&](const Raw& line) {
      return Decoration(line.text, kind, line.number + offset) != std::string_view::npos;
    };
    if (!std::all_of(lines.begin(), lines.end(), all)) continue;
    // A list of packages is one: its marks belong to it.
    auto field = [](const Raw& line) { return Contains(line.text, ":"); };
    if (kind == 5 && std::none_of(lines.begin(), lines.end(), field)) continue;
    // The table of nvidia-smi has bars of its own.
    auto smi = [](const Raw& line) {
      return Contains(line.text.substr(0, 16), "NVIDIA-SMI") || Contains(line.text, "MiB /");
    };
    if (kind == 4 && std::any_of(lines.begin(), lines.end(), smi)) continue;
    for (Raw& line : lines) {
      line.text.remove_prefix(Decoration(line.text, kind, line.number + offset));
      if (StartsWith(line.text, " ")) line.text.remove_prefix(1);
      std::string_view bare = Trim(line.text);
      for (std::string_view frame : {"\xE2\x94\x82", "\xE2\x94\x83"}) {
        if (kind >= 2 && EndsWith(bare, frame)) line.text = bare.substr(0, bare.size() - frame.size());
      }
    }
    return;
  }
}

/// A text that was stored as a JSON or Python string has its line ends spelled out.
bool EscapedLines(std::string_view line) {
  size_t count = 0;
  for (size_t at = line.find("\\n"); at != std::string_view::npos && count < 4; at = line.find("\\n", at + 2))
    ++count;
  return count >= 3;
}

void Add(std::vector<Line>& lines, std::string_view raw, int64_t number, int depth = 0) {
  if (depth < 3 && EscapedLines(raw) && DictEntries(raw).empty()) {
    std::string unescaped = ReplaceAll(ReplaceAll(std::string(raw), "\\n", "\n"), "\\t", " ");
    for (std::string_view part : Split(unescaped, '\n')) Add(lines, part, number, depth + 1);
    return;
  }
  if (depth < 3 && (Contains(raw, "<br>") || Contains(raw, "<br/>") || Contains(raw, "<br />"))) {
    std::string cut =
        ReplaceAll(ReplaceAll(ReplaceAll(std::string(raw), "<br>", "\n"), "<br/>", "\n"), "<br />", "\n");
    for (std::string_view part : Split(cut, '\n')) Add(lines, part, number, depth + 1);
    return;
  }
  if (depth < 3) {
    std::vector<std::string> entries = DictEntries(raw);
    if (!entries.empty()) {
      for (const std::string& entry : entries) Add(lines, entry, number, depth + 1);
      return;
    }
  }
  static const Regex kStamp(
      R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} - ?)");  // ComfyUI stamps every piece it prints
  std::string stampless;
  if (raw.size() > 60 && raw.find("T", 10) != std::string_view::npos && Contains(raw.substr(20), " - ")) {
    stampless = std::string(raw);
    if (kStamp.Remove(&stampless) > 1) raw = stampless;
  }
  std::string plain = Plain(Contains(raw, "\x1b") ? WithoutColours(raw) : std::string(raw));
  std::string_view bare = WithoutPrefixes(plain);
  if (bare.size() > kLongLine && depth < 3) {
    std::vector<std::string> pieces = CutAtFields(bare);
    if (pieces.size() > 1) {
      for (const std::string& piece : pieces) Add(lines, piece, number, depth + 1);
      return;
    }
  }
  Line line;
  line.number = number;
  while (!bare.empty() && (bare.front() == ' ' || bare.front() == '\t')) {
    line.indent += bare.front() == '\t' ? 8 : 1;
    bare.remove_prefix(1);
  }
  line.text = std::string(Trim(bare));
  if (!line.text.empty() && lines.size() < kMostReportLines) lines.push_back(std::move(line));
}

}  // namespace

namespace {

// What every prefix below has: a digit, or one of these beginnings. A sentence that was typed has neither,
// and the expression need not be compiled for it.
bool MayHavePrefix(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n\f\v");
  if (begin == std::string_view::npos) return false;
  const std::string_view rest = text.substr(begin);
  constexpr std::string_view kLevels = "IWEF";
  if (rest[0] == '>' || StartsWith(rest, "std")) return true;
  if (rest.size() > 1 && rest[1] == ' ' && kLevels.find(rest[0]) != std::string_view::npos) return true;
  return std::any_of(rest.begin(), rest.end(), IsDigit);
}

}  // namespace

std::string_view WithoutPrefixes(std::string_view text) {
  if (!MayHavePrefix(text)) return text;
  static const Regex kPrefix(
      R"(\s*(?:)"
      R"(>{1,2}(?:\s|$))"        // a quoted answer
      R"(|\[\s*\d+\.\d{6}\]\s)"  // dmesg
      R"(|(?:[A-Z][a-z]{2}|[^\s:|]{1,9}) [ \d]\d \d\d:\d\d:\d\d \S+ [\w./@-]+(?:\[\d+\])?:\s)"  // journal
      R"(|\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?:?\s(?:-\s)?)"
      R"(|(?:stdout|stderr) [FP]\s)"                                     // containerd
      R"(|\d\d/\d\d \d\d:\d\d:\d\d - \w+ - (?:INFO|WARNING|ERROR) -\s)"  // mmengine
      R"(|[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ \S+:\d+\]\s)"            // glog
      R"(|[IWEF] (?:external/|tensorflow/|itex/|xla/|\./)\S+:\d+\]\s)"   // TensorFlow
      R"(|\((?:\w+ )*\w*pid=\d+[^)]*\)\s)"                               // Ray, vLLM
      R"(|(?:INFO|WARNING|ERROR|DEBUG):?\s+\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \[[^\]]*\]\s)"
      R"(|\[\d\d:\d\d:\d\d(?:\.\d+)?\]\s|\d\d:\d\d:\d\d(?:[.,]\d+)?:?\s)"
      R"(|\d\d:\d\d:\d\d-\d{6} (?:INFO|WARNING|ERROR|DEBUG)\s+)"                      // SD.Next, kohya
      R"(|\d\d:\d\d:\d\d\.\d{3} \[[\w-]+\] (?:INFO|WARN|ERROR|DEBUG)\s+(?:\S+ )?- )"  // logback
      R"(|\[\s*\d+\.\d{3}\] ?\((?:II|WW|EE|--|\*\*|==|!!)\) )"                        // Xorg
      R"(|\[rank\d+\]:\s)"
      R"())");
  std::string_view piece = text;
  for (int layer = 0; layer < 6 && kPrefix.Consume(&piece); ++layer) {
  }
  return {piece.data(), piece.size()};
}

std::string_view ComposeName(std::string_view line) {
  size_t bar = line.find('|');
  if (bar == std::string_view::npos || bar == 0 || bar > 60 || bar + 1 >= line.size()) return {};
  std::string_view name = Trim(line.substr(0, bar));
  bool word = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return IsAlpha(c) || IsDigit(c) || c == '-' || c == '_' || c == '.';
  });
  return word && line[bar - 1] == ' ' && !IsDigit(name.front()) ? name : std::string_view{};
}

std::vector<Line> CleanLines(std::string_view text) {
  std::vector<Raw> physical = Physical(text);
  Undecorate(physical);
  std::map<std::string_view, size_t> names;
  for (const Raw& line : physical) {
    std::string_view name = ComposeName(line.text);
    if (!name.empty()) ++names[name];
  }
  std::vector<Line> lines;
  for (const Raw& line : physical) {
    std::string_view raw = line.text;
    std::string_view name = ComposeName(raw);
    if (!name.empty() && names[name] > 1) raw.remove_prefix(raw.find('|') + 1);
    Add(lines, raw, line.number);
  }
  return lines;
}

}  // namespace cudacompat::report
