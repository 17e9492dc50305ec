#include "report/find_errors.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "report/error_code.h"
#include "report/expression.h"
#include "report/kernel_paragraph.h"
#include "report/literal_scan.h"
#include "report/retelling.h"
#include "report/source_code.h"
#include "report/text_input.h"

namespace cudacompat::report {
namespace {

constexpr size_t kBefore = 1200;   // how much of a line a pattern sees before its anchor …
constexpr size_t kAfter = 2400;    // … and behind it: a log of one line of 50 MB stays linear
constexpr size_t kLinesAfter = 6;  // lines that a (?s) pattern sees behind its own
constexpr size_t kMostColoured = size_t{64} << 20;  // a text above that is searched with its colours
constexpr size_t kNear = 160;                       // two wordings of one line this near are one message
constexpr size_t kKeptText = 400;                   // of a line in a finding
constexpr size_t kRawFindings = 4000;               // different ones; above that only known ones are counted
// A log may repeat one anchor a million times. Each pattern is matched this often, and once more for this
// many bytes of text; after that only where other words follow the anchor. The rest is counted.
constexpr size_t kMatches = 1000;
constexpr size_t kBytesPerMatch = 8192;
constexpr size_t kOtherWords = 2000;
constexpr size_t kWordsSeen = 24;
constexpr size_t kContext = 4096;  // bytes on either side that may say whose sentence it is

bool None(const std::string& cell) { return cell.empty() || cell == "-"; }
std::string Cell(const std::string& cell) { return None(cell) ? "" : cell; }

/// The part of the text that a pattern may see around an anchor.
std::string_view Window(std::string_view text, size_t at, bool following_lines) {
  size_t begin = at;
  size_t least = at > kBefore ? at - kBefore : 0;
  while (begin > least && text[begin - 1] != '\n' && text[begin - 1] != '\r') --begin;
  size_t end = at;
  size_t most = std::min(text.size(), at + kAfter);
  size_t lines = following_lines ? kLinesAfter : 0;
  while (end < most) {
    bool breaks = text[end] == '\n' || (text[end] == '\r' && !following_lines);
    if (breaks && lines-- == 0) break;
    ++end;
  }
  return text.substr(begin, end - begin);
}

/// A finding's text: the anchor's own line, without colours and control bytes.
std::string LineText(std::string_view text, size_t at) {
  std::string_view window = Window(text, at, false);
  size_t inside = at - static_cast<size_t>(window.data() - text.data());
  if (window.size() > kKeptText) {
    size_t from = inside > kKeptText / 4 ? inside - kKeptText / 4 : 0;
    window = window.substr(from, kKeptText);
    while (!window.empty() && (static_cast<unsigned char>(window.front()) & 0xC0) == 0x80)
      window.remove_prefix(1);
    while (!window.empty() && FindBadUtf8(window) != std::string_view::npos &&
           FindBadUtf8(window) + 4 > window.size()) {
      window.remove_suffix(1);
    }
  }
  return Printable(Trim(WithoutColours(window)));
}

/// A pattern in which each quotation mark stands for every other: people and forums change them. In what a
/// class leaves out they stay, as there they end a quotation.
std::string AnyQuote(std::string_view pattern) {
  static constexpr std::string_view kQuotes = "'\"`";
  std::string out;
  for (size_t at = 0; at < pattern.size();) {
    size_t end = at + 1;
    if (pattern[at] == '\\' && end < pattern.size()) ++end;
    const bool quote = kQuotes.find(pattern[end - 1]) != std::string_view::npos;
    if (pattern[at] != '[') {
      out.append(quote ? "['\"`]" : pattern.substr(at, end - at));
      at = end;
      continue;
    }
    const bool negated = end < pattern.size() && pattern[end] == '^';
    bool quotes = false;
    if (negated) ++end;
    if (end < pattern.size() && pattern[end] == ']') ++end;
    for (; end < pattern.size() && pattern[end] != ']'; ++end) {
      const size_t named =
          StartsWith(pattern.substr(end), "[:") ? pattern.find(":]", end) : std::string_view::npos;
      if (named != std::string_view::npos) end = named + 1;
      if (pattern[end] == '\\' && end + 1 < pattern.size()) ++end;
      quotes = quotes || kQuotes.find(pattern[end]) != std::string_view::npos;
    }
    out.append(pattern.substr(at, end - at));
    if (quotes && !negated) out.append(kQuotes);
    if (end < pattern.size()) out += ']';
    at = end + 1;
  }
  return out;
}

/// Where in the text that was shown a pattern matched.
struct Extent {
  size_t begin = 0;
  size_t end = 0;
};

/// The lines around a place, `count` before and behind, within a bound.
std::string_view Lines(std::string_view text, size_t at, size_t count) {
  const size_t least = at > kContext ? at - kContext : 0;
  const size_t most = std::min(text.size(), at + kContext);
  size_t begin = at;
  for (size_t left = count; begin > least; --begin) {
    if (text[begin - 1] == '\n' && left-- == 0) break;
  }
  size_t end = at;
  for (size_t left = count; end < most; ++end) {
    if (text[end] == '\n' && left-- == 0) break;
  }
  return text.substr(begin, end - begin);
}

/// The text is this wording and nothing else but numbers and words like "error": it was typed from memory.
bool Alone(std::string_view text, const Extent& extent) {
  if (text.size() > kKeptText) return false;
  std::string rest(text.substr(0, extent.begin));
  rest += ' ';
  rest += text.substr(std::min(extent.end, text.size()));
  std::string word;
  for (const char c : ToLower(rest) + " ") {
    if (IsAlpha(c) || IsDigit(c)) {
      word += c;
    } else {
      const bool number = std::all_of(word.begin(), word.end(), IsDigit);
      if (!number && !EndsWith(word, "error") && word != "fatal" && word != "failed") return false;
      word.clear();
    }
  }
  return true;
}

}  // namespace

/// A pattern that was met. Not hidden: a class of the header holds some, and files are compiled together.
struct Hit {
  size_t pattern;
  size_t anchor_size;
  size_t offset;
  int64_t line;
  int64_t column;
  Finding finding;
};

class ErrorScanner::Impl {
 public:
  explicit Impl(std::unique_ptr<ErrorRows> rows)
      : source_(std::move(rows)),
        listed_(source_->Anchors()),
        anchors_(Listed(listed_, &ids_)),
        scan_(Texts(anchors_)),
        rows_(ids_.size()),
        regexes_(ids_.size()) {}

