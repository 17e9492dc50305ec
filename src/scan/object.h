// One object file's way through the scanner: a format says where its sections lie (places), and the same
// code walks, searches and names what is found, whether the object is a file, an archive member or a stream.
// Does not own: formats (elf_file.cc, pe_file.cc, raw_file.cc), archives (archive.cc).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scan/collector.h"
#include "scan/cubin.h"
#include "scan/options.h"
#include "scan/source.h"

namespace cudacompat::scan {

/// A data section of this size that was not searched is told.
inline constexpr uint64_t kLargeData = 1 << 20;

/// A section as the search needs it.
struct Place {
  std::string name;
  uint64_t offset = 0;
  uint64_t size = 0;
  uint64_t address = 0;       ///< in memory; 0 where that does not matter
  bool fatbin = false;        ///< made for fat binaries
  bool vendor_reads = false;  ///< NVIDIA's lister reads it
  bool data = false;          ///< initialised data that may hide device code
};

struct ObjectContext {
  Source& source;      ///< offset 0 is the object's first byte
  uint64_t base = 0;   ///< where that is in the reported file
  std::string prefix;  ///< "member.o:" in an archive, else empty
  const Options& options;
  Collector& collector;
  FileReport& file() { return collector.file(); }
  void Problem(std::string code, uint64_t offset, std::string message) {
    collector.Problem(std::move(code), SaturatingAdd(base, offset), std::move(message));
  }
};

void ScanElf(ObjectContext& context);
void ScanPe(ObjectContext& context);
void ScanCoff(ObjectContext& context);
void ScanRawFatbin(ObjectContext& context);
void ScanRawCubin(ObjectContext& context);
void ScanPtx(ObjectContext& context);
void ScanLtoIr(ObjectContext& context);

/// Walks the fat binary sections and, when asked or when there are no sections, searches the rest. `places`
/// is asked once: at once where the source can be read anywhere, after the stream has gone by where not.
void ScanPlaces(ObjectContext& context, const std::function<std::vector<Place>()>& places);

/// Adds `name` to the file's needs when it is a library of CUDA.
void AddNeed(FileReport& file, const std::string& name, bool delayed);

/// Whether the file itself is a library of CUDA, by its own name.
void NoteCudaLibrary(FileReport& file);

/// What a cubin's own header tells, as an image; full_size is what it claims to span.
Image ImageOf(const CubinHeader& header);

/// A cubin without container at the start of `source`, as an image with everything its ELF tells.
/// Nothing when there is none.
std::optional<Image> BareCubin(Source& source, std::string* toolkit);

}  // namespace cudacompat::scan
