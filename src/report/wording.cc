#include "report/wording.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "report/retelling.h"
#include "report/source_code.h"
#include "report/text_input.h"

namespace cudacompat::report {
namespace {

constexpr size_t kMostBytes = size_t{2} << 20;
constexpr size_t kMostLines = 400;  // of those that hold a subject and a complaint
constexpr size_t kLongest = 1000;   // of a line; what is longer is no sentence
constexpr size_t kKeptText = 400;

struct Named {
  Terms::Names subject, complaint, demand, unless;
};

/// What a line says of a subject: the two, in the order in which they stand; without a complaint the subject
/// twice.
using Said = std::pair<Terms::Span, Terms::Span>;

bool MaySay(const Terms::Line& line, const Named& named) {
  return line.MayHold(named.subject) && (named.complaint.empty() || line.MayHold(named.complaint));
}

std::optional<Said> Says(Terms::Line& line, const Named& named, const Wording& row) {
  const auto gap = static_cast<size_t>(row.gap);
  for (const size_t subject : named.subject) {
    for (const Terms::Span& a : line.Spans(subject)) {
      if (named.complaint.empty()) return Said(a, a);
      for (const size_t complaint : named.complaint) {
        for (const Terms::Span& b : line.Spans(complaint)) {
          if (row.stands != "before" && b.begin >= a.end && b.begin - a.end <= gap) return Said(a, b);
          if (row.stands != "behind" && a.begin >= b.end && a.begin - b.end <= gap) return Said(b, a);
        }
      }
    }
  }
  return std::nullopt;
}

/// A message that begins on the line above ("CMake Error at CMakeLists.txt:97 (message):") says it there.
bool Begun(const Terms& terms, std::string_view before, const Terms::Names& names) {
  return EndsWith(before, ":") && before.size() <= kLongest && Terms::Line(terms, before).Holds(names);
}

}  // namespace

std::vector<Finding> FindWordings(std::string_view text, const std::vector<Wording>& wordings,
                                  const Terms& terms) {
  std::string converted;
  text = AsUtf8(text, converted).substr(0, kMostBytes);
  std::string plain;
  if (text.find("\x1b[") != std::string_view::npos) {
    plain = WithoutColours(text);
    text = plain;
  }
  std::vector<Named> named;
  for (const Wording& row : wordings)
    named.push_back(
        {terms.Find(row.subject), terms.Find(row.complaint), terms.Find(row.demand), terms.Find(row.unless)});
  std::vector<Finding> found;
  std::vector<bool> met(wordings.size());
  size_t asked = 0;
  int64_t number = 0;
  std::string_view before;  // the line above
  std::string_view said;
  for (size_t at = 0; at < text.size() && asked < kMostLines;) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const size_t begin = at;
    const std::string_view whole = text.substr(at, end - at);
    before = std::exchange(said, Trim(whole));
    at = end + 1;
    ++number;
    if (said.empty() || said.size() > kLongest) continue;
    Terms::Line line(terms, said);
    bool counted = false;
    for (size_t i = 0; i < wordings.size(); ++i) {
      if (!MaySay(line, named[i])) continue;
      if (!counted && IsCode(text, begin, said)) break;
      if (!counted) ++asked;
      counted = true;
      const Wording& row = wordings[i];
      const std::optional<Said> place = Says(line, named[i], row);
      if (!place || line.Holds(named[i].unless)) continue;
      if (!named[i].demand.empty() && !line.Holds(named[i].demand) && !Begun(terms, before, named[i].demand))
        continue;
      if (!met[i]) {
        met[i] = true;
        Finding finding;
        finding.pattern_id = row.id;
        if (row.rule != "-") finding.rule = row.rule;
        finding.cls = row.cls;
        finding.because = row.note;
        finding.rank = row.rank;
        finding.line = number;
        finding.column =
            static_cast<int64_t>(static_cast<size_t>(said.data() - whole.data()) + place->first.begin) + 1;
        finding.text = Printable(said.substr(0, kKeptText));
        line.Capture(place->first, &finding.captures);
        line.Capture(place->second, &finding.captures);
        found.push_back(std::move(finding));
      }
      break;  // a line complains of one thing
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Finding& a, const Finding& b) { return a.rank < b.rank; });
  for (Finding& finding : found) {
    finding.follower = finding.rule != found.front().rule || finding.cls != found.front().cls;
  }
  return found;
}

}  // namespace cudacompat::report
