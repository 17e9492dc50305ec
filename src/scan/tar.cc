// Tar archives, read forward: ustar headers, GNU long names, pax records for names and sizes.
// Layout: POSIX.1 "pax Interchange Format"; GNU tar manual, "Basic Tar Format".
#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "scan/archive.h"

namespace cudacompat::scan {
namespace {

constexpr uint64_t kBlock = 512;
constexpr uint64_t kMostExtra = 64 * 1024;  // of a pax record or a long name

std::string Field(Bytes header, size_t offset, size_t length) {
  const Bytes part = Part(header, offset, length);
  return {part.begin(), std::find(part.begin(), part.end(), 0)};
}

// Octal digits, or base 256 where the first bit is set (GNU, sizes of 8 GiB and more).
std::optional<uint64_t> Number(Bytes field) {
  uint64_t value = 0;
  if ((Load8(field, 0) & 0x80) != 0) {
    for (size_t i = 4; i < field.size(); ++i) value = value << 8 | field[i];
    return value >> 60 == 0 ? std::optional(value) : std::nullopt;
  }
  for (const uint8_t c : field) {
    if (c == ' ' || c == 0) continue;
    if (c < '0' || c > '7' || value >> 60 != 0) return std::nullopt;
    value = value * 8 + (c - '0');
  }
  return value;
}

bool ChecksumHolds(Bytes header) {
  uint64_t sum = 0;
  for (size_t i = 0; i < header.size(); ++i) sum += i >= 148 && i < 156 ? ' ' : header[i];
  return Number(Part(header, 148, 8)) == sum;
}

// Records "LENGTH key=value\n".
void ReadPax(std::string_view text, std::string* path, uint64_t* size) {
  while (!text.empty()) {
    const size_t blank = text.find(' ');
    if (blank == std::string_view::npos || blank == 0 || blank > 6) return;
    size_t length = 0;
    for (const char c : text.substr(0, blank)) {
      if (!IsDigit(c)) return;
      length = length * 10 + static_cast<size_t>(c - '0');
    }
    if (length <= blank + 1 || length > text.size()) return;
    const std::string_view record = text.substr(blank + 1, length - blank - 2);
    const size_t equals = record.find('=');
    if (equals != std::string_view::npos) {
      const std::string_view value = record.substr(equals + 1);
      if (record.substr(0, equals) == "path") *path = value;
      if (record.substr(0, equals) == "size" && value.size() < 18) {
        uint64_t number = 0;
        for (const char c : value)
          number = IsDigit(c) ? number * 10 + static_cast<uint64_t>(c - '0') : number;
        *size = number;
      }
    }
    text.remove_prefix(length);
  }
}

void Use(Source& source, const std::string& name, uint64_t begin, uint64_t size, const MemberFn& use) {
  if (source.random_access()) {
    SliceSource slice(source, begin, size);
    Member member{name, begin, true, &slice, nullptr};
    use(member);
    return;
  }
  StreamSource stream([&] { return std::make_unique<SourceStream>(source, begin, size); }, size, nullptr);
  Member member{name, begin, true, &stream, &stream};
  use(member);
}

}  // namespace

void ReadTar(Source& source, const Options& options, Problems* problems, const MemberFn& use) {
  std::array<uint8_t, kBlock> header{};
  std::string long_name;
  uint64_t long_size = kUnknownSize;  // from a pax record; kUnknownSize for none
  uint64_t position = 0;
  for (uint64_t count = 0;; ++count) {
    const size_t got = source.ReadAt(position, header);
    // Most members are left after their first bytes: only now it shows that one was not there to its end.
    if (got == 0 && position > source.size()) {
      problems->Add("tar-bad-member", source.size(), "the archive ends inside a member");
      return;
    }
    if (got == 0 || std::all_of(header.begin(), header.end(), [](uint8_t c) { return c == 0; })) return;
    const auto field_size = got == kBlock ? Number(Part(header, 124, 12)) : std::nullopt;
    if (!field_size || !ChecksumHolds(header)) {
      problems->Add("tar-bad-member", position, "a member header is malformed; the rest is not read");
      return;
    }
    if (count >= options.most_members) {
      problems->Add("too-many-members", position, "more members than are read");
      return;
    }
    const char type = static_cast<char>(header[156]);
    uint64_t size = *field_size;
    const uint64_t begin = position + kBlock;
    if (type == 'x' || type == 'L') {
      const std::vector<uint8_t> extra = ReadBytes(source, begin, std::min(size, kMostExtra));
      const std::string text(extra.begin(), extra.end());
      if (type == 'x') ReadPax(text, &long_name, &long_size);
      if (type == 'L') long_name = text.substr(0, text.find('\0'));
    } else {
      if (long_size != kUnknownSize) size = long_size;
      std::string name = long_name;
      if (name.empty()) {
        const std::string prefix = Load8(header, 262) == 0 ? Field(header, 345, 155) : std::string();
        name = (prefix.empty() ? "" : prefix + "/") + Field(header, 0, 100);
      }
      if (type == '0' || type == 0 || type == '7') Use(source, name, begin, size, use);
      long_name.clear();
      long_size = kUnknownSize;
    }
    position = SaturatingAdd(begin, SaturatingAdd(size, kBlock - 1) / kBlock * kBlock);
    if (position >= kUnknownSize) {
      problems->Add("tar-bad-member", begin, "a member's size is impossible");
      return;
    }
  }
}

}  // namespace cudacompat::scan
