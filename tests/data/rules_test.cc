// Rules as a whole: each is declared once, has a page, a source and a known answer that fires it; and what
// must hold over all pairs, whatever the facts are.
#include <set>

#include "catch.h"
#include "vectors.h"

using cudacompat::test::BareDatabase;
using cudacompat::test::DataSource;
using cudacompat::test::ReadFile;

namespace {

/// Rules that no query fires: those which only a probe, a report, a log or a scan can see.
bool SeenOnly(BareDatabase& db, const std::string& rule) {
  return db.One("SELECT view FROM rule WHERE rule_id = '" + rule + "'") == "seen_in_reports";
}

}  // namespace

TEST_CASE("every rule has a page, a source, a meaning and a remedy or none to need") {
  BareDatabase db;
  const auto rules = db.Rows("SELECT rule_id FROM rule ORDER BY 1");
  REQUIRE(rules.size() > 70);
  CHECK(db.Rows("SELECT rule_id FROM rule WHERE rule_id NOT IN (SELECT rule_id FROM rule_page)").empty());
  CHECK(db.Rows("SELECT rule_id FROM rule WHERE rule_id NOT IN (SELECT rule_id FROM rule_source)").empty());
  CHECK(
      db.Rows(
            "SELECT rule_id FROM rule WHERE verdict <> 'compatible' AND rule_id NOT IN (SELECT rule_id FROM remedy)")
          .empty());
  CHECK(
      db.Rows(
            "SELECT DISTINCT rule_id FROM remedy WHERE rule_id NOT IN (SELECT rule_id FROM rule UNION SELECT family || '/' || code FROM error_code WHERE rule_id = '-')")
          .empty());
}

TEST_CASE("pages begin with a title and name their rule") {
  BareDatabase db;
  CHECK(
      db.Rows(
            "SELECT rule_id FROM rule_page WHERE text NOT LIKE '# %' OR instr(text, '`' || rule_id || '`') = 0")
          .empty());
  CHECK(
      db.Rows(
            "SELECT p.rule_id FROM rule_page p JOIN rule r ON r.rule_id = p.rule_id WHERE r.code <> '-' AND "
            "instr(p.text, 'error ' || r.code) = 0")
          .empty());
}

TEST_CASE("every rule that a query fires has a vector") {
  BareDatabase db;
  cudacompat::mkdb::Problems problems;
  std::set<std::string> fired;
  for (const auto& vector : cudacompat::test::ReadVectors(problems)) fired.insert(vector.rule);
  // Stated by a machine's record and not by a flag.
  const std::set<std::string> by_record = {"kernel-module-flavour", "works-by-facts-but-fails"};
  // Stated by files and by what check demands of them: tests/cli/check_test.cc fires these.
  const std::set<std::string> by_file = {
      "binary-for-other-python", "binary-for-other-system", "coverage-lost",
      "demand-not-proven",       "device-code-unreadable",  "forbidden-image-present",
      "native-code-lost",        "program-of-32-bits",      "required-image-missing"};
  for (const std::string& rule : db.Rows("SELECT rule_id FROM rule ORDER BY 1")) {
    if (SeenOnly(db, rule) || by_record.count(rule) != 0 || by_file.count(rule) != 0) continue;
    INFO(rule);
    CHECK(fired.count(rule) == 1);
  }
}

TEST_CASE("remedies: no package where no other build helps, no driver on hosted machines") {
  BareDatabase db;
  CHECK(
      db.Rows(
            "SELECT m.rule_id FROM remedy m JOIN rule r ON r.rule_id = m.rule_id WHERE m.how IN ('same-version', "
            "'newest') AND r.stage BETWEEN 20 AND 49 AND r.verdict = 'incompatible'")
          .empty());
  // What a person cannot change there is not offered: on hosted machines and Jetsons no driver, none of its
  // modules.
  for (const std::string place : {"hosted", "tegra"}) {
    INFO(place);
    const std::string there = "(platform = '*' OR instr('+' || platform || '+', '+" + place + "+') > 0)";
    CHECK(
        db.Rows("SELECT rule_id FROM remedy WHERE changes LIKE '%driver%' AND how <> 'forward' AND " + there)
            .empty());
    CHECK(
        db.Rows(
              "SELECT rule_id FROM remedy WHERE (commands LIKE '%ubuntu-drivers%' OR commands LIKE '%modprobe%' OR commands "
              "LIKE '%linux-headers%' OR title LIKE '%nvidia.com/drivers%') AND " +
              there)
            .empty());
  }
  CHECK(
      db.Rows(
            "SELECT rule_id FROM remedy WHERE (commands LIKE '%ubuntu-drivers%' OR commands LIKE '%modprobe%' OR commands LIKE "
            "'%linux-headers%') AND (platform = '*' OR instr('+' || platform || '+', '+container+') > 0)")
          .empty());
  // Ubuntu chooses the branch that it packages: no number of ours is named to it.
  CHECK(db.Rows("SELECT rule_id FROM remedy WHERE commands LIKE '%ubuntu-drivers install nvidia:%'").empty());
  CHECK(db.Rows("SELECT rule_id FROM remedy WHERE os = 'wsl' AND commands LIKE '%ubuntu-drivers%'").empty());
}