  std::vector<Finding> Find(std::string_view text, const FindOptions& options) const;
  std::vector<std::string> Problems() const;
  const Terms& Words() const {
    if (words_ == nullptr) words_ = std::make_unique<Terms>(source_->Words());
    return *words_;
  }

 private:
  struct Anchor {
    std::string_view text;
    size_t pattern;
  };

  static std::vector<Anchor> Listed(std::string_view list, std::vector<std::string_view>* ids) {
    std::vector<Anchor> anchors;
    const auto lines = static_cast<size_t>(std::count(list.begin(), list.end(), '\n')) + 1;
    anchors.reserve(lines + lines / 4);
    ids->reserve(lines);
    for (size_t at = 0; at < list.size();) {
      const std::string_view line = list.substr(at, list.find('\n', at) - at);
      at += line.size() + 1;
      const size_t tab = line.find('\t');
      for (size_t begin = 0; begin < tab;) {
        const size_t end = std::min(line.find('|', begin), tab);
        anchors.push_back({line.substr(begin, end - begin), ids->size()});
        begin = end + 1;
      }
      ids->push_back(line.substr(tab + 1));
    }
    return anchors;
  }

  static std::vector<std::string_view> Texts(const std::vector<Anchor>& anchors) {
    std::vector<std::string_view> texts;
    texts.reserve(anchors.size());
    for (const Anchor& anchor : anchors) texts.push_back(anchor.text);
    return texts;
  }

