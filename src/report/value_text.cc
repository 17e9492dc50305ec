// Values as people and tools write them: memory sizes, capabilities, names of cards.

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "report/readers.h"
#include "report/regex.h"
#include "report/system_text.h"

namespace cudacompat::report {
namespace {

/// "x2", "* 2", "(x2)", "2x", "2 x", "8*": how many of one card.
int TakeCount(std::string& text) {
  static const Regex kCountBefore(R"(^\(?(\d{1,3})\s*(?:[xX*]|×)\s*\)?\s*([A-Za-z].*)$)");
  static const Regex kCountAfter(R"(^(.*[\w)])\s*\(?(?:\s[xX]|\s?\*|×|\s?\([xX])\s?(\d{1,3})\)?$)");
  std::string rest;
  int count = 1;
  if (kCountBefore.FindWhole(text, &count, &rest) || kCountAfter.FindWhole(text, &rest, &count)) {
    text = rest;
    return std::clamp(count, 1, 1024);
  }
  return 1;
}

bool OnlyMemory(std::string_view part) {
  static const Regex kMemory(
      R"(^\(?\d+(?:\.\d+)?\s*[GM]i?B?(?:\s*(?:VRAM|RAM|memory|of VRAM|GDDR\dX?))?\)?$)");
  return kMemory.FindWhole(part);
}

std::vector<std::string> Parts(std::string_view text) {
  std::vector<std::string> parts;
  std::string plain =
      ReplaceAll(ReplaceAll(ReplaceAll(std::string(text), " and ", ", "), " + ", ", "), " & ", ", ");
  for (std::string_view part : Split(plain, ',')) {
    for (std::string_view half : Split(part, ';')) parts.emplace_back(Trim(half));
  }
  return parts;
}

}  // namespace

/// Words that stand where a card should and are none.
bool NoCard(std::string_view text) {
  std::string key = NameKey(text);
  static constexpr std::string_view kNone[] = {"",
                                               "yes",
                                               "on",
                                               "off",
                                               "no",
                                               "na",
                                               "none",
                                               "true",
                                               "false",
                                               "couldnotcollect",
                                               "notavailable",
                                               "cuda",
                                               "cpu",
                                               "auto",
                                               "gpu",
                                               "all",
                                               "unknown",
                                               "notfound",
                                               "notapplicable",
                                               "cuda0",
                                               "null",
                                               "default",
                                               "nvidia",
                                               "nvidiacuda",
                                               "nogpu",
                                               "nvidiagpu",
                                               "enabled",
                                               "disabled",
                                               "available",
                                               "singlegpu",
                                               "multigpu",
                                               "notcollected",
                                               "nonedetected"};
  if (std::find(std::begin(kNone), std::end(kNone), key) != std::end(kNone)) return true;
  bool letters = std::any_of(text.begin(), text.end(), [](char c) { return IsAlpha(c); });
  return !letters || text.size() > 90 || Words(text).size() > 10 || EndsWith(text, "?") ||
         Contains(text, "://") || Contains(text, "<") || StartsWith(text, "/");
}

int64_t MemoryMib(std::string_view text) {
  static const Regex kMemory(R"((\d+(?:\.\d+)?)\s*([MGK])i?(?:B|b|$|\W))");
  std::string number;
  std::string unit;
  if (!kMemory.Find(text, &number, &unit)) return 0;
  double value = std::strtod(number.c_str(), nullptr);
  double mib = unit == "G" ? value * 1024 : unit == "K" ? value / 1024 : value;
  return mib > 1e8 ? 0 : static_cast<int64_t>(mib + 0.5);
}

std::string Capability(std::string_view text) {
  static const Regex kDotted(R"((?:^|[^\d.])(\d{1,2})\s*\.\s*(\d)(?:$|[^\d.]|\.(?:$|\D)))");
  static const Regex kPair(R"(\(\s*(\d{1,2})\s*,\s*(\d)\s*\))");
  static const Regex kNamed(R"(major[=:]?\s*'?(\d{1,2})'?[ ,]+minor[=:]?\s*'?(\d))");
  static const Regex kJoined(R"(^(?:sm_|compute_)?(\d{1,2})(\d)[af]?$)");
  std::string major;
  std::string minor;
  std::string_view piece = text;
  bool found = kPair.Find(piece, &major, &minor) || kNamed.Find(piece, &major, &minor) ||
               kDotted.Find(piece, &major, &minor);
  if (!found) found = kJoined.FindWhole(Trim(text), &major, &minor);
  return found ? major + "." + minor : "";
}

std::string WithoutPlace(std::string card) {
  static const Regex kPlace(
      R"(\s*(?:@ [\d.]+ ?[GM]Hz\s*)?(?:\([\d.]+ ?[GM]i?B\)\s*)?\[(?:Discrete|Integrated|External)\]\s*$)");
  kPlace.RemoveFirst(&card);
  return card;
}

bool AddGpuText(std::string_view text, Listing listing, Draft& draft) {
  static const Regex kDevice(R"(^(?:cuda:?|gpu:?)\s?\d{1,2}[:\s]+)");
  static const Regex kMemory(
      R"(\s*(?:[\[(]\s*(?:\d+(?:\.\d+)?\s?[GM]i?B)[^\])]*[\])]|\b\d+\s?[GM]i?B (?:of )?(?:VRAM|memory|GDDR\w+|HBM\w+))\s*$)");
  bool any = false;
  for (std::string part : Parts(text)) {
    part = WithoutPlace(std::move(part));
    std::string_view begin = part;
    if (kDevice.Consume(&begin)) part = std::string(begin);
    if (StartsWith(ToLower(part), "driver")) {
      draft.KernelDriver(part, Trust::kPlain);
      continue;
    }
    if (OnlyMemory(part)) {
      if (any && draft.ThisGpu(listing).memory_mib == 0) draft.ThisGpu(listing).memory_mib = MemoryMib(part);
      continue;
    }
    int count = TakeCount(part);
    int64_t memory = 0;
    // A vendor writes "NVIDIA A100-SXM4-80GB" as a part of the name; a person writes "(24GB)" behind it.
    std::string bare = part;
    if (kMemory.RemoveFirst(&bare) && bare.size() + 3 < part.size() && bare.find(' ') != std::string::npos) {
      memory = MemoryMib(std::string_view(part).substr(bare.size()));
      part = bare;
    }
    if (count == 1) count = TakeCount(part);
    // "NVIDIA GeForce GTX 1080 Ti - 31.0.15.2802": the number of the Windows driver behind the name.
    static const Regex kWindowsDriver(
        R"(^(.*NVIDIA.*?)\s*[-(:]\s*(\d{1,2}\.\d{1,2}\.\d{1,2}\.\d{4})\)?\s*$)");
    std::string name;
    std::string driver;
    if (kWindowsDriver.FindWhole(part, &name, &driver)) {
      draft.KernelDriver(driver, Trust::kPlain);
      draft.System("windows", Trust::kGuess);
      part = name;
    }
    part = std::string(Trim(part));
    while (EndsWith(part, ".") && !EndsWith(part, "..")) part.pop_back();
    if (NoCard(part)) continue;
    bool digits = std::any_of(part.begin(), part.end(), IsDigit);
    if (!digits && any) continue;
    MachineGpu& gpu = draft.NextGpu(listing);
    gpu.name = part;
    gpu.count = count;
    gpu.memory_mib = memory;
    any = true;
  }
  return any;
}

}  // namespace cudacompat::report
