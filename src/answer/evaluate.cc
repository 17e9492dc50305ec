#include "answer/evaluate.h"

#include <algorithm>

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

std::vector<std::string> ReadImages(store::Store& store, int64_t list_id) {
  std::vector<std::string> images;
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT i.target || CASE i.isa WHEN '-' THEN '' ELSE '@' || i.isa END FROM list_image i "
      "LEFT JOIN architecture a ON a.target = 'sm_' || ltrim(i.target, 'smcopute_') WHERE i.list_id = ? "
      "ORDER BY substr(i.target, 1, 1) DESC, a.cc_key, a.suffix, i.isa_key",
      {list_id});
  while (rows.Step()) images.push_back(rows.text(0));
  return images;
}

std::vector<Caveat> ReadCaveats(store::Store& store, int64_t candidate) {
  std::vector<Caveat> caveats;
  store::Statement rows = store.Prepare(
      store.WithViews(
          {"candidate_caveat"},
          "SELECT rule_id, library, summary FROM candidate_caveat WHERE candidate_id = ? ORDER BY 2, 3"),
      {candidate});
  while (rows.Step()) caveats.push_back({rows.text(0), rows.text(1), rows.text(2)});
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
  for (const query::Sql& sql : statements) {
    std::vector<store::Value> values;
    values.reserve(sql.parameters.size());
    for (const query::Parameter& parameter : sql.parameters) values.push_back(ToValue(parameter));
    store.Run(sql.views.empty() ? sql.text : store.WithViews(sql.views, sql.text), values);
  }
}

void Conclude(store::Store& store) {
  struct Step {
    std::string target, view, condition;
  };
  std::vector<Step> steps;
  store::Statement rows = store.Prepare(
      "SELECT target, view, '1' FROM (SELECT * FROM fold WHERE step <= 0 ORDER BY step) UNION ALL SELECT 'concluded', view, condition FROM rule_view "
      "UNION ALL SELECT target, view, '1' FROM (SELECT * FROM fold WHERE step > 0 ORDER BY step)");
  while (rows.Step()) steps.push_back({rows.text(0), rows.text(1), rows.text(2)});
  for (const Step& step : steps) {
    if (step.condition != "1" && store.Text("SELECT " + step.condition) != "1") continue;
    std::string columns =
        step.target == "concluded"
            ? "conclusion_id, scope, scope_key, driver_os, device_id, driver_id, rule_id, subject, summary, premises"
            : "*";
    store.Run("INSERT INTO " + step.target + " " +
              store.WithViews({step.view}, "SELECT " + columns + " FROM " + step.view));
  }
}

void ForgetConclusions(store::Store& store) {
  store.Script(
      "DELETE FROM image_taken; DELETE FROM concluded; DELETE FROM applied; DELETE FROM decided; DELETE FROM device_result; DELETE FROM candidate_result;");
}

void ForgetSubjects(store::Store& store) {
  ForgetConclusions(store);
  store.Script("DELETE FROM asked_build; DELETE FROM asked_subject;");
}

std::vector<Build> ReadBuilds(store::Store& store, int64_t subject, int64_t limit, int64_t* total) {
  *total =
      std::stoll(store.Text("SELECT count(*) FROM asked_build WHERE ?1 = 0 OR subject_id = ?1", {subject}));
  std::vector<Build> builds;
  // The order of the contract: verdict, no caveat first, newest, least demanding driver, measured, x86_64,
  // the index's default, lower tag.
  store::Statement rows = store.Prepare(
      "WITH caveat AS (SELECT DISTINCT c.candidate_id FROM applied c JOIN rule u ON u.rule_id = "
      "c.rule_id WHERE u.verdict = 'caveat') "
      "SELECT b.candidate_id, b.build_row, coalesce(b.list_id, 0), b.subject_id, b.kind, b.package, "
      "b.version, b.tag, y.os, y.arch, b.channel, "
      "b.is_default, b.device, b.cuda, b.images_kind, b.pythons, v.severity, v.rule_id, v.conclusion_id, "
      "b.candidate_id IN caveat AS has_caveat "
      "FROM candidate_result v JOIN asked_build b ON b.candidate_id = v.candidate_id JOIN asked_system y ON "
      "y.system_id = b.system_id "
      "WHERE ?1 = 0 OR b.subject_id = ?1 "
      "ORDER BY v.severity, v.severity = 3 AND b.device <> 'cuda', has_caveat AND v.severity < 3, b.version_key DESC, b.cuda_key, b.images_kind <> 'measured', y.arch "
      "<> 'x86_64', "
      "y.os <> 'linux', b.is_default <> 'yes', b.channel, b.tag, y.os, b.candidate_id LIMIT ?2",
      {subject, limit});
  while (rows.Step()) {
    Build build;
    build.candidate = rows.integer(0);
    build.build_row = rows.integer(1);
    build.list_id = rows.integer(2);
    build.subject = rows.integer(3);
    build.kind = rows.text(4);
    build.package = rows.text(5);
    build.version = rows.text(6);
    build.tag = rows.text(7);
    build.os = rows.text(8);
    build.arch = rows.text(9);
    build.channel = rows.text(10);
    build.is_default = rows.text(11) == "yes";
    build.device = rows.text(12);
    build.cuda = rows.text(13);
    build.images_kind = rows.text(14);
    build.python = WordList(rows.text(15));
    build.verdict = static_cast<Verdict>(rows.integer(16));
    build.rule = rows.text(17);
    build.conclusion_id = rows.text(18);
    if (build.list_id != 0) build.images = ReadImages(store, build.list_id);
    if (rows.integer(19) != 0) build.caveats = ReadCaveats(store, build.candidate);
    builds.push_back(std::move(build));
  }
  return builds;
}

