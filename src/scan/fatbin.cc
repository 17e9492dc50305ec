#include "scan/fatbin.h"

#include <algorithm>

namespace cudacompat::scan {
namespace {

constexpr uint64_t kContainerHeader = 16;
constexpr uint64_t kEntryHeader = 64;
constexpr uint16_t kEntryVersion = 0x0101;
constexpr uint64_t kCodecBits = 0xF000;
constexpr size_t kLongestIdentifier = 4096;

Codec CodecOf(uint64_t flags) {
  const uint64_t bits = flags & kCodecBits;
  switch (bits) {
    case 0x1000:
      return Codec::kZlib;
    case 0x2000:
      return Codec::kLz4;
    case 0x4000:
      return Codec::kLz4Frame;
    case 0x8000:
      return Codec::kZstd;
    case 0:
      return Codec::kNone;
    default:
      return Codec::kSeveral;
  }
}

class Walker {
 public:
  Walker(Source& source, const WalkArea& area, Collector& collector)
      : source_(source), area_(area), collector_(collector), window_(source) {}

  void Section();
  uint64_t Found();

 private:
  // Returns where the container ends; `end` is where it has to.
  uint64_t WalkOne(uint64_t position, uint64_t header_size, uint64_t fat_size);
  void Entries(uint64_t begin, uint64_t end);
  Image ParseEntry(uint64_t position, Bytes header);
  void Identifier(uint64_t position, uint32_t offset, uint32_t length, Image* image);
  void Check(const Image& image);
  void Tell(const char* code, uint64_t position, std::string message) {
    collector_.Problem(code, area_.base + position, std::move(message));
  }

