#include "scan/search.h"

#include <algorithm>
#include <cstring>

#include "scan/cubin.h"
#include "scan/decoders.h"
#include "scan/fatbin.h"
#include "scan/magic.h"
#include "scan/object.h"
#include "scan/zstd_frame.h"

namespace cudacompat::scan {
namespace {

constexpr size_t kChunk = 128 * 1024;  // stays in the second-level cache
constexpr size_t kAfterFind = 256;     // behind one thing there is often the next: a container's header fits
constexpr uint64_t kMostTries = 100000;

class Searcher {
 public:
  Searcher(Source& source, uint64_t base, bool unaligned, const std::function<uint32_t(uint64_t)>& section_at,
           Collector& collector)
      : source_(source), base_(base), unaligned_(unaligned), section_at_(section_at), collector_(collector) {}

  void Range(uint64_t begin, uint64_t end);

 private:
  uint64_t Try(uint64_t offset, uint32_t magic, uint64_t end);
  uint64_t TryElf(uint64_t offset, uint64_t end);
  uint64_t TryZstd(uint64_t offset, uint64_t end);
  void Add(Image image, uint64_t offset, const std::string& toolkit);
  void LookForNames(uint64_t position, Bytes bytes);

  Source& source_;
  uint64_t base_;
  bool unaligned_;
  const std::function<uint32_t(uint64_t)>& section_at_;
  Collector& collector_;
  std::vector<uint8_t> chunk_;
  uint64_t tries_ = 0;
  uint64_t packed_ = 0;  ///< bare cubins in zstd frames so far
  std::string before_;   ///< the end of what lies directly in front, as a name may straddle two chunks
  uint64_t before_end_ = 0;
};

// Returns the end of what was found at `offset`, or 0.
uint64_t Searcher::Try(uint64_t offset, uint32_t magic, uint64_t end) {
  if (++tries_ > kMostTries) {
    if (tries_ == kMostTries + 1) {
      collector_.Problem("too-many-candidates", base_ + offset,
                         "too much looks like device code and is none");
    }
    return 0;
  }
  if (magic == kElfMagic) return TryElf(offset, end);
  if (magic == kZstdMagic) return TryZstd(offset, end);
  if (magic != kContainerMagic) return 0;
  const WalkArea area{offset, end, base_, section_at_(offset), false, false};
  const uint64_t found = WalkFound(source_, area, collector_);
  if (found != 0) --tries_;
  return found;
}

void Searcher::Add(Image image, uint64_t offset, const std::string& toolkit) {
  --tries_;
  image.offset = base_ + offset;
  image.section = section_at_(offset);
  collector_.AddToolkit(toolkit);
  collector_.AddBareImage(image);
  Image local = image;
  local.offset = offset;
  collector_.Show(image, local, source_);
}

uint64_t Searcher::TryElf(uint64_t offset, uint64_t end) {
  if (offset == 0) return 0;  // the file itself
  std::string toolkit;
  SliceSource slice(source_, offset, end - offset);
  auto image = BareCubin(slice, &toolkit);
  if (!image) return 0;
  Add(*image, offset, toolkit);
  return offset + std::max<uint64_t>(image->size, 64);
}

uint64_t Searcher::TryZstd(uint64_t offset, uint64_t end) {
  constexpr size_t kHeader = 64;
  MemorySource first(ZstdBeginning(source_, offset, end, kHeader));
  const auto header = ReadCubinHeader(first);
  if (!header) return 0;
  const uint64_t size = ZstdFrameSize(source_, offset, end);
  if (size == 0) return 0;
  Image image = ImageOf(*header);
  image.codec = Codec::kZstd;
  image.size = image.exact_size = size;
  std::string toolkit = header->toolkit;
  if (toolkit.empty() && IsSample(packed_++)) toolkit = ZstdCubinToolkit(source_, offset, end);
  Add(image, offset, toolkit);
  return offset + size;
}

// A program without device code of its own may open CUDA by name.
void Searcher::LookForNames(uint64_t position, Bytes bytes) {
  FileReport& file = collector_.file();
  if (file.images_total != 0 || !file.opens.empty()) return before_.clear();
  static constexpr std::string_view kNames[] = {"libcuda.so", "libcudart.so", "nvcuda.dll", "cudart64_",
                                                std::string_view("n\0v\0c\0u\0d\0a\0.\0d\0l\0l", 19)};
  static constexpr std::string_view kOthers[] = {"clGetPlatformIDs", "libOpenCL.so", "OpenCL.dll",
                                                 "libvulkan.so", "vulkan-1.dll"};
  constexpr size_t kLongest = 19;
  auto look_for = [](std::string_view text, std::string_view name, std::vector<std::string>* found) {
    if (::memmem(text.data(), text.size(), name.data(), name.size()) == nullptr) return;
    std::string shown;
    std::copy_if(name.begin(), name.end(), std::back_inserter(shown), [](char c) { return c != 0; });
    if (std::find(found->begin(), found->end(), shown) == found->end()) found->push_back(std::move(shown));
  };
  auto look = [&](std::string_view text) {
    for (const std::string_view name : kNames) look_for(text, name, &file.opens);
    if (!file.other_apis.empty()) return;
    for (const std::string_view name : kOthers) look_for(text, name, &file.other_apis);
  };
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  look(text);
  if (before_end_ == position) look(before_ + std::string(text.substr(0, kLongest)));
  before_ = text.substr(text.size() - std::min(kLongest, text.size()));
  before_end_ = position + text.size();
}

void Searcher::Range(uint64_t begin, uint64_t end) {
  const size_t most = static_cast<size_t>(std::min<uint64_t>(kChunk, end - begin));
  if (chunk_.size() < most) chunk_.resize(most);
  const uint64_t step = unaligned_ ? 1 : 8;
  const uint64_t overlap = unaligned_ ? 3 : 0;  // a magic may straddle two chunks
  uint64_t position = (begin + step - 1) / step * step;
  size_t room = kChunk;
  while (position < end) {
    const size_t want = static_cast<size_t>(std::min<uint64_t>(room, end - position));
    const size_t got = source_.ReadAt(position, std::span(chunk_).first(want));
    const Bytes bytes = Bytes(chunk_).first(got);
    if (collector_.options().deep) LookForNames(position, bytes);
    uint64_t next = position + got - (got > overlap ? overlap : 0);
    room = std::min(room * 4, kChunk);
    size_t at = 0;
    while ((at = unaligned_ ? FindMagicAnywhere(bytes, at) : FindMagicAligned(bytes, at)) != kNotFound) {
      const uint64_t found = Try(position + at, Load32(bytes, at), end);
      if (found > position + got) {
        next = (found + step - 1) / step * step;
        room = kAfterFind;
        break;
      }
      at = found == 0 ? at + step : static_cast<size_t>((found - position + step - 1) / step * step);
    }
    if (got < want || (position + want == end && next <= position + got)) return;
    position = next;
  }
}

}  // namespace

void SearchStray(Source& source, uint64_t base, const std::vector<Range>& covered, bool unaligned,
                 const std::function<uint32_t(uint64_t)>& section_at, Collector& collector) {
  Searcher searcher(source, base, unaligned, section_at, collector);
  uint64_t position = 0;
  for (const Range& range : covered) {
    if (range.begin > position) searcher.Range(position, range.begin);
    position = std::max(position, range.end);
  }
  if (position < source.size()) searcher.Range(position, source.size());
}

}  // namespace cudacompat::scan
