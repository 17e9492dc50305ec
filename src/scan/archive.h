// Readers of archives: each calls back for every member with a source of its bytes, in the archive's order,
// and never writes anything anywhere.
// Does not own: what is done with members (scan_file.cc).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "scan/options.h"
#include "scan/report.h"
#include "scan/stream.h"

namespace cudacompat::scan {

struct Member {
  std::string name;     ///< as the archive has it; never used as a path
  uint64_t offset = 0;  ///< of its bytes in the archive, where they lie there as they are
  bool in_place = false;
  Source* source = nullptr;
  StreamSource* stream = nullptr;  ///< the same, where it is one: ask it for an error afterwards
  /// Reads what is left of it and compares its checksum; what is wrong with it, or nothing. Empty where the
  /// archive has none.
  std::function<std::string()> verify{};
};

using MemberFn = std::function<void(Member&)>;

/// `!<arch>` archives of every flavour (System V, GNU, BSD), thin ones through `sibling`, which opens a file
/// next to the archive and may be empty.
using SiblingFn = std::function<std::unique_ptr<Source>(const std::string& name, std::string* reason)>;
void ReadAr(Source& source, const Options& options, const SiblingFn& sibling, Problems* problems,
            const MemberFn& use);

/// Zip by its central directory, zip64 included. `source` must be readable anywhere.
void ReadZip(Source& source, const Options& options, Budget* budget, Problems* problems, const MemberFn& use);

/// Tar (ustar, pax, GNU names), read forward.
void ReadTar(Source& source, const Options& options, Problems* problems, const MemberFn& use);

/// A compressed stream by its format's magic; null where `format` is none.
enum class Format;
StreamFactory OpenCompressed(Source& source, uint64_t offset, uint64_t length, Format format);

}  // namespace cudacompat::scan
