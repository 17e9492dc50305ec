#include "answer/open.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "answer/evaluate.h"
#include "answer/what_if.h"
#include "base/text.h"
#include "query/compile.h"

namespace cudacompat::answer {
namespace {

std::vector<std::vector<std::string>> ReadRows(store::Statement rows) {
  std::vector<std::vector<std::string>> table;
  while (rows.Step()) {
    std::vector<std::string> row;
    for (int i = 0; i < rows.columns(); ++i) row.push_back(rows.text(i));
    table.push_back(std::move(row));
  }
  return table;
}

void AddSection(Answer* answer, const std::string& name, const std::string& title,
                const std::vector<std::string>& columns, std::vector<std::vector<std::string>> rows) {
  if (!rows.empty()) answer->sections.push_back({name, title, columns, std::move(rows)});
}

// The builds of that age of the packages people ask for first, where none that runs is known yet. Those whose
// images are known and leave a card without are not judged at all: only what may run is told. Whether there
// are any.
bool AskBuilds(store::Store& store, int64_t youngest, int64_t oldest) {
  store.Run(
      std::string(query::kAskBuild) + "SELECT 2, " + query::kBuildValues +
          "FROM package p CROSS JOIN asked_system y CROSS JOIN shown_build a CROSS JOIN build b ON b.rowid = a.build_row "
          "WHERE p.shown_by_default = 'yes' AND a.package = p.package AND a.os = y.build_os AND a.arch = y.arch AND a.age BETWEEN ?1 AND ?2 "
          "AND NOT EXISTS (SELECT 1 FROM asked_settled s WHERE s.package = p.package AND s.system_id = y.system_id) "
          "AND NOT EXISTS (SELECT 1 FROM asked_device d CROSS JOIN list_lacks k ON k.list_id = a.list_id AND k.cc_key = d.cc_key WHERE d.stated = 1)",
      {youngest, oldest});
  return store.Text("SELECT 1 FROM asked_build LIMIT 1") == "1";
}

void AddToolkits(store::Store& store, Answer* answer) {
  AddSection(
      answer, "toolkits", "CUDA toolkits and runtimes that fit", {"os", "from", "to", "rule"},
      ReadRows(store.Prepare(
          "SELECT y.os, (SELECT b.version FROM asked_build b JOIN candidate_result w ON w.candidate_id = b.candidate_id WHERE "
          "b.kind = 'cuda' AND b.system_id = y.system_id AND w.severity = v.severity ORDER BY b.version_key LIMIT 1), max(a.version), "
          "(SELECT w.rule_id FROM asked_build b JOIN candidate_result w ON w.candidate_id = b.candidate_id WHERE b.kind = 'cuda' AND "
          "b.system_id = y.system_id AND w.severity = v.severity ORDER BY b.version_key DESC LIMIT 1), max(a.version_key) FROM "
          "asked_build a JOIN candidate_result v ON v.candidate_id = a.candidate_id JOIN asked_system y ON y.system_id = a.system_id "
          "WHERE a.kind = 'cuda' AND v.severity <= 1 GROUP BY y.system_id, v.severity ORDER BY y.os, 5 DESC")));
  for (Section& section : answer->sections) {
    if (section.name != "toolkits") continue;
    for (auto& row : section.rows) {
      row[2] = store.Text("SELECT cuda FROM toolkit WHERE cuda_key = ?",
                          {static_cast<int64_t>(std::stoll(row[4]))});
      row.resize(4);
    }
  }
}

void AddDrivers(store::Store& store, Answer* answer) {
  AddSection(
      answer, "drivers", "Driver branches that drive the card",
      {"os", "first", "last", "newest release", "end of support"},
      ReadRows(store.Prepare(
          "SELECT os, (SELECT f.first_branch FROM driver_support f JOIN asked_device d ON d.cc_key = f.cc_key WHERE d.stated = 1 AND f.os = s.os "
          "AND f.first_branch_key IS NOT NULL ORDER BY f.first_branch_key DESC LIMIT 1), CASE last_key WHEN 9223372036854775807 THEN 'open' ELSE last_branch "
          "END, "
          "(SELECT g.latest_version FROM driver_branch g WHERE g.os = s.os AND g.branch_key <= last_key "
          "ORDER BY g.branch_key DESC LIMIT 1), "
          "(SELECT g.end_of_life FROM driver_branch g WHERE g.os = s.os AND g.branch_key <= last_key ORDER "
          "BY g.branch_key DESC LIMIT 1) "
          "FROM (SELECT s.os, s.first_branch, s.first_branch_key, s.last_branch, min(s.last_branch_key) AS "
          "last_key FROM driver_support s "
          "JOIN asked_device d ON d.cc_key = s.cc_key WHERE d.stated = 1 AND s.first_branch_key IS NOT NULL "
          "AND s.os IN (SELECT driver_os FROM asked_system) GROUP BY s.os) s GROUP BY os ORDER BY os")));
  AddSection(answer, "driver", "What this driver is",
             {"os", "branch", "kind", "its CUDA", "newest of the branch", "end of support"},
             ReadRows(store.Prepare("SELECT DISTINCT b.os, b.branch, b.kind, b.max_cuda, b.latest_version, "
                                    "b.end_of_life FROM asked_driver r "
                                    "JOIN driver_branch b ON b.branch = r.branch AND b.os = r.driver_os "
                                    "WHERE r.stated = 1 ORDER BY b.os, b.branch_key")));
}

void AddFeatures(store::Store& store, Answer* answer) {
  AddSection(answer, "features", "What the card can do",
             {"card", "capability", "architecture", "memory MiB", "feature", "value"},
             ReadRows(store.Prepare(
                 "SELECT DISTINCT coalesce(d.name, d.given), d.cc, c.architecture, coalesce((SELECT "
                 "g.memory_mib FROM gpu g WHERE g.gpu_id = d.gpu_id), 'unsaid'), "
                 "f.feature, f.value FROM asked_device d JOIN compute_capability c ON c.cc = d.cc LEFT JOIN "
                 "capability_feature f ON f.cc = d.cc "
                 "WHERE d.stated = 1 ORDER BY d.position, d.cc_key, f.feature")));
}

// The best build of each package and system among those that were judged, in the order of every answer: one
// that runs settles it; of the newest release (`newest`) only one without a caveat, since the release before
// it may run without.
void TakeNewestBuilds(store::Store& store, bool newest,
                      std::map<std::pair<std::string, int64_t>, Build>* best) {
  std::vector<std::pair<std::string, int64_t>> places;
  std::vector<int64_t> candidates;
  store::Statement rows = store.Prepare(
      "SELECT candidate_id, package, system_id FROM (SELECT b.candidate_id, b.package, b.system_id, "
      "row_number() OVER (PARTITION BY b.package, b.system_id ORDER BY v.severity, "
      "b.candidate_id IN (SELECT candidate_id FROM applied WHERE weight IS NULL), b.version_key DESC, "
      "b.is_default <> 'yes', b.cuda_key, b.channel, b.tag) AS place "
      "FROM asked_build b JOIN candidate_result v ON v.candidate_id = b.candidate_id "
      "WHERE b.kind = 'package' AND v.severity <= 1) WHERE place = 1");
  while (rows.Step()) {
    candidates.push_back(rows.integer(0));
    places.emplace_back(rows.text(1), rows.integer(2));
  }
  std::vector<Build> builds = ReadCandidates(store, candidates);
  for (size_t i = 0; i < builds.size(); ++i) {
    const bool runs = builds[i].verdict == Verdict::kCompatible;
    if (runs && (!newest || builds[i].caveats.empty()))
      store.Run("INSERT INTO asked_settled VALUES (?, ?)", {places[i].first, places[i].second});
    const auto known = best->find(places[i]);
    // What may run, or runs with a caveat, stands until something better does.
    auto rank = [](const Build& build) { return std::pair(build.verdict, !build.caveats.empty()); };
    if (known == best->end() || rank(builds[i]) < rank(known->second)) (*best)[places[i]] = builds[i];
  }
}

// Nothing contradicts: the sentence says what fits instead, as far as it is the same on every system.
std::string SummarizeOpen(const Answer& answer, const std::string& target) {
  std::vector<std::string> parts;
  for (const Section& section : answer.sections) {
    if (section.name == "toolkits" && section.rows.size() <= 2 &&
        section.rows.front()[1] == section.rows.back()[1] &&
        section.rows.front()[2] == section.rows.back()[2])
      parts.push_back(section.rows.front()[1] == section.rows.front()[2]
                          ? "CUDA " + section.rows.front()[1]
                          : fmt::format("CUDA {} to {}", section.rows.front()[1], section.rows.front()[2]));
  }
  for (const Build& build : answer.builds) {
    if (build.verdict != Verdict::kCompatible) break;
    if (build.package != "torch") continue;
    parts.push_back(BuildName(build) + " as the newest");
    break;
  }
  return parts.empty() ? "" : fmt::format("{} runs {}.", target, Join(parts, " and "));
}

// What a person asks next: half precision, cuDNN, the limits of minor-version and forward compatibility.
void AddNotes(store::Store& store, const query::Question& question, Answer* answer) {
  std::vector<std::vector<std::string>> notes;
  auto read = [&](const std::string& view) {
    const std::string sql = "SELECT about, note FROM " + view + " ORDER BY place, note";
    for (auto& row : ReadRows(store.Prepare(store.WithViews({view}, sql)))) notes.push_back(std::move(row));
  };
  if (!question.gpus.empty()) read("card_note");
  if (question.driver) read("driver_note");
  AddSection(answer, "notes", "Good to know", {"about", "note"}, std::move(notes));
}

std::string InList(const std::set<int64_t>& keys) {
  std::vector<std::string> numbers;
  for (int64_t key : keys) numbers.push_back(std::to_string(key));
  return "(" + Join(numbers, ", ") + ")";
}

// The toolkits that a question speaks of: those asked about, those of the builds, else those that fit the
// target.
std::set<int64_t> ToolkitsMeant(store::Store& store, const query::Question& question, const Answer& answer) {
  std::set<int64_t> keys;
  auto take = [&](const std::string& where, const std::vector<store::Value>& parameters) {
    store::Statement rows = store.Prepare("SELECT DISTINCT cuda_key FROM " + where, parameters);
    while (rows.Step()) keys.insert(rows.integer(0));
  };
  for (const query::Subject& subject : question.subjects) {
    if (subject.kind == query::Subject::Kind::kCuda && !subject.versions.empty())
      take("toolkit WHERE cuda_key = ?1 / 1000000000 * 1000000000", {subject.versions[0].key});
  }
  if (!keys.empty()) return keys;
  for (const Build& build : answer.builds) {
    if (!question.subjects.empty() && build.build_row != 0)
      take("build WHERE rowid = ? AND cuda_key IS NOT NULL", {build.build_row});
  }
  for (const Section& section : answer.sections) {
    if (!question.subjects.empty() || section.name != "toolkits") continue;
    for (const auto& row : section.rows)
      take(
          "toolkit WHERE cuda_key BETWEEN (SELECT cuda_key FROM toolkit WHERE cuda = ?1) AND (SELECT cuda_key FROM toolkit WHERE cuda = ?2)",
          {row[1], row[2]});
  }
  return keys;
}

// Which tables a form may be answered by.
bool HasTable(const Answer& answer, std::initializer_list<const char*> names) {
  return std::any_of(answer.sections.begin(), answer.sections.end(), [&](const Section& section) {
    return std::find(names.begin(), names.end(), section.name) != names.end();
  });
}

// Toolkits to build with beside a package: that of each build's runtime.
void AddToolkitsOfBuilds(store::Store& store, const query::Question& question, Answer* answer) {
  std::vector<std::vector<std::string>> rows;
  std::set<std::string> seen;
  for (const Build& build : answer->builds) {
    if (question.subjects.empty() || build.build_row == 0 || !seen.insert(BuildName(build)).second) continue;
    for (
        auto& row : ReadRows(store.Prepare(
            "SELECT ?2, b.cuda, coalesce((SELECT t.release FROM toolkit t WHERE t.cuda_key = b.cuda_key AND t.kind IN ('ga', 'update') "
            "ORDER BY t.release_key DESC LIMIT 1), '-') FROM build b WHERE b.rowid = ?1 AND b.device = 'cuda' AND b.cuda <> '-'",
            {build.build_row, BuildName(build)})))
      rows.push_back(std::move(row));
  }
  AddSection(answer, "toolkits", "CUDA toolkits that the builds were made with",
             {"build", "cuda", "newest release"}, std::move(rows));
}

void AddCompilers(store::Store& store, const query::Question& question, Answer* answer) {
  const std::set<int64_t> toolkits = ToolkitsMeant(store, question, *answer);
  if (toolkits.empty()) return;
  AddSection(answer, "host_compilers", "Host compilers of these toolkits", {"cuda", "compiler", "from", "to"},
             ReadRows(store.Prepare(
                 "SELECT cuda, compiler, min_version, max_version FROM host_compiler WHERE cuda_key IN " +
                 InList(toolkits) +
                 " AND os IN (SELECT build_os FROM asked_system) ORDER BY cuda_key DESC, compiler")));
}

}  // namespace

void AddOpenSections(store::Store& store, const query::Question& question, Answer* answer) {
  // From the newest release back, in growing steps: most cards run one of the newest, and judging every build
  // there is takes ten times as long.
  constexpr int64_t kOldest = 1000000;
  std::map<std::pair<std::string, int64_t>, Build> best;
  for (int64_t youngest = 1; youngest < kOldest;) {
    const int64_t oldest = youngest == 1 ? 1 : youngest == 2 ? 3 : youngest == 4 ? 24 : kOldest;
    ForgetSubjects(store);
    if (youngest == 1) AskToolkits(store);
    if (AskBuilds(store, youngest, oldest) || youngest == 1) Conclude(store);
    if (youngest == 1) AddToolkits(store, answer);
    TakeNewestBuilds(store, youngest == 1, &best);
    youngest = oldest + 1;
  }
  AddDrivers(store, answer);
  for (auto& [place, build] : best) answer->builds.push_back(std::move(build));
  std::stable_sort(answer->builds.begin(), answer->builds.end(), [](const Build& a, const Build& b) {
    return std::pair(a.verdict, !a.caveats.empty()) < std::pair(b.verdict, !b.caveats.empty());
  });
  answer->builds_total = static_cast<int64_t>(answer->builds.size());
  std::vector<std::string> names;
  if (!answer->devices.empty()) names.push_back(DeviceNames(answer->devices, " with "));
  if (question.driver) names.push_back((names.empty() ? "Driver " : "driver ") + question.driver->given);
  std::string fits = SummarizeOpen(*answer, Join(names, " with "));
  if (answer->verdict == Verdict::kCompatible && answer->devices.size() <= 2 && !names.empty() &&
      !fits.empty())
    answer->summary = fits;
  if (!question.gpus.empty()) AddFeatures(store, answer);
  AddNotes(store, question, answer);
}

void AddSubjectSections(store::Store& store, const query::Question& question, const Build& best,
                        Answer* answer) {
  if (best.device != "cuda") return;
  // The best candidate alone, against every capability at once: as the cards that one name may mean, of which
  // each is judged for itself. Several cards of one machine would have to share a driver. A stated driver is
  // none of the boards that bring their own.
  ForgetConclusions(store);
  store.Run("DELETE FROM asked_build WHERE candidate_id <> ?", {best.candidate});
  store.Empty({"asked_device"});
  store.Run(
      "INSERT INTO asked_device (stated, position, given, gpu_id, name, cc, cc_key, class, board, count) "
      "SELECT 1, 1, cc, NULL, cc, cc, cc_key, 'capability', board, 1 FROM compute_capability WHERE "
      "renamed_to = '-' AND (?1 = 0 OR cc_key IN (SELECT cc_key FROM capability_driver)) AND (?2 = 0 OR board = 'embedded') ORDER BY cc_key",
      {int64_t{question.driver && question.jetpack.empty() ? 1 : 0},
       int64_t{question.arch == "tegra" ? 1 : 0}});
  Conclude(store);
  AddSection(answer, "gpus", "Compute capabilities that run it",
             {"capability", "architecture", "cards", "verdict", "rule"},
             ReadRows(store.Prepare("SELECT d.cc, c.architecture, c.typical, s.verdict, v.rule_id FROM "
                                    "device_result v JOIN asked_device d ON d.device_id = v.device_id "
                                    "JOIN compute_capability c ON c.cc = d.cc JOIN severity s ON s.severity "
                                    "= v.severity WHERE v.severity <= 1 ORDER BY d.cc_key")));
  if (best.kind == "cuda") {
    AddSection(
        answer, "host_compilers", "Host compilers it accepts", {"compiler", "from", "to"},
        ReadRows(store.Prepare(
            "SELECT compiler, min_version, max_version FROM host_compiler WHERE "
            "cuda_key = (SELECT cuda_key / 1000000000 * 1000000000 "
            "FROM asked_build LIMIT 1) AND os IN (SELECT build_os FROM asked_system) ORDER BY compiler")));
  }
  Requirement gpu{"gpu", "", "", "", "", {}};
  for (const Section& section : answer->sections) {
    if (section.name != "gpus") continue;
    // Those that surely run it; where none does, those that may.
    const bool sure = std::any_of(section.rows.begin(), section.rows.end(),
                                  [](const auto& row) { return row[3] == "compatible"; });
    for (const auto& row : section.rows) {
      if (!sure || row[3] == "compatible") gpu.one_of.push_back(row[0]);
    }
  }
  bool stated = !question.gpus.empty();
  if (!stated && !gpu.one_of.empty() && answer->verdict <= Verdict::kConditional)
    answer->requirements.push_back(gpu);
}

namespace {

// A table was asked for and there is none: that is said, or the words would have been passed over.
void AddNoTable(const query::Question& question, Answer* answer) {
  if (answer->verdict == Verdict::kUnknown) return;  // what is missing is named
  const char* what = nullptr;
  switch (question.form) {
    case query::Form::kVerdict:
      break;
    case query::Form::kGpus:
      if (!HasTable(*answer, {"gpus"}) && question.gpus.empty()) what = "cards";
      break;
    case query::Form::kDrivers:
      if (!HasTable(*answer, {"drivers", "driver"})) what = "drivers";
      break;
    case query::Form::kToolkits:
      if (!HasTable(*answer, {"toolkits", "architectures"})) what = "toolkits";
      break;
    case query::Form::kHostCompilers:
      if (!HasTable(*answer, {"host_compilers"})) what = "host compilers";
      break;
  }
  if (what != nullptr)
    answer->caveats.push_back(
        {"words-not-understood", "",
         fmt::format("There is no table of {}: the data has none that go with what was asked.", what)});
}

}  // namespace

void AddFormSection(store::Store& store, const query::Question& question, Answer* answer) {
  if (question.form == query::Form::kDrivers) {
    for (const Requirement& requirement : answer->requirements) {
      if (requirement.what != "driver") continue;
      std::string os = requirement.os == "wsl" ? "windows" : requirement.os;
      AddSection(answer, "drivers",
                 fmt::format("Driver branches on {} from {} on", requirement.os, requirement.minimum),
                 {"branch", "kind", "its CUDA", "newest release", "end of support"},
                 ReadRows(store.Prepare("SELECT branch, kind, max_cuda, latest_version, end_of_life FROM "
                                        "driver_branch WHERE os = ?1 AND latest_version_key >= "
                                        "(SELECT min(k) FROM (SELECT version_key AS k FROM driver_release "
                                        "WHERE version = ?2 UNION SELECT min_driver_key FROM "
                                        "minor_version_compatibility WHERE min_driver = ?2 UNION SELECT "
                                        "min_driver_key FROM toolkit_min_driver WHERE min_driver = ?2)) "
                                        "ORDER BY branch_key DESC",
                                        {os, requirement.minimum})));
    }
  } else if (question.form == query::Form::kGpus && question.subjects.empty()) {
    AddSection(
        answer, "gpus", "Compute capabilities that the driver drives",
        {"os", "capability", "architecture", "cards", "first branch", "last branch"},
        ReadRows(store.Prepare(
            "SELECT DISTINCT s.os, c.cc, c.architecture, c.typical, s.first_branch, s.last_branch FROM driver_support s "
            "JOIN compute_capability c ON c.cc = s.cc AND c.renamed_to = '-' JOIN asked_driver r ON r.driver_os = s.os "
            "WHERE s.first_branch_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM asked_driver d WHERE d.driver_os = s.os AND "
            "d.stated = 1 AND (d.branch_key IS NULL OR d.branch_key > s.last_branch_key OR d.branch_key < s.first_branch_key "
            "OR d.branch_key = s.first_branch_key AND d.version_key < s.first_version_key)) ORDER BY s.os, s.cc_key")));
  } else if (question.form == query::Form::kHostCompilers && !HasTable(*answer, {"host_compilers"})) {
    AddCompilers(store, question, answer);
  } else if (question.form == query::Form::kToolkits) {
    AddToolkitsOfBuilds(store, question, answer);
    const std::set<int64_t> toolkits = ToolkitsMeant(store, question, *answer);
    if (!HasTable(*answer, {"toolkits"}) && !toolkits.empty()) {
      AddSection(
          answer, "toolkits", "Releases of the toolkit", {"cuda", "release", "label", "released"},
          ReadRows(store.Prepare("SELECT cuda, release, label, released FROM toolkit WHERE cuda_key IN " +
                                 InList(toolkits) + " ORDER BY release_key DESC")));
    }
    AddSection(answer, "architectures", "Targets of the card and the toolkits that build them",
               {"target", "from", "to", "deprecated since"},
               ReadRows(store.Prepare(
                   "SELECT DISTINCT a.target, a.first_toolkit, a.last_toolkit, a.deprecated_since FROM "
                   "architecture a JOIN compute_capability c ON c.cc = a.cc "
                   "JOIN asked_device d ON d.cc_key = coalesce(c.renamed_to_key, c.cc_key) WHERE d.stated = "
                   "1 AND ?1 ORDER BY a.cc_key, a.suffix",
                   {int64_t{question.gpus.empty() ? 0 : 1}})));
  }
  AddNoTable(question, answer);
}

}  // namespace cudacompat::answer
