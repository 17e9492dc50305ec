#include "query/term.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/version.h"

namespace cudacompat::query {
namespace {

constexpr size_t kShownColumns = 100;    // of a long line, around the caret
constexpr size_t kLongestMessage = 400;  // what repeats a long value is cut in its middle

bool IsTagChar(char c) { return IsDigit(c) || IsAlpha(c) || c == '.' || c == '_' || c == '-'; }

// A tag is a word with a letter in front: cu124, cpu, rocm6.2, xpu, cuda12x.
bool LooksLikeTag(std::string_view text) {
  return !text.empty() && IsAlpha(text[0]) && std::all_of(text.begin(), text.end(), IsTagChar);
}

// PEP 440 lets a v stand in front: v2.6.0.
std::string_view WithoutV(std::string_view text) {
  if (text.size() > 1 && (text[0] == 'v' || text[0] == 'V') && IsDigit(text[1])) text.remove_prefix(1);
  return text;
}

// "2.6.0-cu124" and "2.6.0 cu124" are 2.6.0+cu124: where the tag begins; npos: there is none.
size_t TagBehind(std::string_view text) {
  const size_t part = text.find_first_of("- \t");
  if (part == std::string_view::npos || part == 0 || text.find_first_of("<>=!~,+") != std::string_view::npos)
    return std::string_view::npos;
  const size_t tag = text.find_first_not_of("- \t", part);
  if (tag == std::string_view::npos || !PackageKey(WithoutV(text.substr(0, part))))
    return std::string_view::npos;
  const bool known = TagKindOf(ToLower(text.substr(tag))) != nullptr && LooksLikeTag(text.substr(tag));
  return known ? tag : std::string_view::npos;
}

/// A word for a compiler, and which of the data's it is; empty: none of those, or the first word of a name.
struct CompilerWord {
  std::string_view word, compiler;
};
constexpr std::array<CompilerWord, 17> kCompilerWords = {{
    {"gcc", "gcc"},
    {"g++", "gcc"},
    {"gnu", "gcc"},
    {"clang", "clang"},
    {"clang++", "clang"},
    {"msvc", "msvc"},
    {"cl", "msvc"},
    {"vs", "msvc"},
    {"visual c++", "msvc"},
    {"visual studio", "msvc"},
    {"visual", ""},
    {"microsoft", ""},
    {"icpc", ""},
    {"icpx", ""},
    {"nvc++", ""},
    {"icc", ""},
    {"icx", ""},
}};

Result<Bound> ParseBound(std::string_view text, const Place& place, size_t at) {
  static constexpr std::array<std::pair<std::string_view, Bound::Op>, 8> kOps = {
      {{"===", Bound::Op::kEqual},
       {"==", Bound::Op::kEqual},
       {"!=", Bound::Op::kNotEqual},
       {">=", Bound::Op::kGreaterEqual},
       {"<=", Bound::Op::kLessEqual},
       {"=", Bound::Op::kEqual},
       {">", Bound::Op::kGreater},
       {"<", Bound::Op::kLess}}};
  Bound bound;
  size_t start = 0;
  for (const auto& [word, op] : kOps) {
    if (!StartsWith(text, word)) continue;
    bound.op = op;
    start = word.size();
    break;
  }
  std::string_view version = WithoutV(Trim(text.substr(start)));
  size_t column = at + static_cast<size_t>(version.data() - text.data());
  if (EndsWith(version, ".*") || EndsWith(version, ".x")) {
    if (bound.op != Bound::Op::kEqual && bound.op != Bound::Op::kNotEqual) {
      return PointAt(place, column, "'.*' goes with == or != only", "write ==2.6.* or >=2.6");
    }
    bound.op = bound.op == Bound::Op::kEqual ? Bound::Op::kPrefix : Bound::Op::kNotPrefix;
    version.remove_suffix(2);
  }
  std::optional<int64_t> key = PackageKey(version);
  if (!key) {
    return PointAt(place, column, fmt::format("'{}' is no version", Printable(version)),
                   "a version looks like 2.6.0");
  }
  bound.version = version;
  bound.key = *key;
  if (bound.op == Bound::Op::kPrefix || bound.op == Bound::Op::kNotPrefix) {
    auto parts = static_cast<int>(std::count(version.begin(), version.end(), '.')) + 1;
    if (parts > 4) return PointAt(place, column, "too many parts in front of '.*'", "write ==2.6.*");
    int64_t step = int64_t{1} << (11 + 12 * (4 - parts));  // one more in the last typed part
    bound.key = bound.key / step * step;
    bound.upper_key = bound.key + step;
  }
  return bound;
}

// "~=2.6.1" is ">=2.6.1,==2.6.*".
// Whether no version can lie in all of them.
bool Contradict(const std::vector<Bound>& bounds) {
  int64_t low = INT64_MIN;
  int64_t high = INT64_MAX;
  for (const Bound& bound : bounds) {
    switch (bound.op) {
      case Bound::Op::kEqual:
        low = std::max(low, bound.key);
        high = std::min(high, bound.key);
        break;
      case Bound::Op::kPrefix:
        low = std::max(low, bound.key);
        high = std::min(high, bound.upper_key - 1);
        break;
      case Bound::Op::kLess:
        high = std::min(high, bound.key - 1);
        break;
      case Bound::Op::kLessEqual:
        high = std::min(high, bound.key);
        break;
      case Bound::Op::kGreater:
        low = std::max(low, bound.key + 1);
        break;
      case Bound::Op::kGreaterEqual:
        low = std::max(low, bound.key);
        break;
      case Bound::Op::kNotEqual:
      case Bound::Op::kNotPrefix:
        break;
    }
  }
  return low > high;
}

Result<std::vector<Bound>> ParseCompatible(std::string_view text, const Place& place, size_t at) {
  std::string_view version = Trim(text.substr(2));
  size_t dot = version.rfind('.');
  if (dot == std::string_view::npos) {
    return PointAt(place, at, "'~=' needs a version of at least two parts", "write ~=2.6");
  }
  Result<Bound> least = ParseBound(version, place, at + 2);
  if (!least) return least.error();
  least->op = Bound::Op::kGreaterEqual;
  Result<Bound> prefix = ParseBound(fmt::format("=={}.*", version.substr(0, dot)), place, at);
  if (!prefix) return prefix.error();
  return std::vector<Bound>{*least, *prefix};
}

Result<std::string> ParseWord(std::string_view text, const Place& place, const std::string& what,
                              const std::vector<std::pair<std::string, std::string>>& words) {
  std::string lower = ToLower(Trim(text));
  std::vector<std::string> known;
  for (const auto& [word, value] : words) {
    if (word == lower) return value;
    if (std::find(known.begin(), known.end(), value) == known.end()) known.push_back(value);
  }
  std::string near = Nearest(lower, known);
  return PointAt(
      place, 0, fmt::format("'{}' is no {}", Printable(text), what),
      (near.empty() ? "" : fmt::format("did you mean {}? ", near)) + "known: " + Join(known, ", "));
}

Result<Image> ParseImage(std::string_view text, const Place& place, size_t at) {
  Image image;
  image.isa = "-";
  image.codec = "none";
  size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    image.codec = text.substr(colon + 1);
    static const std::vector<std::string> kCodecs = {"none", "lz4", "lz4-frame", "zlib", "zstd"};
    if (std::find(kCodecs.begin(), kCodecs.end(), image.codec) == kCodecs.end()) {
      return PointAt(place, at + colon + 1, fmt::format("'{}' is no compression", Printable(image.codec)),
                     "known: " + Join(kCodecs, ", "));
    }
    text = text.substr(0, colon);
  }
  size_t sign = text.find('@');
  if (sign != std::string_view::npos) {
    image.isa = text.substr(sign + 1);
    if (!DottedKey(image.isa)) {
      return PointAt(place, at + sign + 1, fmt::format("'{}' is no PTX ISA version", Printable(image.isa)),
                     "a PTX ISA version looks like 8.4");
    }
    text = text.substr(0, sign);
  }
  std::optional<Target> target = ParseTarget(text);
  if (!target) {
    return PointAt(place, at, fmt::format("'{}' is no image target", Printable(text)),
                   "a target looks like sm_86, sm_90a, compute_90 or compute_90@8.4");
  }
  if (sign != std::string_view::npos && target->kind != "compute") {
    return PointAt(place, at + sign, "only PTX (compute_) has a PTX ISA version", "leave out @" + image.isa);
  }
  image.target = text;
  return image;
}

}  // namespace

