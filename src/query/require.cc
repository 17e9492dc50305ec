#include "query/require.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/version.h"

namespace cudacompat::query {
namespace {

using Wish = Requirement::Wish;

constexpr std::string_view kPtxWord = "+ptx";
constexpr int64_t kRelease = 1000000000;  // a DottedKey without what stands behind major and minor
constexpr const char* kAnyPtx = "compute_*";

void Add(Wish wish, std::string_view given, const std::string& target, Question* question) {
  question->requirements.push_back({wish, std::string(given), target, {}, 0});
}

// "8.6+PTX" is the card or image in front of the sign, and its PTX.
Status AddWithPtx(std::string_view word, std::string_view base, const Place& place, size_t at,
                  Question* question) {
  std::optional<Target> target = ParseTarget(ToLower(base));
  if (!target && CapabilityKey(base))
    target = ParseTarget(fmt::format("sm_{}", ReplaceAll(std::string(base), ".", "")));
  if (!target || target->kind == "lto") {
    return PointAt(place, at, fmt::format("'{}' is no image with its PTX", Printable(word)),
                   "write 8.6+PTX, sm_86+PTX or +PTX");
  }
  const std::string number =
      ToLower(base).substr(ToLower(base).find('_') == std::string::npos ? 0 : ToLower(base).find('_') + 1);
  Add(Wish::kPresent, word, "compute_" + ReplaceAll(number, ".", ""), question);
  return std::nullopt;
}

Status AddCard(std::string_view word, const Place& place, size_t at, Question* question) {
  Place inner = place;
  inner.offset += at;
  Result<Gpu> gpu = ParseGpu(word, inner);
  if (!gpu) return gpu.error();
  question->gpus.push_back(*gpu);
  question->requirements.push_back(
      {Wish::kRuns, std::string(word), {}, {}, static_cast<int64_t>(question->gpus.size())});
  return std::nullopt;
}

bool IsTarget(std::string_view word) { return ParseTarget(word) && word.find('_') != std::string_view::npos; }

Status AddWord(Wish wish, std::string_view word, const Place& place, size_t at, Question* question) {
  const std::string lower = ToLower(word);
  if (lower == kPtxWord || lower == "ptx") {
    Add(wish, word, kAnyPtx, question);
    return std::nullopt;
  }
  if (IsTarget(lower)) {
    Add(wish, word, lower, question);
    return std::nullopt;
  }
  if (wish == Wish::kAbsent) {
    return PointAt(place, at, fmt::format("'{}' is no image target", Printable(word)),
                   "--forbid takes images: sm_50, compute_70, lto_80, +PTX");
  }
  if (lower == "all-major" || lower == "all") {
    question->requirements.push_back({wish, std::string(word), {}, lower, 0});
    return std::nullopt;
  }
  if (EndsWith(lower, kPtxWord)) {
    const std::string_view base = Trim(word.substr(0, word.size() - kPtxWord.size()));
    if (Status error = AddWord(wish, base, place, at, question)) return error;
    return AddWithPtx(word, base, place, at, question);
  }
  for (std::string_view prefix : {"sm_", "compute_", "lto_"}) {
    if (StartsWith(lower, prefix)) {
      return PointAt(place, at, fmt::format("'{}' is no image target", Printable(word)),
                     "a target looks like sm_86, sm_90a or compute_90");
    }
  }
  if (const size_t mark = word.find(';'); mark != std::string_view::npos)
    return PointAt(place, at + mark, "a semicolon parts nothing", "part the words by commas");
  if (word.size() <= 3 && word.find_first_not_of("0123456789") == std::string_view::npos) {
    return PointAt(place, at, fmt::format("'{}' is neither an image nor a card", word),
                   fmt::format("write sm_{0} for that image, or {1}.{2} for the cards", word,
                               word.substr(0, word.size() - 1), word.substr(word.size() - 1)));
  }
  return AddCard(word, place, at, question);
}

Status AddList(Wish wish, std::string_view list, const Place& place, Question* question) {
  for (std::string_view part : Split(list, ',')) {
    const std::string_view word = Trim(part);
    const auto at = static_cast<size_t>(word.data() - list.data());
    if (word.empty())
      return PointAt(place, at, "a word is missing", "write sm_75,sm_80,compute_90 or \"RTX 2080,H100\"");
    if (Status error = AddWord(wish, word, place, at, question)) return error;
  }
  return std::nullopt;
}

// What nvcc -arch=all-major (or all) of a toolkit builds: images of the generations that it knows and of the
// oldest target (or of every target), and PTX of the newest generation, not of the newest target.
void CompileAllOf(const Requirement& requirement, int64_t cuda_key, std::vector<Sql>* out) {
  const std::string toolkit =
      cuda_key != 0 ? std::to_string(cuda_key / kRelease * kRelease) : "(SELECT max(cuda_key) FROM toolkit)";
  const std::string which =
      requirement.all_of == "all" ? "1" : "cc_key % 10 = 0 OR cc_key = (SELECT min(cc_key) FROM known)";
  out->push_back(
      {fmt::format("WITH known AS (SELECT target, cc_key FROM architecture WHERE suffix = '-' AND "
                   "{0} BETWEEN first_toolkit_key AND last_toolkit_key) "
                   "INSERT INTO asked_requirement (wish, given, target, position) "
                   "SELECT 'present', target, target, NULL FROM known WHERE {1} UNION ALL "
                   "SELECT 'present', ptx, ptx, NULL FROM (SELECT 'compute_' || substr(target, 4) AS ptx, "
                   "max(cc_key) FROM known WHERE cc_key % 10 = 0)",
                   toolkit, which),
       {}});
}

const char* WishText(Wish wish) {
  switch (wish) {
    case Wish::kPresent:
      return "present";
    case Wish::kAbsent:
      return "absent";
    case Wish::kRuns:
      return "runs";
    case Wish::kOldestDriver:
      break;
  }
  return "oldest";
}

}  // namespace

Status AddRequired(std::string_view list, const Place& place, Question* question) {
  return AddList(Wish::kPresent, list, place, question);
}

Status AddForbidden(std::string_view list, const Place& place, Question* question) {
  return AddList(Wish::kAbsent, list, place, question);
}

std::vector<Sql> CompileRequirements(const Question& question, int64_t cuda_key) {
  std::vector<Sql> out;
  for (const Requirement& requirement : question.requirements) {
    if (!requirement.all_of.empty()) {
      CompileAllOf(requirement, cuda_key, &out);
      continue;
    }
    out.push_back({"INSERT INTO asked_requirement (wish, given, target, position) VALUES (?, ?, ?, ?)",
                   {std::string(WishText(requirement.wish)), requirement.given,
                    requirement.target.empty() ? Parameter() : Parameter(requirement.target),
                    requirement.position == 0 ? Parameter() : Parameter(requirement.position)}});
  }
  // A card that must be served is in no machine with the others.
  out.push_back(
      {"UPDATE asked_device SET apart = 1 WHERE position IN (SELECT position FROM asked_requirement WHERE wish = 'runs')",
       {}});
  return out;
}

}  // namespace cudacompat::query
