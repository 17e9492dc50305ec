#include "mkdb/keys.h"

#include <charconv>
#include <limits>

#include "base/text.h"
#include "base/version.h"

namespace cudacompat::mkdb {
namespace {

std::optional<Value> Integer(std::optional<int64_t> key) {
  if (!key) return std::nullopt;
  return Value(*key);
}

}  // namespace

std::optional<Value> DeriveKey(Derivation derivation, const std::string& text) {
  if (derivation == Derivation::kName) {
    std::string key = NameKey(text);
    if (key.empty()) return std::nullopt;
    return Value(std::move(key));
  }
  if (text == "unsaid" || text == "-") return Value();
  if (text == "open") return Value(std::numeric_limits<int64_t>::max());
  if (derivation == Derivation::kDotted) return Integer(DottedKey(text));
  if (derivation == Derivation::kPackage) return Integer(PackageKey(text));
  return Integer(CapabilityKey(text));
}

const char* ExpectedFor(Derivation derivation) {
  switch (derivation) {
    case Derivation::kDotted:
      return "one to four dotted numbers such as 525.60.13, or unsaid, open, -";
    case Derivation::kPackage:
      return "a package version such as 2.6.0 or 2.6.0rc1 (no local part), or unsaid, open, -";
    case Derivation::kCapability:
      return "a compute capability such as 7.5, or unsaid, open, -";
    case Derivation::kName:
      return "a name with a letter or digit";
    case Derivation::kNone:
      break;
  }
  return "";
}

std::optional<int64_t> ParseInteger(const std::string& text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

int CompareCells(bool integer, const std::string& a, const std::string& b) {
  if (integer) {
    const int64_t x = ParseInteger(a).value_or(0), y = ParseInteger(b).value_or(0);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return a.compare(b);  // char_traits<char> compares as unsigned bytes
}

}  // namespace cudacompat::mkdb