const TagKind* TagKindOf(std::string_view word) {
  static constexpr std::array<TagKind, 4> kKinds = {
      {{"cu", true}, {"rocm", true}, {"cpu", false}, {"xpu", false}}};
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&](const TagKind& kind) { return StartsWith(word, kind.word); });
  return found == kKinds.end() ? nullptr : &*found;
}

bool IsNewestWord(std::string_view word) { return word == "newest" || word == "latest" || word == "stable"; }

Error PointAt(const Place& place, size_t at, const std::string& said, const std::string& hint) {
  std::string_view whole = place.whole;
  const std::string message =
      said.size() <= kLongestMessage
          ? said
          : said.substr(0, kLongestMessage / 2) + "…" + said.substr(said.size() - kLongestMessage / 4);
  size_t offset = std::min(place.offset + at, whole.size());
  size_t from = offset > kShownColumns / 2 ? offset - kShownColumns / 2 : 0;
  std::string before = Printable(whole.substr(from, offset - from));
  std::string line = (from > 0 ? "…" : "") + before + Printable(whole.substr(offset, kShownColumns / 2));
  size_t caret = before.size() + (from > 0 ? 1 : 0);
  return {ErrorKind::kUsage, fmt::format("{}, column {}", place.name, offset + 1),
          whole.empty() ? message : fmt::format("{}\n  {}\n  {}^", message, line, std::string(caret, ' ')),
          hint};
}

