#include "scan/elf.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/version.h"

namespace cudacompat::scan {
namespace {

// Both classes go through one function: a 64-bit field is 32 bits wide in the small class.
uint64_t Wide(Bytes bytes, bool is64, uint64_t offset64, uint64_t offset32) {
  return is64 ? Load64(bytes, offset64) : Load32(bytes, offset32);
}

ElfSection ParseSection(Bytes row, bool is64) {
  ElfSection section;
  section.name = Load32(row, 0);
  section.type = Load32(row, 4);
  section.flags = Wide(row, is64, 8, 8);
  section.address = Wide(row, is64, 16, 12);
  section.offset = Wide(row, is64, 24, 16);
  section.size = Wide(row, is64, 32, 20);
  section.link = is64 ? Load32(row, 40) : Load32(row, 24);
  section.entry_size = Wide(row, is64, 56, 36);
  return section;
}

}  // namespace

std::optional<ElfHeader> ReadElfHeader(Source& source, Problems* problems) {
  std::array<uint8_t, 64> raw{};
  const size_t got = source.ReadAt(0, raw);
  const Bytes bytes(raw.data(), got);
  if (Load32(bytes, 0) != 0x464C457F) return std::nullopt;
  const uint8_t elf_class = Load8(bytes, 4);
  if (Load8(bytes, 5) == 2) {
    problems->Add("elf-big-endian", 5, "a big-endian ELF file: CUDA has no such host");
    return std::nullopt;
  }
  if ((elf_class != 1 && elf_class != 2) || Load8(bytes, 5) != 1) {
    problems->Add("elf-bad-header", 4, "the ELF class or byte order is none that exists");
    return std::nullopt;
  }
  ElfHeader header;
  header.is64 = elf_class == 2;
  if (got < (header.is64 ? 64u : 52u)) {
    problems->Add("elf-truncated", got, "the ELF header is cut short");
    return std::nullopt;
  }
  const bool wide = header.is64;
  header.os_abi = Load8(bytes, 7);
  header.abi_version = Load8(bytes, 8);
  header.type = Load16(bytes, 16);
  header.machine = Load16(bytes, 18);
  header.version = Load32(bytes, 20);
  header.program_offset = Wide(bytes, wide, 32, 28);
  header.section_offset = Wide(bytes, wide, 40, 32);
  header.flags = Load32(bytes, wide ? 48 : 36);
  const uint64_t tail = wide ? 54 : 42;  // e_phentsize and the four halves behind it
  header.program_size = Load16(bytes, tail);
  header.program_count = Load16(bytes, tail + 2);
  header.section_size = Load16(bytes, tail + 4);
  header.section_count = Load16(bytes, tail + 6);
  header.name_index = Load16(bytes, tail + 8);
  return header;
}

ElfSections::ElfSections(Source& source, const ElfHeader& header, Problems* problems) : names_(source) {
  if (header.section_offset == 0) return;
  const uint64_t row_size = header.section_size;
  if (row_size < (header.is64 ? 64u : 40u)) {
    problems->Add("elf-bad-sections", header.section_offset, "section headers are too small to be any");
    return;
  }
  Window window(source);
  uint64_t count = header.section_count;
  uint64_t name_index = header.name_index;
  if (count == 0 || name_index == 0xFFFF) {  // more than fit into 16 bits: section 0 has the real numbers
    const ElfSection zero = ParseSection(window.At(header.section_offset, row_size), header.is64);
    if (count == 0) count = zero.size;
    if (name_index == 0xFFFF) name_index = zero.link;
  }
  if (count > kMost) {
    problems->Add("elf-too-many-sections", header.section_offset,
                  std::to_string(count) + " sections; only the first " + std::to_string(kMost) + " are read");
    count = kMost;
  }
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t at = SaturatingAdd(header.section_offset, i * row_size);
    const Bytes row = window.At(at, row_size);
    if (row.size() < row_size) {
      problems->Add("elf-truncated", at, "the section table reaches past the end of the file");
      break;
    }
    list_.push_back(ParseSection(row, header.is64));
  }
  if (name_index >= list_.size()) {
    if (!list_.empty()) problems->Add("elf-no-names", 0, "there is no section name table");
    return;
  }
  names_offset_ = list_[name_index].offset;
  names_size_ = list_[name_index].size;
}

std::string ElfSections::Name(const ElfSection& section) {
  constexpr uint64_t kLongest = 255;
  if (section.name >= names_size_) return {};
  const Bytes part = names_.At(SaturatingAdd(names_offset_, section.name),
                               static_cast<size_t>(std::min(kLongest, names_size_ - section.name)));
  return {part.begin(), std::find(part.begin(), part.end(), 0)};
}

int ElfSections::Find(std::string_view name) {
  for (size_t i = 0; i < list_.size(); ++i) {
    if (Name(list_[i]) == name) return static_cast<int>(i);
  }
  return -1;
}

