#include "answer/driver_floor.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "base/version.h"
#include "database/scan_facts.h"
#include "scan/coverage.h"
#include "scan/modules.h"

namespace cudacompat::answer {
namespace {

using scan::FileReport;

// A driver's number, and what asks for it; key 0 for none.
struct Floor {
  int64_t key = 0;
  std::string driver, because;

  void Raise(const Floor& other) {
    if (other.key > key) *this = other;
  }
};

constexpr int64_t kNotKnown = INT64_MAX;

int64_t KeyOfVersion(std::string_view text) { return DottedKey(text).value_or(0); }

Floor FloorOf(std::string_view driver, std::string because) {
  if (driver.empty() || driver == "-") return {};
  if (driver == "unsaid") return {kNotKnown, "", std::move(because)};
  return {KeyOfVersion(driver), std::string(driver), std::move(because)};
}

std::string_view First(std::string_view words) { return words.substr(0, words.find(' ')); }

std::string_view Second(std::string_view words) {
  const size_t blank = words.find(' ');
  return blank == std::string_view::npos ? std::string_view() : words.substr(blank + 1);
}

std::vector<std::string> SystemsOf(const FileReport& file) {
  if (file.format == "elf" || file.format == "ar" || file.format == "thin-ar") return {"linux"};
  if (file.format == "pe" || file.format == "coff") return {"windows"};
  return {"linux", "windows"};
}

// The names that the data may know a library by: as it stands, and without the hash and the minor parts that
// repairing a wheel adds.
std::vector<std::string> NamesOf(const scan::Need& need) {
  std::vector<std::string> names{ToLower(need.name)};
  std::string version = need.version;
  while (!version.empty() && Contains(need.name, ".so")) {
    names.push_back(ToLower("lib" + need.library + ".so." + version));
    version = version.substr(0, version.find('.') == std::string::npos ? 0 : version.rfind('.'));
  }
  return names;
}

std::string ReleaseOf(const std::string& version) {
  const size_t dot = version.find('.');
  if (dot == std::string::npos) return "";
  return version.substr(0, version.find('.', dot + 1));
}

void Newest(std::string_view cuda, std::string* newest) {
  if (!cuda.empty() && KeyOfVersion(cuda) > KeyOfVersion(*newest)) *newest = cuda;
}

bool IsCode(const scan::TargetKey& key) { return scan::IsCode(key.kind, key.arch) && !key.obfuscated; }

// The newest toolkit that shows in a file: from the notes of its cubins, and by the ISA of its PTX.
std::string OriginOf(const FileReport& file) {
  std::string newest;
  for (const std::string& toolkit : file.toolkits) Newest(toolkit, &newest);
  for (const auto& [group, count] : file.groups) {
    const std::string isa = scan::IsaText(group.target.kind, group.target.isa_major, group.target.isa_minor);
    if (!isa.empty() && !group.stub) Newest(Second(ScanFact("isa/linux/" + isa)), &newest);
  }
  return newest;
}

// The runtime that a file loads, is or holds.
std::string RuntimeOf(const FileReport& file, const std::string& origin) {
  std::string newest;
  for (const scan::Need& need : file.needs) {
    for (const std::string& name : NamesOf(need)) Newest(First(Second(ScanFact("library/" + name))), &newest);
    const std::string release = ReleaseOf(need.version);
    if (need.library == "cudart" && !ScanFact("runtime/linux/" + release).empty()) Newest(release, &newest);
  }
  const std::string_view own = ScanFact("library/" + ToLower(file.cuda_library));
  if (First(own) == "cudart") Newest(First(Second(own)), &newest);
  if (file.static_cudart == scan::StaticCudart::kYes) Newest(origin, &newest);
  return newest;
}

// What the images for one target ask of a driver on each card that runs them.
struct Target {
  Floor native, compiled;
  std::vector<std::pair<std::string_view, bool>> cards;  // true: compiled for it
};

Target TargetOf(const std::string& os, const scan::TargetKey& key, scan::Codec codec) {
  Target target;
  const std::string name = scan::CodecName(codec);
  target.native = target.compiled = FloorOf(ScanFact("codec/" + os + "/" + name), name);
  if (scan::IsPtx(key.kind)) {
    const std::string isa = scan::IsaText(key.kind, key.isa_major, key.isa_minor);
    const std::string_view known = First(ScanFact("isa/" + os + "/" + isa));
    target.compiled.Raise(known.empty() ? Floor{kNotKnown, "", "PTX ISA " + isa}
                                        : FloorOf(known, "PTX ISA " + isa));
  }
  for (std::string_view card : Words(ScanFact("target/" + scan::TargetName(key)))) {
    const bool compiled = EndsWith(card, "j");
    if (compiled) card.remove_suffix(1);
    target.cards.emplace_back(card, compiled);
  }
  return target;
}

// The drivers of a card: its first, and the first that no longer drives it (0: all do).
struct Driven {
  int64_t first = 0, below = 0;
};

Driven DrivenOf(const std::string& os, std::string_view card) {
  const std::string_view known = ScanFact("capability/" + os + "/" + std::string(card));
  return {KeyOfVersion(First(known)), KeyOfVersion(Second(known))};
}

// Each module must load on each card that it serves, from that card's own first driver on. Which of a file's
// images for one target is packed how is known of the file and not of each module: `hardest` is what is asked
// where each module holds the most demanding, else what is asked where it holds the other.
Floor ImagesFloor(const FileReport& file, const std::string& os, bool hardest) {
  Floor floor;
  if (scan::CoverageOf(file).style == scan::Style::kHandTuned) return floor;
  std::map<scan::TargetKey, scan::Codec> codecs;
  for (const auto& [group, count] : file.groups) {
    if (group.stub || !IsCode(group.target)) continue;
    auto [place, is_new] = codecs.emplace(group.target, group.codec);
    if (!is_new)
      place->second = hardest ? std::max(place->second, group.codec) : std::min(place->second, group.codec);
  }
  std::map<scan::TargetKey, Target> targets;
  for (const auto& [key, codec] : codecs) targets.emplace(key, TargetOf(os, key, codec));
  std::map<std::string_view, Driven> drivers;  // of each card
  for (const scan::TargetSet& set : file.target_sets) {
    if (!set.module()) continue;
    std::map<std::string_view, const Floor*> cards;  // the image that asks for the least
    for (const scan::TargetKey& key : set.targets) {
      const auto target = targets.find(key);
      if (target == targets.end()) continue;
      for (const auto& [card, compiled] : target->second.cards) {
        const Floor* image = compiled ? &target->second.compiled : &target->second.native;
        const Floor*& least = cards[card];
        if (least == nullptr || image->key < least->key) least = image;
      }
    }
    for (const auto& [card, image] : cards) {
      if (image->key == kNotKnown || image->key <= floor.key) continue;
      const auto [known, is_new] = drivers.emplace(card, Driven{});
      if (is_new) known->second = DrivenOf(os, card);
      const Driven& driven = known->second;
      const bool never = driven.below != 0 && image->key >= driven.below;  // no driver that would
      if (driven.first != 0 && image->key > driven.first && !never) floor.Raise(*image);
    }
  }
  return floor;
}

bool HoldsMachineCode(const FileReport& file) {
  return std::any_of(file.groups.begin(), file.groups.end(), [](const auto& group) {
    return !group.first.stub && StartsWith(scan::TargetName(group.first.target), "sm_");
  });
}

std::string MajorOf(const std::string& cuda) { return cuda.substr(0, cuda.find('.')); }

}  // namespace

std::vector<DriverFloor> DriverFloors(const FileReport& file) {
  std::vector<DriverFloor> floors;
  if (file.images_total == 0 && file.needs.empty() && file.cuda_library.empty()) return floors;
  const std::string origin = OriginOf(file);
  const std::string runtime = RuntimeOf(file, origin);
  for (const std::string& os : SystemsOf(file)) {
    const std::string_view of_runtime = ScanFact("runtime/" + os + "/" + runtime);
    Floor minimum = FloorOf(First(of_runtime), "CUDA " + runtime);
    Floor sure = FloorOf(Second(of_runtime), "CUDA " + runtime);
    minimum.Raise(ImagesFloor(file, os, false));
    sure.Raise(ImagesFloor(file, os, true));
    const bool newer = runtime.empty() || KeyOfVersion(MajorOf(runtime)) < KeyOfVersion(MajorOf(origin));
    if (!origin.empty() && newer && HoldsMachineCode(file))
      sure.Raise(FloorOf(First(ScanFact("runtime/" + os + "/" + origin)), "CUDA " + origin));
    if (sure.key <= minimum.key) sure = {};
    if (minimum.key == 0 && sure.key == 0) continue;
    floors.push_back({os, minimum.driver, sure.driver, minimum.key != 0 ? minimum.because : sure.because});
  }
  return floors;
}

void MergeFloors(const std::vector<DriverFloor>& more, std::vector<DriverFloor>* floors) {
  for (const DriverFloor& one : more) {
    const auto known = std::find_if(floors->begin(), floors->end(),
                                    [&](const DriverFloor& other) { return other.os == one.os; });
    if (known == floors->end()) {
      floors->push_back(one);
      continue;
    }
    if (KeyOfVersion(one.minimum) > KeyOfVersion(known->minimum)) {
      known->minimum = one.minimum;
      known->because = one.because;
    }
    if (KeyOfVersion(one.sure_from) > KeyOfVersion(known->sure_from)) {
      known->sure_from = one.sure_from;
      if (known->minimum.empty()) known->because = one.because;
    }
    if (KeyOfVersion(known->sure_from) <= KeyOfVersion(known->minimum)) known->sure_from.clear();
  }
}

std::string FloorText(const DriverFloor& floor) {
  if (floor.minimum.empty())
    return fmt::format("{} {} or newer for sure ({})", floor.os, floor.sure_from, floor.because);
  return fmt::format("{} {} or newer ({}{})", floor.os, floor.minimum, floor.because,
                     floor.sure_from.empty() ? "" : "; sure from " + floor.sure_from);
}

std::string ToolkitOf(const scan::Need& need) {
  for (const std::string& name : NamesOf(need)) {
    if (const std::string_view fact = ScanFact("library/" + name); !fact.empty())
      return std::string(Second(Second(fact)));
  }
  return "";
}

}  // namespace cudacompat::answer
