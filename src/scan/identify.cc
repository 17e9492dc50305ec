#include "scan/identify.h"

#include <array>
#include <string_view>

#include "base/text.h"
#include "scan/elf.h"
#include "scan/fatbin.h"
#include "scan/ptx.h"

namespace cudacompat::scan {
namespace {

bool Begins(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

// An object has no magic: a known machine, a possible number of sections, no optional header, tables inside.
bool LooksLikeCoff(Bytes bytes, uint64_t size) {
  const uint16_t machine = Load16(bytes, 0);
  if (machine == 0 && Load16(bytes, 2) == 0xFFFF) {  // the class id of /bigobj objects
    static constexpr uint8_t kBigObject[] = {0xC7, 0xA1, 0xBA, 0xD1, 0xEE, 0xBA, 0xA9, 0x4B,
                                             0xAF, 0x20, 0xFA, 0xF6, 0x6A, 0xA4, 0xDC, 0xB8};
    return bytes.size() >= 56 && std::memcmp(bytes.data() + 12, kBigObject, sizeof(kBigObject)) == 0;
  }
  if (machine != 0x8664 && machine != 0xaa64 && machine != 0x14c) return false;
  const uint64_t sections = Load16(bytes, 2);
  const uint64_t symbols = Load32(bytes, 8);
  if (sections == 0 || Load16(bytes, 16) != 0 || !Fits(20, sections * 40, size)) return false;
  // The first section's name is printable, or this is some other data.
  for (size_t i = 20; i < 28; ++i) {
    const uint8_t c = Load8(bytes, i);
    if (c != 0 && (c < 0x20 || c > 0x7E)) return false;
  }
  return Load8(bytes, 20) != 0 && symbols <= size;
}

bool LooksLikeTar(Bytes bytes) {
  if (bytes.size() < 512 || !Begins(Part(bytes, 257), "ustar")) return false;
  return true;
}

Format ByMagic(Bytes bytes, Source& source) {
  switch (Load32(bytes, 0)) {
    case 0x464C457F:
      return Load16(bytes, 18) == kElfMachineCuda && Load8(bytes, 5) == 1 ? Format::kCubin : Format::kElf;
    case kContainerMagic:
      return Format::kFatbin;
    case kLegacyMagic:
      return Format::kLegacyFatbin;
    case 0x7F4E43ED:
      return Load16(bytes, 0x0E) == 2 ? Format::kOptixIr : Format::kLtoIr;
    case 0x04034B50:
      return Format::kZip;
    case 0x06054B50:
      return Format::kZip;  // an empty one
    case 0xFD2FB528:
      return Format::kZstd;
    case 0xAD10FF10:
      return Format::kLlvmOffload;
    default:
      break;
  }
  if (Load16(bytes, 0) == 0x5A4D) {
    std::array<uint8_t, 4> signature{};
    const uint32_t at = Load32(bytes, 0x3C);
    if (at > 64 * 1024) return Format::kUnknown;  // a stream would have to be read that far
    source.ReadAt(at, signature);
    return Load32(signature, 0) == 0x4550 ? Format::kPe : Format::kUnknown;
  }
  if (Load16(bytes, 0) == 0x8B1F && Load8(bytes, 2) == 8) return Format::kGzip;
  if (Begins(bytes, "!<arch>\n")) return Format::kAr;
  if (Begins(bytes, "!<thin>\n")) return Format::kThinAr;
  if (Begins(bytes, std::string_view("\xFD"
                                     "7zXZ\0",
                                     6)))
    return Format::kXz;
  if (Begins(bytes, "BZh") && Load8(bytes, 3) >= '1' && Load8(bytes, 3) <= '9') return Format::kBzip2;
  if (Begins(bytes, "__CLANG_OFFLOAD_BUNDLE__")) return Format::kHipBundle;
  return Format::kUnknown;
}

}  // namespace

Format Identify(Source& source) {
  std::array<uint8_t, 512> raw{};
  const Bytes bytes(raw.data(), source.ReadAt(0, raw));
  const Format format = ByMagic(bytes, source);
  if (format != Format::kUnknown) return format;
  if (LooksLikeTar(bytes)) return Format::kTar;
  if (LooksLikeCoff(bytes, source.size())) return Format::kCoff;
  if (MayBePtx(bytes) && ReadPtxHeader(source)) return Format::kPtx;
  return Format::kUnknown;
}

bool NamedAsCode(const std::string& name) {
  const std::string lower = ToLower(name.substr(name.find_last_of('/') + 1));
  for (const char* end :
       {".so",    ".dll", ".pyd",   ".exe", ".a",   ".lib", ".o",  ".obj", ".cubin", ".fatbin", ".ptx",
        ".ltoir", ".whl", ".conda", ".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz",    ".zst",    ".deb"}) {
    if (EndsWith(lower, end)) return true;
  }
  return Contains(lower, ".so.");
}

std::string FormatName(Format format) {
  switch (format) {
    case Format::kElf:
      return "elf";
    case Format::kCubin:
      return "cubin";
    case Format::kPe:
      return "pe";
    case Format::kCoff:
      return "coff";
    case Format::kAr:
      return "ar";
    case Format::kThinAr:
      return "thin-ar";
    case Format::kFatbin:
      return "fatbin";
    case Format::kPtx:
      return "ptx";
    case Format::kLtoIr:
      return "ltoir";
    case Format::kOptixIr:
      return "optixir";
    case Format::kZip:
      return "zip";
    case Format::kTar:
      return "tar";
    case Format::kGzip:
      return "gzip";
    case Format::kZstd:
      return "zstd";
    case Format::kXz:
      return "xz";
    case Format::kBzip2:
      return "bzip2";
    case Format::kLlvmOffload:
      return "llvm-offload";
    case Format::kHipBundle:
      return "hip-bundle";
    case Format::kLegacyFatbin:
      return "legacy-fatbin";
    case Format::kUnknown:
      break;
  }
  return "unknown";
}

}  // namespace cudacompat::scan