std::string Nearest(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  int least = word.size() < 4 ? 2 : 3;  // distances of 1 or 2 are typing mistakes
  if (word.size() > 64) return best;
  for (const std::string& candidate : known) {
    int distance = EditDistance(ToLower(word), ToLower(candidate), 3);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

namespace {

// "8x A100", "8 x A100", "A100 x8": how many, taken off the name. An X in capitals is part of a name ("X2").
int64_t TakeCount(std::string_view* name) {
  static constexpr std::array<std::pair<std::string_view, int64_t>, 6> kNumbers = {
      {{"two", 2}, {"dual", 2}, {"three", 3}, {"four", 4}, {"six", 6}, {"eight", 8}}};
  const size_t blank = name->find(' ');
  for (const auto& [word, count] : kNumbers) {
    if (blank != word.size() || ToLower(name->substr(0, blank)) != word) continue;
    *name = Trim(name->substr(blank));
    return count;
  }
  auto digits = [](std::string_view text) {
    return !text.empty() && text.size() <= 3 && text[0] != '0' &&
           std::all_of(text.begin(), text.end(), IsDigit);
  };
  auto number = [](std::string_view text) { return std::stoll(std::string(text)); };
  size_t x = name->find('x');
  if (x != std::string_view::npos && x + 1 < name->size() && IsSpace((*name)[x + 1]) &&
      digits(Trim(name->substr(0, x)))) {
    int64_t count = number(Trim(name->substr(0, x)));
    *name = Trim(name->substr(x + 1));
    return count;
  }
  x = name->rfind('x');
  if (x != std::string_view::npos && x > 0 && IsSpace((*name)[x - 1]) && digits(Trim(name->substr(x + 1)))) {
    int64_t count = number(Trim(name->substr(x + 1)));
    *name = Trim(name->substr(0, x));
    return count;
  }
  return 1;
}

}  // namespace

namespace {

// The card in a line of lspci ("NVIDIA Corporation GA106 [GeForce RTX 3060] (rev a1)", with -nn its PCI id
// too) or of nvidia-smi -L ("GPU 0: NVIDIA A10G (UUID: GPU-…)").
std::string_view CardOfLine(std::string_view line) {
  const std::string lower = ToLower(line);
  if (size_t id = lower.find("[10de:");
      id != std::string::npos && lower.size() > id + 10 && lower[id + 10] == ']')
    return line.substr(id + 1, 9);
  if (size_t open = line.find('['), close = line.find(']');
      open != std::string_view::npos && close > open + 1 && close != std::string_view::npos)
    return Trim(line.substr(open + 1, close - open - 1));
  if (size_t colon = lower.find(": "); StartsWith(lower, "gpu ") && colon != std::string::npos &&
                                       lower.find_first_not_of("0123456789", 4) == colon)
    line = Trim(line.substr(colon + 1));
  // "H100 MIG 1g.10gb" is a slice of the card in front
  if (size_t mig = lower.find(" mig "); mig != std::string::npos && mig > 0 && mig + 6 < lower.size() &&
                                        IsDigit(lower[mig + 5]) && lower[mig + 6] == 'g')
    return Trim(line.substr(0, mig));
  for (std::string_view behind : {" (uuid:", " (rev "}) {
    if (size_t at = ToLower(line).find(behind); at != std::string::npos) line = Trim(line.substr(0, at));
  }
  return line;
}

}  // namespace

Result<Gpu> ParseGpu(std::string_view text, const Place& place) {
  std::string_view trimmed = Trim(text);
  Gpu gpu;
  gpu.given = trimmed;
  trimmed = CardOfLine(trimmed);
  gpu.count = TakeCount(&trimmed);
  std::string lower = ToLower(trimmed);
  auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && !IsSpace(c); };
  if (auto it = std::find_if(text.begin(), text.end(), control); it != text.end()) {
    return PointAt(place, static_cast<size_t>(it - text.begin()), "a control character stands here",
                   "leave it out");
  }
  if (trimmed.empty()) {
    return PointAt(place, 0, "a card is missing",
                   "write a name (MX450), a capability (7.5, sm_75) or a PCI id (10de:1f97)");
  }
  if (FindBadUtf8(trimmed) != std::string_view::npos) {
    return PointAt(place, FindBadUtf8(trimmed), "the name is not valid UTF-8",
                   "type the card's name in plain letters");
  }
  if (lower.size() == 6 && StartsWith(lower, "0x") &&
      lower.find_first_not_of("0123456789abcdef", 2) == std::string::npos) {  // as lspci -nn writes no id
    gpu.pci_id = lower.substr(2);
    return gpu;
  }
  if (CapabilityKey(trimmed)) {
    gpu.capability = trimmed;
    return gpu;
  }
  const bool number =
      trimmed.find('.') != std::string_view::npos &&
      std::all_of(trimmed.begin(), trimmed.end(), [](char c) { return IsDigit(c) || c == '.'; });
  if (number) {
    return PointAt(place, 0, fmt::format("'{}' is no compute capability", Printable(trimmed)),
                   "a capability looks like 7.5 or 12.0");
  }
  if (std::optional<Target> target = ParseTarget(lower)) {
    gpu.capability = CapabilityText(target->capability);
    if (!IsDigit(lower.back())) gpu.target = "sm_" + lower.substr(lower.find('_') + 1);
    return gpu;
  }
  if (size_t colon = lower.find(':'); colon == 4 && lower.size() == 9) {
    auto hex = [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); };
    if (std::all_of(lower.begin(), lower.begin() + 4, hex) &&
        std::all_of(lower.begin() + 5, lower.end(), hex)) {
      // another vendor's stands as a name, which no card of NVIDIA has
      (StartsWith(lower, "10de") ? gpu.pci_id : gpu.name) =
          StartsWith(lower, "10de") ? lower.substr(5) : lower;
      return gpu;
    }
  }
  for (std::string_view dots : {"...", "…"}) {
    if (!EndsWith(trimmed, dots)) continue;
    gpu.cut_short = true;
    trimmed.remove_suffix(dots.size());
    break;
  }
  gpu.name = Trim(trimmed);
  if (NameKey(gpu.name).empty() || (gpu.cut_short && NameKey(gpu.name) == "nvidia")) {
    gpu.name = gpu.given;
    gpu.cut_short = false;
  }
  return gpu;
}

