#include "answer/missing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {

constexpr size_t kMostNearest = 5;

void AddUnknownGpus(store::Store& store, Answer* answer) {
  store::Statement rows =
      store.Prepare("SELECT DISTINCT given FROM asked_device WHERE stated = 1 AND cc IS NULL");
  while (rows.Step()) {
    answer->missing.push_back(
        {"gpu", rows.text(0), NearestGpus(store, rows.text(0)),
         store.Text("SELECT count(*) || ' cards, compute capability ' || (SELECT cc FROM compute_capability "
                    "ORDER BY cc_key LIMIT 1) || "
                    "' to ' || (SELECT cc FROM compute_capability ORDER BY cc_key DESC LIMIT 1) FROM gpu")});
  }
}

void AddAmbiguousGpus(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT given, position FROM asked_device WHERE stated = 1 AND cc IS NOT NULL GROUP BY position HAVING "
      "count(DISTINCT cc) > 1");
  while (rows.Step()) {
    Missing missing{
        "pci id",
        rows.text(0),
        {},
        "lspci -nn on Linux, or the device manager's hardware ids on Windows, print it as 10de:xxxx"};
    store::Statement ids = store.Prepare(
        "SELECT '10de:' || p.device_id || ' ' || p.name || ' (' || p.cc || ')' FROM asked_device d JOIN "
        "gpu_pci p ON p.gpu_id = d.gpu_id "
        "WHERE d.position = ? ORDER BY p.cc_key, p.device_id LIMIT 8",
        {rows.integer(1)});
    while (ids.Step()) missing.nearest.push_back(ids.text(0));
    answer->missing.push_back(missing);
  }
}

void AddUnknownDrivers(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT given, driver_os FROM asked_driver WHERE stated = 1 AND branch IS NULL AND version IS NOT "
      "NULL");
  while (rows.Step()) {
    answer->missing.push_back({"driver",
                               rows.text(0),
                               {},
                               store.Text("SELECT 'branches ' || (SELECT branch FROM driver_branch WHERE os "
                                          "= ?1 ORDER BY branch_key LIMIT 1) || ' to ' || "
                                          "(SELECT branch FROM driver_branch WHERE os = ?1 ORDER BY "
                                          "branch_key DESC LIMIT 1) || ' on ' || ?1",
                                          {rows.text(1)})});
  }
}

void AddUnknownPackages(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT package, given, EXISTS (SELECT 1 FROM package p WHERE p.package = s.package) FROM "
      "asked_subject s WHERE kind = 'package'");
  while (rows.Step()) {
    if (rows.integer(2) == 0) {
      std::vector<std::string> known;
      store::Statement names =
          store.Prepare("SELECT package FROM package UNION SELECT alias FROM package_alias");
      while (names.Step()) known.push_back(names.text(0));
      Missing missing{
          "package", rows.text(0), {}, fmt::format("{} packages: cudacompat list builds", known.size())};
      for (const std::string& name : known) {
        if (EditDistance(rows.text(0), name, 3) <= 2) missing.nearest.push_back(name);
      }
      answer->missing.push_back(missing);
      continue;
    }
    answer->missing.push_back({"build",
                               rows.text(1),
                               {},
                               store.Text("SELECT ?1 || ' ' || (SELECT version FROM build WHERE package = ?1 "
                                          "ORDER BY version_key LIMIT 1) || ' to ' || "
                                          "(SELECT version FROM build WHERE package = ?1 ORDER BY "
                                          "version_key DESC LIMIT 1) || ', tags ' || "
                                          "(SELECT group_concat(tag, ' ') FROM (SELECT DISTINCT tag FROM "
                                          "build WHERE package = ?1 ORDER BY tag))",
                                          {rows.text(0)})});
  }
}

}  // namespace

std::vector<std::string> NearestGpus(store::Store& store, const std::string& given) {
  std::string key = NameKey(given.substr(0, 64));
  store::Statement brand = store.Prepare(
      "SELECT brand FROM gpu_brand WHERE substr(?1, 1, length(brand)) = brand AND length(?1) > length(brand)",
      {key});
  if (brand.Step()) key = key.substr(brand.text(0).size());
  std::vector<std::pair<int, std::string>> near;
  store::Statement rows = store.Prepare("SELECT rest, min(name) FROM gpu_key WHERE rank < 2 GROUP BY rest");
  while (rows.Step()) {
    int distance = EditDistance(key, rows.text(0), 3);
    if (distance <= 3) near.emplace_back(distance, rows.text(1));
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> names;
  for (const auto& [distance, name] : near) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    if (names.size() == kMostNearest) break;
  }
  return names;
}

void AddMissing(store::Store& store, const query::Question& question, Answer* answer) {
  if (answer->verdict != Verdict::kUnknown && answer->verdict != Verdict::kConditional) {
    if (answer->rule == "no-such-build") AddUnknownPackages(store, answer);
    return;
  }
  AddUnknownGpus(store, answer);
  if (answer->verdict == Verdict::kUnknown) {
    AddAmbiguousGpus(store, answer);
    AddUnknownDrivers(store, answer);
    bool build = answer->reasons.empty() || answer->missing.empty();
    if (build && !question.subjects.empty()) AddUnknownPackages(store, answer);
  }
  for (const query::Subject& subject : question.subjects) {
    for (const query::Image& image : subject.images) {
      bool open = image.isa == "-" && StartsWith(image.target, "compute_");
      if (open && answer->verdict == Verdict::kConditional) {
        answer->missing.push_back({"ptx_isa",
                                   image.target,
                                   {},
                                   "write it as " + image.target + "@8.4: the .version line of the PTX"});
      }
    }
  }
}

}  // namespace cudacompat::answer
