#include "database/scan_facts.h"

namespace cudacompat {
namespace {

constexpr std::string_view kFacts =
#include CUDACOMPAT_SCAN_FACTS
    ;

}  // namespace

// The lines stand in order of their keys, each behind a line feed.
std::string_view ScanFact(const std::string& key) {
  size_t low = 0, high = kFacts.size() - 1;
  while (low < high) {
    const size_t begin = kFacts.rfind('\n', low + (high - low) / 2);
    const size_t end = kFacts.find('\n', begin + 1);
    const std::string_view line = kFacts.substr(begin + 1, end - begin - 1);
    const std::string_view its = line.substr(0, line.find(' '));
    if (its == key) return line.substr(its.size() + (its.size() < line.size() ? 1 : 0));
    if (its < key)
      low = end;
    else
      high = begin;
  }
  return {};
}

}  // namespace cudacompat
