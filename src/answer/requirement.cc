#include "answer/requirement.h"

#include <algorithm>
#include <string>
#include <utility>

#include "answer/evaluate.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {

// A board whose driver comes with its system.
bool IsJetson(store::Store& store, const query::Question& question) {
  return question.arch == "tegra" ||
         store.Text("SELECT 1 FROM asked_device WHERE stated = 1 AND board = 'embedded' LIMIT 1") == "1";
}

}  // namespace

void Merge(Requirement more, std::vector<Requirement>* requirements) {
  auto key = [](const std::string& version) { return DottedKey(version).value_or(0); };
  auto meet = [&](const Requirement& one) {  // two that ask for different ones are told as two
    return (one.below.empty() || key(more.minimum) < key(one.below)) &&
           (more.below.empty() || key(one.minimum) < key(more.below));
  };
  auto same = [&](const Requirement& one) {
    return one.what == more.what && one.os == more.os &&
           (more.what != "library" || (!more.minimum.empty() && one.one_of == more.one_of && meet(one)));
  };
  const auto known = std::find_if(requirements->begin(), requirements->end(), same);
  if (known == requirements->end()) {
    requirements->push_back(std::move(more));
    return;
  }
  if (key(more.minimum) > key(known->minimum)) known->minimum = more.minimum;
  if (key(more.sure_from) > key(known->sure_from)) known->sure_from = more.sure_from;
  if (key(known->sure_from) <= key(known->minimum)) known->sure_from.clear();
  if (known->below.empty() || (!more.below.empty() && key(more.below) < key(known->below)))
    known->below = more.below;
  auto lacking = [&](const std::string& one) {
    return std::find(more.one_of.begin(), more.one_of.end(), one) == more.one_of.end();
  };
  known->one_of.erase(std::remove_if(known->one_of.begin(), known->one_of.end(), lacking),
                      known->one_of.end());
}

bool LeavesDriverOpen(const query::Question& question) {
  return !question.driver && question.cuda_driver.empty() && question.jetpack.empty();
}

std::optional<Requirement> ReadLibcRequirement(store::Store& store, const query::Question& question,
                                               const Build& build) {
  if (BuildOs(build) != "linux" || build.kind != "package" || !question.libc.empty()) return std::nullopt;
  if (!question.distribution.empty() && !store.Text("SELECT libc FROM asked_target").empty())
    return std::nullopt;
  store::Statement row = store.Prepare(
      "SELECT min_glibc FROM wheel_libc WHERE package = ?1 AND ?2 BETWEEN first_version_key AND last_version_key AND ?3 GLOB tag AND "
      "channel IN ('*', ?4) AND arch IN ('*', ?5) AND common = 'no'",
      {build.package, PackageKey(build.version).value_or(0), build.tag, build.channel, build.arch});
  if (!row.Step()) return std::nullopt;
  return Requirement{"library", "linux", row.text(0), "", "", {"glibc"}};
}

std::vector<Requirement> ReadLoadedLibraries(store::Store& store, const Build& build) {
  std::vector<Requirement> found;
  store::Statement rows = store.Prepare(
      "SELECT l.library, l.min_version, l.below_version FROM build_loads l JOIN asked_subject s "
      "ON s.subject_id = ?2 AND s.extra IS NULL WHERE l.build_row = ?1 ORDER BY 1",
      {build.build_row, build.subject});
  while (rows.Step()) found.push_back({"library", build.os, rows.text(1), "", rows.text(2), {rows.text(0)}});
  return found;
}

std::vector<Requirement> ReadStackRequirements(store::Store& store, const query::Question& question,
                                               const Build& build) {
  if (!LeavesDriverOpen(question) || build.device != "cuda") return {};
  if (!IsJetson(store, question)) return ReadDriverRequirements(store, build);
  Requirement system{"os", "", "", "", "", ReadJetPacks(store, build)};
  if (system.one_of.empty()) return {};
  return {std::move(system)};
}

}  // namespace cudacompat::answer