  const ErrorPattern& Row(size_t pattern) const {
    if (rows_[pattern] == nullptr)
      rows_[pattern] = std::make_unique<ErrorPattern>(source_->Pattern(std::string(ids_[pattern])));
    return *rows_[pattern];
  }

  const Expression* Regex(size_t pattern) const {
    const std::string& regex = Row(pattern).regex;
    if (regexes_[pattern] == nullptr && !None(regex)) regexes_[pattern] = Compiled(AnyQuote(regex));
    return regexes_[pattern];
  }

  /// Several rows may have one context.
  const Expression* Compiled(const std::string& pattern) const {
    if (None(pattern)) return nullptr;
    std::unique_ptr<Expression>& regex = compiled_[pattern];
    if (regex == nullptr) regex = std::make_unique<Expression>(pattern);
    return regex.get();
  }

  class Collector;

  bool Match(size_t anchor, std::string_view text, size_t at, std::map<std::string, std::string>& captures,
             Extent& extent) const;
  bool InContext(size_t pattern, std::string_view text, size_t at) const;
  static bool MatchWithin(const Expression& regex, std::string_view window, size_t inside,
                          std::map<std::string, std::string>& captures, Extent& extent);

  std::unique_ptr<ErrorRows> source_;
  std::string listed_;
  std::vector<std::string_view> ids_;
  std::vector<Anchor> anchors_;
  LiteralScan scan_;
  mutable std::vector<std::unique_ptr<ErrorPattern>> rows_;
  mutable std::vector<const Expression*> regexes_;
  mutable std::map<std::string, std::unique_ptr<Expression>> compiled_;
  mutable std::unique_ptr<Terms> words_;
};

bool ErrorScanner::Impl::Match(size_t anchor, std::string_view text, size_t at,
                               std::map<std::string, std::string>& captures, Extent& extent) const {
  const size_t pattern = anchors_[anchor].pattern;
  const Expression* regex = Regex(pattern);
  extent = {at, at + anchors_[anchor].text.size()};
  if (regex == nullptr) return true;
  if (!regex->ok()) return false;
  const bool following = StartsWith(Row(pattern).regex, "(?s");
  std::string_view window = Window(text, at, following);
  const auto begin = static_cast<size_t>(window.data() - text.data());
  if (MatchWithin(*regex, window, at - begin, captures, extent)) {
    extent.begin += begin;
    extent.end += begin;
    return true;
  }
  if (!following || window.find('\n', at - begin) == std::string_view::npos) return false;
  // Each line has the prefix of who collected it; the first keeps its own, it stands before the anchor.
  return MatchWithin(*regex, WithoutCommonPrefix(window), at - begin, captures, extent);
}

/// A wording that other programs print as well counts where the lines around speak of what it would mean, or
/// where somebody typed it alone.
bool ErrorScanner::Impl::InContext(size_t pattern, std::string_view text, size_t at) const {
  const ErrorPattern& row = Row(pattern);
  const Expression* context = Compiled(row.context);
  if (context == nullptr) return true;
  if (!context->Says(Lines(text, at, static_cast<size_t>(row.context_lines)))) return false;
  if (None(row.unless)) return true;
  Terms::Line line(Words(), Trim(Lines(text, at, 0)));
  return !line.Holds(Words().Find(row.unless));
}

/// The match that covers the anchor, not an earlier one of the same wording on a long line.
bool ErrorScanner::Impl::MatchWithin(const Expression& regex, std::string_view window, size_t inside,
                                     std::map<std::string, std::string>& captures, Extent& extent) {
  std::vector<std::string_view> parts;
  for (size_t from = 0;; from = extent.end) {
    parts = regex.Match(window, from);
    if (parts.empty()) return false;
    const auto begin = static_cast<size_t>(parts[0].data() - window.data());
    extent = {begin, begin + parts[0].size()};
    // A match that begins on a later line is of that line's anchor.
    if (begin > inside && Contains(window.substr(inside, begin - inside), "\n")) return false;
    if (extent.end > inside || parts[0].empty()) break;
  }
  regex.Capture(parts, &captures);
  return true;
}

/// One pass over one text: what was met, how often, where first.
class ErrorScanner::Impl::Collector {
 public:
  Collector(const Impl& impl, std::string_view text, const FindOptions& options)
      : impl_(impl),
        text_(text),
        options_(options),
        lines_(text),
        budgets_(impl.ids_.size()),
        retold_(impl.ids_.size()),
        most_matches_(kMatches + text.size() / kBytesPerMatch) {}