TEST_CASE("law: a higher minor keeps running what a lower one ran, on cards") {
  BareDatabase db;
  CHECK(
      db.Rows(
            "SELECT t.target || ' ' || l.cc || ' ' || h.cc FROM target_on_capability t "
            "JOIN compute_capability l ON l.cc_key = t.cc_key JOIN compute_capability h ON h.cc_key / 10 = l.cc_key / 10 "
            "AND h.cc_key > l.cc_key WHERE l.board = 'card' AND h.board = 'card' AND l.renamed_to = '-' AND "
            "h.renamed_to = '-' AND t.target NOT GLOB '*[af]' AND NOT EXISTS (SELECT 1 FROM target_on_capability u "
            "WHERE u.target = t.target AND u.cc_key = h.cc_key)")
          .empty());
}

TEST_CASE("law: PTX that one capability takes, every higher one takes") {
  BareDatabase db;
  CHECK(
      db.Rows(
            "SELECT t.target || ' ' || h.cc FROM target_on_capability t JOIN compute_capability h ON "
            "h.cc_key > t.cc_key WHERE t.how = 'jit' AND h.renamed_to = '-' AND t.target NOT GLOB '*[af]' AND NOT "
            "EXISTS (SELECT 1 FROM target_on_capability u WHERE u.target = t.target AND u.cc_key = h.cc_key)")
          .empty());
}

TEST_CASE("law: a cubin never crosses a major, and an arch-specific one never leaves its capability") {
  BareDatabase db;
  CHECK(
      db.Rows(
            "SELECT t.target || ' ' || t.cc_key FROM target_on_capability t JOIN architecture a ON a.target = t.target "
            "JOIN compute_capability c ON c.cc = a.cc WHERE coalesce(c.renamed_to_key, a.cc_key) / 10 <> t.cc_key / 10")
          .empty());
  CHECK(
      db.Rows(
            "SELECT target FROM target_on_capability WHERE target GLOB '*a' GROUP BY target HAVING count(*) > 1")
          .empty());
}

TEST_CASE("law: a newer driver never loses a toolkit") {
  BareDatabase db;
  CHECK(
      db.Run(
          "INSERT INTO asked_target DEFAULT VALUES; INSERT INTO asked_driver (stated, driver_os, given, version, "
          "version_key, branch, branch_key, max_cuda, max_cuda_key) SELECT 1, r.os, r.version, r.version, r.version_key, "
          "r.branch, b.branch_key, b.max_cuda, b.max_cuda_key FROM driver_release r JOIN driver_branch b ON b.branch = "
          "r.branch AND b.os = r.os WHERE b.max_cuda_key IS NOT NULL; "
          "INSERT INTO asked_build (subject_id, system_id, driver_os, kind, package, version, tag, os, arch, channel, "
          "is_default, device, cuda, cuda_key, pythons, images_kind) SELECT 1, 1, o.os, 'cuda', 'cuda', m.cuda, '-', o.os, "
          "'x86_64', 'default', 'no', 'cuda', m.cuda, m.cuda_key, 'any', '-' FROM (SELECT DISTINCT cuda, cuda_key FROM "
          "toolkit WHERE kind = 'ga') m, (SELECT 'linux' AS os UNION SELECT 'windows') o") == "");
  REQUIRE(std::stoi(db.One("SELECT count(*) FROM driver_runs_runtime")) > 1000);
  CHECK(
      db.Run(
          "CREATE TEMP TABLE ran AS SELECT c.scope_key AS cuda_key, c.driver_os, d.version, d.version_key, s.severity "
          "FROM driver_runs_runtime c JOIN asked_driver d ON d.driver_id = c.driver_id JOIN rule u ON u.rule_id = "
          "c.rule_id JOIN severity s ON s.verdict = u.verdict") == "");
  CHECK(
      db.Rows(
          "SELECT a.version || ' runs ' || a.cuda_key || ' and ' || b.version || ' does not' FROM (SELECT cuda_key, "
          "driver_os, min(version_key) AS version_key, version FROM ran WHERE severity = 0 GROUP BY cuda_key, driver_os) a "
          "JOIN ran b ON b.cuda_key = a.cuda_key AND b.driver_os = a.driver_os AND b.version_key > a.version_key "
          "WHERE b.severity > 0 LIMIT 10") == std::vector<std::string>());
}
