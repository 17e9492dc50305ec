#include "report/source_code.h"

#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"

namespace cudacompat::report {
namespace {

bool Begins(const re2::RE2& pattern, std::string_view line) {
  return pattern.Match(re2::StringPiece(line.data(), line.size()), 0, line.size(), re2::RE2::ANCHOR_START,
                       nullptr, 0);
}

/// The lines around the one at `at` that are not blank, at most kNeighbours each way.
std::vector<std::string_view> Neighbours(std::string_view text, size_t at) {
  constexpr size_t kNeighbours = 3, kReach = 600;
  size_t least = at > kReach ? at - kReach : 0;
  std::vector<std::string_view> found;
  auto keep = [&found](std::string_view line) {
    if (!Trim(line).empty()) found.push_back(Trim(line));
  };
  size_t begin = text.rfind('\n', at);
  while (begin != std::string_view::npos && begin > least && found.size() < kNeighbours) {
    size_t before = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
    size_t first = before == std::string_view::npos ? 0 : before + 1;
    keep(text.substr(first, begin - first));
    begin = before;
  }
  size_t above = found.size();
  size_t end = text.find('\n', at);
  while (end != std::string_view::npos && end < at + kReach && found.size() - above < kNeighbours) {
    size_t next = std::min(text.find('\n', end + 1), text.size());
    keep(text.substr(end + 1, next - end - 1));
    end = next == text.size() ? std::string_view::npos : next;
  }
  return found;
}

/// A comment or a string that has a line for itself: a title or a quotation in a text, and said by nobody
/// where the lines around it are a program's. A constant's name that is given the string is a program of one
/// line; other names stand so in logs and settings too, and other assignments around them prove nothing.
bool StandsInProgram(std::string_view text, size_t at, std::string_view line) {
  static const re2::RE2 kConstant(R"([A-Z_][A-Z0-9_.]*\s+=\s+\(?[frbuFRBU]{0,2}["'].*["']\)?[,;\\]?$)",
                                  re2::RE2::Latin1);
  static const re2::RE2 kGiven(R"([A-Za-z_][\w.]*\s+=\s+\(?[frbuFRBU]{0,2}["'].*["']\)?[,;\\]?$)",
                               re2::RE2::Latin1);
  static const re2::RE2 kAssignment(R"([\w.]+(?:\[[^\]]*\])?\s+[+-]?=\s+\S.*)", re2::RE2::Latin1);
  static const re2::RE2 kAlone(R"(#.*|[frbuFRBU]{0,2}["'].*["'][,;)\]}+\\\s]*(?:#.*)?$)", re2::RE2::Latin1);
  static const re2::RE2 kProgram(
      R"((?:async\s+)?(?:def|class)\s+\w+.*:$|import\s+[\w., ]+(?:\s+as\s+\w+)?;?$|from\s+[\w.]+\s+import\s.*|for\s+[\w, ()]+\s+in\s.*:$|with\s+[\w.]+\(.*:$|except\b.*:$|)"
      R"((?:if|elif|while)\s+(?:not\s+)?[\w.]+(?:[(\[:=<>!]|\s+(?:in|==|!=|<|>|<=|>=|is\s+(?:not\s+)?None)\b).*:?$|)"
      R"((?:else|try|finally):$|(?:raise|return|assert|del|yield|await)\b.*|@\w+.*|#include\s*[<"].*|)"
      R"((?:\w+(?:\.|::|->))*[a-z_]\w*\(.*[,;()]$|(?:const|static|auto|int|void|char|let|var)\s+[\w*]+.*[;{(]$)",
      re2::RE2::Latin1);
  const bool quoted = line.find_first_of("\"'") != std::string_view::npos;
  if (!quoted && !StartsWith(line, "#")) return false;  // before anything is compiled
  if (Begins(kConstant, line)) return true;
  const bool alone = Begins(kAlone, line);
  if (!alone && !Begins(kGiven, line)) return false;
  std::vector<std::string_view> around = Neighbours(text, at);
  return std::any_of(around.begin(), around.end(), [&](std::string_view each) {
    return Begins(kProgram, each) || (alone && Begins(kAssignment, each));
  });
}

