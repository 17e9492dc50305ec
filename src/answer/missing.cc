#include "answer/missing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "base/text.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {

constexpr size_t kMostNearest = 5;
constexpr size_t kMostLookedUp =
    20;  // unknown cards that get their nearest names: a list of thousands is no typing

// What is no card may be a package whose name has a slip: "pytroch", "tensorflwo 2.15".
void AddNearPackages(store::Store& store, const std::string& given, Answer* answer) {
  const std::string name = PackageName(given.substr(0, given.find_first_of(" =<>!~+[")));
  if (name.size() < 5) return;
  Missing missing{"package", given, {}, "a package's name, if it is no card"};
  for (const std::string& known :
       store.Texts("SELECT package FROM package UNION SELECT alias FROM package_alias")) {
    if (EditDistance(name, known, 3) <= 2 && missing.nearest.size() < kMostNearest)
      missing.nearest.push_back(known);
  }
  if (!missing.nearest.empty()) answer->missing.push_back(missing);
}

void AddUnknownGpus(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT given FROM asked_device d WHERE stated = 1 AND cc IS NULL AND NOT EXISTS (SELECT 1 FROM other_vendor "
      "o WHERE lower(d.given) GLOB o.pattern)");
  for (size_t i = 0; rows.Step(); ++i) {
    const std::string given = rows.text(0);
    const bool look = i < kMostLookedUp;
    answer->missing.push_back(
        {"gpu", given, look ? NearestGpus(store, given) : std::vector<std::string>(),
         store.Text("SELECT count(*) || ' cards, compute capability ' || (SELECT cc FROM compute_capability "
                    "ORDER BY cc_key LIMIT 1) || "
                    "' to ' || (SELECT cc FROM compute_capability ORDER BY cc_key DESC LIMIT 1) FROM gpu")});
    if (look) AddNearPackages(store, given, answer);
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
    missing.nearest = store.Texts(
        "SELECT DISTINCT '10de:' || p.device_id || ' ' || p.name || ' (' || p.cc || ')' FROM asked_device d JOIN "
        "gpu_pci p ON p.gpu_id = d.gpu_id "
        "WHERE d.position = ? ORDER BY p.cc_key, p.device_id LIMIT 8",
        {rows.integer(1)});
    answer->missing.push_back(missing);
  }
}

// A report that names nothing to judge: what would.
void AddUnnamed(store::Store& store, Answer* answer) {
  bool nothing = store.Text("SELECT 1 FROM concluded WHERE conclusion_id = 'target_known/nothing'") == "1";
  if (!nothing) return;
  answer->missing.push_back({"gpu", "", {}, "nvidia-smi -L, or lspci -nn -d 10de:"});
  answer->missing.push_back({"driver", "", {}, "nvidia-smi, or cat /proc/driver/nvidia/version"});
  answer->missing.push_back({"package", "", {}, "pip list, or python -m torch.utils.collect_env"});
}