namespace {

struct Segment {
  uint64_t offset = 0;
  uint64_t address = 0;
  uint64_t size = 0;
};

// The file offset of an address, by the loadable segments.
uint64_t FileOffset(const std::vector<Segment>& loads, uint64_t address) {
  for (const Segment& load : loads) {
    if (address >= load.address && address - load.address < load.size) {
      return SaturatingAdd(load.offset, address - load.address);
    }
  }
  return UINT64_MAX;
}

struct Segments {
  std::vector<Segment> loads;
  Segment dynamic;
};

Segments ReadSegments(Source& source, const ElfHeader& header) {
  constexpr size_t kMost = 256;
  Segments segments;
  const bool wide = header.is64;
  const size_t row_size = wide ? 56 : 32;
  if (header.program_size < row_size || header.program_offset == 0) return segments;
  Window window(source);
  for (size_t i = 0; i < std::min<size_t>(header.program_count, kMost); ++i) {
    const Bytes row = window.At(SaturatingAdd(header.program_offset, i * header.program_size), row_size);
    const Segment segment{Wide(row, wide, 8, 4), Wide(row, wide, 16, 8), Wide(row, wide, 32, 16)};
    if (Load32(row, 0) == 1) segments.loads.push_back(segment);
    if (Load32(row, 0) == 2) segments.dynamic = segment;
  }
  return segments;
}

}  // namespace

void PinElfDynamic(Source& source, const ElfHeader& header) {
  if (source.random_access()) return;
  const Segments segments = ReadSegments(source, header);
  source.Pin(segments.dynamic.offset, segments.dynamic.size);
}

ElfDynamic ReadElfDynamic(Source& source, const ElfHeader& header) {
  constexpr uint64_t kMostEntries = 4096;
  ElfDynamic dynamic;
  const bool wide = header.is64;
  const Segments segments = ReadSegments(source, header);
  const std::vector<Segment>& loads = segments.loads;
  const Segment& table = segments.dynamic;
  Window window(source);
  std::vector<uint64_t> needed;
  uint64_t soname = UINT64_MAX;
  uint64_t strings = UINT64_MAX;
  uint64_t version_need = UINT64_MAX;
  const uint64_t step = wide ? 16 : 8;
  dynamic.whole = table.size / step <= kMostEntries;
  for (uint64_t i = 0; i < std::min(table.size / step, kMostEntries); ++i) {
    const Bytes row = window.At(SaturatingAdd(table.offset, i * step), step);
    if (row.size() < step) break;
    const uint64_t tag = Wide(row, wide, 0, 0);
    const uint64_t value = Wide(row, wide, 8, 4);
    if (tag == 0) {
      dynamic.whole = true;
      break;
    }
    if (tag == 1) needed.push_back(value);
    if (tag == 5) strings = FileOffset(loads, value);
    if (tag == 10) dynamic.strings_size = value;
    if (tag == 14) soname = value;
    if (tag == 0x6ffffffe) version_need = FileOffset(loads, value);
    if (tag == 0x6fffffff) dynamic.version_need_count = value;
  }
  dynamic.whole = dynamic.whole && (needed.empty() || strings != UINT64_MAX);
  if (strings == UINT64_MAX) return dynamic;
  dynamic.strings_offset = strings;
  if (version_need != UINT64_MAX) dynamic.version_need_offset = version_need;
  for (const uint64_t offset : needed) {
    dynamic.needed.push_back(ReadText(source, SaturatingAdd(strings, offset), 255));
  }
  if (soname != UINT64_MAX) dynamic.soname = ReadText(source, SaturatingAdd(strings, soname), 255);
  return dynamic;
}

std::string NewestGlibc(Source& source, const ElfDynamic& dynamic) {
  constexpr uint64_t kMost = 256;
  if (dynamic.version_need_offset == 0) return {};
  // The table first, then the names: they may lie far apart, and a stream goes to and fro slowly.
  std::vector<uint32_t> names;
  Window window(source);
  uint64_t at = dynamic.version_need_offset;
  for (uint64_t i = 0; i < std::min(dynamic.version_need_count, kMost) && names.size() < kMost; ++i) {
    const Bytes need = window.At(at, 16);
    const uint32_t next = Load32(need, 12);
    uint64_t entry = SaturatingAdd(at, Load32(need, 8));
    const uint16_t versions = Load16(need, 2);
    for (uint16_t j = 0; j < versions && names.size() < kMost; ++j) {
      const Bytes row = window.At(entry, 16);
      const uint32_t step = Load32(row, 12);
      names.push_back(Load32(row, 8));
      if (step == 0) break;
      entry = SaturatingAdd(entry, step);
    }
    if (next == 0) break;
    at = SaturatingAdd(at, next);
  }
  std::sort(names.begin(), names.end());
  std::string newest;
  int64_t newest_key = 0;
  for (const uint32_t offset : names) {
    const std::string name = ReadText(source, SaturatingAdd(dynamic.strings_offset, offset), 64);
    const std::string_view prefix = "GLIBC_";
    if (!StartsWith(name, prefix)) continue;
    const auto key = DottedKey(std::string_view(name).substr(prefix.size()));
    if (!key || *key <= newest_key) continue;
    newest_key = *key;
    newest = name.substr(prefix.size());
  }
  return newest;
}

std::string ElfMachineName(uint16_t machine) {
  switch (machine) {
    case 3:
      return "x86";
    case 21:
      return "ppc64";
    case 40:
      return "arm";
    case 62:
      return "x86_64";
    case 183:
      return "aarch64";
    case 190:
      return "cuda";
    case 243:
      return "riscv64";
    default:
      return "machine-" + std::to_string(machine);
  }
}

}  // namespace cudacompat::scan
