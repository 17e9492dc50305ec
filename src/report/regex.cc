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

/// Behind what repeats the token that ends at `at`; `optional`: it may be there no time.
size_t SkipRepeat(std::string_view pattern, size_t at, bool* optional) {
  const char c = at < pattern.size() ? pattern[at] : '\0';
  *optional = c == '?' || c == '*' || (c == '{' && pattern.substr(at, 2) == "{0");
  size_t end = at;
  if (c == '{') end = std::min(pattern.find('}', at), pattern.size() - 1) + 1;
  if (c == '?' || c == '*' || c == '+') end = at + 1;
  return end > at && end < pattern.size() && pattern[end] == '?' ? end + 1 : end;  // "+?": as few as will do
}

/// Whether a choice stands in it, outside of groups and classes.
bool HasChoice(std::string_view pattern) {
  for (size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '|') return true;
    if (pattern[at] == '[') {
      at = SkipClass(pattern, at);
    } else {
      at = pattern[at] == '(' ? SkipGroup(pattern, at) : at + (pattern[at] == '\\' ? 2 : 1);
    }
  }
  return false;
}

/// The inside of a group, without what says which kind it is.
std::string_view Inside(std::string_view group) {
  std::string_view inside = group.substr(1, group.size() - 2);
  if (StartsWith(inside, "?P<")) return inside.substr(inside.find('>') + 1);
  return StartsWith(inside, "?:") ? inside.substr(2) : inside;
}

void Look(std::string_view pattern, Required* required) {
  if (HasChoice(pattern)) return;
  std::string run;
  auto end_run = [&] {
    if (run.size() > required->literal.size()) required->literal = run;
    run.clear();
  };
  for (size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    size_t end = at + (c == '\\' ? 2 : 1);
    if (c == '[') end = SkipClass(pattern, at);
    if (c == '(') end = SkipGroup(pattern, at);
    const std::string_view token = pattern.substr(at, end - at);
    bool optional = false;
    at = SkipRepeat(pattern, end, &optional);
    const bool once = at == end;
    const bool escaped = c == '\\' && token.size() == 2;
    const bool literal =
        escaped ? !IsLetterOrDigit(token[1])
                : c != '[' && c != '(' && std::string_view(".^$").find(c) == std::string_view::npos;
    if (literal && !optional) run += token.back();
    if (!literal || !once) end_run();
    if (optional) continue;
    if (c == '(' && !StartsWith(token, "(?i") && !StartsWith(token, "(?s")) Look(Inside(token), required);
    required->digit = required->digit || token == "\\d";
  }
  end_run();
}

}  // namespace

Required RequiredBy(std::string_view pattern) {
  const bool any_case = StartsWith(pattern, kAnyCase);
  Required required;
  Look(pattern.substr(any_case ? kAnyCase.size() : 0), &required);
  if (any_case) required.literal = ToLower(required.literal);
  return required;
}

Regex::Regex(const char* pattern)
    : pattern_(pattern), required_(RequiredBy(pattern)), any_case_(StartsWith(pattern, kAnyCase)) {}

bool Regex::MayBeIn(std::string_view text) const {
  if (required_.digit && std::none_of(text.begin(), text.end(), IsDigit)) return false;
  const std::string& literal = required_.literal;
  if (!any_case_) return text.find(literal) != std::string_view::npos;
  auto same = [](char a, char small) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == small; };
  return std::search(text.begin(), text.end(), literal.begin(), literal.end(), same) != text.end() ||
         literal.empty();
}

const re2::RE2& Regex::Compiled() const {
  if (compiled_ == nullptr) compiled_ = std::make_unique<re2::RE2>(pattern_, re2::RE2::Latin1);
  return *compiled_;
}

int Regex::Remove(std::string* text) const {
  return MayBeIn(*text) ? re2::RE2::GlobalReplace(text, Compiled(), "") : 0;
}

bool Regex::RemoveFirst(std::string* text) const {
  return MayBeIn(*text) && re2::RE2::Replace(text, Compiled(), "");
}

}  // namespace cudacompat::report