/// The line begins with the hash of a commit.
bool IsHex(std::string_view line) {
  return line.size() > 8 && line.substr(0, 7).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// A line that tells of a message and does not say it: an entry of a changelog or of `git log`, a row of a
/// table of errors, a skipped test, a template.
bool IsTold(std::string_view text, size_t at, std::string_view line) {
  if (line.empty()) return false;
  // Most lines hold nothing of what each branch asks for; then nothing is compiled.
  const bool bullet = line.size() > 1 && line[1] == ' ' && Contains("-*+", line.substr(0, 1));
  const bool hash = line.size() > 8 && line.substr(0, 12).find(' ') >= 7 && line.find(' ') <= 10 &&
                    line.substr(0, 7).find_first_not_of("0123456789abcdef") == std::string_view::npos;
  const bool may_be = bullet || hash || line[0] == '|' || line[0] == '{' || IsDigit(line[0]) ||
                      line[0] == '"' || line[0] == '\'' || Contains(line, "(#") || Contains(line, "{{") ||
                      Contains(line, "SKIP") || Contains(line, "XFAIL") || Contains(line, " skipped") ||
                      StartsWith(line, "Fixe") || StartsWith(line, "Subject:") || StartsWith(line, "msg") ||
                      (line[0] >= 'b' && line[0] <= 't' && Contains(line.substr(0, 40), ": "));
  if (may_be) {
    static const re2::RE2 kTold(
        // "- Fix …", "0badc0d docs: …", "Subject: [PATCH] …"; a colon behind a scope, as commits have it
        R"(Subject:\s*\[PATCH|(?:fix|feat|docs?|chore|refactor|perf|style|revert)\([^)]*\)!?:\s|)"
        R"((?:[-*+]\s+|[0-9a-f]{7,10}\s+(?:\([^)]*\)\s+)?)(?:\*\*)?(?:[a-z][\w./-]*(?:\([^)]*\))?!?:\s+)?)"
        R"((?:Fix(?:e[ds]|ing)?|Resolve[ds]?|Add(?:s|ed)?|Improve[ds]?|Better|Removed?|Document(?:s|ed)?|Explain(?:s|ed)?|Work(?:ed)? around|Prevent(?:s|ed)?|No longer|.{1,80}\b(?:will now|now (?:prints?|shows?|raises?|reports?|says))\b)\b|)"
        R"([0-9a-f]{7,10}\s+(?:\([^)]*\)\s+)?[a-z][\w./-]*(?:\([^)]*\))?!?:\s|.*\(#\d+\)\.?$|Fixe[ds]:?\s.*\bCUDA|)"
        // "| 79 | GPU has … | HW |", "803,cudaError…,…", {"35": "…", 8: '…', msgstr "…"
        R"(\|\s*`?(?:-?\d+|(?:CUDA_ERROR_|cudaError)\w+)`?\s*\|.*\||\d+,[A-Za-z_]\w+,|\{?\s*["']?\d+["']?\s*:\s*["']|msg(?:id|str)\b.*")"
        // pytest, gtest, unittest
        R"(|\S+::\S+\s+(?:SKIPPED|XFAIL)|(?:SKIPPED|XFAIL)\s|\[\s*SKIPPED\s*\]|.*\.\.\. skipped\b|)"
        R"(.*\{\{\s*[$.]\w)",
        re2::RE2::Latin1);
    if (Begins(kTold, line)) return true;
    // A list of errors has bullets too, and "fix:" stands before a hint: of these the lines around decide.
    static const re2::RE2 kListed(
        R"((?:[-*+]\s+(?:\*\*)?(?:[a-z][\w./-]*!?:\s+)?(?:Handle[ds]?|Avoid(?:s|ed)?|Require[ds]?|Support(?:s|ed)?|Skip(?:s|ped)?|Catch|Detect)\b|[0-9a-f]{7,10}\s+(?:\([^)]*\)\s+)?(?:Handle|Avoid|Require|Support|Skip|Catch|Detect)|(?:fix|feat|docs?|chore|refactor|perf|style|revert)!?:\s))",
        re2::RE2::Latin1);
    if (Begins(kListed, line)) {
      if (line[0] != '-' && line[0] != '*' && line[0] != '+' && IsHex(line)) return true;
      std::vector<std::string_view> around = Neighbours(text, at);
      if (around.empty()) return false;
      return std::any_of(around.begin(), around.end(), [&](std::string_view each) {
        return Begins(kTold, each) || Begins(kListed, each) || StartsWith(each, "#");
      });
    }
  }
  if (!Contains(line, " = ")) return false;
  static const re2::RE2 kNumbered(
      R"((?:CUDA_ERROR_|cudaError|NVML_ERROR_|CU[A-Z]+_STATUS_|hipError)\w+\s*=\s*\d+\s*[,;]?$)",
      re2::RE2::Latin1);
  if (!Begins(kNumbered, line)) return false;
  std::vector<std::string_view> around = Neighbours(text, at);
  return std::any_of(around.begin(), around.end(),
                     [&](std::string_view each) { return Begins(kNumbered, each); });
}

}  // namespace

bool IsCode(std::string_view text, size_t at, std::string_view line) {
  // Most lines of a log hold nothing of what every branch below asks for; then nothing is compiled.
  const bool may_be = line.find_first_of("\"'(/#=<") != std::string_view::npos || Contains(line, "raise ") ||
                      Contains(line, "throw ") || Contains(line, "case ") || Contains(line, "except") ||
                      StartsWith(line, "return ");
  if (!may_be) return IsTold(text, at, line);
  static const re2::RE2 kCode(
      R"((?:[+-]\s*)?(?:\d+\s*[|:]\s*)?(?:)"
      R"((?:raise|throw)\s|TORCH_CHECK\(|warnings\.warn\(|//|/\*|#\s*define\s|case\s+[\w:]+\s*:|except\b.*:\s*(?:#.*)?$|\}?\s*catch\s*\(|)"
      R"((?:(?:\}\s*)?else\s+|el)?if\b\s*(?:not\s+)?["'(]|(?:\}\s*)?(?:else\s+|el)?if\b.*(?:==| in str\(|\) *\{$)|)"
      R"((?:return|assert|with pytest)\b.*["'(]|std::c(?:err|out|log)\s*<<|LOG\(\w+\)\s*<<|)"
      R"((?:[\w:]+(?:\([^)]*\))?\s+=>\s+)?(?:\w+(?:\(\w*\))?(?:\.|::|->))*[a-z_]\w*!?\(\s*(?:(?:std::)?\w+(?:\s*,\s*|\s+))?[frbuFRBU]{0,2}["']|)"
      R"((?:\$\s+)?(?:sudo\s+)?(?:echo|printf)\s+(?:-\w+\s+)*["']|return\s+[\w:]+;$|)"
      R"(\w+\s*=\s*(?:0x[0-9a-fA-F]+|\d+)\s*,\s*(?:/[/*].*)?$|.*["']\)?;$))",
      re2::RE2::Latin1);
  return Begins(kCode, line) || StandsInProgram(text, at, line) || IsTold(text, at, line);
}

}  // namespace cudacompat::report