  void ScanText();
  void ScanParagraphs();
  void ScanRespelled();
  void ScanUnwrapped();
  std::vector<Hit> Take();

 private:
  static constexpr size_t kNoHit = static_cast<size_t>(-1);

  /// How often a pattern was matched, and what came of the words that followed its anchor.
  struct Budget {
    size_t matches = 0;
    size_t plain = kNoHit;        // the hit of a pattern that is its anchor and nothing else
    std::optional<size_t> begin;  // of the last match: another of its anchors may lie in the same
    std::unordered_map<std::string_view, size_t> words;  // to the hit, or kNoHit
  };

  enum class Seam { kAny, kMessage, kMatch, kAnchor };  // what must lie in two lines of the log

  size_t Meet(size_t anchor, size_t at);
  void MeetTold(size_t anchor, const Paragraph& paragraph, size_t at, Seam seam);
  Finding Begun(size_t pattern) const;
  size_t Keep(size_t anchor, Finding finding, std::string_view text, size_t at, size_t original);
  bool Said(const Finding& finding, size_t begin, size_t end) const;
  void MeetWithin(size_t anchor, size_t at);
  bool Resolve(Finding& finding);

  const Impl& impl_;
  std::string_view text_;
  const FindOptions& options_;
  LineCounter lines_;
  std::vector<Hit> hits_;
  std::vector<Hit> in_code_;                       // fallbacks: met in lines of source code
  std::unordered_map<std::string, size_t> known_;  // pattern and captures → hit
  std::unordered_map<std::string, std::optional<ErrorCode>> codes_;
  std::vector<Budget> budgets_;
  std::vector<size_t> retold_;  // how often each pattern was matched in what was told again
  size_t most_matches_;
};

/// A row without a rule whose pattern captures a name, number or message: error_code.csv decides. False when
/// it was captured and nobody knows it: such a line is not recognised.
bool ErrorScanner::Impl::Collector::Resolve(Finding& finding) {
  const auto& captures = finding.captures;
  std::string key = finding.family;
  for (const char* name : {"name", "message", "code"}) {
    auto found = captures.find(name);
    key += "\n" + (found == captures.end() ? std::string() : found->second);
  }
  auto [place, fresh] = codes_.try_emplace(key);
  if (fresh) place->second = FindCode(*impl_.source_, captures, finding.family, options_.cuda);
  const std::optional<ErrorCode>& code = place->second;
  if (!code) return captures.count("name") + captures.count("message") + captures.count("code") == 0;
  finding.rule = Cell(code->rule);
  finding.cls = code->cls;
  finding.family = code->family;
  finding.code = code->code;
  finding.name = code->name;
  return true;
}

/// Counts the wording at a place of the log. The hit, or kNoHit.
size_t ErrorScanner::Impl::Collector::Meet(size_t anchor, size_t at) {
  const size_t pattern = impl_.anchors_[anchor].pattern;
  Finding finding = Begun(pattern);
  Extent extent;
  if (!impl_.Match(anchor, text_, at, finding.captures, extent)) return kNoHit;
  if (std::exchange(budgets_[pattern].begin, extent.begin) == extent.begin) return kNoHit;
  const bool typed = finding.captures.empty() && Alone(text_, extent);
  if (!typed && !impl_.InContext(pattern, text_, at)) return kNoHit;
  if (finding.rule.empty() && !Resolve(finding)) return kNoHit;
  return Keep(anchor, std::move(finding), text_, at, at);
}

/// The wording in a paragraph that was told again, where the log's own lines do not say the same.
void ErrorScanner::Impl::Collector::MeetTold(size_t anchor, const Paragraph& paragraph, size_t at,
                                             Seam seam) {
  const size_t pattern = impl_.anchors_[anchor].pattern;
  if (++retold_[pattern] > kMatches) return;
  Finding finding = Begun(pattern);
  Extent extent;
  if (!impl_.Match(anchor, paragraph.text, at, finding.captures, extent)) return;
  const bool typed = finding.captures.empty() && Trim(text_).find('\n') == std::string_view::npos &&
                     Alone(paragraph.text, extent);
  if (!typed && !impl_.InContext(pattern, text_, paragraph.Original(at))) return;
  const size_t anchor_end = at + impl_.anchors_[anchor].text.size();
  // What was cut says more of a message than its first line: the same place, nearer to the cause.
  auto same_place = [&](const Hit& hit) {
    return hit.offset == paragraph.Original(at) && hit.finding.rank > finding.rank;
  };
  if (seam == Seam::kAnchor && std::any_of(hits_.begin(), hits_.end(), same_place)) seam = Seam::kMatch;
  if (seam == Seam::kAnchor && !paragraph.Crosses(at, anchor_end)) return;
  if (seam == Seam::kMatch && !paragraph.Crosses(extent.begin, std::max(extent.end, anchor_end))) return;
  if (finding.rule.empty() && !Resolve(finding)) return;
  const size_t begin = paragraph.Original(std::min(at, extent.begin));
  const size_t end =
      paragraph.Original(std::min(std::max(extent.end, anchor_end), paragraph.text.size()) - 1);
  const size_t place = paragraph.Original(seam == Seam::kMessage ? 0 : at);
  if (!Said(finding, seam == Seam::kMessage ? place : begin, end))
    Keep(anchor, std::move(finding), paragraph.text, at, place);
}

Finding ErrorScanner::Impl::Collector::Begun(size_t pattern) const {
  const ErrorPattern& row = impl_.Row(pattern);
  Finding finding;
  finding.pattern_id = row.id;
  finding.rule = Cell(row.rule);
  finding.cls = row.cls;
  finding.family = Cell(row.family);
  finding.code = Cell(row.code);
  finding.because = Cell(row.note);
  finding.rank = row.rank;
  return finding;
}

/// The lines from `begin` to `end` say the same already, each for itself.
bool ErrorScanner::Impl::Collector::Said(const Finding& finding, size_t begin, size_t end) const {
  size_t from = begin == 0 ? std::string_view::npos : text_.rfind('\n', begin - 1);
  from = from == std::string_view::npos ? 0 : from;
  const size_t to = std::min(text_.find('\n', end), text_.size());
  return std::any_of(hits_.begin(), hits_.end(), [&](const Hit& hit) {
    return hit.offset >= from && hit.offset <= to && hit.finding.rule == finding.rule &&
           hit.finding.cls == finding.cls && hit.finding.rank <= finding.rank;
  });
}

/// A finding that was matched at `at` of `text`, which lies at `original` in the log.
size_t ErrorScanner::Impl::Collector::Keep(size_t anchor, Finding finding, std::string_view text, size_t at,
                                           size_t original) {
  std::string key = finding.pattern_id;
  for (const auto& [name, value] : finding.captures) key += "\n" + name + "=" + value;
  auto place = known_.find(key);
  if (place != known_.end()) {
    if (text.data() == text_.data()) ++hits_[place->second].finding.count;
    return place->second;
  }
  const bool code = IsCode(text_, original, Trim(Window(text_, original, false)));
  std::vector<Hit>& hits = code ? in_code_ : hits_;
  if (hits.size() >= kRawFindings) return kNoHit;
  auto [line, column] = lines_.At(original);
  finding.line = line;
  finding.column = column;
  finding.text = LineText(text, at);
  if (finding.name.empty()) finding.name = NameOfCode(*impl_.source_, finding.family, finding.code);
  hits.push_back({impl_.anchors_[anchor].pattern, impl_.anchors_[anchor].text.size(), original, line, column,
                  std::move(finding)});
  if (code) return kNoHit;
  known_.emplace(std::move(key), hits_.size() - 1);
  return hits_.size() - 1;
}

/// Meet, within what a pattern may cost in one text.
void ErrorScanner::Impl::Collector::MeetWithin(size_t anchor, size_t at) {
  const size_t pattern = impl_.anchors_[anchor].pattern;
  Budget& budget = budgets_[pattern];
  const ErrorPattern& row = impl_.Row(pattern);
  if (None(row.regex) && None(row.context)) {
    if (budget.plain == kNoHit)
      budget.plain = Meet(anchor, at);
    else
      ++hits_[budget.plain].finding.count;
    return;
  }
  if (budget.matches < most_matches_) {
    ++budget.matches;
    Meet(anchor, at);
    return;
  }
  size_t after = at + impl_.anchors_[anchor].text.size();
  std::string_view words = text_.substr(std::min(after, text_.size()), kWordsSeen);
  auto place = budget.words.find(words);
  if (place != budget.words.end()) {
    if (place->second != kNoHit) ++hits_[place->second].finding.count;
  } else if (budget.words.size() < kOtherWords) {
    budget.words.emplace(words, Meet(anchor, at));
  }
}

void ErrorScanner::Impl::Collector::ScanText() {
  impl_.scan_.Scan(text_, [&](size_t anchor, size_t at) { MeetWithin(anchor, at); });
}

/// The kernel's messages are broken over lines: once more over each with its lines joined. What only that
/// shows stands where the message begins.
void ErrorScanner::Impl::Collector::ScanParagraphs() {
  for (const Paragraph& paragraph : KernelParagraphs(text_)) {
    impl_.scan_.Scan(paragraph.text,
                     [&](size_t anchor, size_t at) { MeetTold(anchor, paragraph, at, Seam::kMessage); });
  }
}

/// Once more over the lines whose signs somebody's copying changed.
void ErrorScanner::Impl::Collector::ScanRespelled() {
  Respell(text_, [this](const Paragraph& paragraph) {
    impl_.scan_.Scan(paragraph.text,
                     [&](size_t anchor, size_t at) { MeetTold(anchor, paragraph, at, Seam::kAny); });
  });
}

/// Once more over lines that may have been broken. Where the text says something as it stands, only an anchor
/// that was cut is as good; else also what stands around it.
void ErrorScanner::Impl::Collector::ScanUnwrapped() {
  const bool something =
      std::any_of(hits_.begin(), hits_.end(), [](const Hit& hit) { return hit.finding.rank < kNotes; });
  Unwrap(text_, [&](const Paragraph& paragraph) {
    impl_.scan_.Scan(paragraph.text, [&](size_t anchor, size_t at) {
      MeetTold(anchor, paragraph, at, something ? Seam::kAnchor : Seam::kMatch);
    });
  });
}

/// What was met. A sentence that only stands in source code counts where a traceback led there.
std::vector<Hit> ErrorScanner::Impl::Collector::Take() {
  for (Hit& hit : in_code_) {
    bool met = std::any_of(hits_.begin(), hits_.end(), [&](const Hit& each) {
      return each.finding.pattern_id == hit.finding.pattern_id;
    });
    size_t begin = hit.offset - static_cast<size_t>(hit.column - 1);
    std::string_view before = text_.substr(0, begin == 0 ? 0 : begin - 1);
    before = before.substr(before.rfind('\n') + 1);
    bool traceback = StartsWith(Trim(before), "File \"");
    if (!met && traceback) hits_.push_back(std::move(hit));
  }
  return std::move(hits_);
}

namespace {

/// Of several wordings that describe one place only the best stands: the lowest rank, then the longer anchor.
std::vector<Finding> BestOfEachPlace(std::vector<Hit> hits) {
  auto better = [](const Hit& a, const Hit& b) {
    if (a.finding.rank != b.finding.rank) return a.finding.rank < b.finding.rank;
    return a.anchor_size > b.anchor_size;
  };
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.offset < b.offset; });
  std::vector<Finding> kept;
  for (size_t i = 0; i < hits.size(); ++i) {
    bool beaten = false;
    auto covers = [&](const Hit& other) {
      return other.line == hits[i].line && better(other, hits[i]) &&
             std::max(other.offset, hits[i].offset) - std::min(other.offset, hits[i].offset) < kNear;
    };
    for (size_t k = i; k-- > 0 && !beaten && hits[i].offset - hits[k].offset < kNear;)
      beaten = covers(hits[k]);
    for (size_t k = i + 1; k < hits.size() && !beaten && hits[k].offset - hits[i].offset < kNear; ++k) {
      beaten = covers(hits[k]);
    }
    if (!beaten) kept.push_back(std::move(hits[i].finding));
    // What was moved stays in `hits` as a place and a rank, by which it beats others.
  }
  return kept;
}

}  // namespace

