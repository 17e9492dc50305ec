#include "answer/evaluate.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace cudacompat::answer {
namespace {

store::Value ToValue(const query::Parameter& parameter) {
  if (const auto* number = std::get_if<int64_t>(&parameter)) return *number;
  if (const auto* text = std::get_if<std::string>(&parameter)) return *text;
  return std::monostate();
}

std::vector<std::string> WordList(const std::string& text) {
  std::vector<std::string> words;
  for (std::string_view word : Words(text)) words.emplace_back(word);
  return words;
}

struct Images {
  std::vector<std::string> names;
  bool of_libraries = false;
};

Images ReadImages(store::Store& store, int64_t list_id) {
  Images images;
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT i.target || CASE i.isa WHEN '-' THEN '' ELSE '@' || i.isa END, (SELECT max(library) FROM list_image WHERE "
      "list_id = ?1) <> '' FROM list_image i "
      "LEFT JOIN architecture a ON a.target = 'sm_' || ltrim(i.target, 'smcopute_') WHERE i.list_id = ?1 "
      "ORDER BY substr(i.target, 1, 1) DESC, a.cc_key, a.suffix, i.isa_key",
      {list_id});
  while (rows.Step()) {
    images.names.push_back(rows.text(0));
    images.of_libraries = rows.integer(1) != 0;
  }
  return images;
}

// Of every candidate at once: there is no index to ask for one.
std::map<int64_t, std::vector<Caveat>> ReadCaveats(store::Store& store) {
  std::map<int64_t, std::vector<Caveat>> caveats;
  store::Statement rows = store.Prepare(store.WithViews(
      {"candidate_caveat"},
      "SELECT candidate_id, rule_id, library, summary FROM candidate_caveat ORDER BY 1, 3, 4"));
  while (rows.Step()) caveats[rows.integer(0)].push_back({rows.text(1), rows.text(2), rows.text(3)});
  return caveats;
}

}  // namespace

const char* VerdictText(Verdict verdict) {
  switch (verdict) {
    case Verdict::kCompatible:
      return "compatible";
    case Verdict::kConditional:
      return "conditional";
    case Verdict::kUnknown:
      return "unknown";
    case Verdict::kIncompatible:
      return "incompatible";
  }
  return "";
}

std::string BuildName(const Build& build) {
  return build.package + " " + build.version + (build.tag == "-" ? "" : "+" + build.tag);
}

std::string BuildOs(const Build& build) { return build.os == "windows" ? "windows" : "linux"; }

int ExitCode(Verdict verdict) {
  switch (verdict) {
    case Verdict::kCompatible:
      return 0;
    case Verdict::kIncompatible:
      return 1;
    case Verdict::kConditional:
      return 2;
    case Verdict::kUnknown:
      return 3;
  }
  return 70;
}

void Run(store::Store& store, const std::vector<query::Sql>& statements) {
  int64_t before = 0;
  for (const query::Sql& sql : statements) {
    if (!sql.otherwise)
      before = store.changes();
    else if (store.changes() != before)
      continue;
    std::vector<store::Value> values;
    values.reserve(sql.parameters.size());
    for (const query::Parameter& parameter : sql.parameters) values.push_back(ToValue(parameter));
    store.Run(sql.views.empty() ? sql.text : store.WithViews(sql.views, sql.text), values);
  }
}

void Conclude(store::Store& store) {
  // Which steps have anything to do is asked at once; the conditions read what was asked and seen only. Where
  // no statement has named what a test needs, nothing was seen that it could be true of.
  std::map<std::string, std::vector<bool>> holding;
  store::Statement tests = store.Prepare("SELECT needs, sql FROM judging_test");
  while (tests.Step()) {
    const std::string needs = tests.text(0);
    const std::vector<std::string_view> tables = Words(needs);
    const bool seen =
        std::any_of(tables.begin(), tables.end(), [&](auto table) { return store.Named(table); });
    if (!tables.empty() && !seen) continue;
    store::Statement row = store.Prepare(tests.text(1));
    row.Step();
    for (int i = 0; i < row.columns(); ++i) holding[needs].push_back(row.integer(i) != 0);
  }
  store::Statement steps = store.Prepare("SELECT needs, condition, step FROM judging_step ORDER BY step");
  store::Statement sql = store.Prepare("SELECT sql FROM judging_step WHERE step = ?");
  while (steps.Step()) {
    const auto its = holding.find(steps.text(0));
    if (its == holding.end() || !its->second[static_cast<size_t>(steps.integer(1))]) continue;
    sql.Reset();
    sql.Bind(1, steps.integer(2));
    sql.Step();
    store.Run(sql.text(0));
  }
}