Result<std::vector<Bound>> ParseVersions(std::string_view text, const Place& place) {
  std::vector<Bound> bounds;
  for (std::string_view part : Split(text, ',')) {
    std::string_view trimmed = Trim(part);
    auto at = static_cast<size_t>(trimmed.data() - text.data());
    if (trimmed.empty()) return PointAt(place, at, "a version is missing", "write 2.6.0 or >=2.4,<2.7");
    if (StartsWith(trimmed, "~=")) {
      Result<std::vector<Bound>> pair = ParseCompatible(trimmed, place, at);
      if (!pair) return pair.error();
      bounds.insert(bounds.end(), pair->begin(), pair->end());
      continue;
    }
    Result<Bound> bound = ParseBound(trimmed, place, at);
    if (!bound) return bound.error();
    bounds.push_back(*bound);
  }
  if (Contradict(bounds)) {
    return PointAt(place, 0, fmt::format("no version is {}", Printable(Trim(text))),
                   "the bounds exclude each other: write >=2.0,<2.5");
  }
  return bounds;
}

Result<Driver> ParseDriver(std::string_view text, const Place& place) {
  std::string_view trimmed = Trim(text);
  Driver driver;
  driver.given = trimmed;
  if (trimmed.empty())
    return PointAt(place, 0, "a driver version is missing", "write 535.183.01, 535 or \">=550\"");
  if ((trimmed[0] == 'R' || trimmed[0] == 'r') && trimmed.size() > 1 && IsDigit(trimmed[1]))
    trimmed.remove_prefix(1);
  for (std::string_view part : Split(trimmed, ',')) {
    std::string_view piece = Trim(part);
    auto at = static_cast<size_t>(piece.data() - text.data());
    Bound bound;
    size_t digits = piece.find_first_not_of("<>=!");
    std::string_view op = piece.substr(0, digits == std::string_view::npos ? piece.size() : digits);
    std::string version(Trim(piece.substr(op.size())));
    // the device manager's number: 31.0.15.3623 is 536.23
    if (std::string shown = NvidiaVersion(version); !shown.empty()) {
      driver.given = ReplaceAll(driver.given, version, shown);
      version = shown;
    }
    std::optional<int64_t> key = DottedKey(version);
    if (!key || std::count(version.begin(), version.end(), '.') > 2) {
      return PointAt(place, at + op.size(), fmt::format("'{}' is no driver version", Printable(version)),
                     "a driver version looks like 535.183.01 (Linux) or 560.94 (Windows)");
    }
    if (op == ">=")
      bound.op = Bound::Op::kGreaterEqual;
    else if (op == "<=")
      bound.op = Bound::Op::kLessEqual;
    else if (op == ">")
      bound.op = Bound::Op::kGreater;
    else if (op == "<")
      bound.op = Bound::Op::kLess;
    else if (!op.empty() && op != "==" && op != "=") {
      return PointAt(place, at, fmt::format("'{}' cannot be used with a driver", op),
                     "use >=, >, <=, < or ==");
    }
    bound.version = version;
    bound.key = *key;
    driver.bounds.push_back(bound);
    driver.parts = static_cast<int>(std::count(version.begin(), version.end(), '.')) + 1;
  }
  if (Contradict(driver.bounds)) {
    return PointAt(place, 0, fmt::format("no driver is {}", Printable(trimmed)),
                   "the bounds exclude each other: write \">=550,<580\"");
  }
  bool single = driver.bounds.size() == 1 && driver.bounds[0].op == Bound::Op::kEqual;
  driver.kind = !single             ? Driver::Kind::kBounds
                : driver.parts == 1 ? Driver::Kind::kBranch
                                    : Driver::Kind::kVersion;
  return driver;
}

