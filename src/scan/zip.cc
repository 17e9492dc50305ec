// Zip archives by their central directory. Layout: PKWARE APPNOTE.TXT 4.3, zip64 4.3.14 and 4.5.3.
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "scan/archive.h"
#include "scan/decoders.h"
#include "scan/identify.h"

namespace cudacompat::scan {
namespace {

struct Directory {
  uint64_t offset = 0;
  uint64_t size = 0;
  uint64_t count = 0;
  bool several_disks = false;
};

struct ZipEntry {
  std::string name;
  uint16_t flags = 0;
  uint16_t method = 0;
  uint32_t checksum = 0;
  uint64_t compressed = 0;
  uint64_t size = 0;
  uint64_t header = 0;  ///< of the local header
};

constexpr uint16_t kStored = 0;
constexpr uint16_t kDeflated = 8;
constexpr uint16_t kBzip2 = 12;
constexpr uint16_t kZstd = 93;
constexpr uint16_t kXz = 95;

std::optional<Directory> Zip64Directory(Source& source, uint64_t end_record) {
  if (end_record < 20) return std::nullopt;
  std::array<uint8_t, 56> raw{};
  source.ReadAt(end_record - 20, std::span(raw).first(20));
  if (Load32(raw, 0) != 0x07064B50) return std::nullopt;
  const uint64_t at = Load64(raw, 8);
  if (source.ReadAt(at, raw) < raw.size() || Load32(raw, 0) != 0x06064B50) return std::nullopt;
  return Directory{Load64(raw, 48), Load64(raw, 40), Load64(raw, 32), Load32(raw, 16) != 0};
}

// The end record stands in the last 64 kB, in front of a comment.
std::optional<Directory> FindDirectory(Source& source) {
  constexpr uint64_t kLongest = 65535 + 22;
  const uint64_t start = source.size() > kLongest ? source.size() - kLongest : 0;
  const std::vector<uint8_t> tail = ReadBytes(source, start, kLongest);
  if (tail.size() < 22) return std::nullopt;
  for (size_t i = tail.size() - 22 + 1; i-- > 0;) {
    const Bytes record = Part(tail, i);
    if (Load32(record, 0) != 0x06054B50) continue;
    Directory directory{Load32(record, 16), Load32(record, 12), Load16(record, 10), Load16(record, 4) != 0};
    const bool wide =
        directory.offset == UINT32_MAX || directory.size == UINT32_MAX || directory.count == 0xFFFF;
    if (wide) {
      const auto big = Zip64Directory(source, start + i);
      if (big) return big;
    }
    return directory;
  }
  return std::nullopt;
}

// Sizes that do not fit into 32 bits stand in extra field 1, in this order.
void ReadZip64Extra(Bytes extra, ZipEntry* entry) {
  while (extra.size() >= 4) {
    const uint16_t id = Load16(extra, 0);
    Bytes data = Part(extra, 4, Load16(extra, 2));
    if (id == 1) {
      for (uint64_t* value : {&entry->size, &entry->compressed, &entry->header}) {
        if (*value != UINT32_MAX || data.size() < 8) continue;
        *value = Load64(data, 0);
        data = data.subspan(8);
      }
      return;
    }
    extra = Part(extra, 4 + uint64_t{Load16(extra, 2)});
  }
}

// A member's bytes as they are unpacked; at their end the checksum is compared. A fork begins in the middle
// and compares nothing.
class CheckedStream : public ByteStream {
 public:
  CheckedStream(std::unique_ptr<ByteStream> input, uint64_t size, uint32_t checksum)
      : input_(std::move(input)), left_(size), wanted_(checksum) {}
  Bytes Next() override {
    const Bytes bytes = input_->Next();
    // Of no bytes at no address it gives the first checksum again.
    if (!bytes.empty()) checksum_ = libdeflate_crc32(checksum_, bytes.data(), bytes.size());
    left_ -= std::min<uint64_t>(left_, bytes.size());
    ended_ = ended_ || bytes.empty();
    return bytes;
  }
  std::string error() const override {
    std::string inner = input_->error();
    if (!inner.empty()) return inner;
    if (ended_ && left_ != 0) return "it unpacks to less than the directory says: the archive is damaged";
    return left_ == 0 && checksum_ != wanted_ ? "its checksum differs: the archive is damaged" : "";
  }
  std::unique_ptr<ByteStream> Fork(size_t back) const override { return input_->Fork(back); }

 private:
  std::unique_ptr<ByteStream> input_;
  uint64_t left_;
  bool ended_ = false;
  uint32_t wanted_;
  uint32_t checksum_ = 0;
};

class ZipReader {
 public:
  ZipReader(Source& source, const Options& options, Budget* budget, Problems* problems, const MemberFn& use)
      : source_(source), options_(options), budget_(budget), problems_(problems), use_(use) {}

  void Read();

 private:
  void Use(const ZipEntry& entry);
  StreamFactory Opener(const ZipEntry& entry, uint64_t data);
  bool Overlaps(uint64_t begin, uint64_t end);