void ForgetConclusions(store::Store& store) {
  store.Empty({"image_taken", "asked_part", "asked_pair", "joint_result", "concluded", "applied", "decided",
               "device_result", "candidate_result"});
}

void ForgetSubjects(store::Store& store) {
  ForgetConclusions(store);
  store.Empty({"asked_build", "asked_subject"});
}

std::vector<Build> ReadCandidates(store::Store& store, const std::vector<int64_t>& candidates) {
  std::vector<Build> builds;
  std::map<int64_t, std::vector<Caveat>> caveats = ReadCaveats(store);
  std::map<int64_t, Images> images;  // many builds have the same list
  store::Statement rows = store.Prepare(
      "SELECT b.build_row, coalesce(b.list_id, 0), b.subject_id, b.kind, b.package, b.version, b.tag, y.os, y.arch, "
      "b.channel, b.is_default, b.device, b.cuda, b.images_kind, b.pythons, v.severity, v.rule_id, v.conclusion_id "
      "FROM candidate_result v JOIN asked_build b ON b.candidate_id = v.candidate_id JOIN asked_system y ON "
      "y.system_id = b.system_id WHERE v.candidate_id = ?");
  for (int64_t candidate : candidates) {
    rows.Reset();
    rows.Bind(1, candidate);
    if (!rows.Step()) continue;
    Build build;
    build.candidate = candidate;
    build.build_row = rows.integer(0);
    build.list_id = rows.integer(1);
    build.subject = rows.integer(2);
    build.kind = rows.text(3);
    build.package = rows.text(4);
    build.version = rows.text(5);
    build.tag = rows.text(6);
    build.os = rows.text(7);
    build.arch = rows.text(8);
    build.channel = rows.text(9);
    build.is_default = rows.text(10) == "yes";
    build.device = rows.text(11);
    build.cuda = rows.text(12);
    build.images_kind = rows.text(13);
    build.python = WordList(rows.text(14));
    build.verdict = static_cast<Verdict>(rows.integer(15));
    build.rule = rows.text(16);
    build.conclusion_id = rows.text(17);
    if (build.list_id != 0) {
      const auto [list, is_new] = images.try_emplace(build.list_id);
      if (is_new) list->second = ReadImages(store, build.list_id);
      build.images = list->second.names;
      build.of_libraries = list->second.of_libraries;
    }
    if (const auto its = caveats.find(candidate); its != caveats.end()) build.caveats = its->second;
    builds.push_back(std::move(build));
  }
  return builds;
}

namespace {

// What goes with the other packages that were asked for comes first: with any of their builds, then with
// those that were chosen.
std::string TogetherOrder(const std::vector<int64_t>& chosen) {
  std::vector<std::string> candidates;
  for (const int64_t candidate : chosen) candidates.push_back(std::to_string(candidate));
  return "coalesce((SELECT j.severity FROM joint_result j WHERE j.candidate_id = v.candidate_id), v.severity), "
         "(SELECT count(DISTINCT p.other_id) FROM asked_part a JOIN asked_pair p ON p.part_id = a.part_id "
         "JOIN asked_part c ON c.part_id = p.other_part_id WHERE a.candidate_id = v.candidate_id AND "
         "p.cuda * p.python * p.library = 1 AND c.candidate_id IN (" +
         Join(candidates, ", ") + ")) DESC, ";
}

// Of what nobody knows, what is made with a toolkit that makes no code for the card comes last.
void PromisingFirst(store::Store& store, std::vector<Build>* builds) {
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT b.candidate_id FROM asked_build b CROSS JOIN asked_device d JOIN capability_maker m ON m.cc_key = d.cc_key "
      "WHERE d.stated = 1 AND b.cuda_key NOT BETWEEN m.first_key AND m.last_key");
  std::set<int64_t> outside;
  while (rows.Step()) outside.insert(rows.integer(0));
  const auto known = std::find_if(builds->begin(), builds->end(),
                                  [](const Build& build) { return build.verdict != Verdict::kUnknown; });
  std::stable_partition(builds->begin(), known,
                        [&](const Build& build) { return outside.count(build.candidate) == 0; });
}

}  // namespace

