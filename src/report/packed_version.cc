#include "report/packed_version.h"

#include <algorithm>

#include "base/text.h"

namespace cudacompat::report {
namespace {

/// The number, or -1 when it is no number of at most six digits.
int SmallNumber(std::string_view digits) {
  if (digits.empty() || digits.size() > 6 || !std::all_of(digits.begin(), digits.end(), IsDigit)) return -1;
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::string Dotted(int major, int minor, int patch) {
  std::string text = std::to_string(major) + "." + std::to_string(minor);
  return patch > 0 ? text + "." + std::to_string(patch) : text;
}

}  // namespace

std::string DecodeCudaVersion(std::string_view digits) {
  if (Contains(digits, ".")) return std::string(digits);
  int value = SmallNumber(digits);
  if (value < 1000 || value >= 100000) return "";
  return Dotted(value / 1000, value % 1000 / 10, value % 10);
}

std::string DecodeCudnnVersion(std::string_view digits) {
  if (Contains(digits, ".")) return std::string(digits);
  int value = SmallNumber(digits);
  if (value < 1000) return "";
  if (value < 10000) {
    // "9100" is how JAX and others write 9.1.0 in messages that still count the old way.
    return Dotted(value / 1000, value % 1000 / 100, value % 100);
  }
  return Dotted(value / 10000, value % 10000 / 100, value % 100);
}

}  // namespace cudacompat::report
