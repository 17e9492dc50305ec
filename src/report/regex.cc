#include "report/regex.h"

#include <algorithm>

#include "base/text.h"

namespace cudacompat::report {
namespace {

constexpr std::string_view kAnyCase = "(?i)";

/// Behind the character class that begins at `at`.
size_t SkipClass(std::string_view pattern, size_t at) {
  ++at;
  if (at < pattern.size() && pattern[at] == '^') ++at;
  if (at < pattern.size() && pattern[at] == ']') ++at;  // a first ] stands for itself
  while (at < pattern.size() && pattern[at] != ']') at += pattern[at] == '\\' ? 2 : 1;
  return at + 1;
}

/// Behind the group that begins at `at`.
size_t SkipGroup(std::string_view pattern, size_t at) {
  int depth = 0;
  while (at < pattern.size()) {
    char c = pattern[at];
    if (c == '[') {
      at = SkipClass(pattern, at);
      continue;
    }
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) return at + 1;
    at += c == '\\' ? 2 : 1;
  }
  return at;
}

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string LongestLiteral(std::string_view pattern) {
  bool any_case = StartsWith(pattern, kAnyCase);
  std::string longest;
  std::string run;
  auto end_run = [&] {
    if (run.size() > longest.size()) longest = run;
    run.clear();
  };
  size_t at = any_case ? kAnyCase.size() : 0;
  while (at < pattern.size()) {
    char c = pattern[at];
    bool escaped = c == '\\' && at + 1 < pattern.size();
    if (c == '|') return "";  // one branch or the other: none is in every match
    if (c == '[' || c == '(') {
      end_run();
      at = c == '[' ? SkipClass(pattern, at) : SkipGroup(pattern, at);
    } else if (escaped && !IsLetterOrDigit(pattern[at + 1])) {
      run += pattern[at + 1];
      at += 2;
    } else if (escaped || std::string_view(".^$+").find(c) != std::string_view::npos) {
      end_run();
      at += escaped ? 2 : 1;
    } else if (c == '?' || c == '*' || c == '{') {
      if (!run.empty()) run.pop_back();  // what it follows need not be there
      end_run();
      at = c == '{' ? std::min(pattern.find('}', at), pattern.size() - 1) + 1 : at + 1;
    } else {
      run += c;
      ++at;
    }
  }
  end_run();
  return any_case ? ToLower(longest) : longest;
}

Regex::Regex(const char* pattern, Encoding encoding)
    : pattern_(pattern),
      encoding_(encoding),
      literal_(LongestLiteral(pattern)),
      any_case_(StartsWith(pattern, kAnyCase)) {}

bool Regex::MayBeIn(std::string_view text) const {
  if (!any_case_) return text.find(literal_) != std::string_view::npos;
  auto same = [](char a, char small) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == small; };
  return std::search(text.begin(), text.end(), literal_.begin(), literal_.end(), same) != text.end() ||
         literal_.empty();
}

const re2::RE2& Regex::Compiled() const {
  if (compiled_ == nullptr) compiled_ = std::make_unique<re2::RE2>(pattern_, encoding_);
  return *compiled_;
}

int Regex::Remove(std::string* text) const {
  return MayBeIn(*text) ? re2::RE2::GlobalReplace(text, Compiled(), "") : 0;
}

bool Regex::RemoveFirst(std::string* text) const {
  return MayBeIn(*text) && re2::RE2::Replace(text, Compiled(), "");
}

}  // namespace cudacompat::report