std::vector<Build> ReadBuilds(store::Store& store, int64_t subject, int64_t limit, int64_t* total,
                              const std::vector<int64_t>* chosen) {
  *total = std::stoll(store.Text(
      "SELECT count(*) FROM asked_build WHERE kind IN ('package', 'unlisted') AND (?1 = 0 OR subject_id = ?1)",
      {subject}));
  // The order of the contract: verdict, no caveat first, newest, least demanding driver, measured, x86_64,
  // the index's default, lower tag. The sort carries keys alone; what is shown is then read row by row.
  store::Statement order = store.Prepare(
      "SELECT b.candidate_id FROM candidate_result v CROSS JOIN asked_build b ON b.candidate_id = v.candidate_id "
      "CROSS JOIN asked_system y ON y.system_id = b.system_id WHERE ?1 = 0 OR b.subject_id = ?1 ORDER BY " +
          (chosen == nullptr ? std::string() : TogetherOrder(*chosen)) +
          "v.severity, v.severity = 3 AND b.device <> 'cuda', "
          "v.severity < 3 AND b.candidate_id IN (SELECT candidate_id FROM applied WHERE weight IS NULL), "
          "b.version_key DESC, b.cuda_key, b.images_kind <> 'measured', y.arch <> 'x86_64', y.os <> 'linux', "
          "b.is_default <> 'yes', b.channel, b.tag, y.os, b.candidate_id LIMIT ?2",
      {subject, limit});
  std::vector<int64_t> candidates;
  while (order.Step()) candidates.push_back(order.integer(0));
  std::vector<Build> builds = ReadCandidates(store, candidates);
  if (!builds.empty() && builds.front().verdict == Verdict::kUnknown) PromisingFirst(store, &builds);
  return builds;
}

namespace {

constexpr std::string_view kDeviceRows =
    "SELECT v.candidate_id, coalesce(d.name, d.given), d.given, d.count, coalesce(d.cc, ''), v.severity, v.rule_id, "
    "d.position FROM device_result v JOIN asked_device d ON d.device_id = v.device_id WHERE d.stated = 1";
constexpr std::string_view kDeviceOrder = " ORDER BY v.candidate_id, d.position, d.cc_key, d.device_id";

Device DeviceOf(const store::Statement& row) {
  return {row.text(1), row.text(2),   row.integer(3), row.text(4), static_cast<Verdict>(row.integer(5)),
          row.text(6), row.integer(7)};
}

}  // namespace

std::vector<Device> ReadDevices(store::Store& store, int64_t candidate) {
  std::vector<Device> devices;
  store::Statement rows = store.Prepare(
      std::string(kDeviceRows) + " AND v.candidate_id = ?" + std::string(kDeviceOrder), {candidate});
  while (rows.Step()) devices.push_back(DeviceOf(rows));
  return devices;
}

std::map<int64_t, std::vector<Device>> ReadDevices(store::Store& store) {
  std::map<int64_t, std::vector<Device>> devices;
  store::Statement rows = store.Prepare(std::string(kDeviceRows) + std::string(kDeviceOrder));
  while (rows.Step()) devices[rows.integer(0)].push_back(DeviceOf(rows));
  return devices;
}

std::string DeviceNames(const std::vector<Device>& devices, const std::string& between) {
  std::vector<std::string> stated;
  for (size_t i = 0; i < devices.size();) {
    const int64_t position = devices[i].position;
    std::vector<std::string> names;
    for (; i < devices.size() && devices[i].position == position; ++i) {
      const Device& device = devices[i];
      const bool bare = device.compute_capability.empty() || device.gpu == device.compute_capability;
      std::string name = device.gpu + (bare ? "" : " (" + device.compute_capability + ")");
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
    std::string either = Join(names, " or ");
    if (std::find(stated.begin(), stated.end(), either) == stated.end()) stated.push_back(std::move(either));
  }
  return Join(stated, between);
}

std::vector<Reason> ReadReasons(store::Store& store, int64_t candidate, const std::string& first_conclusion) {
  std::vector<Reason> reasons;
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT c.rule_id, (max(x.weight) + 999) / 1000 AS severity, c.summary, min(c.conclusion_id), "
      "c.premises FROM applied x JOIN concluded c ON c.rowid = x.conclusion "
      "WHERE x.candidate_id = ?1 AND x.weight IS NOT NULL GROUP BY c.rule_id, c.summary ORDER BY "
      "max(c.conclusion_id = ?2) DESC, max(x.weight) DESC, c.summary",
      {candidate, first_conclusion});
  while (rows.Step()) {
    reasons.push_back(
        {rows.text(0), static_cast<Verdict>(rows.integer(1)), rows.text(2), rows.text(3), rows.text(4)});
  }
  // "Nothing rules it out" is the floor below every other reason; beside one it says nothing.
  if (reasons.size() > 1) {
    // So is what rests on nothing else having fired ("-" for premises), beside something worse.
    auto floor = [&](const Reason& reason) {
      return (reason.premises.empty() && reason.verdict == Verdict::kCompatible) ||
             (reason.premises == "-" && reason.verdict < reasons.front().verdict);
    };
    reasons.erase(std::remove_if(reasons.begin() + 1, reasons.end(), floor), reasons.end());
  }
  return reasons;
}