Result<Subject> ParseRelease(const std::string& package, std::string_view text, const Place& place) {
  std::string_view trimmed = Trim(text);
  Subject subject;
  subject.package = package;
  subject.given = package + " " + std::string(trimmed);
  auto shift = static_cast<size_t>(trimmed.data() - text.data());
  if (trimmed.empty())
    return PointAt(place, 0, "a version or tag is missing", "write 2.6.0, 2.6.0+cu124, cu124 or \">=2.4\"");
  if (IsNewestWord(ToLower(trimmed))) return subject;  // an open version: the newest that runs
  if (LooksLikeTag(trimmed) && WithoutV(trimmed) == trimmed) {
    subject.tag = ToLower(trimmed);
    return subject;
  }
  size_t plus = trimmed.find('+');
  if (size_t tag = TagBehind(trimmed); tag != std::string_view::npos) plus = tag - 1;
  std::string_view versions = Trim(trimmed.substr(0, plus));
  if (plus != std::string_view::npos) {
    std::string_view tag = Trim(trimmed.substr(plus + 1));
    if (!LooksLikeTag(tag)) {
      return PointAt(place, shift + plus + 1, fmt::format("'{}' is no tag", Printable(tag)),
                     "a tag looks like cu124 or cpu");
    }
    subject.tag = ToLower(tag);
  }
  Place inner = place;
  inner.offset += shift;
  if (!Trim(versions).empty()) {
    Result<std::vector<Bound>> bounds = ParseVersions(versions, inner);
    if (!bounds) return bounds.error();
    subject.versions = *bounds;
  }
  return subject;
}

Result<Subject> ParsePackage(std::string_view text, const Place& place) {
  std::string_view trimmed = Trim(text);
  auto shift = static_cast<size_t>(trimmed.data() - text.data());
  size_t end = 0;
  while (end < trimmed.size() && IsTagChar(trimmed[end])) ++end;
  if (end == 0) {
    return PointAt(place, shift, "a package's name is missing",
                   "write NAME, NAME==VERSION, NAME[EXTRA]==VERSION or NAME==VERSION+TAG");
  }
  std::string name = PackageName(trimmed.substr(0, end));
  std::string extra;
  if (end < trimmed.size() && trimmed[end] == '[') {
    size_t close = trimmed.find(']', end);
    if (close == std::string_view::npos)
      return PointAt(place, shift + end, "this [ is not closed", "write jax[cuda12]");
    // Of several extras the first that says something of CUDA chooses; the others add what is no build of it.
    for (std::string_view one : Split(trimmed.substr(end + 1, close - end - 1), ',')) {
      std::string word = ToLower(Trim(one));
      if (!LooksLikeTag(word)) {
        extra.clear();
        break;
      }
      if (extra.empty() || (!StartsWith(extra, "cuda") && StartsWith(word, "cuda"))) extra = word;
    }
    if (!LooksLikeTag(extra))
      return PointAt(place, shift + end + 1, "an extra is missing or malformed", "write jax[cuda12]");
    end = close + 1;
  }
  std::string_view rest = Trim(trimmed.substr(end));
  Subject subject;
  subject.package = name;
  if (!rest.empty()) {
    Place inner = place;
    inner.offset += shift + static_cast<size_t>(rest.data() - trimmed.data());
    if (std::string_view("=<>!~+").find(rest[0]) == std::string_view::npos) {
      return PointAt(inner, 0, fmt::format("'{}' cannot stand behind a package's name", Printable(rest)),
                     "write " + name + "==VERSION");
    }
    Result<Subject> release = ParseRelease(name, rest, inner);
    if (!release) return release.error();
    subject = *release;
  }
  subject.extra = extra;
  subject.given = trimmed;
  return subject;
}

