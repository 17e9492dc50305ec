// What an ELF library, object or executable holds for CUDA: its fat binary sections, the libraries it needs.
// Does not own: the ELF format (elf.cc), containers (fatbin.cc).
#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "scan/elf.h"
#include "scan/object.h"

namespace cudacompat::scan {
namespace {

bool IsFatbinSection(std::string_view name) { return name == ".nv_fatbin" || name == "__nv_relfatbin"; }

struct HostMarks {
  bool registers_fatbins = false;
  bool linked = false;  ///< an executable or shared object
};

void NoteOthers(FileReport& file, std::string_view name) {
  auto note = [&](const char* text) {
    if (std::find(file.notes.begin(), file.notes.end(), text) == file.notes.end()) file.notes.push_back(text);
  };
  if (name == ".hip_fatbin") note("HIP device code (AMD), which is not CUDA");
  if (name == ".llvm.offloading") note("LLVM offload binary, whose images are not read");
  if (StartsWith(name, "__CLANG_OFFLOAD_BUNDLE__")) note("Clang offload bundle, whose images are not read");
}

std::vector<Place> ElfPlaces(ObjectContext& context, const ElfHeader& header, HostMarks* marks) {
  Problems problems;
  ElfSections sections(context.source, header, &problems);
  std::vector<Place> places;
  std::vector<std::string> seen;
  for (const ElfSection& section : sections.list()) {
    if (section.type == 0 || section.type == kElfNobits) continue;
    Place place{sections.Name(section), section.offset, section.size, section.address, false, false, false};
    NoteOthers(context.file(), place.name);
    if (place.name == ".nvFatBinSegment") marks->registers_fatbins = true;
    place.fatbin = IsFatbinSection(place.name);
    if (place.fatbin && (section.flags & kElfCompressed) != 0) {
      context.Problem("section-compressed", section.offset,
                      place.name + " is a compressed section, which is not read");
      place.fatbin = false;
    }
    if (place.fatbin) {  // of two sections of one name NVIDIA's lister reads the first
      place.vendor_reads = std::find(seen.begin(), seen.end(), place.name) == seen.end();
      seen.push_back(place.name);
    }
    place.data = section.type == kElfProgbits && (section.flags & kElfAlloc) != 0 &&
                 (section.flags & kElfExecutable) == 0;
    // Objects made with a section for each function have tens of thousands that a listing never asks for.
    const bool asked_for = context.options.deep || place.fatbin || place.size >= kLargeData ||
                           StartsWith(place.name, ".nvFatBi") || places.empty();
    if (asked_for) places.push_back(std::move(place));
  }
  for (const Problem& problem : problems.list())
    context.Problem(problem.code, problem.offset, problem.message);
  return places;
}

// The runtime is inside when the file registers fat binaries and asks nobody else for the function that does.
StaticCudart CudartOf(ObjectContext& context, const HostMarks& marks, const ElfDynamic& dynamic) {
  constexpr uint64_t kMostStrings = 64 << 20;  // libphi of PaddlePaddle has 27 MB
  for (const Need& need : context.file().needs) {
    if (need.library == "cudart") return StaticCudart::kNo;
  }
  if (!marks.registers_fatbins || !marks.linked) return StaticCudart::kUnknown;
  if (dynamic.strings_size > kMostStrings) return StaticCudart::kUnknown;
  // An imported function has its name among the dynamic strings.
  const std::string_view wanted = "__cudaRegisterFatBinary";
  std::string carry;
  for (uint64_t at = 0; at < dynamic.strings_size;) {
    const std::vector<uint8_t> bytes = ReadBytes(context.source, SaturatingAdd(dynamic.strings_offset, at),
                                                 std::min<uint64_t>(1 << 18, dynamic.strings_size - at));
    if (bytes.empty()) return StaticCudart::kUnknown;
    carry.append(bytes.begin(), bytes.end());
    if (carry.find(wanted) != std::string::npos) return StaticCudart::kNo;
    carry.erase(0, carry.size() - std::min(carry.size(), wanted.size()));
    at += bytes.size();
  }
  return StaticCudart::kYes;
}

}  // namespace

void ScanElf(ObjectContext& context) {
  Problems problems;
  const auto header = ReadElfHeader(context.source, &problems);
  for (const Problem& problem : problems.list())
    context.Problem(problem.code, problem.offset, problem.message);
  if (!header) return;
  FileReport& file = context.file();
  if (file.machine.empty()) file.machine = ElfMachineName(header->machine);
  HostMarks marks;
  marks.linked = header->type == 2 || header->type == 3;
  if (marks.linked) PinElfDynamic(context.source, *header);
  ScanPlaces(context, [&] { return ElfPlaces(context, *header, &marks); });
  file.unlinked = !marks.linked;
  if (!marks.linked) return;
  const ElfDynamic dynamic = ReadElfDynamic(context.source, *header);
  file.unlinked = !dynamic.whole;  // what else it needs is not known
  file.soname = dynamic.soname;
  for (const std::string& name : dynamic.needed) AddNeed(file, name, false);
  NoteCudaLibrary(file);
  if (file.interesting()) file.needs_glibc = NewestGlibc(context.source, dynamic);
  file.static_cudart = CudartOf(context, marks, dynamic);
}

}  // namespace cudacompat::scan
