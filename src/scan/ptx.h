// The first directives of a PTX text: .version, .target, .address_size (PTX ISA manual, "Directives").
#pragma once

#include <optional>

#include "scan/source.h"

namespace cudacompat::scan {

struct PtxHeader {
  uint16_t isa_major = 0;
  uint16_t isa_minor = 0;
  uint32_t arch = 0;  ///< 0 when no .target was found
  char suffix = 0;
  bool debug = false;
  bool is64 = false;
};

/// False when these first bytes of a file already show that it is no PTX text.
bool MayBePtx(Bytes first);

/// Nothing unless the first thing after comments and blanks is ".version M.m". Reads at most a megabyte.
std::optional<PtxHeader> ReadPtxHeader(Source& source);

/// False when the text ends inside a body, a comment or a name in quotes. Reads it to its end, up to 64 MB.
bool PtxIsWhole(Source& source);

}  // namespace cudacompat::scan
