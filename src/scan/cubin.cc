#include "scan/cubin.h"

#include <algorithm>

#include "base/text.h"
#include "scan/elf.h"
#include "scan/zstd_frame.h"

namespace cudacompat::scan {
namespace {

constexpr uint8_t kOsAbi7 = 0x33;
constexpr uint8_t kOsAbi8 = 0x41;
constexpr uint32_t kNvCompat = 0x70000086;  // SHT_LOPROC + 0x86

// major * 10 + minor, as notes and version fields have it.
std::string ToolkitText(uint32_t packed) {
  if (packed < 10 || packed > 9999) return {};
  return std::to_string(packed / 10) + "." + std::to_string(packed % 10);
}

// TLV `02 09 xx 00`: xx = 1 means an architecture-specific cubin (fatbin.md 3.2).
char CompatSuffix(Bytes compat) {
  for (size_t i = 0; i + 4 <= compat.size(); i += 4) {
    if (compat[i] == 2 && compat[i + 1] == 9) return compat[i + 2] == 1 ? 'a' : 0;
  }
  return 0;
}

// The option text of the tool note ends the architecture with `f`: "-arch sm_100f".
bool NoteSaysFamily(Bytes note) {
  const std::string_view text(reinterpret_cast<const char*>(note.data()), note.size());
  for (const std::string_view mark : {"-arch sm_", "-arch=sm_"}) {
    const size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    size_t end = at + mark.size();
    while (end < text.size() && IsDigit(text[end])) ++end;
    return end < text.size() && text[end] == 'f';
  }
  return false;
}

// "Cuda compilation tools, release 12.8, V12.8.61" → "12.8".
std::string NoteRelease(Bytes note) {
  const std::string_view text(reinterpret_cast<const char*>(note.data()), note.size());
  const std::string_view mark = "tools, release ";
  size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  at += mark.size();
  size_t end = at;
  while (end < text.size() && end - at < 8 && (IsDigit(text[end]) || text[end] == '.')) ++end;
  return std::string(text.substr(at, end - at));
}

}  // namespace

std::optional<CubinHeader> ReadCubinHeader(Source& source) {
  Problems ignored;
  const auto elf = ReadElfHeader(source, &ignored);
  if (!elf || elf->machine != kElfMachineCuda) return std::nullopt;
  CubinHeader cubin;
  cubin.abi = elf->abi_version;
  const bool new_layout = elf->os_abi == kOsAbi8 || elf->abi_version >= 8;
  cubin.arch = new_layout ? elf->flags >> 8 & 0xFF : elf->flags & 0xFF;
  // Below capability 9.0 bit 11 has other uses, and there is no suffix (fatbin.md 3.1).
  constexpr uint32_t kFirstWithSuffix = 90;
  if (!new_layout && (elf->flags & 0x800) != 0 && cubin.arch >= kFirstWithSuffix) cubin.old_suffix = 'a';
  if (new_layout && (elf->flags & 0x8) != 0 && cubin.arch >= kFirstWithSuffix) cubin.old_suffix = 'a';
  if (elf->os_abi == kOsAbi7) cubin.toolkit = ToolkitText(elf->version);
  const uint64_t sections = uint64_t{elf->section_count} * elf->section_size;
  const uint64_t programs = uint64_t{elf->program_count} * elf->program_size;
  cubin.extent =
      std::max(SaturatingAdd(elf->section_offset, sections), SaturatingAdd(elf->program_offset, programs));
  return cubin;
}

CubinDetails ReadCubinDetails(Source& source, const CubinHeader& header) {
  CubinDetails details{header.old_suffix, header.toolkit};
  if (header.abi < 8) return details;
  Problems ignored;
  const auto elf = ReadElfHeader(source, &ignored);
  if (!elf) return details;
  ElfSections sections(source, *elf, &ignored);
  for (const ElfSection& section : sections.list()) {
    if (section.type != kNvCompat && section.type != kElfNote) continue;
    const std::vector<uint8_t> bytes =
        ReadBytes(source, section.offset, std::min<uint64_t>(section.size, 4096));
    if (section.type == kNvCompat) {
      if (CompatSuffix(bytes) != 0) details.suffix = CompatSuffix(bytes);
      continue;
    }
    const uint32_t note_type = Load32(bytes, 8);
    if (note_type == 1000 && Load32(bytes, 4) >= 8) details.toolkit = ToolkitText(Load16(bytes, 24 + 4));
    if (note_type != 2000) continue;
    if (NoteSaysFamily(bytes)) details.suffix = 'f';
    if (details.toolkit.empty()) details.toolkit = NoteRelease(bytes);
  }
  return details;
}

namespace {

// What the version field or the note says that ends with the toolkit (fatbin.md 3.3).
std::optional<std::string> StatedToolkit(Bytes prefix) {
  MemorySource source(prefix);
  const auto header = ReadCubinHeader(source);
  if (!header) return "";
  if (!header->toolkit.empty()) return header->toolkit;
  // namesz 12, descsz 8, type 1000, "NVIDIA Corp".
  static constexpr std::string_view kHead("\x0C\0\0\0\x08\0\0\0\xE8\3\0\0", 12);
  static constexpr std::string_view kName("NVIDIA Corp\0", 12);
  const std::string_view text(reinterpret_cast<const char*>(prefix.data()), prefix.size());
  for (size_t at = text.find(kName); at != std::string_view::npos; at = text.find(kName, at + 1)) {
    if (at < kHead.size() || text.substr(at - kHead.size(), kHead.size()) != kHead) continue;
    return ToolkitText(Load16(prefix, at + kName.size() + 4));
  }
  return std::nullopt;
}

}  // namespace

std::string CubinToolkit(Bytes prefix) {
  const std::optional<std::string> stated = StatedToolkit(prefix);
  return stated ? *stated : NoteRelease(prefix);
}

std::string ZstdCubinToolkit(Source& source, uint64_t offset, uint64_t end) {
  const auto early = StatedToolkit(ZstdGlimpse(source, offset, end));
  if (early && !early->empty()) return *early;
  return CubinToolkit(ZstdBeginning(source, offset, end, kNotesWithin));
}

bool CubinHasNoKernels(Source& source) {
  Problems problems;
  const auto elf = ReadElfHeader(source, &problems);
  if (!elf || elf->machine != kElfMachineCuda) return false;
  ElfSections sections(source, *elf, &problems);
  if (!problems.empty() || sections.list().empty()) return false;
  for (const ElfSection& section : sections.list()) {
    if (StartsWith(sections.Name(section), ".text.")) return false;
  }
  return true;
}

void ForEachKernel(Source& source, size_t limit, const std::function<void(const std::string&)>& use) {
  // Of any binding: a static kernel's symbol is local, that of a template is weak.
  constexpr uint8_t kFunction = 0x2;     // STT_FUNC, in the lower half
  constexpr uint8_t kEntryPoint = 0x10;  // st_other of a kernel (fatbin.md 3.4)
  Problems ignored;
  const auto elf = ReadElfHeader(source, &ignored);
  if (!elf || elf->machine != kElfMachineCuda || !elf->is64) return;
  ElfSections sections(source, *elf, &ignored);
  Window window(source);
  for (const ElfSection& section : sections.list()) {
    if (section.type != kElfSymtab || section.link >= sections.list().size()) continue;
    const uint64_t names = sections.list()[section.link].offset;
    // Names first in memory: a table of symbols and one of names would make the stream jump to and fro.
    std::vector<uint32_t> kernels;
    for (uint64_t at = 0; Fits(at, 24, section.size) && kernels.size() < limit; at += 24) {
      const Bytes row = window.At(SaturatingAdd(section.offset, at), 24);
      if (row.size() < 24) break;
      if ((Load8(row, 4) & 0xF) == kFunction && (Load8(row, 5) & kEntryPoint) != 0)
        kernels.push_back(Load32(row, 0));
    }
    for (const uint32_t name : kernels) {
      const std::string text = ReadText(source, SaturatingAdd(names, name), 4096);
      if (!text.empty()) use(text);
    }
    limit -= std::min(limit, kernels.size());
  }
}

}  // namespace cudacompat::scan
