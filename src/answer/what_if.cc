#include "answer/what_if.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "answer/evaluate.h"
#include "answer/observe.h"
#include "answer/requirement.h"
#include "base/version.h"
#include "query/compile.h"

namespace cudacompat::answer {
namespace {

struct DriverRow {
  std::string os, version, branch;
  int64_t key = 0;
  bool runs = false;
};

// The runs of drivers that fit, of one system: the first that lies above the stated driver, else the last
// one.
std::optional<DriverRange> Choose(const std::vector<DriverRow>& rows, const std::string& os, int64_t stated) {
  // The driver that is there would do, without what sits on it: no other is needed.
  for (const DriverRow& row : rows) {
    if (row.os == os && row.key == stated && row.runs) return std::nullopt;
  }
  std::optional<DriverRange> below;
  DriverRange range;
  bool inside = false;
  bool above = false;
  auto close = [&](bool open) {
    if (!inside) return false;
    range.open = open;
    if (!above) below = range;
    inside = false;
    return above;
  };
  for (const DriverRow& row : rows) {
    if (row.os != os) continue;
    if (!row.runs) {
      if (close(false)) return range;
      continue;
    }
    if (inside && !above && row.key > stated) close(false);
    if (row.key == stated) continue;
    if (!inside) range = {os, row.version, "", "", false};
    inside = true;
    above = row.key > stated;
    range.last = row.version;
    range.branch = row.branch;
  }
  if (close(true)) return range;
  return below;
}

// Of one version of what is compiled for releases of a framework (a tag each), that of the newest release
// comes first: tags alone say nothing.
std::vector<Build> NewestFrameworkFirst(store::Store& store, std::vector<Build> builds) {
  if (builds.empty()) return builds;
  std::map<std::pair<int64_t, std::string>, int64_t> framework;
  store::Statement rows = store.Prepare(
      "SELECT p.version_key, p.tag, max(p.other_version_key) FROM pin p JOIN package f ON f.package = p.other AND f.kind = 'framework' "
      "WHERE p.package = ?1 AND p.needs = 1 AND p.tag <> '*' AND p.other_tag <> '' GROUP BY p.version_key, p.tag",
      {builds.front().package});
  while (rows.Step()) framework[{rows.integer(0), rows.text(1)}] = rows.integer(2);
  if (framework.empty()) return builds;
  auto its = [&](const Build& build) {
    const auto found = framework.find({PackageKey(build.version).value_or(0), build.tag});
    return found == framework.end() ? 0 : found->second;
  };
  // only what stands beside each other for its tag alone
  for (auto first = builds.begin(); first != builds.end();) {
    auto same = [&](const Build& build) {
      return build.verdict == first->verdict && build.version == first->version &&
             build.caveats.empty() == first->caveats.empty() && build.os == first->os;
    };
    const auto last = std::find_if_not(first, builds.end(), same);
    std::stable_sort(first, last, [&](const Build& a, const Build& b) { return its(a) > its(b); });
    first = last;
  }
  return builds;
}

// A build as it would be asked for.
query::Subject SubjectOf(const Build& build) {
  query::Subject subject;
  subject.package = build.package;
  subject.given = build.package;
  subject.versions.push_back(
      {query::Bound::Op::kEqual, build.version, PackageKey(build.version).value_or(0), 0});
  if (build.tag != "-") subject.tag = build.tag;
  return subject;
}

}  // namespace

void ForgetQuestion(store::Store& store) {
  if (!store.changed()) return;  // nothing was asked yet
  ForgetSubjects(store);
  store.Empty({"asked_target", "asked_system", "asked_device", "asked_driver"});
  for (const std::string table : {"list_on_capability", "list_image", "image_list"}) {
    if (store.Named(table)) store.Run("DELETE FROM " + table + " WHERE list_id BETWEEN -999999 AND -1");
  }
}

void AskTarget(store::Store& store) {
  store.Run(std::string(query::kAskBuild) +
            "SELECT 0, system_id, driver_os, "
            "NULL, 'target', '', '', NULL, '-', "
            "build_os, arch, 'default', 'no', 'cuda', '-', NULL, 'any', '-', NULL FROM asked_system");
}

void AskToolkits(store::Store& store) {
  store.Run(std::string(query::kAskBuild) +
            "SELECT DISTINCT 1, y.system_id, y.driver_os, NULL, 'cuda', 'cuda', t.cuda, t.cuda_key, '-', "
            "y.build_os, y.arch, 'default', 'no', "
            "'cuda', t.cuda, t.cuda_key, 'any', '-', NULL FROM toolkit t CROSS JOIN asked_system y WHERE "
            "y.arch = 'x86_64' OR NOT EXISTS "
            "(SELECT 1 FROM asked_system x WHERE x.os = y.os AND x.arch = 'x86_64')");
}

void WhatIf::Retarget(const query::Question& changed) {
  ForgetQuestion(store_);
  Run(store_, query::CompileTarget(changed));
}

void WhatIf::AskSubject(const Build* build) {
  auto place = static_cast<size_t>(subject_);
  if (build != nullptr && build->kind == "binary") {
    AskObserved(store_, true);
    store_.Run("DELETE FROM asked_build WHERE subject_id <> ?", {subject_});
    return;
  }
  if (build != nullptr && build->kind == "package") {
    Run(store_, query::CompileSubject(SubjectOf(*build), 1));
    store_.Run("DELETE FROM asked_build WHERE channel <> ?", {build->channel});
    return;
  }
  if (build != nullptr && build->kind == "cuda" && best_ != nullptr && build->version != best_->version) {
    query::Subject toolkit;
    toolkit.kind = query::Subject::Kind::kCuda;
    toolkit.given = "CUDA " + build->version;
    toolkit.versions.push_back(
        {query::Bound::Op::kEqual, build->version, DottedKey(build->version).value_or(0), 0});
    Run(store_, query::CompileSubject(toolkit, 1));
    return;
  }
  const bool asked =
      build != nullptr && build->kind != "target" && place >= 1 && place <= question_.subjects.size();
  if (asked)
    Run(store_, query::CompileSubject(question_.subjects[place - 1], 1));
  else
    AskTarget(store_);
}

std::vector<Build> WhatIf::Builds(const query::Question& changed, const std::string& package) {
  Retarget(changed);
  query::Subject subject;
  subject.package = package;
  subject.given = package;
  Run(store_, query::CompileSubject(subject, 1));
  Conclude(store_);
  int64_t total = 0;
  return NewestFrameworkFirst(store_, ReadBuilds(store_, 1, kEveryBuild, &total));
}

std::vector<Build> WhatIf::BuildsBeside(const query::Question& changed, const std::string& package,
                                        const std::vector<query::Subject>& kept, const std::string& extra) {
  Retarget(changed);
  query::Subject subject;
  subject.package = package;
  subject.given = package;
  subject.extra = extra;
  Run(store_, query::CompileSubject(subject, 1));
  for (size_t i = 0; i < kept.size(); ++i)
    Run(store_, query::CompileSubject(kept[i], static_cast<int64_t>(i) + 2));
  Conclude(store_);
  store_.Run(
      "DELETE FROM candidate_result WHERE candidate_id NOT IN (SELECT candidate_id FROM joint_result WHERE severity = 0)");
  // beside what asks for NVIDIA's wheels, a build that nobody says this of, or that holds the libraries
  // itself, is no advice
  store_.Run(
      "DELETE FROM candidate_result WHERE candidate_id IN (SELECT p.candidate_id FROM asked_part p JOIN asked_build b ON b.candidate_id = p.candidate_id "
      "JOIN wheel_package w ON w.package = p.package AND w.asks = 1 WHERE p.wheels IS NULL AND b.driver_os = 'linux' "
      "AND EXISTS (SELECT 1 FROM asked_part o WHERE o.subject_id <> p.subject_id AND o.wheels IS NOT NULL))");
  int64_t total = 0;
  return NewestFrameworkFirst(store_, ReadBuilds(store_, 1, kEveryBuild, &total));
}

std::vector<std::vector<Requirement>> WhatIf::Needs(const query::Question& changed,
                                                    const std::vector<Build>& builds) {
  Retarget(changed);
  int64_t id = 0;
  for (const Build& build : builds) Run(store_, query::CompileSubject(SubjectOf(build), ++id));
  Conclude(store_);
  std::vector<std::vector<Requirement>> needs;
  for (Build build : builds) {
    build.subject = static_cast<int64_t>(needs.size()) + 1;
    // on a Jetson a candidate tells, else every system's own
    build.candidate = std::atoll(
        store_
            .Text(
                "SELECT b.candidate_id FROM asked_build b JOIN candidate_result v ON v.candidate_id = b.candidate_id "
                "WHERE b.subject_id = ? ORDER BY v.severity LIMIT 1",
                {build.subject})
            .c_str());
    needs.push_back(ReadStackRequirements(store_, changed, build));
  }
  return needs;
}

bool WhatIf::MayRun(const query::Question& changed) {
  Retarget(changed);
  AskSubject(best_);
  Conclude(store_);
  return store_.Text("SELECT 1 FROM candidate_result WHERE severity <= 1 LIMIT 1") == "1";
}

void WhatIf::LeaveFailing(const Build* build, std::vector<std::pair<std::string, int64_t>>* stated) {
  AskSubject(build);
  Conclude(store_);
  store::Statement rows = store_.Prepare(
      "SELECT r.driver_os, max(r.version_key) FROM (SELECT driver_id, min(worst) AS best FROM (SELECT candidate_id, driver_id, "
      "max(severity) AS worst FROM decided GROUP BY candidate_id, driver_id) GROUP BY driver_id) x JOIN asked_driver r ON "
      "r.driver_id = x.driver_id WHERE r.stated = 1 AND x.best > 0 GROUP BY r.driver_os");
  while (rows.Step()) {
    for (auto& [os, key] : *stated) {
      if (os == rows.text(0)) key = rows.integer(1);
    }
  }
}

std::vector<DriverRange> WhatIf::Drivers(const Build* build) {
  query::Question changed = question_;
  std::vector<std::pair<std::string, int64_t>> stated;
  bool set = false;
  Retarget(question_);
  {
    store::Statement rows = store_.Prepare(
        "SELECT driver_os, max(version_key), count(*) FROM asked_driver WHERE stated = 1 AND version_key IS NOT NULL GROUP BY driver_os");
    while (rows.Step()) {
      stated.emplace_back(rows.text(0), rows.integer(1));
      set = set || rows.integer(2) > 1;
    }
  }
  if (set) LeaveFailing(build, &stated);
  // What tells the system apart (the driver's number) goes with the driver: the system stays.
  const std::vector<std::string> systems = store_.Texts("SELECT DISTINCT os FROM asked_system");
  if (systems.size() == 1 && changed.os.empty()) changed.os = systems[0];
  changed.driver.reset();
  changed.cuda_driver.clear();
  changed.jetpack.clear();
  changed.module_flavour.clear();  // another driver comes with the modules that the card needs
  Retarget(changed);
  AskSubject(build);
  store_.Run("DELETE FROM asked_driver");
  // Beside the thresholds the stated one itself.
  for (const auto& [os, key] : stated)
    store_.Run("INSERT OR IGNORE INTO driver_threshold VALUES (?, ?, 'stated')", {os, key});
  store_.Run(
      "INSERT INTO asked_driver (stated, driver_os, given, version, version_key, branch, branch_key, max_cuda, max_cuda_key) "
      "SELECT DISTINCT 1, t.os, t.version, t.version, t.version_key, b.branch, b.branch_key, b.max_cuda, b.max_cuda_key "
      "FROM driver_threshold t JOIN driver_branch b ON b.os = t.os AND t.version_key / 1000000000000 * 1000000000000 BETWEEN "
      "b.first_major_key AND b.last_major_key WHERE t.os IN (SELECT driver_os FROM asked_system) ORDER BY t.version_key");
  store_.Run(query::kDriverDisputes);
  Conclude(store_);
  std::vector<DriverRow> found;
  {
    store::Statement rows = store_.Prepare(
        "SELECT y.os, r.version, r.branch, r.version_key, min(x.worst) FROM "
        "(SELECT candidate_id, driver_id, max(severity) AS worst FROM decided GROUP BY candidate_id, driver_id) x "
        "JOIN asked_build b ON b.candidate_id = x.candidate_id JOIN asked_system y ON y.system_id = b.system_id "
        "JOIN asked_driver r ON r.driver_id = x.driver_id GROUP BY y.os, r.driver_id ORDER BY y.os, r.version_key");
    while (rows.Step())
      found.push_back({rows.text(0), rows.text(1), rows.text(2), rows.integer(3), rows.integer(4) == 0});
  }
  std::vector<DriverRange> ranges;
  for (size_t i = 0; i < found.size(); ++i) {
    if (i > 0 && found[i].os == found[i - 1].os) continue;
    const std::string driver_os = found[i].os == "linux" ? "linux" : "windows";
    int64_t floor = 0;
    for (const auto& [os, key] : stated) {
      if (os == driver_os) floor = key;
    }
    if (std::optional<DriverRange> range = Choose(found, found[i].os, floor)) ranges.push_back(*range);
  }
  return ranges;
}

std::vector<ToolkitRange> WhatIf::Toolkits(const query::Question& changed) {
  Retarget(changed);
  int64_t asked = 0;
  if (best_ != nullptr && best_->kind == "cuda") asked = DottedKey(best_->version).value_or(0);
  AskToolkits(store_);
  Conclude(store_);
  std::vector<ToolkitRange> ranges;
  store::Statement rows = store_.Prepare(
      "SELECT y.os, b.version, b.version_key, min(v.severity) AS severity FROM asked_build b JOIN candidate_result v ON v.candidate_id = b.candidate_id "
      "JOIN asked_system y ON y.system_id = b.system_id GROUP BY y.os, b.version_key HAVING severity = 0 ORDER BY y.os, b.version_key");
  bool above = false;
  while (rows.Step()) {
    if (ranges.empty() || ranges.back().os != rows.text(0)) {
      ranges.push_back({rows.text(0), rows.text(1), "", ""});
      above = false;
    }
    ToolkitRange& range = ranges.back();
    range.last = rows.text(1);
    // The next newer one; without one, or where nothing was asked, the newest.
    if (!above) range.nearest = rows.text(1);
    above = above || (asked > 0 && rows.integer(2) > asked);
  }
  return ranges;
}

std::optional<JetPack> WhatIf::NewerJetPack() {
  Retarget(question_);
  std::vector<JetPack> releases;
  {
    // The last release of each JetPack that serves the stated boards, above the stated one.
    store::Statement rows = store_.Prepare(
        "SELECT j.jetpack, j.l4t, j.cuda, max(j.l4t_key) FROM jetpack j CROSS JOIN asked_target t WHERE j.cuda_key IS NOT NULL AND "
        "j.jetpack_key IS NOT NULL AND (t.jetpack_key IS NULL OR j.jetpack_key / 1000000000 > t.jetpack_key / 1000000000) AND NOT EXISTS "
        "(SELECT 1 FROM asked_device d WHERE d.stated = 1 AND d.cc IS NOT NULL AND instr(' ' || j.modules || ' ', ' ' || d.cc || ' ') = 0) "
        "GROUP BY j.jetpack_key / 1000000000 ORDER BY j.jetpack_key");
    while (rows.Step()) releases.push_back({rows.text(0), rows.text(1), rows.text(2)});
  }
  query::Question changed = question_;
  changed.driver.reset();
  changed.cuda_driver.clear();
  const bool toolkit = best_ != nullptr && best_->kind == "cuda";
  for (const JetPack& release : releases) {
    changed.jetpack = release.jetpack;
    Retarget(changed);
    AskSubject(best_);
    Conclude(store_);
    if (store_.Text("SELECT min(severity) FROM candidate_result") == "0") return release;
  }
  // A toolkit that will never do for the board: the one that comes with a JetPack does.
  if (!toolkit) return std::nullopt;
  for (const JetPack& release : releases) {
    changed.jetpack = release.jetpack;
    Retarget(changed);
    AskToolkits(store_);
    store_.Run("DELETE FROM asked_build WHERE version <> ?", {release.cuda});
    Conclude(store_);
    if (store_.Text("SELECT min(severity) FROM candidate_result") == "0") return release;
  }
  return std::nullopt;
}

std::optional<Build> WhatIf::WithoutPython() {
  auto place = static_cast<size_t>(subject_);
  if (question_.python.empty() || place < 1 || place > question_.subjects.size()) return std::nullopt;
  query::Question changed = question_;
  changed.python.clear();
  Retarget(changed);
  Run(store_, query::CompileSubject(question_.subjects[place - 1], 1));
  Conclude(store_);
  int64_t total = 0;
  std::vector<Build> builds = ReadBuilds(store_, 1, 1, &total);
  if (builds.empty() || builds[0].verdict != Verdict::kCompatible) return std::nullopt;
  return builds[0];
}

}  // namespace cudacompat::answer
