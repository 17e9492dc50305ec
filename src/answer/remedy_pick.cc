#include "answer/remedy_pick.h"

#include <algorithm>

#include "answer/missing.h"
#include "answer/remedy.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {

// Where newer versions have CUDA builds on other systems and the data does not list this one's, silence says
// nothing.
bool Listed(store::Store& store, const Build& build) {
  return store.Text(
             "SELECT 1 FROM build b WHERE b.package = ?1 AND b.device = 'cuda' AND b.version_key > ?2 AND b.os <> ?3 AND (b.version_key >> 8 & 7) >= 4 "
             "AND NOT EXISTS (SELECT 1 FROM build o WHERE o.package = b.package AND o.version_key = b.version_key AND o.os = ?3 AND o.device = 'cuda') "
             "AND NOT EXISTS (SELECT 1 FROM listing l WHERE l.package = b.package AND l.os = ?3 AND b.version_key BETWEEN l.first_version_key AND "
             "l.last_version_key) LIMIT 1",
             {build.package, PackageKey(build.version).value_or(0), BuildOs(build)}) != "1";
}

}  // namespace

bool Runs(const Build& build) { return build.verdict == Verdict::kCompatible; }

std::optional<Build> SameVersion(const std::vector<Build>& builds, const Wanted& wanted) {
  if (wanted.version.empty()) return std::nullopt;
  std::vector<const Build*> running;
  std::vector<std::string> tags;
  for (const Build& build : builds) {
    const Build* best = wanted.best;
    const bool other = best == nullptr || build.package != best->package || build.tag != best->tag ||
                       build.channel != best->channel || build.os != best->os;
    if (!Runs(build) || PackageKey(build.version) != PackageKey(wanted.version) || !other) continue;
    running.push_back(&build);
    tags.push_back(build.tag);
  }
  if (running.empty()) return std::nullopt;
  // a slip of the finger: cu12.8 and cu1280 are cu128
  const std::vector<std::string> meant = wanted.tag.empty() ? tags : NearestTags(wanted.tag, tags);
  const auto its = meant.empty() ? tags.begin() : std::find(tags.begin(), tags.end(), meant.front());
  return *running[static_cast<size_t>(its - tags.begin())];
}

std::optional<Build> SameBuild(const std::vector<Build>& builds, const Wanted& wanted) {
  std::optional<Build> found;
  for (const Build& build : builds) {
    const Build* best = wanted.best;
    const bool same = best != nullptr && build.version == best->version && build.tag == best->tag &&
                      build.os == best->os && build.arch == best->arch;
    if (same && Runs(build) && (!found || build.channel == "framework")) found = build;
  }
  return found;
}

const Build* FirstNewer(const std::vector<Build>& builds, const Wanted& wanted) {
  const Build* first = nullptr;
  for (const Build& build : builds) {
    const std::optional<int64_t> key = PackageKey(build.version);
    if (!Runs(build) || build.device != "cuda" || wanted.version.empty() || key <= PackageKey(wanted.version))
      continue;
    if (first == nullptr || key < PackageKey(first->version)) first = &build;
  }
  return first;
}

std::optional<Build> Newest(const std::vector<Build>& builds, std::string* clean) {
  std::optional<Build> newest;
  for (const Build& build : builds) {
    if (!Runs(build) || build.device != "cuda") continue;
    if (newest && PackageKey(build.version).value_or(0) <= PackageKey(newest->version).value_or(0)) continue;
    if (newest && newest->caveats.empty() && clean != nullptr) *clean = BuildName(*newest);
    newest = build;
  }
  return newest;
}

std::optional<Build> SameVersionOrNewest(const std::vector<Build>& builds, const Wanted& wanted) {
  std::optional<Build> build = SameVersion(builds, wanted);
  return build ? build : Newest(builds);
}

Chosen ChooseBuild(store::Store& store, const std::vector<Build>& builds, const Wanted& wanted, bool newest) {
  const std::optional<Build> same = SameVersion(builds, wanted);
  if (!newest) return {same, ""};
  std::string clean, note;
  std::optional<Build> build = Newest(builds, &clean);
  if (!build || !Listed(store, *build)) return {};
  const Build* first = same ? nullptr : FirstNewer(builds, wanted);
  if (first != nullptr && first->version != build->version)
    note = "; the first that does is " + BuildName(*first);
  // What all of them have says nothing of this one.
  auto all_have = [&](const std::string& rule) {
    return std::all_of(builds.begin(), builds.end(), [&](const Build& other) {
      return !Runs(other) || std::any_of(other.caveats.begin(), other.caveats.end(),
                                         [&](const Caveat& caveat) { return caveat.rule == rule; });
    });
  };
  if (!build->caveats.empty() && !all_have(build->caveats.front().rule)) {
    note += " (with a caveat: " + build->caveats.front().rule +
            (clean.empty() ? ")" : "; the newest without one is " + clean + ")");
  }
  return {build, note};
}

std::optional<Build> Named(store::Store& store, const std::vector<Build>& builds,
                           std::optional<Build> build) {
  if (!build || build->channel == "framework") return build;
  for (const Build& other : builds) {
    const bool same = other.package == build->package && other.version == build->version &&
                      other.tag == build->tag && other.os == build->os && other.arch == build->arch &&
                      other.channel == "framework";
    if (same && Runs(other) && NamesTag(store, other)) return other;
  }
  return build;
}

bool GivenOn(const std::string& os, const Build& build, const std::vector<Build>& builds) {
  return std::any_of(builds.begin(), builds.end(), [&](const Build& other) {
    return Runs(other) && other.os == os && other.package == build.package &&
           other.version == build.version && other.tag == build.tag && other.channel == build.channel;
  });
}

std::vector<std::string> SystemsOf(const std::vector<Build>& builds) {
  std::vector<std::string> systems;
  for (const Build& build : builds) {
    if (std::find(systems.begin(), systems.end(), build.os) == systems.end()) systems.push_back(build.os);
  }
  return systems;
}

}  // namespace cudacompat::answer
