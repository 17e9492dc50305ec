#include "scan/modules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"

namespace cudacompat::scan {
namespace {

using Sets = std::map<std::vector<CodedTarget>, ModuleSet>;

bool InReach(const Image& image, Reach reach) {
  return reach == Reach::kAll || image.in_fatbin_section || image.listed_by_vendor_tool;
}

std::string NameOf(const FileReport& file, const Image& image) {
  const bool inside = image.container != kNoContainer && image.container < file.containers.size();
  return ModuleName(file, image, inside ? image.container + size_t{1} : 0,
                    inside ? file.containers[image.container].offset : image.offset);
}

void Add(std::vector<CodedTarget> images, const FileReport& file, const Image& first, Sets* sets) {
  std::sort(images.begin(), images.end());
  images.erase(std::unique(images.begin(), images.end()), images.end());
  ModuleSet& set = (*sets)[std::move(images)];
  ++set.containers;
  if (set.names.size() < ModuleSet::kMostNames) set.names.push_back(NameOf(file, first));
}

struct Open {
  std::vector<CodedTarget> images;
  const Image* first = nullptr;
};

Sets FromImages(const FileReport& file, Reach reach) {
  Sets sets;
  std::map<uint32_t, Open> containers;
  for (const Image& image : file.images) {
    if (image.container == kNoContainer || !IsCode(image.kind, image.arch) || !InReach(image, reach))
      continue;
    if (!file.target_sets[file.containers[image.container].target_set].module()) continue;
    Open& open = containers[image.container];
    if (open.first == nullptr) open.first = &image;
    open.images.push_back({KeyOf(image), image.codec});
  }
  for (auto& [container, open] : containers) Add(std::move(open.images), file, *open.first, &sets);
  if (!sets.empty()) return sets;
  // Bare images are each for one card, chosen by hand; beside containers they say nothing of what the others
  // lack.
  for (const Image& image : file.images) {
    if (image.container == kNoContainer && !image.stub && IsCode(image.kind, image.arch) &&
        InReach(image, reach))
      Add({{KeyOf(image), image.codec}}, file, image, &sets);
  }
  return sets;
}

}  // namespace

bool IsCode(uint16_t kind, uint32_t arch) {
  return arch != 0 && (kind == kCubin || kind == kPtx || kind == kMercury || kind == kLtoIr);
}

std::string ModuleName(const FileReport& file, const Image& image, size_t container, uint64_t offset) {
  if (image.section < file.sections.size()) {
    const std::string& section = file.sections[image.section].name;
    const size_t colon = section.rfind(':');
    if (colon != std::string::npos && colon > 0) return Printable(section.substr(0, colon));
  }
  const std::string& identifier = file.identifiers[image.identifier];
  if (!identifier.empty() && identifier != "lto") return Printable(identifier);
  return container == 0 ? fmt::format("at 0x{:x}", offset) : fmt::format("#{} at 0x{:x}", container, offset);
}

bool ModulesKnown(const FileReport& file) { return file.summed || file.images.size() == file.images_total; }

std::vector<ModuleSet> ModulesOf(const FileReport& file, Reach reach) {
  if (file.summed) return file.modules;
  std::vector<ModuleSet> modules;
  for (auto& [images, set] : FromImages(file, reach)) {
    modules.push_back(std::move(set));
    modules.back().images = images;
  }
  return modules;
}

}  // namespace cudacompat::scan