void AddUnknownDrivers(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT given, driver_os FROM asked_driver r WHERE stated = 1 AND version IS NOT NULL AND (branch IS NULL OR "
      "EXISTS (SELECT 1 FROM concluded c WHERE c.rule_id = 'unknown-driver' AND c.driver_id = r.driver_id))");
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

// A build of a known package: where the version is known, what it has; else the range and the nearest
// versions.
void AddMissingBuild(store::Store& store, int64_t subject, Answer* answer) {
  store::Statement row = store.Prepare(
      "SELECT s.given, (SELECT s.package || ' ' || b.version || CASE WHEN EXISTS (SELECT 1 FROM build o JOIN asked_system y ON "
      "y.build_os = o.os AND y.arch = o.arch WHERE o.package = s.package AND o.version_key = s.version_key) THEN ' has ' ELSE ' is for ' "
      "|| group_concat(DISTINCT b.os || ' ' || b.arch) || ': ' END || group_concat(DISTINCT CASE b.tag WHEN '-' THEN "
      "CASE b.device WHEN 'cuda' THEN 'a build of CUDA ' || b.cuda ELSE 'one build without a tag' END ELSE b.tag END) FROM build b WHERE b.package = s.package AND b.version_key = s.version_key), "
      "(SELECT s.package || ' ' || (SELECT version FROM build WHERE package = s.package "
      "ORDER BY version_key LIMIT 1) || ' to ' || (SELECT version FROM build WHERE package = s.package ORDER BY "
      "version_key DESC LIMIT 1) || coalesce(', tags ' || (SELECT group_concat(tag, ' ') FROM (SELECT DISTINCT tag FROM build "
      "WHERE package = s.package AND device IN ('cuda', 'cpu') AND tag <> '-' ORDER BY tag)), '')), s.version_key, s.package, s.tag "
      "FROM asked_subject s WHERE s.subject_id = ?",
      {subject});
  if (!row.Step()) return;
  Missing missing{"build", row.text(0), {}, row.is_null(1) ? row.text(2) : row.text(1)};
  if (row.is_null(1) && !row.is_null(3)) {
    missing.nearest = store.Texts(
        "SELECT version FROM (SELECT DISTINCT version, version_key FROM build WHERE package = ?1 AND device = 'cuda' ORDER BY "
        "abs(version_key - ?2) LIMIT 3) ORDER BY version_key",
        {row.text(4), row.integer(3)});
  }
  if (!row.is_null(1) && !row.is_null(5)) {  // the tags of that version that are a slip away
    std::vector<std::pair<int, std::string>> near;
    const std::string given = ToLower(row.text(5));
    for (const std::string& tag :
         store.Texts("SELECT DISTINCT tag FROM build WHERE package = ?1 AND version_key = ?2 AND tag <> '-'",
                     {row.text(4), row.integer(3)})) {
      const int distance = EditDistance(given, tag, 3);
      if (tag != given && (distance <= 2 || StartsWith(tag, given))) near.emplace_back(distance, tag);
    }
    std::sort(near.begin(), near.end());
    for (const auto& [distance, tag] : near) missing.nearest.push_back(tag);
  }
  if (row.is_null(1) && row.is_null(3) && !row.is_null(5)) {  // cu12.4 is cu124
    const std::vector<std::string> tags = store.Texts(
        "SELECT DISTINCT tag FROM build WHERE package = ?1 AND tag <> '-' ORDER BY version_key DESC",
        {row.text(4)});
    missing.nearest = NearestTags(row.text(5), tags);
    if (missing.nearest.empty()) {
      missing.nearest = store.Texts(
          "SELECT version FROM build WHERE package = ?1 AND device = 'cuda' AND (version_key >> 8 & 7) >= 4 ORDER BY version_key DESC LIMIT 1",
          {row.text(4)});
    }
  }
  answer->missing.push_back(missing);
}

// A toolkit that the data does not have: the releases nearest to its number.
void AddUnknownToolkits(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT given, version_key, (SELECT cuda FROM toolkit ORDER BY cuda_key LIMIT 1) || ' to ' || (SELECT release FROM "
      "toolkit ORDER BY release_key DESC LIMIT 1) || ': cudacompat list toolkits' FROM asked_subject s WHERE kind = 'cuda' AND "
      "NOT EXISTS (SELECT 1 FROM toolkit t WHERE s.version_key IN (t.cuda_key, t.release_key))");
  while (rows.Step()) {
    Missing missing{"toolkit", rows.text(0), {}, rows.text(2)};
    missing.nearest = store.Texts(
        "SELECT release FROM (SELECT release, release_key FROM toolkit ORDER BY abs(release_key - ?1) LIMIT 3) ORDER BY "
        "release_key",
        {rows.integer(1)});
    answer->missing.push_back(missing);
  }
}

// A host compiler of which nobody says whether the toolkit takes it: what the releases around it take.
void AddUnknownCompilers(store::Store& store, const query::Question& question, Answer* answer) {
  if (question.host_compiler.empty() || answer->rule != "unknown-build" || !answer->missing.empty()) return;
  store::Statement row = store.Prepare(
      "WITH takes AS (SELECT h.cuda || ' takes ' || replace(h.min_version || ' to ', 'unsaid to', 'up to') || h.max_version AS said, h.cuda_key, b.cuda_key AS asked "
      "FROM asked_build b CROSS JOIN host_compiler h WHERE b.kind = 'cuda' AND h.compiler = ?1 AND h.os = b.os) "
      "SELECT group_concat(said, ', CUDA ') FROM (SELECT said FROM (SELECT said, cuda_key FROM takes WHERE cuda_key <= asked ORDER BY cuda_key DESC LIMIT 1) "
      "UNION SELECT said FROM (SELECT said, cuda_key FROM takes WHERE cuda_key > asked ORDER BY cuda_key LIMIT 1))",
      {question.host_compiler});
  if (!row.Step() || row.is_null(0)) return;
  answer->missing.push_back({"host compiler",
                             question.host_compiler + " " + question.host_compiler_version,
                             {},
                             "CUDA " + row.text(0)});
}

// Images typed by hand whose target, or its PTX, the data does not have.
void AddUnknownImages(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT i.target, a.first_ptx_isa FROM asked_build b JOIN list_image i ON i.list_id = b.list_id LEFT JOIN "
      "architecture a ON a.target = 'sm_' || substr(i.target, instr(i.target, '_') + 1) WHERE b.kind = 'images' AND "
      "(a.target IS NULL OR i.isa_key < a.first_ptx_isa_key)");
  while (rows.Step()) {
    Missing missing{"image", rows.text(0), {}, "cudacompat list architectures"};
    if (!rows.is_null(1)) missing.known = "PTX of this target has ISA " + rows.text(1) + " or newer";
    missing.nearest = store.Texts(
        "SELECT substr(?1, 1, instr(?1, '_')) || substr(target, 4) FROM architecture WHERE ?2 IS NULL ORDER BY abs(cc_key - CAST("
        "substr(?1, instr(?1, '_') + 1) AS INTEGER)), suffix LIMIT 3",
        {rows.text(0), rows.is_null(1) ? store::Value() : store::Value(rows.text(1))});
    answer->missing.push_back(missing);
  }
}

