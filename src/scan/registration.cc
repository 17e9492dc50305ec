#include "scan/registration.h"

#include "base/text.h"

namespace cudacompat::scan {
namespace {

constexpr uint32_t kRecordMagic = 0x466243B1;
constexpr uint64_t kRecordSize = 24;
constexpr uint32_t kLinkedVersion = 2;
constexpr size_t kMostRecords = 65536;

// The file offset of an address inside one of the sections with device code.
uint64_t OffsetOf(const std::vector<Place>& places, uint64_t address) {
  for (const Place& place : places) {
    if (place.fatbin && address >= place.address && address - place.address < place.size) {
      return SaturatingAdd(place.offset, address - place.address);
    }
  }
  return UINT64_MAX;
}

}  // namespace

std::vector<Registration> ReadRegistrations(Source& source, const std::vector<Place>& places) {
  std::vector<Registration> records;
  Window window(source);
  for (const Place& place : places) {
    if (!StartsWith(place.name, ".nvFatBi")) continue;
    for (uint64_t at = 0; Fits(at, kRecordSize, place.size) && records.size() < kMostRecords;
         at += kRecordSize) {
      const Bytes record = window.At(SaturatingAdd(place.offset, at), kRecordSize);
      if (Load32(record, 0) != kRecordMagic) continue;
      const uint64_t offset = OffsetOf(places, Load64(record, 8));
      if (offset != UINT64_MAX) records.push_back({offset, Load32(record, 4) == kLinkedVersion});
    }
  }
  return records;
}

}  // namespace cudacompat::scan