  Source& source_;
  const Options& options_;
  Budget* budget_;
  Problems* problems_;
  const MemberFn& use_;
  std::vector<std::pair<uint64_t, uint64_t>> unpacked_;  ///< members that were read beyond their first bytes
};

bool ZipReader::Overlaps(uint64_t begin, uint64_t end) {
  for (const auto& [other_begin, other_end] : unpacked_) {
    if (begin < other_end && other_begin < end) return true;
  }
  return false;
}

StreamFactory ZipReader::Opener(const ZipEntry& entry, uint64_t data) {
  auto input = [this, data, size = entry.compressed] {
    return std::make_unique<SourceStream>(source_, data, size);
  };
  switch (entry.method) {
    case kDeflated:
      return [input] { return InflateStream(input(), Wrapping::kRaw); };
    case kBzip2:
      return [input] { return Bzip2Stream(input()); };
    case kZstd:
      return [input] { return ZstdStream(input()); };
    case kXz:
      return [input] { return XzStream(input()); };
    default:
      return {};
  }
}

void ZipReader::Use(const ZipEntry& entry) {
  if (entry.name.empty() || entry.name.back() == '/' || entry.size == 0) return;
  if ((entry.flags & 1) != 0) {
    problems_->Add("zip-encrypted", entry.header, "member " + Printable(entry.name) + " is encrypted");
    return;
  }
  std::array<uint8_t, 30> local{};
  if (source_.ReadAt(entry.header, local) < local.size() || Load32(local, 0) != 0x04034B50) {
    problems_->Add("zip-bad-member", entry.header,
                   "member " + Printable(entry.name) + " has no local header");
    return;
  }
  const uint64_t data = entry.header + local.size() + Load16(local, 26) + Load16(local, 28);
  if (!Fits(data, entry.compressed, source_.size())) {
    problems_->Add("zip-bad-member", entry.header,
                   "member " + Printable(entry.name) + " reaches past the end");
    return;
  }
  if (entry.method == kStored) {
    SliceSource slice(source_, data, entry.compressed);
    Member member{entry.name, data, true, &slice, nullptr, [&] {
                    CheckedStream all(std::make_unique<SourceStream>(source_, data, entry.compressed),
                                      entry.size, entry.checksum);
                    while (!all.Next().empty()) {
                    }
                    return all.error();
                  }};
    use_(member);
    return;
  }
  const StreamFactory open = Opener(entry, data);
  if (!open) {
    problems_->Add(
        "zip-method", entry.header,
        "member " + Printable(entry.name) + " has compression method " + std::to_string(entry.method));
    return;
  }
  if (Overlaps(data, data + entry.compressed)) {
    problems_->Add("zip-overlap", entry.header,
                   "member " + Printable(entry.name) + " shares bytes with another");
    return;
  }
  StreamSource stream([&] { return std::make_unique<CheckedStream>(open(), entry.size, entry.checksum); },
                      entry.size, budget_);
  Member member{entry.name, 0, false, &stream, &stream, [&] {
                  std::array<uint8_t, 4096> rest{};
                  uint64_t at = stream.position();
                  while (stream.ReadAt(at, rest) == rest.size()) at = stream.position();
                  return stream.error();
                }};
  use_(member);
  constexpr uint64_t kPeek = 256 * 1024;
  if (stream.position() > kPeek && unpacked_.size() < 4096)
    unpacked_.emplace_back(data, data + entry.compressed);
}

void ZipReader::Read() {
  const auto directory = FindDirectory(source_);
  if (!directory) {
    problems_->Add("zip-no-directory", 0, "no central directory: the zip is cut short or damaged");
    return;
  }
  if (directory->several_disks) {
    problems_->Add("zip-several-disks", directory->offset, "the zip is split over several files");
    return;
  }
  Window window(source_);
  uint64_t position = directory->offset;
  for (uint64_t i = 0; i < directory->count; ++i) {
    const Bytes row = window.At(position, 46);
    if (row.size() < 46 || Load32(row, 0) != 0x02014B50) {
      problems_->Add("zip-bad-directory", position, "the central directory ends early");
      return;
    }
    if (i >= options_.most_members) {
      problems_->Add("too-many-members", position, "more members than are read");
      return;
    }
    ZipEntry entry;
    entry.flags = Load16(row, 8);
    entry.method = Load16(row, 10);
    entry.checksum = Load32(row, 16);
    entry.compressed = Load32(row, 20);
    entry.size = Load32(row, 24);
    entry.header = Load32(row, 42);
    const size_t name_size = Load16(row, 28);
    const size_t extra_size = Load16(row, 30);
    const size_t comment_size = Load16(row, 32);
    const Bytes name = window.At(position + 46, name_size);
    entry.name.assign(name.begin(), name.end());
    const Bytes extra = window.At(position + 46 + name_size, extra_size);
    ReadZip64Extra(extra, &entry);
    position += 46 + name_size + extra_size + comment_size;
    Use(entry);
  }
}

}  // namespace

void ReadZip(Source& source, const Options& options, Budget* budget, Problems* problems,
             const MemberFn& use) {
  ZipReader(source, options, budget, problems, use).Read();
}

StreamFactory OpenCompressed(Source& source, uint64_t offset, uint64_t length, Format format) {
  auto input = [&source, offset, length] { return std::make_unique<SourceStream>(source, offset, length); };
  switch (format) {
    case Format::kGzip:
      return [input] { return InflateStream(input(), Wrapping::kGzip); };
    case Format::kZstd:
      return [input] { return ZstdStream(input()); };
    case Format::kXz:
      return [input] { return XzStream(input()); };
    case Format::kBzip2:
      return [input] { return Bzip2Stream(input()); };
    default:
      return {};
  }
}

}  // namespace cudacompat::scan
