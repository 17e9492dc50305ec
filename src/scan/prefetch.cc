#include "scan/prefetch.h"

#include <algorithm>
#include <array>

#include "scan/fatbin.h"
#include "scan/registration.h"

namespace cudacompat::scan {
namespace {

constexpr uint64_t kHeaders = 80;  // a container's header and its first entry's
constexpr int kMostLevels = 64;

struct Chain {
  uint64_t next = 0;  // offset of the entry to look at
  uint64_t end = 0;   // of its container; 0 while that is not read
};

// Reads the header that was asked for and moves to the next one; false at the container's end.
bool Step(Source& source, Chain* chain) {
  std::array<uint8_t, kHeaders> raw{};
  const Bytes bytes(raw.data(), source.ReadAt(chain->next, raw));
  uint64_t entry = 0;
  if (chain->end == 0) {
    if (Load32(bytes, 0) != kContainerMagic) return false;
    entry = Load16(bytes, 6);
    chain->end = SaturatingAdd(SaturatingAdd(chain->next, entry), Load64(bytes, 8));
  }
  const uint64_t size = SaturatingAdd(Load32(bytes, entry + 4), Load64(bytes, entry + 8));
  if (size < 64) return false;
  chain->next = SaturatingAdd(SaturatingAdd(chain->next, entry), size);
  return chain->next < chain->end && chain->next < source.size();
}

}  // namespace

void PrefetchHeaders(Source& source, const std::vector<Place>& places) {
  if (!source.random_access()) return;
  const bool cold = std::any_of(places.begin(), places.end(), [&](const Place& place) {
    return place.fatbin && place.size > 1 << 20 && source.IsCold(place.offset + place.size / 2);
  });
  if (!cold) return;
  std::vector<Chain> chains;
  for (const Registration& record : ReadRegistrations(source, places))
    chains.push_back({record.container, 0});
  for (int level = 0; level < kMostLevels && !chains.empty(); ++level) {
    for (const Chain& chain : chains) source.WillNeed(chain.next, kHeaders);
    std::erase_if(chains, [&](Chain& chain) { return !Step(source, &chain); });
  }
}

}  // namespace cudacompat::scan
