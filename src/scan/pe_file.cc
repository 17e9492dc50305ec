// What a Windows library, program or object holds for CUDA. Layout: Microsoft "PE Format"; the names of the
// sections are cut to eight bytes in images and stand in the string table in objects (fatbin.md section 6).
// Does not own: containers (fatbin.cc).
#include <algorithm>
#include <array>

#include "base/text.h"
#include "scan/object.h"

namespace cudacompat::scan {
namespace {

constexpr size_t kMostSections = 65536;
constexpr uint32_t kInitialisedData = 0x40;
constexpr uint32_t kExecute = 0x20000000;

struct PeSection {
  std::string name;
  uint32_t virtual_size = 0;
  uint32_t address = 0;
  uint32_t raw_size = 0;
  uint32_t raw_offset = 0;
  uint32_t flags = 0;
};

bool IsFatbinSection(std::string_view name) {
  return name == ".nv_fatb" || name == "__nv_rel" || name == ".nv_fatbin" || name == "__nv_relfatbin";
}

std::string MachineName(uint16_t machine) {
  switch (machine) {
    case 0x14c:
      return "x86";
    case 0x8664:
      return "x86_64";
    case 0xaa64:
      return "aarch64";
    default:
      return "machine-" + std::to_string(machine);
  }
}

// `strings` is the file offset of the COFF string table, 0 where there is none.
std::string SectionName(Source& source, Bytes row, uint64_t strings) {
  std::string name;
  for (size_t i = 0; i < 8 && Load8(row, i) != 0; ++i) name += static_cast<char>(row[i]);
  if (name.size() < 2 || name[0] != '/' || strings == 0) return name;
  uint64_t offset = 0;
  for (const char c : name.substr(1)) {
    if (!IsDigit(c)) return name;
    offset = offset * 10 + static_cast<uint64_t>(c - '0');
  }
  return ReadText(source, strings + offset, 255);
}

std::vector<PeSection> ReadSections(ObjectContext& context, uint64_t table, uint64_t count,
                                    uint64_t strings) {
  std::vector<PeSection> sections;
  Window window(context.source);
  if (count > kMostSections) {
    context.Problem("pe-too-many-sections", table, std::to_string(count) + " sections; only some are read");
    count = kMostSections;
  }
  for (uint64_t i = 0; i < count; ++i) {
    const Bytes row = window.At(SaturatingAdd(table, i * 40), 40);
    if (row.size() < 40) {
      context.Problem("pe-truncated", table + i * 40, "the section table reaches past the end of the file");
      break;
    }
    PeSection section;
    section.virtual_size = Load32(row, 8);
    section.address = Load32(row, 12);
    section.raw_size = Load32(row, 16);
    section.raw_offset = Load32(row, 20);
    section.flags = Load32(row, 36);
    // The name last: a long one moves the window.
    const std::array<uint8_t, 8> name = {row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]};
    section.name = SectionName(context.source, name, strings);
    sections.push_back(std::move(section));
  }
  return sections;
}

std::vector<Place> PlacesOf(const std::vector<PeSection>& sections, bool image, uint64_t image_base) {
  std::vector<Place> places;
  for (const PeSection& section : sections) {
    if (section.raw_offset == 0 || section.raw_size == 0) continue;
    // In an image the tail of a section is padding; in an object the virtual size is 0.
    const uint32_t size = image && section.virtual_size != 0
                              ? std::min(section.virtual_size, section.raw_size)
                              : section.raw_size;
    const bool data = (section.flags & kInitialisedData) != 0 && (section.flags & kExecute) == 0;
    places.push_back({section.name, section.raw_offset, size, image_base + section.address,
                      IsFatbinSection(section.name), false, data});
  }
  return places;
}

class Imports {
 public:
  Imports(ObjectContext& context, const std::vector<PeSection>& sections, uint64_t image_base)
      : context_(context), sections_(sections), image_base_(image_base) {}