std::vector<Device> ReadDevices(store::Store& store, int64_t candidate) {
  std::vector<Device> devices;
  store::Statement rows = store.Prepare(
      "SELECT coalesce(d.name, d.given), d.given, d.count, coalesce(d.cc, ''), v.severity, v.rule_id FROM "
      "device_result v "
      "JOIN asked_device d ON d.device_id = v.device_id WHERE v.candidate_id = ? AND d.stated = 1 ORDER BY "
      "d.position, d.cc_key, d.device_id",
      {candidate});
  while (rows.Step()) {
    devices.push_back({rows.text(0), rows.text(1), rows.integer(2), rows.text(3),
                       static_cast<Verdict>(rows.integer(4)), rows.text(5)});
  }
  return devices;
}

std::vector<Reason> ReadReasons(store::Store& store, int64_t candidate, const std::string& first_conclusion) {
  std::vector<Reason> reasons;
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT c.rule_id, s.severity, c.summary, min(c.conclusion_id), c.premises FROM "
      "applied x "
      "JOIN concluded c ON c.conclusion_id = x.conclusion_id JOIN rule u ON u.rule_id = c.rule_id JOIN "
      "severity s ON s.verdict = u.verdict "
      "WHERE x.candidate_id = ?1 GROUP BY c.rule_id, c.summary ORDER BY max(c.conclusion_id = ?2) DESC, "
      "s.severity DESC, u.stage, c.summary",
      {candidate, first_conclusion});
  while (rows.Step()) {
    reasons.push_back(
        {rows.text(0), static_cast<Verdict>(rows.integer(1)), rows.text(2), rows.text(3), rows.text(4)});
  }
  // "Nothing rules it out" is the floor below every other reason; beside one it says nothing.
  if (reasons.size() > 1) {
    auto floor = [](const Reason& reason) {
      return reason.premises.empty() && reason.verdict == Verdict::kCompatible;
    };
    reasons.erase(std::remove_if(reasons.begin() + 1, reasons.end(), floor), reasons.end());
  }
  return reasons;
}

std::vector<Requirement> ReadDriverRequirements(store::Store& store, const Build& build) {
  // The same build on every asked system: the strictest of its floors, and the first driver that is too new.
  store::Statement rows = store.Prepare(
      store.WithViews(
          {"candidate_driver_floor"},
          "SELECT y.os, f.min_driver, f.min_key, f.sure_from, f.sure_key, f.below, f.below_key FROM asked_build b "
          "CROSS JOIN candidate_result v ON v.candidate_id = b.candidate_id CROSS JOIN asked_system y ON y.system_id = b.system_id "
          "CROSS JOIN candidate_driver_floor f ON f.candidate_id = b.candidate_id "
          "WHERE b.package = ?1 AND b.version = ?2 AND b.tag = ?3 AND b.subject_id = ?4 AND v.severity <= ?5 ORDER BY y.os"),
      {build.package, build.version, build.tag, build.subject, static_cast<int64_t>(build.verdict)});
  struct Floor {
    Requirement driver;
    int64_t min_key = -1, sure_key = -1, below_key = INT64_MAX;
  };
  std::vector<Floor> floors;
  while (rows.Step()) {
    if (floors.empty() || floors.back().driver.os != rows.text(0))
      floors.push_back({{"driver", rows.text(0), "", "", "", {}}});
    Floor& floor = floors.back();
    if (!rows.is_null(2) && rows.integer(2) > floor.min_key) {
      floor.min_key = rows.integer(2);
      floor.driver.minimum = rows.text(1);
    }
    if (!rows.is_null(4) && rows.integer(4) > floor.sure_key) {
      floor.sure_key = rows.integer(4);
      floor.driver.sure_from = rows.text(3);
    }
    if (!rows.is_null(6) && rows.integer(6) < floor.below_key) {
      floor.below_key = rows.integer(6);
      floor.driver.below = rows.text(5);
    }
  }
  std::vector<Requirement> requirements;
  for (Floor& floor : floors) {
    if (floor.min_key < 0) continue;
    if (floor.sure_key <= floor.min_key) floor.driver.sure_from.clear();
    requirements.push_back(floor.driver);
  }
  return requirements;
}

}  // namespace cudacompat::answer
