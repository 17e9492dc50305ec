// Device code that is a file of its own: .cubin, .fatbin, .ptx, .ltoir.
// Does not own: telling them apart (identify.cc).
#include <algorithm>

#include "base/text.h"
#include "scan/cubin.h"
#include "scan/fatbin.h"
#include "scan/object.h"
#include "scan/ptx.h"

namespace cudacompat::scan {
namespace {

// Raw device code has no section; an archive member still gives it a name to stand under.
uint32_t RawSection(ObjectContext& context) {
  if (context.prefix.empty()) return kNoSection;
  const std::string name = context.prefix.substr(0, context.prefix.size() - 1);
  return context.collector.AddSection(name, context.base, context.source.size(), false);
}

void AddRaw(ObjectContext& context, Image image) {
  image.offset = context.base;
  image.section = RawSection(context);
  context.collector.AddBareImage(image);
  Image local = image;
  local.offset = 0;
  context.collector.Show(image, local, context.source);
}

// The header of NVVM containers (as nvcc 13.0 and NVRTC 12.1 write them, compared for 17 targets): its size
// at 0x0C, the end of the options at 0x10; an option is a number and a value, 1 the architecture times ten,
// 0x20 an `a`. An `f` leaves no mark.
void ReadLtoTarget(Source& source, Image* image) {
  constexpr uint32_t kMostOptions = 64;
  constexpr uint16_t kArchitecture = 1, kArchSpecific = 0x20;
  const std::vector<uint8_t> header = ReadBytes(source, 0, 24 + kMostOptions * 4);
  const uint32_t begin = Load16(header, 0x0C), end = Load32(header, 0x10);
  if (begin < 24 || end > header.size()) return;
  for (uint32_t at = begin; at + 4 <= end; at += 4) {
    const uint16_t option = Load16(header, at), value = Load16(header, at + 2);
    if (option == 0) break;
    if (option == kArchitecture && value % 10 == 0) image->arch = value / 10;
    if (option == kArchSpecific && value == 1) image->suffix = 'a';
  }
}

}  // namespace

void ScanRawFatbin(ObjectContext& context) {
  const WalkArea area{0, context.source.size(), context.base, RawSection(context), false, true};
  WalkSection(context.source, area, context.collector);
}

Image ImageOf(const CubinHeader& header) {
  Image image;
  image.kind = kCubin;
  image.arch = header.arch;
  image.suffix = header.old_suffix;
  image.isa_major = 1;
  image.isa_minor = header.abi;
  image.full_size = header.extent;
  return image;
}

std::optional<Image> BareCubin(Source& source, std::string* toolkit) {
  const auto header = ReadCubinHeader(source);
  if (!header) return std::nullopt;
  Image image = ImageOf(*header);
  image.size = std::min(header->extent, source.size());
  image.full_size = 0;  // nothing is packed
  const CubinDetails details = ReadCubinDetails(source, *header);
  image.suffix = details.suffix;
  *toolkit = details.toolkit;
  return image;
}

void ScanRawCubin(ObjectContext& context) {
  std::string toolkit;
  auto image = BareCubin(context.source, &toolkit);
  if (!image) return context.Problem("cubin-bad-header", 0, "the cubin's header is cut short");
  if (context.source.size() != kUnknownSize) {
    image->size = context.source.size();
    const uint64_t extent = ReadCubinHeader(context.source)->extent;
    if (extent > image->size)
      context.Problem("cubin-truncated", image->size,
                      "the cubin's headers tell of " + std::to_string(extent) + " bytes");
  }
  image->listed_by_vendor_tool = true;
  context.collector.AddToolkit(toolkit);
  AddRaw(context, *image);
}

void ScanPtx(ObjectContext& context) {
  const auto ptx = ReadPtxHeader(context.source);
  if (!ptx) return;
  if (ptx->arch == 0) context.Problem("ptx-without-target", 0, "no .target directive in the first megabyte");
  if (!PtxIsWhole(context.source))
    context.Problem("ptx-truncated", 0, "the text ends inside a body or a comment");
  Image image;
  image.kind = kPtx;
  image.arch = ptx->arch;
  image.suffix = ptx->suffix;
  image.isa_major = ptx->isa_major;
  image.isa_minor = ptx->isa_minor;
  image.size = context.source.size() == kUnknownSize ? 0 : context.source.size();
  if (ptx->debug) image.flags |= kFlagDebug;
  if (ptx->is64) image.flags |= kFlag64Bit;
  AddRaw(context, image);
}

void ScanLtoIr(ObjectContext& context) {
  Image image;
  image.kind = kLtoIr;
  image.size = context.source.size() == kUnknownSize ? 0 : context.source.size();
  ReadLtoTarget(context.source, &image);
  if (image.arch == 0)
    context.Problem("ltoir-without-target", 0, "no target among the options of its header");
  AddRaw(context, image);
}

}  // namespace cudacompat::scan