  /// The import directory has rows of 20 bytes with the name at 12, the delayed one of 32 with it at 4.
  void Read(uint32_t address, bool delayed) {
    constexpr size_t kMostRows = 4096;
    const uint64_t row_size = delayed ? 32 : 20;
    const uint64_t table = FileOffset(address);
    if (address == 0 || table == UINT64_MAX) return;
    for (size_t i = 0; i < kMostRows; ++i) {
      std::array<uint8_t, 32> raw{};
      const std::span<uint8_t> row = std::span(raw).first(static_cast<size_t>(row_size));
      if (context_.source.ReadAt(SaturatingAdd(table, i * row_size), row) < row_size) return;
      uint64_t name = Load32(row, delayed ? 4 : 12);
      if (name == 0) return;
      // Old delayed imports hold addresses, new ones offsets from the image base: bit 0 tells.
      if (delayed && (Load32(row, 0) & 1) == 0 && name >= image_base_) name -= image_base_;
      const uint64_t at = FileOffset(name);
      if (at != UINT64_MAX) AddNeed(context_.file(), ReadText(context_.source, at, 255), delayed);
    }
  }

 private:
  uint64_t FileOffset(uint64_t address) const {
    for (const PeSection& section : sections_) {
      if (address >= section.address && address - section.address < section.raw_size) {
        return section.raw_offset + (address - section.address);
      }
    }
    return UINT64_MAX;
  }

  ObjectContext& context_;
  const std::vector<PeSection>& sections_;
  uint64_t image_base_;
};

void NoteRuntime(FileReport& file, const std::vector<PeSection>& sections) {
  bool registers = false;
  for (const PeSection& section : sections) registers |= StartsWith(section.name, ".nvFatBi");
  for (const Need& need : file.needs) {
    if (need.library == "cudart") {
      file.static_cudart = StaticCudart::kNo;
      return;
    }
  }
  if (registers) file.static_cudart = StaticCudart::kYes;
}

}  // namespace

void ScanPe(ObjectContext& context) {
  std::array<uint8_t, 64> dos{};
  context.source.ReadAt(0, dos);
  const uint64_t pe = Load32(dos, 0x3C);
  std::array<uint8_t, 24 + 240> raw{};
  const size_t got = context.source.ReadAt(pe, raw);
  const Bytes head(raw.data(), got);
  if (Load32(head, 0) != 0x4550 || got < 24 + 96) {
    return context.Problem("pe-truncated", pe, "the PE header is cut short");
  }
  FileReport& file = context.file();
  if (file.machine.empty()) file.machine = MachineName(Load16(head, 4));
  const uint64_t section_count = Load16(head, 6);
  const uint64_t optional_size = Load16(head, 20);
  const Bytes optional = Part(head, 24, optional_size);
  const bool plus = Load16(optional, 0) == 0x20b;
  const uint64_t image_base = plus ? Load64(optional, 24) : Load32(optional, 28);
  const uint64_t directories = plus ? 112 : 96;
  const uint32_t directory_count = Load32(optional, directories - 4);
  auto directory = [&](uint32_t i) {
    return i < directory_count ? Load32(optional, directories + i * 8) : 0;
  };
  std::vector<PeSection> sections;
  ScanPlaces(context, [&] {
    sections = ReadSections(context, pe + 24 + optional_size, section_count, 0);
    return PlacesOf(sections, true, image_base);
  });
  Imports imports(context, sections, image_base);
  imports.Read(directory(1), false);
  imports.Read(directory(13), true);
  NoteRuntime(file, sections);
  NoteCudaLibrary(file);
}

void ScanCoff(ObjectContext& context) {
  context.file().unlinked = true;
  std::array<uint8_t, 56> raw{};
  const size_t got = context.source.ReadAt(0, raw);
  const Bytes head(raw.data(), got);
  // An object with more sections than 16 bits count begins with an anonymous header (0, 0xFFFF).
  const bool big = Load16(head, 0) == 0 && Load16(head, 2) == 0xFFFF;
  const uint64_t count = big ? Load32(head, 44) : Load16(head, 2);
  const uint64_t symbols = big ? Load32(head, 48) : Load32(head, 8);
  const uint64_t symbol_count = big ? Load32(head, 52) : Load32(head, 12);
  const uint64_t table = big ? 56 : 20 + uint64_t{Load16(head, 16)};
  const uint64_t strings = symbols == 0 ? 0 : symbols + symbol_count * (big ? 20 : 18);
  if (context.file().machine.empty()) context.file().machine = MachineName(Load16(head, big ? 6 : 0));
  ScanPlaces(context, [&] { return PlacesOf(ReadSections(context, table, count, strings), false, 0); });
}

}  // namespace cudacompat::scan
