#include "scan/search.h"

#include <algorithm>

#include "scan/cubin.h"
#include "scan/decoders.h"
#include "scan/fatbin.h"
#include "scan/object.h"

namespace cudacompat::scan {
namespace {

constexpr uint32_t kElfMagic = 0x464C457F;
constexpr uint32_t kZstdMagic = 0xFD2FB528;
constexpr size_t kChunk = 128 * 1024;  // stays in the second-level cache
constexpr uint64_t kMostTries = 100000;

inline bool Interesting(uint32_t word) {
  return word == kContainerMagic || word == kElfMagic || word == kZstdMagic;
}

// First offset >= from in `bytes` (a multiple of the step away from `from`) where one of the magics begins.
size_t FindAligned(Bytes bytes, size_t from) {
  const size_t size = bytes.size();
  const uint8_t* data = bytes.data();
  size_t i = from;
  // Eight places at a time: compilers turn the inner loop into vector compares.
  for (; i + 64 <= size; i += 64) {
    uint32_t hits = 0;
    for (size_t j = 0; j < 8; ++j) {
      uint64_t word;
      std::memcpy(&word, data + i + j * 8, 8);
      const uint32_t low = static_cast<uint32_t>(word);
      hits |= static_cast<uint32_t>(low == kContainerMagic) | static_cast<uint32_t>(low == kElfMagic) |
              static_cast<uint32_t>(low == kZstdMagic);
    }
    if (hits != 0) break;
  }
  for (; i + 8 <= size; i += 8) {
    if (Interesting(Load32(bytes, i))) return i;
  }
  return std::string::npos;
}

size_t FindAnywhere(Bytes bytes, size_t from) {
  for (size_t i = from; i + 4 <= bytes.size(); ++i) {
    const uint8_t first = bytes[i];
    if (first != 0x50 && first != 0x7F && first != 0x28) continue;
    if (Interesting(Load32(bytes, i))) return i;
  }
  return std::string::npos;
}

// Bytes of the zstd frame at `offset`, by its block headers (RFC 8878, 3.1.1); 0 when it is none.
uint64_t ZstdFrameSize(Source& source, uint64_t offset, uint64_t end) {
  Window window(source);
  const Bytes head = window.At(offset, 18);
  const uint8_t descriptor = Load8(head, 4);
  if ((descriptor & 0x08) != 0) return 0;  // reserved
  static constexpr uint8_t kDictionarySize[] = {0, 1, 2, 4};
  static constexpr uint8_t kContentSize[] = {0, 2, 4, 8};
  const bool single = (descriptor & 0x20) != 0;
  uint64_t at = offset + 5 + (single ? 0 : 1) + kDictionarySize[descriptor & 3];
  at += descriptor >> 6 == 0 && single ? 1 : kContentSize[descriptor >> 6];
  for (int blocks = 0; blocks < 65536; ++blocks) {
    if (!Fits(at, 3, end)) return 0;
    const Bytes row = window.At(at, 3);
    const uint32_t block = Load16(row, 0) | static_cast<uint32_t>(Load8(row, 2)) << 16;
    const uint32_t type = block >> 1 & 3;
    if (type == 3) return 0;
    at += 3 + (type == 1 ? 1 : block >> 3);
    if ((block & 1) != 0) {
      at += (descriptor & 0x04) != 0 ? 4 : 0;
      return at <= end ? at - offset : 0;
    }
  }
  return 0;
}

class Searcher {
 public:
  Searcher(Source& source, uint64_t base, bool unaligned, const std::function<uint32_t(uint64_t)>& section_at,
           Collector& collector)
      : source_(source), base_(base), unaligned_(unaligned), section_at_(section_at), collector_(collector) {}

  void Range(uint64_t begin, uint64_t end);

 private:
  uint64_t Try(uint64_t offset, uint64_t end);
  uint64_t TryElf(uint64_t offset, uint64_t end);
  uint64_t TryZstd(uint64_t offset, uint64_t end);
  void Add(Image image, uint64_t offset, const std::string& toolkit);