Result<Subject> ParseCuda(std::string_view text, const Place& place) {
  Subject subject;
  subject.kind = Subject::Kind::kCuda;
  subject.package = "cuda";
  std::string_view trimmed = Trim(text);
  std::optional<int64_t> key = DottedKey(trimmed);
  if (!key || trimmed.find('.') == std::string_view::npos) {
    return PointAt(place, 0, fmt::format("'{}' is no CUDA release", Printable(trimmed)),
                   "a release looks like 12.4 or 12.4.1");
  }
  subject.given = "CUDA " + std::string(trimmed);
  subject.versions.push_back({Bound::Op::kEqual, std::string(trimmed), *key, 0});
  return subject;
}

Result<Subject> ParseImages(std::string_view text, const Place& place) {
  Subject subject;
  subject.kind = Subject::Kind::kImages;
  subject.package = "images";
  subject.given = Trim(text);
  for (std::string_view part : Split(text, ',')) {
    std::string_view trimmed = Trim(part);
    auto at = static_cast<size_t>(trimmed.data() - text.data());
    if (trimmed.empty())
      return PointAt(place, at, "an image is missing", "write sm_80,sm_90a,compute_90@8.4");
    Result<Image> image = ParseImage(trimmed, place, at);
    if (!image) return image.error();
    subject.images.push_back(*image);
  }
  return subject;
}

namespace {

/// What a system is called, and which of the data's it is.
struct SystemName {
  std::string_view word, os;
  std::string_view id;  ///< of a distribution, as in /etc/os-release
};
constexpr std::array<SystemName, 43> kSystems = {{
    {"linux", "linux", ""},
    {"windows", "windows", ""},
    {"wsl", "wsl", ""},
    {"macos", "macos", ""},
    {"freebsd", "freebsd", ""},
    {"ubuntu", "linux", "ubuntu"},
    {"xubuntu", "linux", "ubuntu"},
    {"kubuntu", "linux", "ubuntu"},
    {"lubuntu", "linux", "ubuntu"},
    {"debian", "linux", "debian"},
    {"fedora", "linux", "fedora"},
    {"rhel", "linux", "rhel"},
    {"redhat", "linux", "rhel"},
    {"centos", "linux", "centos"},
    {"rocky", "linux", "rocky"},
    {"rockylinux", "linux", "rocky"},
    {"almalinux", "linux", "almalinux"},
    {"alma", "linux", "almalinux"},
    {"oraclelinux", "linux", "ol"},
    {"amazonlinux", "linux", "amzn"},
    {"amzn", "linux", "amzn"},
    {"opensuse", "linux", "opensuse"},
    {"tumbleweed", "linux", "opensuse-tumbleweed"},
    {"suse", "linux", "sles"},
    {"sles", "linux", "sles"},
    {"arch", "linux", "arch"},
    {"archlinux", "linux", "arch"},
    {"manjaro", "linux", "manjaro"},
    {"linuxmint", "linux", "linuxmint"},
    {"kali", "linux", "kali"},
    {"nixos", "linux", "nixos"},
    {"alpine", "linux", "alpine"},
    {"alpinelinux", "linux", "alpine"},
    {"gentoo", "linux", "gentoo"},
    {"popos", "linux", "pop"},
    {"pop!_os", "linux", "pop"},
    {"win", "windows", ""},
    {"win32", "windows", ""},
    {"win64", "windows", ""},
    {"wsl2", "wsl", ""},
    {"darwin", "macos", ""},
    {"osx", "macos", ""},
    {"opensuse-leap", "linux", "opensuse-leap"},
}};

const SystemName* SystemNamed(std::string_view name) {
  const auto* found =
      std::find_if(kSystems.begin(), kSystems.end(), [&](const auto& each) { return each.word == name; });
  return found == kSystems.end() ? nullptr : found;
}

std::string_view SystemOf(std::string_view name) {
  const SystemName* known = SystemNamed(name);
  return known == nullptr ? std::string_view() : known->os;
}

// "11" and "2022" of Windows, "22.04" of Ubuntu, "9.4" of Rocky; the kernel's is none that anybody asks for.
bool IsSystemRelease(std::string_view system, std::string_view release) {
  if (release.empty() || !IsDigit(release.front()) || !IsDigit(release.back()) ||
      release.find_first_not_of("0123456789.") != std::string_view::npos || SystemOf(system) == "")
    return false;
  const size_t dot = release.find('.');
  if (system == "linux") return false;
  if (SystemOf(system) == "wsl") return release == "2";
  if (SystemOf(system) == "windows")
    return dot == std::string_view::npos
               ? release.size() <= 2 || (release.size() == 4 && release.substr(0, 2) == "20")
               : release == "8.1";
  if (dot == std::string_view::npos)
    return release.size() <= 2 || (release.size() == 4 && release.substr(0, 2) == "20");  // Amazon Linux 2023
  const size_t minor = std::min(release.find('.', dot + 1), release.size()) - dot - 1;
  return dot <= 2 && (minor == 2 || (minor == 1 && system != "ubuntu"));
}

// "sp4" of SLES 15 is 15.4 in /etc/os-release.
bool IsServicePack(std::string_view word) {
  return word.size() == 3 && word.substr(0, 2) == "sp" && IsDigit(word[2]);
}

// "24h2" of Windows 11.
bool IsUpdate(std::string_view word) {
  return word.size() == 4 && IsDigit(word[0]) && IsDigit(word[1]) && word[2] == 'h' && IsDigit(word[3]);
}

}  // namespace