// PTX typed by hand of an ISA that the data does not have.
void AddUnknownIsas(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT i.target || '@' || i.isa, (SELECT isa FROM ptx_isa ORDER BY isa_key LIMIT 1) || ' to ' || (SELECT isa "
      "FROM ptx_isa ORDER BY isa_key DESC LIMIT 1), i.isa_key FROM asked_build b JOIN list_image i ON i.list_id = b.list_id "
      "WHERE b.kind = 'images' AND i.isa NOT IN ('-', '') AND NOT EXISTS (SELECT 1 FROM ptx_isa p WHERE p.isa = i.isa)");
  while (rows.Step()) {
    Missing missing{"ptx_isa", rows.text(0), {}, "PTX ISA " + rows.text(1)};
    missing.nearest = store.Texts(
        "SELECT isa FROM (SELECT isa, isa_key FROM ptx_isa ORDER BY abs(isa_key - ?1) LIMIT 3) ORDER BY isa_key",
        {rows.integer(2)});
    answer->missing.push_back(missing);
  }
}

// A capability that no card of the data has: the nearest, and the range.
void AddUnknownCapabilities(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT DISTINCT given, cc_key, (SELECT cc FROM compute_capability ORDER BY cc_key LIMIT 1) || ' to ' || (SELECT cc FROM "
      "compute_capability ORDER BY cc_key DESC LIMIT 1) FROM asked_device WHERE stated = 1 AND cc_key IS NOT NULL AND cc_key "
      "NOT IN (SELECT cc_key FROM compute_capability)");
  while (rows.Step()) {
    Missing missing{
        "gpu", rows.text(0), {}, "compute capability " + rows.text(2) + ": cudacompat list architectures"};
    missing.nearest = store.Texts(
        "SELECT cc FROM (SELECT cc, cc_key FROM compute_capability ORDER BY abs(cc_key - ?1) LIMIT 3) ORDER BY cc_key",
        {rows.integer(1)});
    answer->missing.push_back(missing);
  }
}

