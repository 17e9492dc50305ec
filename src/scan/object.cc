#include "scan/object.h"

#include <algorithm>

#include "base/text.h"
#include "scan/fatbin.h"
#include "scan/prefetch.h"
#include "scan/registration.h"
#include "scan/search.h"

namespace cudacompat::scan {
namespace {

bool IsRelocatable(const Place& place) { return place.fatbin && StartsWith(place.name, kRelocatableSection); }

// Names sections by offset, and enters each into the report the first time it is asked for.
class SectionIndex {
 public:
  SectionIndex(ObjectContext& context, const std::vector<Place>& places)
      : context_(context), places_(places) {
    entered_.assign(places.size(), kNoSection);
    for (size_t i = 0; i < places.size(); ++i) {
      if (places[i].size != 0) order_.push_back(i);
    }
    std::stable_sort(order_.begin(), order_.end(),
                     [&](size_t a, size_t b) { return places_[a].offset < places_[b].offset; });
  }

  const Place* At(uint64_t offset) const {
    const size_t i = IndexAt(offset);
    return i == places_.size() ? nullptr : &places_[i];
  }

  uint32_t Enter(uint64_t offset) {
    const size_t i = IndexAt(offset);
    return i == places_.size() ? kNoSection : EnterPlace(i);
  }

  uint32_t EnterPlace(size_t i) {
    const Place& place = places_[i];
    if (entered_[i] == kNoSection) {
      entered_[i] = context_.collector.AddSection(context_.prefix + place.name, context_.base + place.offset,
                                                  place.size, place.fatbin);
    }
    return entered_[i];
  }

 private:
  size_t IndexAt(uint64_t offset) const {
    const auto behind = std::upper_bound(order_.begin(), order_.end(), offset,
                                         [&](uint64_t at, size_t i) { return at < places_[i].offset; });
    if (behind == order_.begin()) return places_.size();
    const size_t i = *(behind - 1);
    return offset - places_[i].offset < places_[i].size ? i : places_.size();
  }