std::optional<PredictedError> ReadPredictedError(store::Store& store, const std::string& rule) {
  store::Statement row = store.Prepare(
      "SELECT CAST(u.code AS INTEGER), coalesce((SELECT e.name FROM error_code e WHERE e.family = 'runtime' "
      "AND e.code = CAST(u.code AS INTEGER)), '') "
      "FROM rule u WHERE u.rule_id = ? AND u.code <> '-'",
      {rule});
  if (!row.Step()) return std::nullopt;
  return PredictedError{row.integer(0), row.text(1)};
}

std::vector<Requirement> ReadDriverRequirements(store::Store& store, const Build& build) {
  // The same build on every asked system: the strictest of its floors, and the first driver that is too new.
  store::Statement places = store.Prepare(
      "SELECT b.candidate_id, y.os, y.os <> y.build_os FROM asked_build b JOIN candidate_result v ON v.candidate_id = b.candidate_id "
      "JOIN asked_system y ON y.system_id = b.system_id "
      "WHERE b.package = ?1 AND b.version = ?2 AND b.tag = ?3 AND b.subject_id = ?4 AND v.severity <= ?5 ORDER BY y.os",
      {build.package, build.version, build.tag, build.subject, static_cast<int64_t>(build.verdict)});
  const std::string columns = "SELECT min_driver, min_key, sure_from, sure_key, below, below_key FROM ";
  const std::string floors_of = columns + "candidate_driver_floor WHERE candidate_id = ?1";
  const std::string more = build.kind == "binary"   ? "observed_driver_floor"
                           : build.cuda == "unsaid" ? "ranged_driver_floor"
                                                    : "";
  // Of a build whose CUDA nobody says the card alone says which driver it needs, which is not what it needs.
  if (build.kind == "package" && build.cuda == "unsaid" &&
      store.Text(store.WithViews({more}, "SELECT 1 FROM ranged_driver_floor LIMIT 1")).empty())
    return {};
  store::Statement rows = store.Prepare(
      more.empty()
          ? store.WithViews({"candidate_driver_floor"}, floors_of)
          : store.WithViews({"candidate_driver_floor", more},
                            floors_of + " UNION ALL " + columns + more + " WHERE candidate_id = ?1"));
  struct Floor {
    Requirement driver;
    int64_t min_key = -1, sure_key = -1, below_key = INT64_MAX;
  };
  std::vector<Floor> floors;
  auto raise = [](store::Statement& row, Floor* floor) {
    if (!row.is_null(1) && row.integer(1) > floor->min_key) {
      floor->min_key = row.integer(1);
      floor->driver.minimum = row.text(0);
    }
    if (!row.is_null(3) && row.integer(3) > floor->sure_key) {
      floor->sure_key = row.integer(3);
      floor->driver.sure_from = row.text(2);
    }
    if (!row.is_null(5) && row.integer(5) < floor->below_key) {
      floor->below_key = row.integer(5);
      floor->driver.below = row.text(4);
    }
  };
  while (places.Step()) {
    if (floors.empty() || floors.back().driver.os != places.text(1))
      floors.push_back({{"driver", places.text(1), "", "", "", {}}});
    rows.Reset();
    rows.Bind(1, places.integer(0));
    while (rows.Step()) raise(rows, &floors.back());
    if (places.integer(2) == 0) continue;
    // a system that takes another's builds and drivers
    store::Statement own = store.Prepare(
        store.WithViews({"system_driver_floor"}, columns + "system_driver_floor WHERE candidate_id = ?1"),
        {places.integer(0)});
    while (own.Step()) raise(own, &floors.back());
  }
  std::vector<Requirement> requirements;
  for (Floor& floor : floors) {
    // A range that no driver lies in is a reason and not a requirement.
    if (floor.min_key < 0 || floor.min_key >= floor.below_key) continue;
    if (floor.sure_key <= floor.min_key || floor.sure_key >= floor.below_key) floor.driver.sure_from.clear();
    requirements.push_back(floor.driver);
  }
  return requirements;
}

std::vector<std::string> ReadJetPacks(store::Store& store, const Build& build) {
  if (build.cuda == "-" || build.cuda.empty()) return {};
  return store.Texts(
      store.WithViews(
          {"candidate_jetpack"},
          "SELECT 'JetPack ' || jetpack FROM candidate_jetpack WHERE candidate_id = ? ORDER BY place"),
      {build.candidate});
}

}  // namespace cudacompat::answer
