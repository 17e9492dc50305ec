// Pages of the rules: read from docs/rules beside the data folder, and what is said where one lacks.
#include "catch.h"
#include "database_file.h"

using cudacompat::test::DataFolder;
using cudacompat::test::DataSource;
using cudacompat::test::ReadFile;

namespace {

constexpr const char* kPagesSchema = R"(
CREATE TABLE source (source_id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL) STRICT;
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
)";

constexpr const char* kRule =
    "-- title: T\n-- rule: it-runs | compatible | 1 | - | It runs.\n-- source: notes | page 1\n"
    "CREATE VIEW runs AS SELECT 1 AS one;\n";

/// What mkdb says of a data folder with one rule and these pages.
std::string WithPages(const std::vector<std::pair<std::string, std::string>>& pages) {
  DataFolder folder;
  folder.Write("data/schema/10_source.sql", kPagesSchema)
      .Write("data/schema/75_rule.sql", ReadFile(DataSource() / "schema/75_rule.sql"))
      .Write("data/schema/76_rule_page.sql", ReadFile(DataSource() / "schema/76_rule_page.sql"))
      .Write("data/sources.csv", "source_id,kind,title\nnotes,vendor-doc,Notes\n")
      .Write("data/facts/meta.csv", "key,value\nas_of,2026-10-15\n")
      .Write("data/rules/runs.sql", kRule);
  for (const auto& [name, text] : pages) folder.Write("docs/rules/" + name, text);
  cudacompat::mkdb::Problems problems;
  BuildDatabase({folder.database().parent_path() / "data", folder.database(), true}, problems);
  std::string said;
  for (const std::string& line : problems.lines()) said += line + "\n";
  for (const std::string& line : problems.warnings()) said += "warning: " + line + "\n";
  return said;
}

}  // namespace

TEST_CASE("every rule has a page and every page a rule") {
  CHECK(WithPages({{"it-runs.md", "# It runs\n"}}) == "");
  CHECK(WithPages({}) == "../docs/rules/it-runs.md: missing: every rule has a page\n");
  CHECK(WithPages({{"it-runs.md", "# It runs\n"}, {"it-hops.md", "# It hops\n"}}) ==
        "warning: ../docs/rules/it-hops.md: no rule of that name is declared\n");
}

TEST_CASE("a page is one screen") {
  CHECK(WithPages({{"it-runs.md", std::string(1537, 'x')}}) ==
        "../docs/rules/it-runs.md: 1537 bytes; a page has 1536 at most\n");
}