System ReadSystem(const std::vector<std::string>& words) {
  System system;
  if (words.empty()) return system;
  std::string name = words[0];
  size_t first = 1;
  if (words.size() > 1 && !SystemOf(name + words[1]).empty()) {  // "amazon linux", "linux mint", "red hat"
    name += words[1];
    first = 2;
  }
  if (const size_t digit = name.find_first_of("0123456789");
      SystemOf(name).empty() && digit != std::string::npos && digit > 0) {
    system.release = name.substr(digit);
    name.resize(digit);
    if (name.back() == '-') name.pop_back();
    if (!IsSystemRelease(name, system.release)) return {};
  }
  const SystemName* known = SystemNamed(name);
  if (known == nullptr) return {};
  system.os = known->os;
  system.distribution = known->id;
  static const std::vector<std::string_view> kEditions = {"lts", "home", "pro", "enterprise", "core"};
  static const std::vector<std::string_view> kParts = {"server",     "stream",  "linux", "gnu/linux",
                                                       "enterprise", "release", "leap"};
  for (system.words = first; system.words < words.size(); ++system.words) {
    const std::string& word = words[system.words];
    const bool released = !system.release.empty();
    const std::string number = word.size() > 1 && word[0] == 'v' && IsDigit(word[1]) ? word.substr(1) : word;
    if (!released && IsSystemRelease(name, number)) {
      system.release = number;
      continue;
    }
    if (released && system.distribution == "sles" && IsServicePack(word) &&
        system.release.find('.') == std::string::npos) {
      system.release += "." + word.substr(2);
      continue;
    }
    const bool windows = word == "server" && system.os == "windows";
    const bool part =
        released ? IsUpdate(word) || std::count(kEditions.begin(), kEditions.end(), word) > 0
                 : windows || (system.os == "linux" && std::count(kParts.begin(), kParts.end(), word) > 0);
    if (!part) break;
  }
  return system;
}

bool IsSystem(const std::string& word) { return ReadSystem({word}).words > 0; }

namespace {

System SystemIn(std::string_view text) {
  std::vector<std::string> words;
  const std::string lower = ToLower(text);
  for (std::string_view word : Words(lower)) words.emplace_back(word);
  System system = ReadSystem(words);
  return system.words == words.size() ? system : System();
}

}  // namespace

System WholeSystem(std::string_view text) { return SystemIn(text); }

System LeadingSystem(std::string_view text) {
  std::vector<std::string> words;
  const std::string lower = ToLower(text);
  for (std::string_view word : Words(lower)) words.emplace_back(word);
  return ReadSystem(words);
}

Result<std::string> ParseOs(std::string_view text, const Place& place) {
  if (const System system = SystemIn(text); system.words > 0) return system.os;
  std::vector<std::pair<std::string, std::string>> words;
  for (const SystemName& each : kSystems) {
    if (words.size() < 5) words.emplace_back(each.word, each.os);
  }
  return ParseWord(text, place, "system", words);
}

