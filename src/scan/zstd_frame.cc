#include "scan/zstd_frame.h"

#include <zstd.h>

#include <algorithm>
#include <memory>

#include "scan/decoders.h"

namespace cudacompat::scan {
namespace {

constexpr uint32_t kMagic = 0xFD2FB528;
constexpr size_t kMostBlock = 128 * 1024;
constexpr size_t kLongestHeader = 18;
constexpr uint8_t kReservedBit = 0x08;
constexpr uint8_t kSingleSegment = 0x20;
constexpr uint8_t kChecksum = 0x04;

// Bytes in front of the first block; 0 for what is no frame.
size_t HeaderSize(Bytes head) {
  static constexpr uint8_t kDictionarySize[] = {0, 1, 2, 4};
  static constexpr uint8_t kContentSize[] = {0, 2, 4, 8};
  const uint8_t descriptor = Load8(head, 4);
  if (head.size() < 6 || Load32(head, 0) != kMagic || (descriptor & kReservedBit) != 0) return 0;
  const bool single = (descriptor & kSingleSegment) != 0;
  size_t size = 5 + (single ? 0 : 1) + kDictionarySize[descriptor & 3];
  size += descriptor >> 6 == 0 && single ? 1 : kContentSize[descriptor >> 6];
  return size;
}

enum class BlockType : uint8_t { kRaw, kRepeated, kCompressed, kReserved };

struct Block {
  bool last = false;
  BlockType type = BlockType::kReserved;
  uint32_t stored = 0;  ///< bytes behind the block's header

  explicit Block(Bytes row) {
    const uint32_t word = Load16(row, 0) | static_cast<uint32_t>(Load8(row, 2)) << 16;
    last = (word & 1) != 0;
    type = static_cast<BlockType>(word >> 1 & 3);
    stored = type == BlockType::kRepeated ? 1 : word >> 3;
  }
};
constexpr uint64_t kBlockHeader = 3;

// Where the number of sequences stands in a compressed block: behind the literals (RFC 8878, 3.1.1.3.1.1).
size_t SequencesAt(Bytes block) {
  const uint8_t first = Load8(block, 0);
  const uint32_t word = Load32(block, 0);
  const unsigned format = first >> 2 & 3;
  if ((first & 3) < 2) {  // as they are, or one byte repeated
    const size_t header = format == 1 ? 2 : format == 3 ? 3 : 1;
    const size_t size = format == 1 ? word >> 4 & 0xFFF : format == 3 ? word >> 4 & 0xFFFFF : first >> 3;
    return header + ((first & 3) == 0 ? size : 1);
  }
  const uint64_t wide = Load64(block, 0);
  if (format < 2) return 3 + (wide >> 14 & 0x3FF);
  return format == 2 ? 4 + (wide >> 18 & 0x3FFF) : 5 + (wide >> 22 & 0x3FFFF);
}

// The place of a number of sequences that is large and has two bytes; 0 where it is another.
size_t LongCountAt(Bytes block) {
  const size_t at = SequencesAt(block);
  return at + 2 < block.size() && block[at] >= 128 && block[at] < 255 ? at : 0;
}

bool IsZero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
}

}  // namespace

uint64_t ZstdFrameSize(Source& source, uint64_t offset, uint64_t end) {
  constexpr int kMostBlocks = 65536;
  Window window(source);
  const Bytes head = window.At(offset, kLongestHeader);
  const size_t header = HeaderSize(head);
  if (header == 0) return 0;
  const bool checksum = (Load8(head, 4) & kChecksum) != 0;
  uint64_t at = SaturatingAdd(offset, header);
  for (int blocks = 0; blocks < kMostBlocks && Fits(at, kBlockHeader, end); ++blocks) {
    const Block block(window.At(at, kBlockHeader));
    if (block.type == BlockType::kReserved) return 0;
    at += kBlockHeader + block.stored;
    if (!block.last) continue;
    at += checksum ? 4 : 0;
    return at <= end ? at - offset : 0;
  }
  return 0;
}

namespace {

struct Spare {
  ZSTD_DCtx* context = nullptr;
  ~Spare() { ZSTD_freeDCtx(context); }
};
thread_local Spare spare;

constexpr size_t kMostStored = kLongestHeader + kBlockHeader + kMostBlock;

// Not filled with zeros: a page that nothing is written to costs nothing.
struct Scratch {
  std::unique_ptr<uint8_t[]> frame;  // up to the end of the first block
  std::unique_ptr<uint8_t[]> output;