// PTX typed by hand without the ISA that decides which driver takes it.
void AddOpenPtx(const query::Question& question, Answer* answer) {
  for (const query::Subject& subject : question.subjects) {
    for (const query::Image& image : subject.images) {
      if (image.isa != "-" || !StartsWith(image.target, "compute_")) continue;
      answer->missing.push_back({"ptx_isa",
                                 image.target,
                                 {},
                                 "write it as " + image.target + "@8.4: the .version line of the PTX"});
    }
  }
}

void AddUnknownJetpacks(store::Store& store, const std::string& jetpack, Answer* answer) {
  if (jetpack.empty() || answer->rule != "unknown-driver") return;
  answer->missing.push_back(
      {"jetpack",
       jetpack,
       {},
       store.Text("SELECT group_concat(jetpack, ', ') FROM (SELECT DISTINCT jetpack FROM jetpack WHERE "
                  "jetpack_key IS NOT NULL ORDER BY jetpack_key DESC LIMIT 12)")});
}

// A Python that no build is for, where nothing to install was asked for.
void AddUnknownPython(store::Store& store, const query::Question& question, Answer* answer) {
  if (question.python.empty() || answer->reasons.empty() ||
      answer->reasons.front().conclusion_id != "build_exists/python/" + question.python)
    return;
  store::Statement rows = store.Prepare("SELECT DISTINCT pythons FROM build WHERE pythons LIKE '3.%'");
  int first = 99;
  int last = 0;
  while (rows.Step()) {
    const std::string pythons = rows.text(0);
    for (const std::string_view python : Split(pythons, ' ')) {
      if (!StartsWith(python, "3.")) continue;
      const int minor = std::atoi(std::string(python.substr(2)).c_str());
      first = std::min(first, minor);
      last = std::max(last, minor);
    }
  }
  answer->missing.push_back({"python", question.python, {}, fmt::format("3.{} to 3.{}", first, last)});
}

// Of the packages that were asked for, those of which nothing is there that runs.
void AddUnknownPackages(store::Store& store, Answer* answer) {
  store::Statement rows = store.Prepare(
      "SELECT package, given, EXISTS (SELECT 1 FROM package p WHERE p.package = s.package), subject_id FROM "
      "asked_subject s WHERE kind = 'package' AND NOT EXISTS (SELECT 1 FROM asked_build b JOIN candidate_result v ON v.candidate_id = "
      "b.candidate_id WHERE b.subject_id = s.subject_id AND v.severity < 2)");
  while (rows.Step()) {
    if (rows.integer(2) == 0) {
      const std::vector<std::string> known =
          store.Texts("SELECT package FROM package UNION SELECT alias FROM package_alias");
      Missing missing{
          "package", rows.text(0), {}, fmt::format("{} packages: cudacompat list builds", known.size())};
      for (const std::string& name : known) {
        const std::string given = rows.text(0);
        const bool longer = given.size() >= 4 && StartsWith(name, given);  // paddlepaddle, paddlepaddle-gpu
        const bool shorter = name.size() >= 4 && StartsWith(given, name + "-");
        if (longer || shorter || EditDistance(given, name, 3) <= 2) missing.nearest.push_back(name);
      }
      answer->missing.push_back(missing);
      continue;
    }
    AddMissingBuild(store, rows.integer(3), answer);
  }
}

}  // namespace

