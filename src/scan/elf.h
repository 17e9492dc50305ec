// The parts of an ELF file that the scanner needs, 32 and 64 bit, hosts and cubins alike: header, sections,
// dynamic entries. Layout: System V ABI, "Object Files" and "Dynamic Linking".
// Does not own: what sections mean for CUDA (elf_file.cc, cubin.cc).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scan/report.h"
#include "scan/source.h"

namespace cudacompat::scan {

struct ElfSection {
  uint32_t name = 0;  ///< offset into the section name table
  uint32_t type = 0;
  uint64_t flags = 0;
  uint64_t address = 0;
  uint64_t offset = 0;
  uint64_t size = 0;
  uint32_t link = 0;
  uint64_t entry_size = 0;
};

inline constexpr uint32_t kElfProgbits = 1;
inline constexpr uint32_t kElfSymtab = 2;
inline constexpr uint32_t kElfStrtab = 3;
inline constexpr uint32_t kElfNote = 7;
inline constexpr uint32_t kElfNobits = 8;
inline constexpr uint32_t kElfDynsym = 11;
inline constexpr uint64_t kElfAlloc = 0x2;
inline constexpr uint64_t kElfExecutable = 0x4;
inline constexpr uint64_t kElfCompressed = 0x800;
inline constexpr uint16_t kElfMachineCuda = 190;

struct ElfHeader {
  bool is64 = false;
  uint8_t os_abi = 0;
  uint8_t abi_version = 0;
  uint16_t type = 0;
  uint16_t machine = 0;
  uint32_t version = 0;
  uint32_t flags = 0;
  uint64_t program_offset = 0;
  uint64_t section_offset = 0;
  uint16_t program_size = 0;
  uint16_t program_count = 0;
  uint16_t section_size = 0;
  uint16_t section_count = 0;
  uint16_t name_index = 0;
};

/// Reads the first 64 bytes. Nothing for what is no little-endian ELF; a big-endian one is a problem.
std::optional<ElfHeader> ReadElfHeader(Source& source, Problems* problems);

class ElfSections {
 public:
  static constexpr size_t kMost = 65536;

  /// Reads the section table, at most kMost of it. What does not fit into the file is a problem.
  ElfSections(Source& source, const ElfHeader& header, Problems* problems);

  const std::vector<ElfSection>& list() const { return list_; }
  /// At most 255 bytes of the section's name.
  std::string Name(const ElfSection& section);
  /// Index of the first section of that name, or -1.
  int Find(std::string_view name);

 private:
  std::vector<ElfSection> list_;
  uint64_t names_offset_ = 0;
  uint64_t names_size_ = 0;
  Window names_;
};

/// What the loader is told.
struct ElfDynamic {
  std::vector<std::string> needed;
  std::string soname;
  uint64_t strings_offset = 0;  ///< of the dynamic string table in the file
  uint64_t strings_size = 0;
  uint64_t version_need_offset = 0;
  uint64_t version_need_count = 0;
  bool whole = true;  ///< false: it has more entries than are read, or names that stand nowhere
};

/// Tells a stream to keep the dynamic table, which is read after everything has gone by.
void PinElfDynamic(Source& source, const ElfHeader& header);

/// Follows PT_DYNAMIC; empty where there is none.
ElfDynamic ReadElfDynamic(Source& source, const ElfHeader& header);

/// The newest "GLIBC_2.x" that the version needs ask for, or empty.
std::string NewestGlibc(Source& source, const ElfDynamic& dynamic);

/// "x86_64", "aarch64", …, "machine-N".
std::string ElfMachineName(uint16_t machine);

}  // namespace cudacompat::scan