  Source& source_;
  uint64_t base_;
  bool unaligned_;
  const std::function<uint32_t(uint64_t)>& section_at_;
  Collector& collector_;
  std::vector<uint8_t> chunk_;
  uint64_t tries_ = 0;
};

// Returns the end of what was found at `offset`, or 0.
uint64_t Searcher::Try(uint64_t offset, uint64_t end) {
  if (++tries_ > kMostTries) {
    if (tries_ == kMostTries + 1) {
      collector_.Problem("too-many-candidates", base_ + offset,
                         "too much looks like device code and is none");
    }
    return 0;
  }
  uint8_t raw[4] = {};
  source_.ReadAt(offset, raw);
  const uint32_t magic = Load32(raw, 0);
  if (magic == kElfMagic) return TryElf(offset, end);
  if (magic == kZstdMagic) return TryZstd(offset, end);
  if (magic != kContainerMagic) return 0;
  const WalkArea area{offset, end, base_, section_at_(offset), false, false};
  const uint64_t found = WalkFound(source_, area, collector_);
  if (found != 0) --tries_;
  return found;
}

void Searcher::Add(Image image, uint64_t offset, const std::string& toolkit) {
  --tries_;
  image.offset = base_ + offset;
  image.section = section_at_(offset);
  collector_.AddToolkit(toolkit);
  collector_.AddBareImage(image);
  Image local = image;
  local.offset = offset;
  collector_.Show(image, local, source_);
}

uint64_t Searcher::TryElf(uint64_t offset, uint64_t end) {
  if (offset == 0) return 0;  // the file itself
  std::string toolkit;
  SliceSource slice(source_, offset, end - offset);
  auto image = BareCubin(slice, &toolkit);
  if (!image) return 0;
  Add(*image, offset, toolkit);
  return offset + std::max<uint64_t>(image->size, 64);
}

uint64_t Searcher::TryZstd(uint64_t offset, uint64_t end) {
  uint8_t start[1024] = {};
  const size_t got =
      source_.ReadAt(offset, std::span(start).first(std::min<uint64_t>(sizeof(start), end - offset)));
  MemorySource prefix(Bytes(start, got));
  auto peek = ZstdStream(std::make_unique<SourceStream>(prefix, 0, got));
  const Bytes first = peek->Next();
  // The first block may be longer than what was read: decode from the file then.
  std::unique_ptr<ByteStream> whole;
  Bytes head = first;
  if (head.size() < 64) {
    if (!source_.random_access()) return 0;
    whole = ZstdStream(std::make_unique<SourceStream>(source_, offset, end - offset));
    head = whole->Next();
  }
  MemorySource unpacked(head);
  std::string toolkit = CubinToolkit(head);
  auto image = BareCubin(unpacked, nullptr);
  if (!image) return 0;
  const uint64_t size = ZstdFrameSize(source_, offset, end);
  if (size == 0) return 0;
  image->codec = Codec::kZstd;
  image->full_size = image->size;
  image->size = image->exact_size = size;
  Add(*image, offset, toolkit);
  return offset + size;
}

void Searcher::Range(uint64_t begin, uint64_t end) {
  chunk_.resize(kChunk);
  const uint64_t step = unaligned_ ? 1 : 8;
  const uint64_t overlap = unaligned_ ? 3 : 0;  // a magic may straddle two chunks
  uint64_t position = (begin + step - 1) / step * step;
  while (position < end) {
    const size_t want = static_cast<size_t>(std::min<uint64_t>(kChunk, end - position));
    const size_t got = source_.ReadAt(position, std::span(chunk_).first(want));
    const Bytes bytes = Bytes(chunk_).first(got);
    uint64_t next = position + got - (got > overlap ? overlap : 0);
    size_t at = 0;
    while ((at = unaligned_ ? FindAnywhere(bytes, at) : FindAligned(bytes, at)) != std::string::npos) {
      const uint64_t found = Try(position + at, end);
      if (found > position + got) {
        next = (found + step - 1) / step * step;
        break;
      }
      at = found == 0 ? at + step : static_cast<size_t>((found - position + step - 1) / step * step);
    }
    if (got < want || (want < kChunk && next <= position + got)) return;
    position = next;
  }
}

}  // namespace

void SearchStray(Source& source, uint64_t base, const std::vector<Range>& covered, bool unaligned,
                 const std::function<uint32_t(uint64_t)>& section_at, Collector& collector) {
  Searcher searcher(source, base, unaligned, section_at, collector);
  uint64_t position = 0;
  for (const Range& range : covered) {
    if (range.begin > position) searcher.Range(position, range.begin);
    position = std::max(position, range.end);
  }
  if (position < source.size()) searcher.Range(position, source.size());
}

}  // namespace cudacompat::scan
