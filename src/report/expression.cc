#include "report/expression.h"

#include <re2/re2.h>

#include <optional>

#include "base/text.h"
#include "report/packed_version.h"

namespace cudacompat::report {
namespace {

constexpr size_t kKeptValue = 400;  // bytes of what a group holds

bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }

/// The expression for a text in small letters; none where it asks for the size of letters itself.
std::optional<std::string> Lowered(std::string_view pattern) {
  std::string out;
  for (size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    const char next = at + 1 < pattern.size() ? pattern[at + 1] : '\0';
    if (c == '\\') {
      if (next == 'x' || next == 'p' || next == 'P' || next == 'Q') {
        const std::string_view digits = pattern.substr(at, 4);
        if (next != 'x' || digits.size() < 4 || digits[2] == '{' || digits[2] == '4' || digits[2] == '5')
          return std::nullopt;
      }
      out += c;
      if (at + 1 < pattern.size()) out += next;
      ++at;
    } else if (c == '(' && next == '?') {
      const size_t end = std::min(pattern.find_first_of(":)", at), pattern.size() - 1);
      const std::string_view head = pattern.substr(at, end + 1 - at);
      if (head.find('i') != std::string_view::npos) return std::nullopt;
      out += head;
      at = end;
    } else {
      if (c == '-' && IsCapital(next) && !(at > 0 && IsCapital(pattern[at - 1]))) {
        // "[+-Z]" would be another range; outside of classes it is a hyphen.
        const size_t open = pattern.rfind('[', at), close = pattern.rfind(']', at);
        if (open != std::string_view::npos && (close == std::string_view::npos || close < open))
          return std::nullopt;
      }
      out += IsCapital(c) ? static_cast<char>(c + ('a' - 'A')) : c;
    }
  }
  return out;
}

/// The expression without the names of its groups; those, by number.
std::string Nameless(std::string_view pattern, std::vector<std::pair<size_t, std::string>>* names) {
  std::string out;
  size_t groups = 0;
  for (size_t at = 0; at < pattern.size();) {
    size_t end = at + 1;
    if (pattern[at] == '\\') ++end;
    if (pattern[at] == '[') {
      if (end < pattern.size() && pattern[end] == '^') ++end;
      if (end < pattern.size() && pattern[end] == ']') ++end;
      while (end < pattern.size() && pattern[end] != ']') {
        const size_t named =
            StartsWith(pattern.substr(end), "[:") ? pattern.find(":]", end) : std::string_view::npos;
        end = named != std::string_view::npos ? named + 2 : end + (pattern[end] == '\\' ? 2 : 1);
      }
      ++end;
    }
    out += pattern.substr(at, end - at);
    if (pattern[at] == '(') {
      const bool named = StartsWith(pattern.substr(end), "?P<");
      if (named || !StartsWith(pattern.substr(end), "?")) ++groups;
      const size_t close = named ? pattern.find('>', end) : std::string_view::npos;
      if (close != std::string_view::npos) {
        names->emplace_back(groups, std::string(pattern.substr(end + 3, close - end - 3)));
        end = close + 1;
      }
    }
    at = end;
  }
  return out;
}

re2::RE2::Options OptionsOf(bool lowered) {
  re2::RE2::Options options;
  options.set_case_sensitive(lowered);
  options.set_log_errors(false);
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  return options;
}

}  // namespace

Expression::Expression(const std::string& named) {
  const std::string pattern = Nameless(named, &names_);
  const std::optional<std::string> lowered = Lowered(pattern);
  lowered_ = lowered.has_value();
  regex_ = std::make_unique<re2::RE2>(lowered ? *lowered : pattern, OptionsOf(lowered_));
}

Expression::~Expression() = default;

bool Expression::ok() const { return regex_->ok(); }
std::string Expression::error() const { return regex_->error(); }

std::string_view Expression::Small(std::string_view text, std::string* small) const {
  if (!lowered_) return text;
  *small = ToLower(text);
  return *small;
}

bool Expression::Says(std::string_view text) const {
  std::string small;
  const std::string_view seen = Small(text, &small);
  return re2::RE2::PartialMatch(re2::StringPiece(seen.data(), seen.size()), *regex_);
}

std::optional<std::pair<size_t, size_t>> Expression::Find(std::string_view text, size_t from) const {
  std::string small;
  const std::string_view seen = Small(text, &small);
  re2::StringPiece part;
  if (!regex_->Match(re2::StringPiece(seen.data(), seen.size()), from, seen.size(), re2::RE2::UNANCHORED,
                     &part, 1))
    return std::nullopt;
  const auto begin = static_cast<size_t>(part.data() - seen.data());
  return std::pair(begin, begin + part.size());
}

std::vector<std::string_view> Expression::Match(std::string_view text, size_t from) const {
  std::string small;
  const std::string_view seen = Small(text, &small);
  std::vector<re2::StringPiece> parts(static_cast<size_t>(regex_->NumberOfCapturingGroups()) + 1);
  if (!regex_->Match(re2::StringPiece(seen.data(), seen.size()), from, seen.size(), re2::RE2::UNANCHORED,
                     parts.data(), static_cast<int>(parts.size())))
    return {};
  std::vector<std::string_view> found;
  for (const re2::StringPiece& part : parts) {
    found.push_back(part.data() == nullptr
                        ? std::string_view()
                        : text.substr(static_cast<size_t>(part.data() - seen.data()), part.size()));
  }
  return found;
}

void Expression::Capture(const std::vector<std::string_view>& parts,
                         std::map<std::string, std::string>* captures) const {
  std::map<std::string, std::string> fresh;
  for (const auto& [group, name] : names_) {
    std::string_view value = Trim(parts[group]);
    const bool number = IsDigit(value.empty() ? ' ' : value.front()) &&
                        value.find_first_not_of("0123456789.") == std::string_view::npos;
    if (number) value = value.substr(0, value.find_last_not_of('.') + 1);
    // A name stands once in an expression: `library2` is the library of another wording.
    const std::string plain = name.substr(0, name.find_last_not_of("0123456789") + 1);
    if (!value.empty()) fresh.try_emplace(plain, Printable(value.substr(0, kKeptValue)));
  }
  std::map<std::string, std::string> decoded;
  for (const auto& [name, value] : fresh) {
    if (EndsWith(name, "_packed_cudnn"))
      decoded[name.substr(0, name.size() - 13)] = DecodeCudnnVersion(value);
    if (EndsWith(name, "_packed")) decoded[name.substr(0, name.size() - 7)] = DecodeCudaVersion(value);
  }
  for (auto& [name, value] : decoded) {
    if (!value.empty()) fresh[name] = value;
  }
  captures->merge(fresh);
}

}  // namespace cudacompat::report
