#include "scan/collector.h"

#include <algorithm>

#include "base/text.h"
#include "base/version.h"
#include "scan/cubin.h"
#include "scan/decoders.h"
#include "scan/modules.h"
#include "scan/stream.h"
#include "scan/zstd_frame.h"

namespace cudacompat::scan {
namespace {

constexpr size_t kMostHeldBack = 4096;
constexpr size_t kMany = 256;
constexpr size_t kMostGroups = 65536;
constexpr size_t kMostIdentifiers = 65536;
constexpr size_t kMostSections = 65536;
constexpr size_t kMostSums = 65536;
constexpr uint64_t kMostPayload = uint64_t{1} << 30;  // the largest cubin seen has 134 MB
constexpr uint64_t kStubSize = 4096;                  // stubs seen: 1.4 to 1.6 kB

}  // namespace

// Raw device code may become one file of several (answer/loose_images.h): an image that is a file is kept.
Collector::Collector(FileReport& file, const Options& options)
    : file_(file),
      options_(options),
      keeps_each_(options.keep_images || file.format == "cubin" || file.format == "ptx" ||
                  file.format == "ltoir") {}

uint32_t Collector::AddSection(std::string name, uint64_t offset, uint64_t size, bool fatbin) {
  if (file_.sections.size() >= kMostSections) return kNoSection;
  file_.sections.push_back({std::move(name), offset, size, fatbin});
  return static_cast<uint32_t>(file_.sections.size() - 1);
}

uint32_t Collector::AddIdentifier(std::string text) {
  if (text.empty()) return 0;
  const auto known = identifier_index_.find(text);
  if (known != identifier_index_.end()) return known->second;
  if (file_.identifiers.size() >= kMostIdentifiers) return 0;
  const uint32_t index = static_cast<uint32_t>(file_.identifiers.size());
  file_.identifiers.push_back(text);
  identifier_index_.emplace(std::move(text), index);
  return index;
}

void Collector::BeginContainer(uint64_t offset, uint32_t section) {
  current_ = {};
  current_.offset = offset;
  current_.section = section;
  file_.open_container = offset;
  pending_.clear();
  set_.clear();
  overflowed_ = false;
  sampled_ = false;
}

uint32_t Collector::AddImage(Image image) {
  image.container = static_cast<uint32_t>(file_.containers.size());
  ++current_.images;
  const TargetKey key = KeyOf(image);
  if (set_.size() < kMostHeldBack && std::find(set_.begin(), set_.end(), key) == set_.end())
    set_.push_back(key);
  if (pending_.size() >= kMostHeldBack) {
    overflowed_ = true;
    for (const Image& held : pending_) Keep(held);
    pending_.clear();
  }
  pending_.push_back(image);
  return image.container;
}

void Collector::Show(const Image& image, const Image& local, Source& source) {
  if (image.container != kNoContainer) SampleToolkit(local, source);
  if (!options_.on_image) return;
  if (image.codec == Codec::kNone && source.random_access()) {
    SliceSource payload(source, local.offset + local.header_size, local.size);
    options_.on_image(file_, image, payload);
    return;
  }
  auto first = PayloadStream(source, local);
  if (!first) {
    const bool hidden = (image.flags & kFlagObfuscated) != 0;
    Problem(hidden ? "payload-obfuscated" : "payload-unreadable", image.offset,
            hidden ? "the image is obfuscated, as compressed LTO-IR always is, and is not unpacked"
                   : "the image's compression cannot be undone");
    return;
  }
  const uint64_t size = image.codec == Codec::kNone ? image.size : std::min(image.full_size, kMostPayload);
  StreamSource payload([&] { return first ? std::move(first) : PayloadStream(source, local); }, size,
                       nullptr);
  options_.on_image(file_, image, payload);
  if (!payload.error().empty()) Problem("payload-unreadable", image.offset, payload.error());
}

// Stubs are the same few files over and over: one of equal target, codec and both sizes is taken for the one
// that was looked into (a kernel would have made it larger). Saves a read for each of thousands in cuBLASLt.
bool Collector::HasNoKernels(Source& source, const Image& local) {
  constexpr size_t kMostLooks = 4096;
  const StubKey key{local.arch, local.suffix, local.codec, local.exact_size, local.size, local.full_size};
  const auto known = kernelless_.find(key);
  if (known != kernelless_.end()) return known->second;
  if (kernelless_.size() >= kMostLooks) return false;
  const std::vector<uint8_t> bytes = DecodeSmall(source, local, kStubSize);
  MemorySource cubin(bytes);
  return kernelless_[key] = CubinHasNoKernels(cubin);
}

bool Collector::IsStub(Source& source, uint64_t base) {
  for (const Image& image : pending_) {
    const uint64_t size = image.codec == Codec::kNone ? image.size : image.full_size;
    if (image.kind != kCubin || size > kStubSize || image.size > kStubSize) return false;
  }
  return std::all_of(pending_.begin(), pending_.end(), [&](const Image& image) {
    Image local = image;
    local.offset -= base;
    return HasNoKernels(source, local);
  });
}

void Collector::SetDeviceLinks(std::vector<uint64_t> offsets) {
  device_links_ = std::move(offsets);
  std::sort(device_links_.begin(), device_links_.end());
}

void Collector::EndContainer(uint64_t size, Source& source, uint64_t base) {
  // A stream can go back a little only; there a larger container stays what it looks like.
  constexpr uint64_t kStillKept = StreamSource::kTail / 2;
  bool stub = false;
  if (current_.images != 0 && (source.random_access() || size <= kStillKept)) {
    if (!overflowed_) stub = IsStub(source, base);
  }
  EndContainer(size, stub);
}

void Collector::EndContainer(uint64_t size, bool stub) {
  ++file_.containers_total;
  if (current_.images == 0) {
    ++file_.containers_empty;
    return;
  }
  for (Image& image : pending_) {
    image.stub = stub;
    Keep(image);
  }
  std::sort(set_.begin(), set_.end());
  const bool linked = std::binary_search(device_links_.begin(), device_links_.end(), current_.offset);
  set_key_.assign({0, current_.section, stub, linked});
  for (const TargetKey& key : set_) {
    set_key_.push_back(uint64_t{key.arch} << 32 | uint64_t{key.kind} << 8 | static_cast<uint8_t>(key.suffix));
    set_key_.push_back(uint64_t{key.isa_major} << 16 | key.isa_minor);
  }
  for (const uint64_t word : set_key_) set_key_[0] = (set_key_[0] ^ word) * 0x9E3779B97F4A7C15;
  auto entry = set_index_.find(set_key_);
  if (entry == set_index_.end()) {
    entry = set_index_.emplace(set_key_, static_cast<uint32_t>(file_.target_sets.size())).first;
    file_.target_sets.push_back({set_, current_.section, stub, linked, 0});
  }
  ++file_.target_sets[entry->second].containers;
  current_.target_set = entry->second;
  current_.size = size;
  if (options_.sum_modules) Sum(entry->second);
  if (keeps_each_ && file_.containers.size() < options_.most_images) file_.containers.push_back(current_);
}

// The first cubin of a sample of the containers; while none of them has said anything, the others too, and
// deeper. Taken as the walk passes, because a stream cannot go back.
void Collector::SampleToolkit(const Image& local, Source& source) {
  constexpr uint32_t kMostLooks = 4;
  constexpr size_t kNotesFarWithin = 2 << 20;
  if (local.kind != kCubin || !IsSample(file_.containers_total)) return;
  const bool lacking = file_.toolkits.empty() && looks_ < kMostLooks;
  if (sampled_ && !lacking) return;
  sampled_ = true;
  ++looks_;
  const bool far = lacking && !source.random_access();
  std::string toolkit;
  if (!far && local.codec == Codec::kZstd) {
    const uint64_t begin = SaturatingAdd(local.offset, local.header_size);
    toolkit = ZstdCubinToolkit(source, begin, SaturatingAdd(begin, local.size));
  } else {
    toolkit = CubinToolkit(DecodePrefix(source, local, far ? kNotesFarWithin : kNotesWithin));
  }
  if (toolkit.empty() && lacking && !far)
    toolkit = CubinToolkit(DecodePrefix(source, local, kNotesFarWithin));
  AddToolkit(toolkit);
}

void Collector::AddToolkit(const std::string& toolkit) {
  if (toolkit.empty()) return;
  auto& known = file_.toolkits;
  if (std::find(known.begin(), known.end(), toolkit) == known.end()) known.push_back(toolkit);
}

void Collector::AddBareImage(Image image) {
  image.container = kNoContainer;
  if (options_.sum_modules) SumBare(image);
  Keep(image);
}

void Collector::Sum(uint32_t target_set) {
  if (sums_lost_) return;
  if (begins_.size() < options_.most_images)
    begins_.push_back(current_.offset);
  else
    numbered_ = false;
  SumKey key{target_set, {}};
  const Image* first = nullptr;
  for (const Image& image : pending_) {
    if (!IsCode(image.kind, image.arch)) continue;
    if (first == nullptr) first = &image;
    key.images.push_back({KeyOf(image), image.codec});
  }
  sums_lost_ = overflowed_;
  if (first == nullptr || sums_lost_) return;
  std::sort(key.images.begin(), key.images.end());
  key.images.erase(std::unique(key.images.begin(), key.images.end()), key.images.end());
  sums_lost_ = sums_.size() >= kMostSums && sums_.count(key) == 0;
  if (sums_lost_) return;
  Summed& sum = sums_[std::move(key)];
  ++sum.containers;
  sum.Add(current_.offset, *first);
}

// What the deep search finds comes last and may lie before the others.
void Collector::Summed::Add(uint64_t offset, const Image& image) {
  const bool full = first.size() == ModuleSet::kMostNames;
  if (full && first.back().first <= offset) return;
  const auto place = std::upper_bound(first.begin(), first.end(), offset,
                                      [](uint64_t at, const auto& one) { return at < one.first; });
  first.insert(place, {offset, image});
  if (full) first.pop_back();
}

void Collector::SumBare(const Image& image) {
  if (!IsCode(image.kind, image.arch) || image.stub || sums_lost_) return;
  const CodedTarget key{KeyOf(image), image.codec};
  sums_lost_ = bare_sums_.size() >= kMostSums && bare_sums_.count(key) == 0;
  if (sums_lost_) return;
  Summed& sum = bare_sums_[key];
  ++sum.containers;
  sum.Add(image.offset, image);
}

// As ModulesOf does it from images that were kept.
void Collector::FinishSums() {
  if (sums_lost_) return;
  std::sort(begins_.begin(), begins_.end());
  auto take = [&](std::vector<CodedTarget> images, const Summed& sum) {
    ModuleSet set{std::move(images), sum.containers, {}};
    for (const auto& [offset, image] : sum.first) {
      const auto place = std::lower_bound(begins_.begin(), begins_.end(), offset);
      const bool inside = numbered_ && image.container != kNoContainer;
      set.names.push_back(
          ModuleName(file_, image, inside ? static_cast<size_t>(place - begins_.begin()) + 1 : 0, offset));
    }
    set.names.shrink_to_fit();
    file_.modules.push_back(std::move(set));
  };
  std::map<std::vector<CodedTarget>, Summed> modules;  // of all sections
  for (const auto& [key, sum] : sums_) {
    if (!file_.target_sets[key.target_set].module()) continue;
    Summed& whole = modules[key.images];
    whole.containers += sum.containers;
    for (const auto& [offset, image] : sum.first) whole.Add(offset, image);
  }
  for (const auto& [images, sum] : modules) take(images, sum);
  if (file_.modules.empty()) {
    for (const auto& [image, sum] : bare_sums_) take({image}, sum);
  }
  file_.modules.shrink_to_fit();
  file_.summed = true;
}

void Collector::NoteOnce(const char* text) {
  if (std::find(file_.notes.begin(), file_.notes.end(), text) == file_.notes.end())
    file_.notes.push_back(text);
}

void Collector::Keep(const Image& image) {
  ++file_.images_total;
  const ImageGroup group{
      KeyOf(image), image.codec, image.section, image.in_fatbin_section, image.listed_by_vendor_tool,
      image.stub};
  Recent& recent = recent_[(group.target.arch * 7 + group.target.kind + group.stub) % recent_.size()];
  if (recent.count != nullptr && recent.group == group) {
    ++*recent.count;
  } else if (const auto known = file_.groups.find(group); known != file_.groups.end()) {
    recent = {group, &known->second};
    ++known->second;
  } else if (file_.groups.size() < kMostGroups) {
    recent = {group, &file_.groups.emplace(group, 1).first->second};
  } else if (file_.groups.size() == kMostGroups) {
    Problem("too-many-targets", image.offset, "more kinds of images than are counted apart");
  }
  if (group.target.obfuscated) NoteOnce("obfuscated PTX, which the driver refuses");
  if (!keeps_each_) return;
  if (file_.images.size() < options_.most_images) {
    // Past a few hundred there will be thousands: one step there, instead of copying them at every doubling.
    if (file_.images.size() == kMany) file_.images.reserve(kMany * 32);
    file_.images.push_back(image);
  } else if (file_.images.size() == options_.most_images && file_.images_total == options_.most_images + 1) {
    Problem("too-many-images", image.offset, "more images than are kept one by one; they are only counted");
  }
}

// Relocatable containers that hold LTO-IR alone are input: then the link's result is the program.
void Collector::KeepDeviceLinks() {
  const bool whole =
      std::any_of(file_.target_sets.begin(), file_.target_sets.end(), [&](const TargetSet& set) {
        return set.module() && set.section != kNoSection &&
               Contains(file_.sections[set.section].name, kRelocatableSection) &&
               std::any_of(set.targets.begin(), set.targets.end(),
                           [](const TargetKey& key) { return key.kind != kLtoIr; });
      });
  if (whole) return;
  for (TargetSet& set : file_.target_sets) set.device_link = false;
}

void Collector::Finish() {
  KeepDeviceLinks();
  if (options_.sum_modules && !keeps_each_) FinishSums();
  // Thousands of small files may wait for their turn: no room beyond what each holds.
  if (file_.images.size() < kMany) {
    file_.images.shrink_to_fit();
    file_.containers.shrink_to_fit();
  }
  if (file_.images_total != 0 || !file_.needs.empty()) {
    file_.opens.clear();
    file_.other_apis.clear();
  }
  std::sort(file_.toolkits.begin(), file_.toolkits.end(), [](const std::string& a, const std::string& b) {
    return DottedKey(a).value_or(0) < DottedKey(b).value_or(0);
  });
  auto by_offset = [](const auto& a, const auto& b) { return a.offset < b.offset; };
  if (std::is_sorted(file_.images.begin(), file_.images.end(), by_offset)) return;
  std::stable_sort(file_.images.begin(), file_.images.end(), by_offset);
  std::stable_sort(file_.containers.begin(), file_.containers.end(), by_offset);
  // Containers found by the deep search come last but lie anywhere: number them by place.
  std::unordered_map<uint32_t, uint32_t> number;
  for (Image& image : file_.images) {
    if (image.container == kNoContainer) continue;
    image.container = number.emplace(image.container, static_cast<uint32_t>(number.size())).first->second;
  }
}

}  // namespace cudacompat::scan