std::vector<Finding> ErrorScanner::Impl::Find(std::string_view text, const FindOptions& options) const {
  std::string converted;
  text = AsUtf8(text, converted);
  std::string plain;  // a colour may stand inside a sentence, as grep marks a word
  if (text.size() <= kMostColoured && text.find("\x1b[") != std::string_view::npos) {
    plain = WithoutColours(text);
    text = plain;
  }
  Collector collector(*this, text, options);
  collector.ScanText();
  collector.ScanParagraphs();
  collector.ScanRespelled();
  collector.ScanUnwrapped();
  std::vector<Finding> findings = BestOfEachPlace(collector.Take());
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.line < b.line;
  });
  if (findings.size() > options.max_findings) findings.resize(options.max_findings);
  for (Finding& finding : findings) {
    finding.follower = finding.rule != findings.front().rule || finding.cls != findings.front().cls;
  }
  return findings;
}

std::vector<std::string> ErrorScanner::Impl::Problems() const {
  std::vector<std::string> problems;
  for (size_t i = 0; i < ids_.size(); ++i) {
    const ErrorPattern& row = Row(i);
    auto say = [&](const std::string& what) { problems.push_back(row.id + ": " + what); };
    if (EndsWith(row.regex, "\\s")) say("the pattern wants a blank where the line may end");
    const Expression* regex = Regex(i);
    if (regex != nullptr && !regex->ok()) say("the pattern does not compile: " + regex->error());
    const Expression* context = Compiled(row.context);
    if (context != nullptr && !context->ok()) say("its context does not compile: " + context->error());
    const auto terms = std::count(row.unless.begin(), row.unless.end(), '+') + 1;
    if (!None(row.unless) && Words().Find(row.unless).size() != static_cast<size_t>(terms))
      say("it must not say what no term is: " + row.unless);
  }
  for (const Anchor& anchor : anchors_) {
    if (anchor.text.size() < kLeastAnchor)
      problems.push_back(std::string(ids_[anchor.pattern]) + ": the anchor '" + std::string(anchor.text) +
                         "' is shorter than 8 bytes");
  }
  return problems;
}

ErrorScanner::ErrorScanner(std::unique_ptr<ErrorRows> rows)
    : impl_(std::make_unique<Impl>(std::move(rows))) {}
ErrorScanner::~ErrorScanner() = default;
ErrorScanner::ErrorScanner(ErrorScanner&&) noexcept = default;
ErrorScanner& ErrorScanner::operator=(ErrorScanner&&) noexcept = default;

std::vector<Finding> ErrorScanner::Find(std::string_view text, const FindOptions& options) const {
  return impl_->Find(text, options);
}

const Terms& ErrorScanner::Words() const { return impl_->Words(); }

std::vector<std::string> ErrorScanner::Problems() const { return impl_->Problems(); }

}  // namespace cudacompat::report