  Source& source_;
  const WalkArea& area_;
  Collector& collector_;
  Window window_;
};

void Walker::Section() {
  uint64_t position = area_.begin;
  uint64_t gap_bytes = 0;
  uint64_t gap_start = 0;
  bool gap_told = false;
  while (Fits(position, kContainerHeader, area_.end)) {
    const Bytes header = window_.At(position, kContainerHeader);
    if (header.size() < kContainerHeader) {
      Tell("short-read", position, "the file ends inside a section with device code");
      break;
    }
    const uint64_t word = Load64(header, 0);
    const uint32_t magic = static_cast<uint32_t>(word);
    const uint64_t header_size = Load16(header, 6);
    if (magic != kContainerMagic) {
      if (magic == kLegacyMagic && !gap_told) {
        gap_told = true;
        Tell("legacy-container", position, "a container of CUDA 3 or older, which is not read");
      }
      if (word != 0 && gap_bytes == 0) gap_start = position;
      if (word != 0) gap_bytes += 8;
      position += 8;
      continue;
    }
    if (Load16(header, 4) != 1) {
      Tell("container-version", position,
           "container version " + std::to_string(Load16(header, 4)) + " is new");
    }
    if (header_size < kContainerHeader || header_size > area_.end - position) {
      Tell("container-bad-header", position, "the container header's size is impossible");
      position += 8;
      continue;
    }
    position = WalkOne(position, header_size, Load64(header, 8));
  }
  if (gap_bytes != 0) {
    Tell("gap-bytes", gap_start, std::to_string(gap_bytes) + " bytes between containers are no container");
  }
}

uint64_t Walker::Found() {
  const Bytes header = window_.At(area_.begin, kContainerHeader + kEntryHeader);
  const uint64_t header_size = Load16(header, 6);
  const uint64_t fat_size = Load64(header, 8);
  if (Load32(header, 0) != kContainerMagic || Load16(header, 4) != 1 || header_size != kContainerHeader)
    return 0;
  if (!Fits(area_.begin, kContainerHeader, area_.end)) return 0;
  if (fat_size == 0) return 0;  // says nothing, and 16 bytes of it may be anything
  if (header.size() < kContainerHeader + kEntryHeader) return 0;
  if (Load16(header, 18) != kEntryVersion || Load32(header, 20) < kEntryHeader) return 0;
  return WalkOne(area_.begin, header_size, fat_size);
}

uint64_t Walker::WalkOne(uint64_t position, uint64_t header_size, uint64_t fat_size) {
  const uint64_t room = area_.end - position - header_size;
  if (fat_size >= uint64_t{1} << 31) {
    Tell("container-huge", position, "the container claims 2 GiB or more; drivers read its size as signed");
  }
  if (fat_size > room) {
    Tell("container-truncated", position,
         "the container claims " + std::to_string(fat_size) + " bytes, " + std::to_string(room) +
             " are there");
    fat_size = room;
  }
  const uint64_t end = position + header_size + fat_size;
  collector_.BeginContainer(area_.base + position, area_.section);
  Entries(position + header_size, end);
  collector_.EndContainer(header_size + fat_size, source_, area_.base);
  return end;
}

void Walker::Entries(uint64_t begin, uint64_t end) {
  uint64_t position = begin;
  while (end - position >= kEntryHeader) {
    const Bytes header = window_.At(position, kEntryHeader);
    if (header.size() < kEntryHeader) {
      Tell("short-read", position, "the file ends inside a container");
      return;
    }
    const uint64_t header_size = Load32(header, 4);
    const uint64_t size = Load64(header, 8);
    if (header_size < kEntryHeader || header_size > end - position || size > end - position - header_size) {
      Tell("entry-out-of-bounds", position,
           "an entry of " + std::to_string(header_size) + " + " + std::to_string(size) + " bytes, " +
               std::to_string(end - position) + " are left in its container");
      return;
    }
    Image image = ParseEntry(position, header);
    Check(image);
    image.container = collector_.AddImage(image);
    Image local = image;
    local.offset = position;
    collector_.Show(image, local, source_);
    position += header_size + size;
  }
  if (position != end) {
    Tell("trailing-bytes", position, std::to_string(end - position) + " bytes behind the last entry");
  }
}

Image Walker::ParseEntry(uint64_t position, Bytes header) {
  Image image;
  image.offset = area_.base + position;
  image.kind = Load16(header, 0x00);
  image.header_size = Load32(header, 0x04);
  image.size = Load64(header, 0x08);
  image.exact_size = Load32(header, 0x10);
  image.isa_minor = Load16(header, 0x18);
  image.isa_major = Load16(header, 0x1A);
  image.arch = Load32(header, 0x1C);
  image.flags = Load64(header, 0x28);
  image.full_size = Load64(header, 0x38);
  image.codec = CodecOf(image.flags);
  if ((image.flags & kFlagFamily) != 0) image.suffix = 'f';
  if ((image.flags & kFlagArchSpecific) != 0) image.suffix = 'a';  // both bits: the vendor prints `a`
  image.section = area_.section;
  image.in_fatbin_section = area_.fatbin_section;
  image.listed_by_vendor_tool = area_.vendor_reads && VendorLists(image);
  // `header` dies with the next look into the window: everything is copied out above.
  const uint32_t identifier = Load32(header, 0x20);
  const uint32_t length = Load32(header, 0x24);
  if (identifier != 0 && length != 0) Identifier(position, identifier, length, &image);
  return image;
}

void Walker::Identifier(uint64_t position, uint32_t offset, uint32_t length, Image* image) {
  if (!Fits(offset, length, image->header_size)) {
    Tell("identifier-out-of-bounds", position, "an entry's identifier lies outside its header");
    return;
  }
  const Bytes text = window_.At(position + offset, std::min<size_t>(length, kLongestIdentifier));
  const auto end = std::find(text.begin(), text.end(), 0);
  image->identifier = collector_.AddIdentifier(std::string(text.begin(), end));
}

void Walker::Check(const Image& image) {
  const uint64_t position = image.offset - area_.base;
  if (image.codec == Codec::kSeveral)
    Tell("several-codecs", position, "more than one compression bit is set");
  if (image.exact_size > image.size)
    Tell("entry-sizes", position, "compressed size is larger than the payload");
  if (UnknownFlags(image.flags) != 0) {
    Tell("unknown-flags", position, "flag bits without a known meaning are set");
  }
  if (image.codec != Codec::kNone && image.full_size == 0) {
    Tell("entry-sizes", position, "a compressed entry without its unpacked size");
  }
}

}  // namespace

bool VendorLists(const Image& image) {
  if (image.kind == kCubin || image.kind == kMercury) return true;
  return IsPtx(image.kind) && (image.flags & kFlagObfuscated) == 0;
}

void WalkSection(Source& source, const WalkArea& area, Collector& collector) {
  Walker(source, area, collector).Section();
}

uint64_t WalkFound(Source& source, const WalkArea& area, Collector& collector) {
  return Walker(source, area, collector).Found();
}

}  // namespace cudacompat::scan
