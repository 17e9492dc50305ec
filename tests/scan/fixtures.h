// Binary files made from a description, so that a test says in text what its file holds and which field is
// wrong in it. Layouts as in shared/fatbin.md, ELF, PE, ar, zip and tar; every writer is the plainest one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scan/scan.h"

namespace fixtures {

using Blob = std::string;

void Put16(Blob* blob, uint64_t value);
void Put32(Blob* blob, uint64_t value);
void Put64(Blob* blob, uint64_t value);
void Set16(Blob* blob, size_t offset, uint64_t value);
void Set32(Blob* blob, size_t offset, uint64_t value);
void Set64(Blob* blob, size_t offset, uint64_t value);
void Pad(Blob* blob, size_t alignment);

/// One entry of a fat binary. Sizes that are 0 are filled in from the payload.
struct Entry {
  uint16_t kind = 2;
  uint32_t arch = 90;
  uint64_t flags = 0x11;
  uint16_t major = 1;
  uint16_t minor = 7;
  Blob payload = Blob(64, 'c');
  uint64_t full_size = 0;
  std::string identifier = {};
};
Blob EntryBytes(const Entry& entry);
Blob ContainerOf(const std::vector<Entry>& entries);

Entry Cubin(uint32_t arch, uint64_t extra_flags = 0);
Entry Ptx(uint32_t arch, uint16_t major, uint16_t minor, uint64_t extra_flags = 0);

/// Compresses and sets the flag, size and padding as fatbinary does.
enum class Pack { kZlib, kLz4, kLz4Frame, kZstd };
Entry Packed(Entry entry, Pack pack);

/// A cubin of the given ABI (7 or 8) with the named sections and, for ABI 8, the toolkit note.
struct CubinOptions {
  uint32_t arch = 90;
  int abi = 8;
  uint32_t toolkit = 130;  ///< major * 10 + minor
  bool arch_specific = false;
  std::vector<std::string> kernels = {};
  std::string options = {};  ///< the tool note's option text
};
Blob CubinBytes(const CubinOptions& options);

struct Section {
  std::string name;
  Blob bytes;
  uint32_t type = 1;
  uint64_t flags = 2;
};
struct ElfOptions {
  bool is64 = true;
  uint16_t machine = 62;
  uint16_t type = 3;
  std::vector<Section> sections = {};
  std::vector<std::string> needed = {};
  std::string soname = {};
  std::vector<std::string> imports = {};  ///< names that stand among the dynamic strings
  bool section_headers = true;
};
Blob ElfBytes(const ElfOptions& options);

struct PeOptions {
  std::vector<Section> sections = {};  ///< flags: 0x40000040 for read-only data
  std::vector<std::string> imports = {};
  std::vector<std::string> delayed = {};
};
Blob PeBytes(const PeOptions& options);
/// A COFF object; long names go to the string table.
Blob CoffBytes(const std::vector<Section>& sections);

struct File {
  std::string name;
  Blob bytes;
};
Blob ArBytes(const std::vector<File>& files);
Blob ThinArBytes(const std::vector<File>& files);
Blob TarBytes(const std::vector<File>& files);
enum class Method { kStored, kDeflated };
Blob ZipBytes(const std::vector<File>& files, Method method);
Blob Gzip(const Blob& bytes);
Blob ZstdBytes(const Blob& bytes);
Blob Deflate(const Blob& bytes);
Blob Lz4BlockBytes(const Blob& bytes);
Blob Lz4FrameBytes(const Blob& bytes);
Blob XzBytes(const Blob& bytes);
Blob Bzip2Bytes(const Blob& bytes);

/// Scans bytes in memory under the name "file".
std::vector<cudacompat::scan::FileReport> ScanBytes(const Blob& bytes,
                                                    const cudacompat::scan::Options& options = {});
std::vector<cudacompat::scan::FileReport> DeepScan(const Blob& bytes);

/// "cubin sm_90a zstd" for each image, in order.
std::vector<std::string> Images(const cudacompat::scan::FileReport& file);
/// The codes of the problems, in order.
std::vector<std::string> Codes(const cudacompat::scan::FileReport& file);

/// A folder that is gone when the test is.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  const std::string& path() const { return path_; }
  std::string Write(const std::string& name, const Blob& bytes) const;

 private:
  std::string path_;
};

using Lines = std::vector<std::string>;

}  // namespace fixtures
