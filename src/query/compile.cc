#include "query/compile.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/text.h"
#include "base/version.h"

namespace cudacompat::query {
namespace {

Parameter Optional(const std::string& text) {
  if (text.empty()) return std::monostate();
  return text;
}

Parameter OptionalKey(const std::string& text) {
  std::optional<int64_t> key = DottedKey(text);
  if (!key) return std::monostate();
  return *key;
}

void CompileSystems(const Question& question, std::vector<Sql>* out) {
  std::string arch = question.arch == "tegra" ? "aarch64" : question.arch;
  bool jetson = question.arch == "tegra" || !question.jetpack.empty();
  std::vector<std::string> systems = {"linux", "windows"};
  if (!question.os.empty()) systems = {question.os};
  if (jetson && question.os.empty()) systems = {"linux"};
  for (const std::string& os : systems) {
    std::vector<std::string> archs = {"x86_64", "aarch64"};
    if (os == "windows" || os == "macos" || os == "freebsd") archs = {"x86_64"};
    if (jetson) archs = {"aarch64"};
    if (!arch.empty()) archs = {arch};
    for (const std::string& each : archs) {
      std::string driver_os = os == "wsl" ? "windows" : os;
      std::string build_os = os == "wsl" ? "linux" : os;
      out->push_back({"INSERT INTO asked_system (os, arch, build_os, driver_os) VALUES (?, ?, ?, ?)",
                      {os, each, build_os, driver_os}});
    }
  }
  // Numbers of three parts are Linux drivers; a number that one system alone has released is that system's.
  if (question.os.empty() && question.driver && question.driver->kind == Driver::Kind::kVersion) {
    if (question.driver->parts >= 3) {
      out->push_back(
          {"DELETE FROM asked_system WHERE driver_os <> ?1 AND EXISTS (SELECT 1 FROM asked_system WHERE driver_os = ?1)",
           {std::string("linux")}});
    } else {
      out->push_back(
          {"DELETE FROM asked_system WHERE driver_os NOT IN (SELECT os FROM driver_release WHERE version_key "
           "= ?1) "
           "AND EXISTS (SELECT 1 FROM driver_release r JOIN asked_system y ON y.driver_os = r.os WHERE r.version_key = ?1)",
           {question.driver->bounds[0].key}});
    }
  }
  // A host compiler that one system alone has leaves no other to ask about.
  if (question.os.empty() && !question.host_compiler.empty()) {
    out->push_back(
        {"DELETE FROM asked_system WHERE build_os NOT IN (SELECT os FROM host_compiler WHERE "
         "compiler = ?1) AND EXISTS (SELECT 1 FROM asked_system y JOIN host_compiler s ON s.os = "
         "y.build_os WHERE s.compiler = ?1)",
         {question.host_compiler}});
  }
}

const char kDeviceColumns[] =
    "INSERT INTO asked_device (stated, position, given, gpu_id, name, cc, cc_key, class, board, count) ";

// A name cut short fits every card that begins so: the order of gpu_called, over all of them.
void CompileCutGpu(const Gpu& gpu, int64_t position, std::vector<Sql>* out) {
  out->push_back(
      {std::string(
           "WITH b(brand) AS MATERIALIZED (SELECT coalesce((SELECT brand FROM gpu_brand WHERE substr(?3, 1, "
           "length(brand)) = brand AND length(?3) > length(brand)), '')), "
           "hit AS MATERIALIZED (SELECT k.*, CASE WHEN k.rank = 2 THEN 2 WHEN k.brand = b.brand AND (k.rank = 0 OR instr(lower(k.name), k.brand) = 1) THEN 0 ELSE 1 END "
           "AS distance FROM b CROSS JOIN gpu_key k WHERE k.rest >= substr(?3, length(b.brand) + 1) AND k.rest < "
           "substr(?3, length(b.brand) + 1) || 'zzzz' AND (k.brand = b.brand OR b.brand = '' OR k.brand = '' AND "
           "k.class IN (SELECT class FROM brand_class c WHERE c.brand = b.brand))), "
           "near AS MATERIALIZED (SELECT * FROM hit WHERE (SELECT brand FROM b) = '' AND rank < 2 "
           "OR distance = (SELECT min(distance) FROM hit)), "
           "card AS (SELECT DISTINCT gpu_id, name, cc, class FROM near WHERE (rank < 2 OR NOT EXISTS "
           "(SELECT 1 FROM near WHERE rank < 2)) AND (standing <> 'pci-only' OR NOT EXISTS "
           "(SELECT 1 FROM near WHERE standing <> 'pci-only'))) ") +
           kDeviceColumns +
           "SELECT 1, ?1, ?2, k.gpu_id, k.name, k.cc, coalesce(c.renamed_to_key, c.cc_key), k.class, "
           "c.board, ?4 FROM card k JOIN compute_capability c ON c.cc = k.cc GROUP BY k.cc ORDER BY c.cc_key, k.name",
       {position, gpu.given, NameKey(gpu.name), gpu.count}});
}

// "P40" of "GRID P40-24Q": what stands before the size and the letter of a profile; empty where the name is
// none.
std::string BoardOfProfile(std::string_view name) {
  const size_t dash = name.find_last_of('-');
  if (dash == std::string_view::npos || dash == 0) return "";
  std::string_view profile = name.substr(dash + 1);
  const size_t letter = profile.find_first_not_of("0123456789");
  if (letter == 0 || letter == std::string_view::npos || profile.size() > letter + 2) return "";
  if (!Contains("ABCQabcq", profile.substr(letter, 1)) ||
      (profile.size() == letter + 2 && profile.back() != '4'))
    return "";
  std::string_view board = Trim(name.substr(0, dash));
  for (std::string_view word : {"NVIDIA ", "GRID "}) {
    if (ToLower(board.substr(0, word.size())) == ToLower(word)) board.remove_prefix(word.size());
  }
  return std::string(board);
}

// "MSI GeForce RTX 3060 Ventus 2X 12G OC": the longest run of words that is a card, where all others are a
// board's (board_word), or memory beside such a word, which chooses between cards as it does without one.
void CompileBoardName(const Gpu& gpu, int64_t position, std::vector<Sql>* out) {
  constexpr size_t kMostWords = 14;
  std::vector<std::string> words = {""};
  for (char c : gpu.name) {
    const bool inside = IsDigit(c) || IsAlpha(c) || static_cast<unsigned char>(c) >= 0x80;
    if (inside)
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  if (words.size() < 2 || words.size() > kMostWords) return;
  std::vector<Parameter> parameters = {position, gpu.given, gpu.count};
  std::string values;
  for (const std::string& word : words) {
    parameters.emplace_back(NameKey(word));
    values +=
        fmt::format("{}({}, ?{})", values.empty() ? "" : ", ", parameters.size() - 3, parameters.size());
  }
  out->push_back(
      {"WITH RECURSIVE w(place, word) AS (VALUES " + values +
           "), size AS MATERIALIZED (SELECT place, word, coalesce((SELECT substr(rtrim(w.word, 'gb'), 2) FROM board_word b WHERE "
           "b.word = substr(w.word, 1, 1) AND b.means = 'before-memory'), rtrim(word, 'gb')) AS digits FROM w), "
           "kind AS MATERIALIZED (SELECT place, word, EXISTS (SELECT 1 FROM board_word b WHERE b.word = size.word AND b.means <> "
           "'before-memory') AS board, CASE WHEN rtrim(word, 'gb') <> word AND digits <> '' AND digits NOT GLOB '*[^0-9]*' AND "
           "length(digits) < 5 THEN CAST(digits AS INTEGER) END AS memory FROM size), "
           "run(first, last, key) AS (SELECT place, place, word FROM kind UNION ALL SELECT r.first, k.place, r.key || k.word "
           "FROM run r JOIN kind k ON k.place = r.last + 1), "
           "fit AS MATERIALIZED (SELECT r.first, r.last, r.key FROM run r WHERE EXISTS (SELECT 1 FROM gpu_called c WHERE c.key = "
           "r.key) AND EXISTS (SELECT 1 FROM kind k WHERE k.board AND k.place NOT BETWEEN r.first AND r.last) AND NOT EXISTS "
           "(SELECT 1 FROM kind k WHERE NOT k.board AND k.memory IS NULL AND k.place NOT BETWEEN r.first AND r.last) ORDER BY "
           "length(r.key) DESC LIMIT 1), "
           "beside AS MATERIALIZED (SELECT DISTINCT k.memory FROM kind k JOIN fit f ON k.place NOT BETWEEN f.first AND f.last "
           "WHERE k.memory IS NOT NULL), "
           // The card of that memory has a name of its own ("GTX 1060 3GB"), or is one of those the name was
           // sold with.
           "called AS MATERIALIZED (SELECT coalesce((SELECT f.key || b.memory || 'gb' FROM beside b WHERE (SELECT count(*) FROM "
           "beside) = 1 AND EXISTS (SELECT 1 FROM gpu_called c WHERE c.key = f.key || b.memory || 'gb')), f.key) AS key, "
           "f.key AS bare FROM fit f) " +
           kDeviceColumns +
           "SELECT 1, ?1, ?2, k.gpu_id, k.name, k.cc, coalesce(c.renamed_to_key, c.cc_key), k.class, c.board, ?3 FROM called n "
           "JOIN gpu_called k ON k.key = n.key JOIN compute_capability c ON c.cc = k.cc LEFT JOIN gpu g ON g.gpu_id = k.gpu_id "
           "WHERE (n.key <> n.bare OR NOT EXISTS (SELECT 1 FROM beside b WHERE coalesce(g.memory_mib, 'unsaid') <> 'unsaid' AND "
           "instr(' ' || g.memory_mib || ' ', ' ' || b.memory * 1024 || ' ') = 0)) AND NOT "
           "EXISTS (SELECT 1 FROM asked_device WHERE position = ?1) GROUP BY k.cc_key, k.name",
       parameters,
       {},
       true});
}

void CompileNamedGpu(const Gpu& gpu, int64_t position, std::vector<Sql>* out) {
  std::string key = NameKey(gpu.name);
  // "A100 GPU" is A100; where the name itself ends so ("Laptop GPU"), both spellings are that card.
  std::string bare = EndsWith(key, "gpu") && key.size() > 3 ? key.substr(0, key.size() - 3) : key;
  out->push_back(
      {std::string(kDeviceColumns) +
           "SELECT 1, ?1, ?2, k.gpu_id, k.name, k.cc, coalesce(c.renamed_to_key, c.cc_key), k.class, "
           "c.board, ?5 FROM gpu_called k JOIN compute_capability c ON c.cc = k.cc WHERE k.key IN (?3, ?4) "
           "GROUP BY k.cc_key, k.name",
       {position, gpu.given, key, bare, gpu.count}});
  // A virtual card of a profile that no list has: "GRID P40-24Q", "V100-32C" are slices of the board in
  // front.
  if (const std::string board = BoardOfProfile(gpu.name); !board.empty()) {
    out->push_back(
        {std::string(kDeviceColumns) +
             "SELECT 1, ?1, ?2, NULL, ?2, k.cc, coalesce(c.renamed_to_key, c.cc_key), 'datacenter', "
             "c.board, ?4 FROM gpu_called k JOIN compute_capability c ON c.cc = k.cc WHERE k.key = ?3 "
             "AND k.class IN ('datacenter', 'workstation') "
             "AND NOT EXISTS (SELECT 1 FROM asked_device WHERE position = ?1) GROUP BY k.cc_key",
         {position, gpu.given, NameKey(board), gpu.count},
         {},
         true});
  }
  CompileBoardName(gpu, position, out);
  // A name with the memory behind it that no list has so: the card, where it has that much.
  size_t memory =
      EndsWith(key, "gb") ? key.find_last_not_of("0123456789", key.size() - 3) : std::string::npos;
  if (memory == std::string::npos || key.size() - 2 - memory > 4 || memory + 3 == key.size()) return;
  const std::string plain = key.substr(0, memory + 1);
  const int64_t mib = std::stoll(key.substr(memory + 1, key.size() - 3 - memory)) * 1024;
  bare = EndsWith(plain, "gpu") && plain.size() > 3 ? plain.substr(0, plain.size() - 3) : plain;
  out->push_back(
      {std::string(kDeviceColumns) +
           "SELECT 1, ?1, ?2, k.gpu_id, k.name, k.cc, coalesce(c.renamed_to_key, c.cc_key), k.class, "
           "c.board, ?5 FROM gpu_called k JOIN compute_capability c ON c.cc = k.cc JOIN gpu g ON g.gpu_id = k.gpu_id "
           "WHERE k.key IN (?3, ?4) AND (g.memory_mib = 'unsaid' OR instr(' ' || g.memory_mib || ' ', ' ' || ?6 || ' ') > 0) "
           "AND NOT EXISTS (SELECT 1 FROM asked_device WHERE position = ?1) GROUP BY k.cc_key, k.name",
       {position, gpu.given, plain, bare, gpu.count, mib},
       {},
       true});
}

void CompileGpu(const Gpu& gpu, int64_t position, std::vector<Sql>* out) {
  if (!gpu.capability.empty()) {
    out->push_back(
        {std::string(kDeviceColumns) +
             "SELECT 1, ?1, ?2, NULL, ?2, ?3, coalesce((SELECT coalesce(renamed_to_key, cc_key) FROM "
             "compute_capability "
             "WHERE cc = ?3), ?4), coalesce((SELECT g.class FROM gpu_pci p JOIN gpu g ON g.gpu_id = p.gpu_id WHERE "
             "p.device_id = ?6 LIMIT 1), 'capability'), (SELECT board FROM compute_capability WHERE cc = ?3), ?7 "
             "WHERE ?5 IS NULL OR EXISTS (SELECT 1 FROM architecture WHERE target = ?5)",
         {position, gpu.given, gpu.capability, *CapabilityKey(gpu.capability), Optional(gpu.target),
          Optional(gpu.pci_id), gpu.count}});
  } else if (!gpu.pci_id.empty()) {
    out->push_back({std::string(kDeviceColumns) +
                        "SELECT 1, ?1, ?2, g.gpu_id, p.name, p.cc, coalesce(c.renamed_to_key, c.cc_key), "
                        "coalesce(g.class, 'other'), "
                        "c.board, ?4 FROM gpu_pci p LEFT JOIN gpu g ON g.gpu_id = p.gpu_id "
                        "JOIN compute_capability c ON c.cc = p.cc WHERE p.device_id = ?3",
                    {position, gpu.given, gpu.pci_id, gpu.count}});
  } else if (gpu.cut_short) {
    CompileCutGpu(gpu, position, out);
  } else {
    CompileNamedGpu(gpu, position, out);
  }
  out->push_back({std::string(kDeviceColumns) +
                      "SELECT 1, ?1, ?2, NULL, NULL, NULL, NULL, NULL, NULL, 1 WHERE NOT EXISTS "
                      "(SELECT 1 FROM asked_device WHERE position = ?1)",
                  {position, gpu.given},
                  {},
                  true});
}

void CompileGpus(const Question& question, std::vector<Sql>* out) {
  int64_t position = 0;
  for (const Gpu& gpu : question.gpus) CompileGpu(gpu, ++position, out);
  if (question.gpus.empty()) {
    out->push_back(
        {std::string(kDeviceColumns) + "VALUES (0, 0, '', NULL, NULL, NULL, NULL, NULL, NULL, 1)", {}});
  }
  // Boards that carry their processor leave no other to ask about; where what was stated leaves nothing, it
  // stands, so that a rule can say so.
  out->push_back(
      {"INSERT INTO asked_system (os, arch, build_os, driver_os) SELECT DISTINCT h.os, h.arch, h.os, h.os FROM "
       "asked_device d JOIN gpu_host h ON h.gpu_id = d.gpu_id WHERE coalesce(?1, h.os) = h.os AND coalesce(?2, h.arch) "
       "= h.arch AND NOT EXISTS (SELECT 1 FROM asked_system y WHERE y.os = h.os AND y.arch = h.arch)",
       {Optional(question.os), Optional(question.arch == "tegra" ? "aarch64" : question.arch)}});
  out->push_back(
      {"DELETE FROM asked_system WHERE EXISTS (SELECT 1 FROM asked_device d JOIN gpu_host h ON h.gpu_id = d.gpu_id) "
       "AND NOT EXISTS (SELECT 1 FROM asked_device d JOIN gpu_host h ON h.gpu_id = d.gpu_id WHERE h.os = asked_system.os "
       "AND h.arch = asked_system.arch) AND EXISTS (SELECT 1 FROM asked_device d JOIN gpu_host h ON h.gpu_id = d.gpu_id "
       "JOIN asked_system y ON y.os = h.os AND y.arch = h.arch)",
       {}});
}

// The WHERE part for one bound, on integer keys.
std::string Condition(const std::string& column, const Bound& bound, std::vector<Parameter>* parameters) {
  parameters->push_back(bound.key);
  std::string first = "?" + std::to_string(parameters->size());
  switch (bound.op) {
    case Bound::Op::kEqual:
      return column + " = " + first;
    case Bound::Op::kNotEqual:
      return column + " <> " + first;
    case Bound::Op::kLess:
      return column + " < " + first;
    case Bound::Op::kLessEqual:
      return column + " <= " + first;
    case Bound::Op::kGreater:
      return column + " > " + first;
    case Bound::Op::kGreaterEqual:
      return column + " >= " + first;
    case Bound::Op::kPrefix:
    case Bound::Op::kNotPrefix:
      break;
  }
  parameters->push_back(bound.upper_key);
  std::string range = fmt::format("({0} >= {1} AND {0} < ?{2})", column, first, parameters->size());
  return bound.op == Bound::Op::kPrefix ? range : "NOT " + range;
}

const char kDriverColumns[] =
    "INSERT INTO asked_driver (stated, driver_os, given, version, version_key, branch, branch_key, max_cuda, "
    "max_cuda_key) ";

void CompileDriverVersion(const Driver& driver, std::vector<Sql>* out) {
  out->push_back({std::string(kDriverColumns) +
                      "SELECT DISTINCT 1, s.driver_os, ?1, ?2, ?3, b.branch, b.branch_key, b.max_cuda, "
                      "b.max_cuda_key FROM asked_system s "
                      "LEFT JOIN driver_branch b ON b.os = s.driver_os AND ?4 BETWEEN b.first_major_key AND "
                      "b.last_major_key",
                  {driver.given, driver.bounds[0].version, driver.bounds[0].key,
                   driver.bounds[0].key / 1000000000000 * 1000000000000}});
}

// A branch or bounds: the ends of each branch in the set stand for all of it, as every rule is monotone
// inside a branch.
void CompileDriverSet(const Driver& driver, std::vector<Sql>* out) {
  std::vector<Parameter> parameters = {driver.given};
  std::string inside = "1";
  if (driver.kind == Driver::Kind::kBranch) {
    parameters.push_back(driver.bounds[0].key);
    inside = "(key >= ?2 AND key < ?2 + 1000000000000 OR branch_key = ?2)";
  } else {
    for (const Bound& bound : driver.bounds) inside += " AND " + Condition("key", bound, &parameters);
  }
  std::string low = driver.kind == Driver::Kind::kBranch
                        ? "max(e.first_key, CASE WHEN b.branch_key = ?2 THEN 0 ELSE ?2 END)"
                        : "e.first_key";
  std::string high =
      driver.kind == Driver::Kind::kBranch
          ? "min(e.last_key, CASE WHEN b.branch_key = ?2 THEN e.last_key ELSE ?2 + 999999999999 END)"
          : "e.last_key";
  for (const Bound& bound : driver.bounds) {
    if (driver.kind == Driver::Kind::kBranch) break;
    std::string key = std::to_string(bound.key);
    if (bound.op == Bound::Op::kGreaterEqual) low = fmt::format("max({}, {})", low, key);
    if (bound.op == Bound::Op::kGreater) low = fmt::format("max({}, {} + 1000000)", low, key);
    if (bound.op == Bound::Op::kLessEqual) high = fmt::format("min({}, {})", high, key);
    if (bound.op == Bound::Op::kLess) high = fmt::format("min({}, {} - 1000000)", high, key);
  }
  std::string member = fmt::format(
      "WITH edge AS (SELECT branch, os, coalesce(first_version_key, first_major_key) AS first_key, "
      "coalesce(latest_version_key, last_major_key + 999999000000) AS last_key FROM driver_branch), "
      "span AS (SELECT b.branch, b.branch_key, b.os, b.max_cuda, b.max_cuda_key, {} AS low, {} AS high FROM "
      "driver_branch b "
      "JOIN edge e ON e.branch = b.branch AND e.os = b.os), "
      "member AS (SELECT branch, branch_key, os, max_cuda, max_cuda_key, low AS key FROM span WHERE low <= "
      "high UNION "
      "SELECT branch, branch_key, os, max_cuda, max_cuda_key, high FROM span WHERE low <= high) ",
      low, high);
  std::string version =
      "(m.key / 1000000000000) || '.' || (m.key / 1000000000 % 1000) || CASE m.key / 1000000 % 1000 WHEN 0 "
      "THEN '' "
      "ELSE printf('.%02d', m.key / 1000000 % 1000) END";
  out->push_back({member + kDriverColumns + "SELECT DISTINCT 1, s.driver_os, ?1, " + version +
                      ", m.key, m.branch, m.branch_key, m.max_cuda, m.max_cuda_key FROM asked_system s JOIN "
                      "member m ON m.os = s.driver_os "
                      "WHERE " +
                      inside,
                  parameters});
}

void CompileDriver(const Question& question, std::vector<Sql>* out) {
  if (question.driver && question.driver->kind == Driver::Kind::kVersion) {
    CompileDriverVersion(*question.driver, out);
  } else if (question.driver) {
    CompileDriverSet(*question.driver, out);
  } else if (!question.jetpack.empty()) {
    out->push_back({std::string(kDriverColumns) +
                        "SELECT 1, 'linux', 'JetPack ' || ?1, NULL, NULL, NULL, NULL, max(cuda), "
                        "max(cuda_key) FROM jetpack "
                        "WHERE (jetpack_key = ?2 OR jetpack_key / 1000000000 = ?2 / 1000000000) AND cuda_key "
                        "IS NOT NULL HAVING max(cuda_key) IS NOT NULL",
                    {question.jetpack, OptionalKey(question.jetpack)}});
  } else if (!question.cuda_driver.empty()) {
    out->push_back({std::string("WITH member AS (SELECT *, coalesce(first_version_key, first_major_key) AS "
                                "key, first_version AS shown FROM driver_branch "
                                "WHERE max_cuda_key = ?2 UNION ALL SELECT *, coalesce(latest_version_key, "
                                "last_major_key), latest_version FROM driver_branch "
                                "WHERE max_cuda_key = ?2) ") +
                        kDriverColumns +
                        "SELECT DISTINCT 1, s.driver_os, 'CUDA ' || ?1, m.shown, m.key, m.branch, "
                        "m.branch_key, m.max_cuda, m.max_cuda_key "
                        "FROM asked_system s JOIN member m ON m.os = s.driver_os",
                    {question.cuda_driver, OptionalKey(question.cuda_driver)}});
  }
  if (question.driver) out->push_back({kDriverDisputes, {}});
  // What was stated and fits nothing stands as itself, so that a rule can say so; what was not stated is a
  // free row.
  if (question.driver || !question.cuda_driver.empty()) {
    out->push_back({std::string(kDriverColumns) +
                        "SELECT DISTINCT 1, s.driver_os, ?1, ?1, NULL, NULL, NULL, NULL, NULL FROM "
                        "asked_system s WHERE NOT EXISTS "
                        "(SELECT 1 FROM asked_driver d WHERE d.driver_os = s.driver_os)",
                    {question.driver ? question.driver->given : "CUDA " + question.cuda_driver}});
  }
  out->push_back({std::string(kDriverColumns) +
                      "SELECT DISTINCT 0, s.driver_os, '', NULL, NULL, NULL, NULL, NULL, NULL FROM "
                      "asked_system s WHERE NOT EXISTS "
                      "(SELECT 1 FROM asked_driver d WHERE d.driver_os = s.driver_os)",
                  {}});
}

// The name of a package that holds CUDA code, where the one that was typed has a twin for that alone.
const char kCudaTwin[] =
    "coalesce((SELECT t.twin FROM package_twin t WHERE t.package = coalesce(a.package, ?2) AND NOT EXISTS (SELECT 1 FROM build b "
    "WHERE b.package = t.package AND b.device = 'cuda')), a.package, ?2)";

// "TensorRT 8.6" is 8.6.1 for a vendor who numbers releases by their first parts: where no build has just
// that version, those that begin with it.
void CompileFirstParts(const Subject& subject, int64_t subject_id, const std::string& builds,
                       std::vector<Sql>* out) {
  const Bound& typed = subject.versions[0];
  const auto parts = std::count(typed.version.begin(), typed.version.end(), '.') + 1;
  if (parts > 3 || typed.version.find_first_not_of("0123456789.") != std::string::npos) return;
  const int64_t step = int64_t{1} << (11 + 12 * (4 - parts));
  const int64_t first = typed.key / step * step;
  out->push_back(
      {builds +
           " AND b.version_key >= ?3 AND b.version_key < ?4 AND (b.version_key >> 8 & 7) >= 4 AND EXISTS (SELECT 1 FROM "
           "package p WHERE p.package = s.package AND p.numbers = 'first-parts') AND NOT EXISTS (SELECT 1 FROM asked_build a "
           "WHERE a.subject_id = ?1)",
       {subject_id, subject.extra.empty() ? Parameter() : Parameter(subject.extra), first, first + step}});
}

void CompilePackage(const Subject& subject, int64_t subject_id, std::vector<Sql>* out) {
  // An alias may imply a tag (cupy-cuda12x); an extra names one too (jax[cuda12]) or is no tag at all
  // (tensorflow[and-cuda], onnxruntime-gpu[cuda,cudnn]): the package's way to install says which. A tag may
  // name the cuDNN that it was built with behind it (cuda12.cudnn89), and is compared without case.
  std::string tag = subject.tag.empty() ? subject.extra : subject.tag;
  bool exact = subject.versions.size() == 1 && subject.versions[0].op == Bound::Op::kEqual;
  const std::string name = subject.cuda.empty() ? "coalesce(a.package, ?2)" : kCudaTwin;
  out->push_back(
      {"INSERT INTO asked_subject (subject_id, kind, package, given, version, version_key, tag, installed, extra) "
       "SELECT ?1, 'package', " +
           name +
           ", ?3, ?4, ?5, coalesce(CASE WHEN ?6 LIKE '%.cudnn%' THEN substr(?6, 1, instr(?6, '.cudnn') - 1) ELSE ?6 END, "
           "(SELECT e.tag FROM extra_tag e WHERE e.package = coalesce(a.package, ?2) AND e.extra_key = ?9 AND (?5 IS NULL OR ?5 BETWEEN "
           "e.first_version_key AND e.last_version_key) ORDER BY e.first_version_key DESC LIMIT 1), (SELECT ?7 FROM package p "
           "WHERE p.package = coalesce(a.package, ?2) AND (instr(p.install, '[{tag}]') > 0 OR EXISTS (SELECT 1 FROM build b WHERE "
           "b.package = p.package AND b.tag = ?7))), nullif(a.tag, '-')), ?8, ?9 "
           "FROM (SELECT 1) LEFT JOIN (SELECT l.alias, l.tag, coalesce(w.package, l.package) AS package FROM package_alias l LEFT JOIN "
           "package_alias_cuda w ON w.alias = l.alias AND w.cuda_major = (SELECT cuda_major FROM asked_target)) a ON a.alias = ?2",
       {subject_id, subject.package, subject.given,
        exact ? Parameter(subject.versions[0].version) : Parameter(),
        exact ? Parameter(subject.versions[0].key) : Parameter(), Optional(subject.tag),
        Optional(subject.extra), static_cast<int64_t>(subject.installed), Optional(NameKey(subject.extra))}});
  std::vector<Parameter> parameters = {subject_id,
                                       subject.extra.empty() ? Parameter() : Parameter(subject.extra)};
  std::string where;
  bool prerelease = false;
  for (const Bound& bound : subject.versions) {
    prerelease = prerelease || IsPrerelease(bound.key);
    where += " AND " + Condition("b.version_key", bound, &parameters);
  }
  if (subject.installed_default) where += " AND (b.is_default = 'yes' OR b.tag = '-')";
  if (!prerelease) where += " AND (b.version_key >> 8 & 7) >= 4";
  if (!subject.cuda.empty()) {
    parameters.push_back(DottedKey(subject.cuda).value_or(0));
    where += fmt::format(" AND b.cuda_key / 1000000000000 = ?{} / 1000000000000", parameters.size());
  }
  const std::string builds =
      std::string(kAskBuild) + "SELECT ?1, " + kBuildValues +
      "FROM asked_subject s CROSS JOIN build b CROSS JOIN asked_system y "
      "WHERE s.subject_id = ?1 AND b.package = s.package AND y.build_os = b.os AND y.arch = b.arch "
      "AND (s.tag IS NULL AND b.device IN ('cuda', 'cpu') OR b.tag = s.tag COLLATE NOCASE OR b.tag = '-' AND s.tag = "
      "?2)" +
      (subject.tag.empty() ? "" : " AND b.tag COLLATE NOCASE IN (s.tag, '-')");
  out->push_back({builds + where, parameters});
  if (exact && !subject.installed) CompileFirstParts(subject, subject_id, builds, out);
  if (!exact || !tag.empty()) return;
  // A version whose CUDA builds are elsewhere, and of which the data has none here without claiming to list
  // all (of every index that the package has): that is not known, whatever else this version has here.
  out->push_back(
      {std::string(kAskBuild) +
           "SELECT ?1, y.system_id, y.driver_os, NULL, 'unlisted', s.package, (SELECT b.version FROM build b WHERE b.package = "
           "s.package AND b.version_key = s.version_key), s.version_key, '-', y.build_os, y.arch, (SELECT max(i.channel) FROM "
           "package_index i WHERE i.package = s.package), 'no', 'cuda', '-', NULL, 'any', '-', NULL FROM asked_subject s CROSS JOIN asked_system y "
           "WHERE s.subject_id = ?1 AND s.tag IS NULL AND EXISTS (SELECT 1 FROM asked_build a WHERE a.subject_id = ?1) "
           "AND NOT EXISTS (SELECT 1 FROM asked_build a WHERE a.subject_id = ?1 AND a.device = 'cuda') "
           "AND EXISTS (SELECT 1 FROM build b WHERE b.package = s.package AND b.version_key = s.version_key AND b.device = 'cuda') "
           "AND NOT EXISTS (SELECT 1 FROM listing l WHERE l.package = s.package AND l.os = y.build_os AND l.arch = y.arch AND "
           "s.version_key BETWEEN l.first_version_key AND l.last_version_key AND (l.channel = 'every' OR "
           "NOT EXISTS (SELECT 1 FROM package_index i WHERE i.package = s.package AND i.channel <> l.channel)))" +
           // What a plain install gives there is known: no other build is asked for.
           (subject.installed_default
                ? " AND NOT EXISTS (SELECT 1 FROM asked_build a WHERE a.subject_id = ?1 AND a.system_id = y.system_id)"
                : ""),
       {subject_id}});
}

void CompileCuda(const Subject& subject, int64_t subject_id, std::vector<Sql>* out) {
  const Bound& release = subject.versions[0];
  out->push_back(
      {"INSERT INTO asked_subject (subject_id, kind, package, given, version, version_key, tag) VALUES (?, "
       "'cuda', 'cuda', ?, ?, ?, NULL)",
       {subject_id, subject.given, release.version, release.key}});
  out->push_back({std::string(kAskBuild) + "SELECT ?1, y.system_id, y.driver_os, NULL, 'cuda', 'cuda', "
                                           "?2, ?3, '-', y.build_os, y.arch, 'default', 'no', 'cuda', "
                                           "(?3 / 1000000000000) || '.' || (?3 / 1000000000 % 1000), ?3, "
                                           "'any', '-', NULL FROM asked_system y",
                  {subject_id, release.version, release.key}});
}

void CompileImages(const Subject& subject, int64_t subject_id, std::vector<Sql>* out) {
  out->push_back(
      {"INSERT INTO asked_subject (subject_id, kind, package, given, version, version_key, tag) VALUES (?, "
       "'images', 'images', ?, NULL, NULL, NULL)",
       {subject_id, subject.given}});
  out->push_back({"INSERT INTO image_list (list_id, confidence) VALUES (-?1, 'sure')", {subject_id}});
  for (const Image& image : subject.images) {
    out->push_back(
        {"INSERT INTO list_image (list_id, target, isa, isa_key, isa_cuda_key, codec, standing, library) "
         "VALUES (-?1, ?2, ?3, ?4, "
         "CASE WHEN ?4 IS NOT NULL THEN coalesce((SELECT min(cuda_key) FROM ptx_isa WHERE isa_key >= ?4), 9223372036854775807) END, ?5, 'full', '')",
         {subject_id, image.target, image.isa, OptionalKey(image.isa), image.codec}});
  }
  // What no target of the data is called cannot be ruled out either.
  out->push_back(
      {"UPDATE image_list SET confidence = 'unsure' WHERE list_id = -?1 AND EXISTS (SELECT 1 FROM list_image i "
       "WHERE i.list_id = -?1 AND NOT EXISTS (SELECT 1 FROM architecture a WHERE a.target = 'sm_' || substr(i.target, "
       "instr(i.target, '_') + 1)))",
       {subject_id}});
  out->push_back({"INSERT INTO list_on_capability SELECT * FROM list_image_on_capability WHERE list_id = -?1",
                  {subject_id},
                  {"list_image_on_capability"}});
  out->push_back({std::string(kAskBuild) +
                      "SELECT ?1, y.system_id, y.driver_os, NULL, 'images', 'images', ?2, NULL, '-', "
                      "y.build_os, y.arch, 'default', 'no', "
                      "'cuda', '-', NULL, 'any', 'typed', -?1 FROM asked_system y",
                  {subject_id, subject.given}});
}

// The one CUDA major that releases and tags of the question say, for names that depend on it
// (package_alias_cuda).
void CompileCudaMajor(const Question& question, std::vector<Sql>* out) {
  std::string majors;
  std::vector<Parameter> parameters;
  auto next = [&](Parameter parameter) {
    parameters.push_back(std::move(parameter));
    return "?" + std::to_string(parameters.size());
  };
  for (const Subject& subject : question.subjects) {
    const std::string also = majors.empty() ? "" : " UNION ALL ";
    if (subject.kind == Subject::Kind::kCuda && !subject.versions.empty()) {
      majors += also + "SELECT " + next(subject.versions[0].key) + " / 1000000000000 AS major";
    } else if (!subject.cuda.empty()) {
      majors += also + "SELECT " + next(DottedKey(subject.cuda).value_or(0)) + " / 1000000000000 AS major";
    } else if (!subject.tag.empty() || !subject.extra.empty()) {
      const std::string package = next(subject.package);
      const std::string tag = next(subject.tag.empty() ? subject.extra : subject.tag);
      majors += fmt::format(
          "{0}SELECT cuda_key / 1000000000000 AS major FROM build WHERE package = coalesce((SELECT package FROM package_alias "
          "WHERE alias = {1}), {1}) AND tag = {2} COLLATE NOCASE AND device = 'cuda'",
          also, package, tag);
    }
  }
  if (majors.empty()) return;
  out->push_back(
      {"UPDATE asked_target SET cuda_major = (SELECT CASE WHEN min(major) = max(major) THEN min(major) END FROM (" +
           majors + "))",
       parameters});
}

// The C library of the system: as stated, else that of its distribution. A release that no row has says
// nothing.
void CompileLibc(const Question& question, std::vector<Sql>* out) {
  if (question.os == "windows" || (question.libc.empty() && question.distribution.empty())) return;
  if (question.distribution.empty()) {
    out->push_back({"UPDATE asked_target SET libc = ?1, libc_version = ?2, libc_key = ?3, libc_from = ''",
                    {question.libc, Optional(question.libc_version), OptionalKey(question.libc_version)}});
    return;
  }
  // Where the distribution is not in the data, or not that release, what was said of the library itself
  // stands.
  out->push_back(
      {"UPDATE asked_target SET (system_name, libc, libc_version, libc_key, libc_from) = (SELECT ?1 || coalesce(' ' || ?2, ''), "
       "coalesce(l.libc, ?3), CASE WHEN l.libc IS NULL THEN ?4 ELSE nullif(l.version, '-') END, CASE WHEN l.libc IS NULL THEN ?5 ELSE "
       "l.version_key END, coalesce('distribution_libc/' || l.distribution || '/' || l.release, '') FROM (SELECT coalesce((SELECT "
       "distribution FROM distribution_like WHERE name = ?1), ?1) AS distribution) d LEFT JOIN distribution_libc l ON l.distribution = "
       "d.distribution AND (l.release = '*' OR l.release = ?2 OR substr(?2, 1, length(l.release) + 1) = l.release || '.') ORDER BY "
       "l.release = '*', length(l.release) DESC LIMIT 1)",
       {question.distribution, Optional(question.os_release), Optional(question.libc),
        Optional(question.libc_version), OptionalKey(question.libc_version)}});
}

}  // namespace

std::vector<Sql> CompileTarget(const Question& question) {
  std::vector<Sql> out;
  out.push_back(
      {"INSERT INTO asked_target (cuda_driver, cuda_driver_key, jetpack, jetpack_key, python, module_flavour, platform, host_compiler, host_compiler_version, host_compiler_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
       {Optional(question.cuda_driver), OptionalKey(question.cuda_driver), Optional(question.jetpack),
        OptionalKey(question.jetpack), Optional(question.python), Optional(question.module_flavour),
        Optional(question.platform.empty() && question.arch == "tegra" ? question.arch : question.platform),
        Optional(question.host_compiler), Optional(question.host_compiler_version),
        OptionalKey(question.host_compiler_version)}});
  CompileLibc(question, &out);
  if (question.subjects.size() > 1 || (question.subjects.size() == 1 && !question.subjects[0].cuda.empty()))
    CompileCudaMajor(question, &out);
  CompileSystems(question, &out);
  CompileGpus(question, &out);
  CompileDriver(question, &out);
  return out;
}

std::vector<Sql> CompileSubject(const Subject& subject, int64_t subject_id) {
  std::vector<Sql> out;
  switch (subject.kind) {
    case Subject::Kind::kPackage:
      CompilePackage(subject, subject_id, &out);
      break;
    case Subject::Kind::kCuda:
      CompileCuda(subject, subject_id, &out);
      break;
    case Subject::Kind::kImages:
      CompileImages(subject, subject_id, &out);
      break;
  }
  return out;
}

std::string ToText(const std::vector<Sql>& statements) {
  std::string out;
  for (const Sql& sql : statements) {
    out += sql.text + ";\n";
    int index = 0;
    for (const Parameter& parameter : sql.parameters) {
      ++index;
      if (const auto* number = std::get_if<int64_t>(&parameter))
        out += fmt::format("  -- ?{} = {}\n", index, *number);
      else if (const auto* text = std::get_if<std::string>(&parameter))
        out += fmt::format("  -- ?{} = '{}'\n", index, Printable(*text));
      else
        out += fmt::format("  -- ?{} = NULL\n", index);
    }
  }
  return out;
}

}  // namespace cudacompat::query