  ObjectContext& context_;
  const std::vector<Place>& places_;
  std::vector<size_t> order_;
  std::vector<uint32_t> entered_;
};

void TellLeft(ObjectContext& context, const std::vector<Place>& places) {
  for (const Place& place : places) {
    if (!place.fatbin && place.data && place.size >= kLargeData && context.file().left.size() < 64) {
      context.file().left.push_back({context.prefix + place.name, context.base + place.offset, place.size});
    }
  }
}

// Every place made for fat binaries, walked in file order.
std::vector<Range> WalkPlaces(ObjectContext& context, const std::vector<Place>& places,
                              SectionIndex& sections) {
  std::vector<size_t> order;
  for (size_t i = 0; i < places.size(); ++i) {
    if (places[i].fatbin) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return places[a].offset < places[b].offset; });
  std::vector<Range> covered;
  for (const size_t i : order) {
    const Place& place = places[i];
    uint64_t size = place.size;
    if (!Fits(place.offset, size, context.source.size())) {
      context.Problem("section-truncated", place.offset, place.name + " reaches past the end of the file");
      size = place.offset < context.source.size() ? context.source.size() - place.offset : 0;
    }
    uint64_t begin = place.offset;
    if (!covered.empty() && begin < covered.back().end) {
      context.Problem("sections-overlap", begin, place.name + " overlaps another section with device code");
      begin = covered.back().end;
    }
    if (begin >= place.offset + size) continue;
    const WalkArea area{begin, place.offset + size, context.base, sections.EnterPlace(i),
                        true,  place.vendor_reads};
    WalkSection(context.source, area, context.collector);
    covered.push_back({begin, place.offset + size});
  }
  return covered;
}

// Only where relocatable containers lie beside it the result of a device link is not a module of its own.
void TellDeviceLinks(ObjectContext& context, const std::vector<Place>& places) {
  if (std::none_of(places.begin(), places.end(), IsRelocatable)) return;
  std::vector<uint64_t> offsets;
  for (const Registration& record : ReadRegistrations(context.source, places)) {
    if (record.device_link) offsets.push_back(SaturatingAdd(context.base, record.container));
  }
  context.collector.SetDeviceLinks(std::move(offsets));
}

// What a stream's search has found, entered with the section names that are known only now.
void Replay(ObjectContext& context, const FileReport& found, SectionIndex& sections, bool deep) {
  size_t next = 0;
  auto enter = [&](Image image) {
    const Place* place = sections.At(image.offset);
    image.section = sections.Enter(image.offset);
    image.in_fatbin_section = place && place->fatbin;
    image.listed_by_vendor_tool = place && place->vendor_reads && VendorLists(image);
    image.offset += context.base;
    return image;
  };
  for (uint32_t i = 0; i < found.containers.size(); ++i) {
    const Container& container = found.containers[i];
    const Place* place = sections.At(container.offset);
    const bool wanted = deep || (place && place->fatbin);
    if (wanted)
      context.collector.BeginContainer(context.base + container.offset, sections.Enter(container.offset));
    for (; next < found.images.size() && found.images[next].container <= i; ++next) {
      Image image = found.images[next];
      image.identifier = context.collector.AddIdentifier(found.identifiers[image.identifier]);
      if (wanted) context.collector.AddImage(enter(image));
    }
    if (wanted) context.collector.EndContainer(container.size, found.target_sets[container.target_set].stub);
  }
  for (const Image& image : found.images) {
    if (image.container == kNoContainer && deep) context.collector.AddBareImage(enter(image));
  }
  for (const Problem& problem : found.problems.list()) {
    context.Problem(problem.code, problem.offset, problem.message);
  }
  for (const auto& [name, kernel] : found.kernels) {
    Kernel& known = context.file().kernels[name];
    known.modules += kernel.modules;
    for (const auto& [key, modules] : kernel.targets) known.targets[key] += modules;
  }
  // Of an archive's member the module is named by it.
  const std::string member =
      context.prefix.substr(0, context.prefix.size() - (context.prefix.empty() ? 0 : 1));
  auto& modules = context.file().module_kernels;
  for (const auto& [module, kernels] : found.module_kernels) {
    if (modules.size() >= kMostNamedModules) break;
    std::vector<std::string>& names = modules[member.empty() ? module : member];
    for (const std::string& name : kernels) {
      const bool known = std::find(names.begin(), names.end(), name) != names.end();
      if (!known && names.size() < kMostModuleKernels) names.push_back(name);
    }
  }
  for (const std::string& toolkit : found.toolkits) context.collector.AddToolkit(toolkit);
  if (deep) context.file().opens = found.opens;
  if (deep) context.file().other_apis = found.other_apis;
}

// A stream goes by once: search all of it first, then read the tables from its kept ends.
void ScanStream(ObjectContext& context, const std::function<std::vector<Place>()>& places_of) {
  FileReport found;
  found.path = context.file().path;
  Options keeping = context.options;
  keeping.keep_images = true;  // they are entered again
  keeping.sum_modules = false;
  Collector scratch(found, keeping);
  SearchStray(
      context.source, 0, {}, false, [](uint64_t) { return kNoSection; }, scratch);
  // Bare images stand between containers: the replay wants the containers' images in a row.
  std::stable_partition(found.images.begin(), found.images.end(),
                        [](const Image& image) { return image.container != kNoContainer; });
  const std::vector<Place> places = places_of();
  SectionIndex sections(context, places);
  TellDeviceLinks(context, places);
  const bool deep = context.options.deep || places.empty();
  Replay(context, found, sections, deep);
  if (deep) context.file().searched = Searched::kDeep;
  if (!deep) TellLeft(context, places);
}

}  // namespace

void ScanPlaces(ObjectContext& context, const std::function<std::vector<Place>()>& places_of) {
  if (!context.source.random_access()) return ScanStream(context, places_of);
  const std::vector<Place> places = places_of();
  SectionIndex sections(context, places);
  PrefetchHeaders(context.source, places);
  TellDeviceLinks(context, places);
  const std::vector<Range> covered = WalkPlaces(context, places, sections);
  if (!context.options.deep && !places.empty()) return TellLeft(context, places);
  context.file().searched = Searched::kDeep;
  SearchStray(
      context.source, context.base, covered, !context.prefix.empty(),
      [&](uint64_t offset) { return sections.Enter(offset); }, context.collector);
}

}  // namespace cudacompat::scan
