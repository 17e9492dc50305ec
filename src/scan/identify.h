// What a file is, by its first bytes and never by its name. Signatures: fatbin.md 2.6 and each format's own.
#pragma once

#include <string>

#include "scan/source.h"

namespace cudacompat::scan {

enum class Format {
  kUnknown,  ///< nothing that may hold device code
  kElf,
  kCubin,
  kPe,
  kCoff,
  kAr,
  kThinAr,
  kFatbin,
  kPtx,
  kLtoIr,
  kOptixIr,
  kZip,
  kTar,
  kGzip,
  kZstd,
  kXz,
  kBzip2,
  kLlvmOffload,
  kHipBundle,
  kLegacyFatbin,
};

/// Reads at most 64 kB, and more than the first 512 bytes only for what may be PTX text.
Format Identify(Source& source);

/// "elf", "pe", "thin-ar", …: the JSON's `format`.
std::string FormatName(Format format);

/// Whether a name promises device code, a library or an archive of them. Only for what its content does not
/// tell: a file whose first bytes are damaged, or a page that was saved in place of a wheel.
bool NamedAsCode(const std::string& name);

}  // namespace cudacompat::scan