std::vector<std::string> NearestGpus(store::Store& store, const std::string& given) {
  std::string key = NameKey(given.substr(0, 64));
  store::Statement brand = store.Prepare(
      "SELECT brand FROM gpu_brand WHERE substr(?1, 1, length(brand)) = brand AND length(?1) > length(brand)",
      {key});
  if (brand.Step()) key = key.substr(brand.text(0).size());
  // The letter O behind a digit is a zero that was mistyped: "4O90".
  auto digits = [](std::string_view text) {
    std::string found;
    for (size_t i = 0; i < text.size(); ++i) {
      if (IsDigit(text[i])) found += text[i];
      if (text[i] == 'o' && i > 0 && IsDigit(text[i - 1])) found += '0';
    }
    return found;
  };
  const std::string number = digits(key);
  // A word without a number ("RTX", "GeForce") is of many cards: some of the newest.
  if (number.empty() && key.size() > 1) {
    std::vector<std::string> newest = store.Texts(
        "SELECT name FROM gpu WHERE standing = 'listed' AND instr(name_key, ?1) > 0 AND class NOT IN ('other', 'mining') "
        "ORDER BY cc_key DESC, length(name), name LIMIT ?2",
        {NameKey(given.substr(0, 64)), static_cast<int64_t>(kMostNearest)});
    if (!newest.empty()) return newest;
  }
  // The number counts most: "GT 820M" is nearer to "820M" than to "GT 120M".
  std::vector<std::tuple<bool, int, std::string>> near;
  store::Statement rows = store.Prepare(
      "SELECT rest, coalesce((SELECT t.type FROM cloud_type t WHERE t.type_key = rest), min(name)) FROM gpu_key "
      "WHERE rank < 2 GROUP BY rest");
  while (rows.Step()) {
    int distance = EditDistance(key, rows.text(0), 3);
    if (distance <= 3) near.emplace_back(digits(rows.text(0)) != number, distance, rows.text(1));
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> names;
  for (const auto& [other, distance, name] : near) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    if (names.size() == kMostNearest) break;
  }
  return names;
}

std::vector<std::string> NearestTags(const std::string& given, const std::vector<std::string>& tags) {
  const std::string plain = ReplaceAll(NameKey(given), "cuda", "cu");
  std::vector<std::pair<int, std::string>> near;
  for (const std::string& tag : tags) {
    const int distance = EditDistance(plain, ReplaceAll(NameKey(tag), "cuda", "cu"), 2);
    const bool seen =
        std::any_of(near.begin(), near.end(), [&](const auto& each) { return each.second == tag; });
    if (distance <= 1 && !seen) near.emplace_back(distance, tag);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (const auto& [distance, tag] : near) {
    if (distance == near.front().first && names.size() < kMostNearest) names.push_back(tag);
  }
  return names;
}

void AddMissing(store::Store& store, const query::Question& question, Answer* answer) {
  if (answer->verdict != Verdict::kUnknown && answer->verdict != Verdict::kConditional) {
    // Builds that are there and share no Python are not missing.
    const bool pair =
        !answer->reasons.empty() && StartsWith(answer->reasons.front().conclusion_id, "companion_pairs/");
    if (answer->rule == "no-such-build" && !pair) AddUnknownPackages(store, answer);
    return;
  }
  AddUnknownGpus(store, answer);
  if (answer->verdict == Verdict::kUnknown) {
    AddAmbiguousGpus(store, answer);
    AddUnknownDrivers(store, answer);
    AddUnnamed(store, answer);
    AddUnknownJetpacks(store, question.jetpack, answer);
    AddUnknownToolkits(store, answer);
    AddUnknownCapabilities(store, answer);
    AddUnknownCompilers(store, question, answer);
    AddUnknownImages(store, answer);
    AddUnknownIsas(store, answer);
    AddUnknownPython(store, question, answer);
    const bool build = answer->rule == "unknown-build" && answer->missing.empty();
    if (build) AddUnknownPackages(store, answer);
  }
  if (answer->verdict == Verdict::kConditional) {
    AddAmbiguousGpus(store, answer);
    AddOpenPtx(question, answer);
  }
}

}  // namespace cudacompat::answer