Result<std::string> ParseArch(std::string_view text, const Place& place) {
  return ParseWord(text, place, "processor",
                   {{"x86_64", "x86_64"},
                    {"amd64", "x86_64"},
                    {"x64", "x86_64"},
                    {"aarch64", "aarch64"},
                    {"arm64", "aarch64"},
                    {"sbsa", "aarch64"},
                    {"tegra", "tegra"},
                    {"ppc64le", "ppc64le"}});
}

Result<std::string> ParsePlatform(std::string_view text, const Place& place) {
  return ParseWord(text, place, "platform",
                   {{"bare", "bare"},
                    {"container", "container"},
                    {"docker", "container"},
                    {"podman", "container"},
                    {"wsl", "wsl"},
                    {"vm", "vm"},
                    {"hosted", "hosted"}});
}

Result<std::string> ParsePython(std::string_view text, const Place& place) {
  std::string_view trimmed = Trim(text);
  std::string lower = ToLower(trimmed);
  bool free_threaded = EndsWith(lower, "t");
  if (free_threaded) lower.pop_back();
  if (StartsWith(lower, "cp") && lower.size() > 3 && lower.find('.') == std::string::npos) {
    lower = lower.substr(2, 1) + "." + lower.substr(3);
  }
  std::optional<int64_t> key = DottedKey(lower);
  if (!key || lower.find('.') == std::string::npos) {
    return PointAt(place, 0, fmt::format("'{}' is no Python version", Printable(trimmed)),
                   "a version looks like 3.11 or 3.13t");
  }
  size_t second = lower.find('.', lower.find('.') + 1);
  return lower.substr(0, second) + (free_threaded ? "t" : "");
}

Result<std::string> ParseDotted(std::string_view text, const Place& place, const std::string& what) {
  std::string_view trimmed = Trim(text);
  if (!DottedKey(trimmed)) {
    return PointAt(place, 0, fmt::format("'{}' is no {}", Printable(trimmed), what), "it looks like 12.4");
  }
  return std::string(trimmed);
}

Status ParseHostCompiler(std::string_view text, const Place& place, Question* question) {
  const std::string lower = ToLower(Trim(text));
  size_t digit = lower.find_first_of("0123456789");
  std::string name;
  for (std::string_view word : Words(std::string_view(lower).substr(0, digit)))
    name += (name.empty() ? "" : " ") + std::string(word);
  if (EndsWith(name, " v")) name.pop_back();  // msvc v143
  while (!name.empty() && (name.back() == '-' || name.back() == ' ')) name.pop_back();
  if (StartsWith(name, "microsoft ")) name.erase(0, 10);
  const auto* known =
      std::find_if(kCompilerWords.begin(), kCompilerWords.end(),
                   [&](const CompilerWord& each) { return each.word == name && !each.compiler.empty(); });
  // "visual studio 2022 17.9": what stands last says most
  std::string version =
      digit == std::string::npos ? "" : std::string(Words(std::string_view(lower).substr(digit)).back());
  // of two numbers one says more than the other only where one is a year
  const std::vector<std::string_view> numbers =
      Words(std::string_view(lower).substr(std::min(digit, lower.size())));
  auto is_year = [](std::string_view word) { return word.size() == 4 && StartsWith(word, "20"); };
  if (numbers.size() > 1 && std::none_of(numbers.begin(), numbers.end(), is_year) &&
      std::all_of(numbers.begin(), numbers.end(), [](std::string_view word) { return IsDigit(word[0]); }))
    return PointAt(place, static_cast<size_t>(numbers[1].data() - lower.data()),
                   fmt::format("two versions are stated: {} and {}", numbers[0], numbers[1]),
                   "leave one of them out");
  // a build number behind the two parts that count: 14.39.33519
  if (size_t dot = version.find('.'); dot != std::string::npos && !DottedKey(version))
    version.resize(std::min(version.size(), version.find('.', dot + 1)));
  if (known == kCompilerWords.end() || !DottedKey(version)) {
    return PointAt(
        place, 0, fmt::format("'{}' is no host compiler with a version", Printable(text)),
        "write \"gcc 13\", \"clang 17\", \"msvc 2022\", \"msvc 17.9\" or \"msvc 1939\" (_MSC_VER)");
  }
  question->host_compiler = known->compiler;
  question->host_compiler_version = version;
  return std::nullopt;
}

size_t HostCompilerName(std::string_view word) {
  for (const auto& [name, compiler] : kCompilerWords) {
    if (!StartsWith(word, name)) continue;
    size_t rest = name.size();
    if (rest < word.size() && word[rest] == '-') ++rest;
    if (word.size() == name.size() || (rest < word.size() && IsDigit(word[rest]))) return name.size();
  }
  return 0;
}

}  // namespace cudacompat::query
