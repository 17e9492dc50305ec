#include "scan/prefetch.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "scan/fatbin.h"

namespace cudacompat::scan {
namespace {

constexpr uint32_t kRecordMagic = 0x466243B1;
constexpr uint64_t kRecordSize = 24;
constexpr uint64_t kHeaders = 80;  // a container's header and its first entry's
constexpr size_t kMostStarts = 65536;
constexpr int kMostLevels = 64;

struct Chain {
  uint64_t next = 0;  // offset of the entry to look at
  uint64_t end = 0;   // of its container; 0 while that is not read
};

// The file offset of an address inside one of the sections with device code.
uint64_t OffsetOf(const std::vector<Place>& places, uint64_t address) {
  for (const Place& place : places) {
    if (place.fatbin && address >= place.address && address - place.address < place.size) {
      return SaturatingAdd(place.offset, address - place.address);
    }
  }
  return UINT64_MAX;
}

std::vector<Chain> Starts(Source& source, const std::vector<Place>& places) {
  std::vector<Chain> chains;
  Window window(source);
  for (const Place& place : places) {
    if (!StartsWith(place.name, ".nvFatBi")) continue;
    for (uint64_t at = 0; Fits(at, kRecordSize, place.size) && chains.size() < kMostStarts;
         at += kRecordSize) {
      const Bytes record = window.At(SaturatingAdd(place.offset, at), kRecordSize);
      if (Load32(record, 0) != kRecordMagic) continue;
      const uint64_t offset = OffsetOf(places, Load64(record, 8));
      if (offset != UINT64_MAX) chains.push_back({offset, 0});
    }
  }
  return chains;
}

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
  std::vector<Chain> chains = Starts(source, places);
  for (int level = 0; level < kMostLevels && !chains.empty(); ++level) {
    for (const Chain& chain : chains) source.WillNeed(chain.next, kHeaders);
    std::erase_if(chains, [&](Chain& chain) { return !Step(source, &chain); });
  }
}

}  // namespace cudacompat::scan
