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
  static const Regex kMachines(
      R"((?i)^\w+ (?:machine|node|server)s? (?:with|of|each with) x?(\d{1,3}) ?x? ?([A-Za-z][\w -]*?)(?: each)?$)");
  static const Regex kCountAfter(R"(^(.*[\w)])\s*\(?(?:\s[xX]|\s?\*|×|\s?\([xX])\s?(\d{1,3})\)?$)");
  std::string rest;
  int count = 1;
  if (kMachines.FindWhole(text, &count, &rest) || kCountBefore.FindWhole(text, &count, &rest) ||
      kCountAfter.FindWhole(text, &rest, &count)) {
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

/// By commas and the like; what stands in brackets stays together.
std::vector<std::string> Parts(std::string_view text) {
  std::string plain =
      ReplaceAll(ReplaceAll(ReplaceAll(std::string(text), " and ", ", "), " + ", ", "), " & ", ", ");
  const bool paired =
      std::count(plain.begin(), plain.end(), '(') == std::count(plain.begin(), plain.end(), ')');
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : plain) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if ((c == ',' || c == ';') && (depth <= 0 || !paired))
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (std::string& part : parts) part = std::string(Trim(part));
  return parts;
}

/// "sm_120", "compute capability 8.6", "CC 6.1": a remark about the card that was named.
std::string CapabilityRemark(std::string_view part) {
  static const Regex kRemark(
      R"((?i)^(?:(?:compute )?(?:capability|cap\.?)|cc|arch(?:itecture)?)?[ :=]*((?:sm_|compute_)\d{2,3}[af]?|\d{1,2}\.\d)$)");
  std::string number;
  const std::string_view text = Trim(part);
  if (text.empty() || IsDigit(text[0]) || !kRemark.FindWhole(text, &number)) return "";
  return Capability(number);
}

/// What stands in brackets behind a name, where it is several remarks or one of a capability: each for
/// itself, and the name without them.
std::vector<std::string> TakeRemarks(std::string& part) {
  std::vector<std::string> remarks;
  const size_t open = part.find('(');
  const size_t close = part.find(')', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || open == 0 || close == std::string::npos) return remarks;
  const std::string_view inner = std::string_view(part).substr(open + 1, close - open - 1);
  for (std::string_view comma : Split(inner, ',')) {
    for (std::string_view half : Split(comma, ';')) {
      for (std::string_view each : Split(half, '/')) remarks.emplace_back(Trim(each));
    }
  }
  if (remarks.size() < 2 && CapabilityRemark(inner).empty()) return {};
  part = std::string(Trim(part.substr(0, open))) + part.substr(close + 1);
  return remarks;
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
    const std::string capability = CapabilityRemark(part);
    if (!capability.empty()) {
      if (any && draft.ThisGpu(listing).compute_capability.empty())
        draft.ThisGpu(listing).compute_capability = capability;
      continue;
    }
    if (any && Contains(part, "=")) continue;  // a field of the same line
    const std::vector<std::string> remarks = TakeRemarks(part);
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
    for (const std::string& remark : remarks) {
      const std::string told = CapabilityRemark(remark);
      if (!told.empty()) gpu.compute_capability = told;
      if (OnlyMemory(remark) && memory == 0) gpu.memory_mib = MemoryMib(remark);
      if (Contains(ToLower(remark), "driver")) draft.KernelDriver(remark, Trust::kPlain);
    }
    any = true;
  }
  return any;
}

}  // namespace cudacompat::report