  std::span<uint8_t> Room(uint64_t most) {
    if (!frame) frame = std::make_unique_for_overwrite<uint8_t[]>(kMostStored);
    if (!output) output = std::make_unique_for_overwrite<uint8_t[]>(kMostBlock);
    return {frame.get(), static_cast<size_t>(std::min<uint64_t>(kMostStored, most))};
  }

  Bytes Unpack(size_t size, size_t length) {
    ZstdContext context;
    std::fill_n(output.get(), length, uint8_t{0});
    if (!context.get()) return {};
    // The size that it returns is an error where more blocks would follow: what was written counts.
    ZSTD_decompressDCtx(context.get(), output.get(), kMostBlock, frame.get(), size);
    const Bytes made(output.get(), length);
    return IsZero(made) ? Bytes() : made;
  }
};

}  // namespace

ZstdContext::ZstdContext() : context_(spare.context ? spare.context : ZSTD_createDCtx()) {
  spare.context = nullptr;
  if (context_) ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kWindowLogMax);
}

ZstdContext::~ZstdContext() {
  constexpr size_t kMostKept = 4 << 20;  // one that has had a large window gives it back
  if (spare.context || !context_ || ZSTD_sizeof_DCtx(context_) > kMostKept) {
    ZSTD_freeDCtx(context_);
    return;
  }
  ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
  spare.context = context_;
}

namespace {

// The first `length` bytes, of which `sequences` write enough; all of them where there are not that many
// more.
Bytes FirstBytes(Source& source, uint64_t offset, uint64_t end, size_t length, size_t sequences) {
  constexpr size_t kFirstRead = 4096;
  thread_local Scratch scratch;
  if (offset >= end) return {};
  length = std::min(length, kMostBlock);
  const std::span room = scratch.Room(end - offset);
  size_t got = source.ReadAt(offset, room.first(std::min(kFirstRead, room.size())));
  const size_t header = HeaderSize(room.first(got));
  if (header == 0 || got < header + kBlockHeader) return {};
  const Block block(room.subspan(header));
  const size_t begin = header + kBlockHeader;
  if (block.type == BlockType::kReserved || block.stored > room.size() - begin) return {};
  const size_t size = begin + block.stored;
  if (size > got) got += source.ReadAt(offset + got, room.subspan(got, size - got));
  if (size > got) return {};
  // Of thousands of sequences, which write 128 kB, only the first are wanted. With fewer of them the decoder
  // ends with an error, because input is left over; what it wrote until then is what we are after.
  const std::span stored = room.subspan(begin, block.stored);
  const size_t count = block.type == BlockType::kCompressed && sequences != 0 ? LongCountAt(stored) : 0;
  if (count != 0 && size_t{Load8(stored, count)} - 128 > sequences >> 8) {
    const uint8_t kept[] = {stored[count], stored[count + 1]};
    stored[count] = static_cast<uint8_t>(128 + (sequences >> 8));
    stored[count + 1] = static_cast<uint8_t>(sequences);
    const Bytes made = scratch.Unpack(size, length);
    if (!made.empty()) return made;
    std::copy(std::begin(kept), std::end(kept), stored.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return scratch.Unpack(size, length);
}

}  // namespace

Bytes ZstdBeginning(Source& source, uint64_t offset, uint64_t end, size_t length) {
  constexpr size_t kFewSequences = 48;  // each writes 3 bytes or more
  constexpr size_t kFewEnoughFor = 64;
  return FirstBytes(source, offset, end, length, length <= kFewEnoughFor ? kFewSequences : 0);
}

Bytes ZstdGlimpse(Source& source, uint64_t offset, uint64_t end) {
  constexpr size_t kSequences = 512;     // which write 20 kB of a cubin, about
  constexpr size_t kLength = 32 * 1024;  // behind it the decoder may keep literals in the output
  constexpr size_t kWrittenTooFar = 64;  // it copies in steps of 16 and 32 bytes
  const Bytes made = FirstBytes(source, offset, end, kLength, kSequences);
  size_t written = made.size();
  while (written >= 8 && Load64(made, written - 8) == 0) written -= 8;
  return made.first(written - std::min(written, kWrittenTooFar));
}

}  // namespace cudacompat::scan
