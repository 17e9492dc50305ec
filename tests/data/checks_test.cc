// Each law of data/checks finds its planted offender (tests/data/offenders/<law>.sql), and the shipped data
// is clean.
#include <algorithm>
#include <set>

#include "catch.h"
#include "database_file.h"
#include "mkdb/files.h"

using cudacompat::mkdb::DataDir;
using cudacompat::mkdb::Stem;
using cudacompat::test::BareDatabase;
using cudacompat::test::DataSource;
using cudacompat::test::ReadFile;

namespace {

const std::filesystem::path kOffenders = CUDACOMPAT_SOURCE_DIR "/tests/data/offenders";

std::set<std::string> Offenders(BareDatabase& db, const std::string& law) {
  const auto rows = db.Rows(law);
  return {rows.begin(), rows.end()};
}

}  // namespace

TEST_CASE("each law finds its planted offender") {
  const auto laws = DataDir(DataSource()).List("checks", ".sql");
  REQUIRE(!laws.empty());
  for (const std::string& file : laws) {
    INFO(file);
    const std::string law = ReadFile(DataSource() / file);
    CHECK(law.substr(0, 3) == "-- ");  // why it is a law
    const std::string planted = ReadFile(kOffenders / (Stem(file) + ".sql"));
    REQUIRE_FALSE(planted.empty());
    BareDatabase db;
    const auto before = Offenders(db, law);
    CHECK(db.Run(planted) == "");
    const auto after = Offenders(db, law);
    CHECK_FALSE(std::includes(before.begin(), before.end(), after.begin(), after.end()));
  }
}

TEST_CASE("each planted offender has its law") {
  for (const auto& entry : std::filesystem::directory_iterator(kOffenders)) {
    INFO(entry.path().string());
    CHECK(std::filesystem::exists(DataSource() / "checks" / entry.path().filename()));
  }
}

TEST_CASE("the shipped data is complete and keeps every law") {
  cudacompat::test::DataFolder folder;
  cudacompat::mkdb::Problems problems;
  BuildDatabase({DataSource(), folder.database(), true}, problems);
  for (const std::string& line : problems.lines()) UNSCOPED_INFO(line);
  CHECK(problems.count() == 0);
  CHECK((ReadFile(folder.database()) ==
         ReadFile(cudacompat::test::ShippedDatabase())));  // two builds, same bytes
}
