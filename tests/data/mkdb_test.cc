// What mkdb refuses, word for word, with data folders of a few lines; and what it makes.
#include <sqlite3.h>
#include <sys/wait.h>

#include <cstdlib>

#include "catch.h"
#include "data_folder.h"
#include "mkdb/digest.h"

using cudacompat::mkdb::BuildResult;
using cudacompat::test::DataFolder;
using cudacompat::test::ReadFile;

namespace {

constexpr const char* kSchema = R"(CREATE TABLE source (
  source_id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('vendor-doc','project')),
  title TEXT NOT NULL
) STRICT;
CREATE TABLE meta (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
)";

constexpr const char* kToolkit = R"(-- Releases; 'quotes' in a comment.
CREATE TABLE toolkit (
  release TEXT NOT NULL,
  release_key INTEGER NOT NULL,   -- dotted(release)
  rank INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ga','update')),
  until TEXT NOT NULL,
  until_key INTEGER,              -- dotted(until)
  source_id TEXT NOT NULL REFERENCES source,
  PRIMARY KEY (rank, release)
) STRICT;
)";

// The tables that mkdb itself fills are the real ones.
const std::filesystem::path kRules = CUDACOMPAT_SOURCE_DIR "/data/schema/75_rule.sql";

constexpr const char* kHeader = "release,rank,kind,until,source_id\n";

void Fill(DataFolder& folder) {
  folder.Write("schema/10_source.sql", kSchema)
      .Write("schema/30_toolkit.sql", kToolkit)
      .Write("schema/75_rule.sql", ReadFile(kRules))
      .Write("sources.csv", "source_id,kind,title\nnotes,vendor-doc,\"Notes, all\"\n")
      .Write("facts/meta.csv", "key,value\nas_of,2026-10-15\n")
      .Write("facts/toolkit.csv", std::string(kHeader) + "12.4.1,1,ga,unsaid,notes\n12.4,2,ga,open,notes\n");
}

/// What mkdb says of the folder above with one file changed.
std::string With(const std::string& file, const std::string& text) {
  DataFolder folder;
  Fill(folder);
  folder.Write(file, text);
  const std::string said = folder.Build();
  CHECK((folder.result == BuildResult::kBuilt) == std::filesystem::exists(folder.database()));
  return said;
}

std::string Toolkit(const std::string& rows) { return With("facts/toolkit.csv", kHeader + rows); }

std::string Ask(DataFolder& folder, const std::string& sql) {
  sqlite3* db = nullptr;
  sqlite3_stmt* statement = nullptr;
  sqlite3_open(folder.database().c_str(), &db);
  REQUIRE(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  std::string text;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* cell = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      text += std::string(i == 0 ? "" : "|") + (cell == nullptr ? "NULL" : cell);
    }
    text += "\n";
  }
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return text;
}

}  // namespace

TEST_CASE("rows, derived keys and line numbers") {
  DataFolder folder;
  Fill(folder);
  CHECK(folder.Build() == "");
  CHECK(folder.result == BuildResult::kBuilt);
  CHECK(Ask(folder, "SELECT rowid, release, release_key, until_key FROM toolkit ORDER BY rowid") ==
        "2|12.4.1|12004001000000|NULL\n3|12.4|12004000000000|9223372036854775807\n");
  CHECK(Ask(folder, "SELECT title FROM source") == "Notes, all\n");
  CHECK(Ask(folder, "SELECT key FROM meta") == "as_of\ndata_version\n");
  CHECK(Ask(folder, "SELECT sql FROM sqlite_schema WHERE name='toolkit'").substr(0, 72) ==
        "CREATE TABLE toolkit(release TEXT NOT NULL,release_key INTEGER NOT NULL,");
}

TEST_CASE("two builds are the same bytes, and another input is another version") {
  DataFolder a, b;
  Fill(a);
  Fill(b);
  CHECK(a.Build() == "");
  CHECK(b.Build() == "");
  const std::string bytes = ReadFile(a.database());
  CHECK(bytes.size() > 4096);
  CHECK((bytes == ReadFile(b.database())));
  b.Write("facts/meta.csv", "key,value\nas_of,2026-10-16\n");
  CHECK(b.Build() == "");
  CHECK(Ask(a, "SELECT value FROM meta WHERE key='data_version'") !=
        Ask(b, "SELECT value FROM meta WHERE key='data_version'"));
}

TEST_CASE("a failed build leaves the old file alone") {
  DataFolder folder;
  Fill(folder);
  CHECK(folder.Build() == "");
  const std::string before = ReadFile(folder.database());
  folder.Write("facts/toolkit.csv", "nonsense\n");
  CHECK(folder.Build() != "");
  CHECK((before == ReadFile(folder.database())));
  CHECK_FALSE(std::filesystem::exists(folder.database().string() + ".tmp"));
}

TEST_CASE("SHA-256 of FIPS 180-4's examples") {
  const auto hex = [](std::string_view text) {
    cudacompat::mkdb::Sha256 digest;
    digest.Add(text);
    return digest.Hex();
  };
  CHECK(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("CSV: form") {
  CHECK(Toolkit("12.4,1,ga,,notes\n") ==
        "facts/toolkit.csv:2:11: column until: empty cell; write unsaid (the source does not say), open "
        "(still going on) or - (does not apply)\n");
  CHECK(Toolkit("12.4,1,ga,-, notes\n") ==
        "facts/toolkit.csv:2:13: column source_id: blank at the start or end of the cell\n");
  CHECK(Toolkit("12.4,1,ga,notes\n") == "facts/toolkit.csv:2: expected 5 cells as in the header, got 4\n");
  CHECK(Toolkit("12.4,1,ga,-,notes\r\n") ==
        "facts/toolkit.csv:2:18: a carriage return: lines end in LF alone\n");
  CHECK(Toolkit("12.4,1,ga,\t-,notes\n") == "facts/toolkit.csv:2:11: control character 0x09\n");
  CHECK(Toolkit("12.4,1,ga,\xff,notes\n") == "facts/toolkit.csv:2:11: not UTF-8\n");
  CHECK(Toolkit("12.4,1,ga,-,notes") == "facts/toolkit.csv:2: the last line does not end in LF\n");
  CHECK(Toolkit("12.4,1,ga,-,no\"tes\n") ==
        "facts/toolkit.csv:2:15: a quote inside a cell: quote the whole cell and double the quote\n");
  CHECK(Toolkit("12.4,1,ga,\"-\"x,notes\n") ==
        "facts/toolkit.csv:2:14: after a closing quote: expected a comma or the end of the line\n");
  CHECK(Toolkit("12.4,1,ga,\"-\n,notes\n") ==
        "facts/toolkit.csv:2:11: the quote is not closed in its line: one fact is one line\n"
        "facts/toolkit.csv:3: expected 5 cells as in the header, got 2\n");
  CHECK(Toolkit("\n") == "facts/toolkit.csv:2: expected 5 cells as in the header, got 1\n");
  CHECK(With("facts/toolkit.csv", "") == "facts/toolkit.csv:1:1: empty file: expected a header line\n");
  CHECK(With("facts/meta.csv", "\xef\xbb\xbfkey,value\n") ==
        "facts/meta.csv:1:1: a byte order mark: plain UTF-8 has none\n");
}

TEST_CASE("CSV: header") {
  CHECK(With("facts/toolkit.csv", "release,rank,type,until,source_id\n") ==
        "facts/toolkit.csv:1:14: header: expected column kind, got type; the header is "
        "release,rank,kind,until,source_id\n");
  CHECK(With("facts/toolkit.csv", "release,rank,kind,until\n") ==
        "facts/toolkit.csv:1: header: expected column source_id, got the end of the line; the header is "
        "release,rank,kind,until,source_id\n");
  CHECK(With("facts/meta.csv", "key,value,more\n") ==
        "facts/meta.csv:1:11: header: expected no more columns, got more; the header is key,value\n");
}

TEST_CASE("CSV: order and keys") {
  CHECK(
      Toolkit("12.4,2,ga,-,notes\n12.5,1,ga,-,notes\n") ==
      "facts/toolkit.csv:3: out of order: 1/12.5 belongs before line 2; rows are sorted by rank, release\n");
  CHECK(Toolkit("12.4,2,ga,-,notes\n12.5,10,ga,-,notes\n") == "");
  CHECK(Toolkit("12.4,2,ga,-,notes\n12.4,2,update,-,notes\n") ==
        "facts/toolkit.csv:3: same key as line 2: rank, release is unique\n");
}

TEST_CASE("cells that do not fit their column") {
  CHECK(Toolkit("12.4-rc,1,ga,-,notes\n") ==
        "facts/toolkit.csv:2:1: column release: expected one to four dotted numbers such as 525.60.13, or "
        "unsaid, open, -, got '12.4-rc'\n");
  CHECK(Toolkit("unsaid,1,ga,-,notes\n") ==
        "facts/toolkit.csv:2:1: column release: expected a value: only columns whose key may be NULL may be "
        "unsaid or -, got 'unsaid'\n");
  CHECK(Toolkit("12.4,first,ga,-,notes\n") ==
        "facts/toolkit.csv:2:6: column rank: expected a whole number, got 'first'\n");
  CHECK(Toolkit("12.4,1,rc,-,notes\n") ==
        "facts/toolkit.csv:2:8: column kind: expected kind IN('ga','update'), got 'rc'\n");
  CHECK(Toolkit("12.4,1,ga,-,nobody\n") ==
        "facts/toolkit.csv:2:13: column source_id: expected a row of sources.csv, got 'nobody'\n");
}

TEST_CASE("sources in several files") {
  const std::string header = "source_id,kind,title\n";
  CHECK(With("sources.d/a.csv", header + "notes,vendor-doc,\"Notes, all\"\nother,project,Other\n") == "");
  CHECK(With("sources.d/a.csv", header + "notes,vendor-doc,Notes\n") ==
        "sources.d/a.csv:2: source notes is already described otherwise at sources.csv:2\n");
  CHECK(With("sources.d/a.csv", header + "page,blog,Page\n") ==
        "sources.d/a.csv:2:6: column kind: expected kind IN('vendor-doc','project'), got 'blog'\n");
}

TEST_CASE("facts in several files") {
  const std::string header = kHeader;
  CHECK(With("facts/toolkit.d/a.csv", header + "12.3,1,ga,unsaid,notes\n") == "");
  CHECK(With("facts/toolkit.d/a.csv", header + "12.4,2,ga,unsaid,notes\n") ==
        "facts/toolkit.d/a.csv:2: same key as a row of another file\n");
  CHECK(With("facts/toolkit.d/a.csv", header + "12.5,2,ga,unsaid,nobody\n") ==
        "facts/toolkit.d/a.csv:2:18: column source_id: expected a row of sources.csv, got 'nobody'\n");
}

TEST_CASE("files without their table and tables without their file") {
  CHECK(With("facts/tooklit.csv", "a\n1\n") == "facts/tooklit.csv: no fact table tooklit in schema/\n");
  CHECK(With("facts/tooklit.d/a.csv", "a\n1\n") == "facts/tooklit.d: no fact table tooklit in schema/\n");
  CHECK(With("facts/rule.csv", "a\n1\n") == "facts/rule.csv: no fact table rule in schema/\n");
  CHECK(With("schema/40_more.sql", "CREATE TABLE more (id TEXT PRIMARY KEY) STRICT;\n") ==
        "facts/more.csv: missing: every fact table of schema/ has its CSV, at least the header\n");
  DataFolder folder;
  Fill(folder);
  folder.Write("schema/40_more.sql", "CREATE TABLE more (id TEXT PRIMARY KEY) STRICT;\n");
  CHECK(folder.Build(false) == "warning: facts: missing, and its table empty: facts/more.csv\n");
  CHECK(folder.result == BuildResult::kBuilt);
}

TEST_CASE("mistakes in the schema") {
  CHECK(With("schema/40_more.sql",
             "CREATE TABLE more (\n  id TEXT,\n  id_key INTEGER -- see above\n) STRICT;\n") ==
        "schema/40_more.sql:3: more.id_key: a key column needs a comment that says how it is made: -- "
        "dotted(x), package(x), cc(x) or name(x)\n");
  CHECK(With("schema/40_more.sql",
             "CREATE TABLE more (\n  id TEXT,\n  id_key INTEGER -- dotted(ib)\n) STRICT;\n") ==
        "schema/40_more.sql:3: more.id_key: made from ib, which is no typed column of more\n");
  CHECK(With("schema/40_more.sql", "\nCREATE TABLE more (id NUMBER) STRICT;\n") ==
        "schema/40_more.sql:2: unknown datatype for more.id: \"NUMBER\"\n");
  CHECK(With("schema/90_view.sql", "CREATE VIEW sentence AS SELECT absent FROM toolkit;\n") ==
        "view sentence: no such column: absent\n");
}

TEST_CASE("rules") {
  const std::string good =
      "-- title: Toolkit runs\n-- question: Which runs?\n-- when: EXISTS (SELECT 1 FROM toolkit)\n-- rule: "
      "it-runs | compatible | 90 | - | a | b\n"
      "-- rule: it-fails | incompatible | 90 | 209 | no\n-- source: notes | Table 2\n"
      "CREATE VIEW toolkit_runs AS SELECT release FROM toolkit;\n";
  DataFolder folder;
  Fill(folder);
  folder.Write("rules/toolkit_runs.sql", good);
  CHECK(folder.Build() == "");
  CHECK(
      Ask(folder, "SELECT * FROM rule ORDER BY 1") ==
      "it-fails|incompatible|90|209|no|toolkit_runs|2910\nit-runs|compatible|90|-|a | b|toolkit_runs|-90\n");
  CHECK(Ask(folder, "SELECT * FROM rule_source ORDER BY 1") ==
        "it-fails|notes|Table 2\nit-runs|notes|Table 2\n");
  CHECK(Ask(folder, "SELECT * FROM rule_view") ==
        "toolkit_runs|Toolkit runs|Which runs?|EXISTS (SELECT 1 FROM toolkit)\n");
  CHECK(folder
            .Write("rules/zz.sql",
                   "-- title: Z\n-- rule: it-runs | unknown | 1 | - | x\n-- source: notes | x\n"
                   "CREATE VIEW zz AS SELECT 1;\n")
            .Build() == "rules/zz.sql:2: rule it-runs is already declared at rules/toolkit_runs.sql:4\n");
}

TEST_CASE("mistakes in rules") {
  const std::string view = "CREATE VIEW r AS SELECT 1;\n", source = "-- source: notes | x\n";
  CHECK(With("rules/r.sql", view) == "rules/r.sql:1: the comment block has no '-- title:' line\n");
  CHECK(With("rules/r.sql", "-- title: R\n-- rule: a | compatible | 1 | - | x\n" + view) ==
        "rules/r.sql:1: the comment block declares rules and has no '-- source: id | locator' line\n");
  CHECK(
      With("rules/r.sql", "-- title: R\n-- rule: a | yes | 1 | - | x\n" + source + view) ==
      "rules/r.sql:2: verdict: expected one of compatible incompatible conditional unknown caveat none, got "
      "'yes'\n");
  CHECK(With("rules/r.sql", "-- title: R\n-- rule: a | compatible | - | x\n" + source + view) ==
        "rules/r.sql:2: expected 'rule: id | verdict | stage | error code or - | meaning'\n");
  CHECK(With("rules/r.sql", "-- title: R\n-- rule: a | compatible | x | - | x\n" + source + view) ==
        "rules/r.sql:2: stage: expected a whole number, got 'x'\n");
  CHECK(With("rules/r.sql", "-- title: R\n-- rule: a | compatible | 1 | x | x\n" + source + view) ==
        "rules/r.sql:2: error code: expected a number or -, got 'x'\n");
  CHECK(With("rules/r.sql", "-- title: R\n-- rule: a | compatible | 1 | - | x\n-- source: no | x\n" + view) ==
        "rules/r.sql:3: source: expected a row of sources.csv, got 'no'\n");
  CHECK(With("rules/r.sql", "-- title: R\n-- source: notes\n" + view) ==
        "rules/r.sql:2: expected 'source: source_id | locator'\n");
  CHECK(With("rules/r.sql", "-- title: R\n-- when: absent = 1\n" + view) ==
        "rules/r.sql:2: when: no such column: absent\n");
  CHECK(With("rules/r.sql", "-- title: R\nCREATE TABLE r (a);\n") ==
        "rules/r.sql:2: a rule file defines views only; tables made from facts go to derived/\n");
  CHECK(With("rules/r.sql", "-- title: R\nCREATE VIEW s AS SELECT 1;\n") ==
        "rules/r.sql: defines no view r: the file is named after its view\n");
  CHECK(With("rules/r.sql", "-- title: R\n\nCREATE VIEW r AS SELECT FROM;\n") ==
        "rules/r.sql:3: near \"FROM\": syntax error\n");
}

TEST_CASE("checks and their exceptions") {
  const std::string law =
      "-- why\nSELECT release AS key, 'too new' AS message FROM toolkit WHERE rank > 1;\n";
  DataFolder folder;
  Fill(folder);
  folder.Write("checks/rank_is_one.sql", law);
  CHECK(folder.Build() == "checks/rank_is_one.sql: 12.4: too new\n");
  const std::string header = "check,key,reason,source_id\n";
  folder.Write("checks/exceptions.csv", header + "rank_is_one,12.4,it is so,notes\n");
  CHECK(folder.Build() == "");
  CHECK(Ask(folder, "SELECT * FROM check_exception") == "rank_is_one|12.4|it is so|notes\n");
  folder.Write("checks/exceptions.csv",
               header + "rank_is_one,12.4,it is so,notes\nrank_is_one,12.5,x,notes\n");
  CHECK(folder.Build() == "checks/exceptions.csv:3: exception no longer needed: rank_is_one finds no 12.5\n");
  folder.Write("checks/exceptions.csv", header + "rank_is_one,12.4,it is so,nobody\n");
  CHECK(folder.Build() ==
        "checks/exceptions.csv:2:27: column source_id: expected a row of sources.csv, got 'nobody'\n");
  CHECK(With("checks/c.sql", "SELECT 1;") == "checks/c.sql: expected two columns: key, message\n");
  CHECK(With("checks/c.sql", "SELECT 1, 2; SELECT 3, 4;") == "checks/c.sql: expected exactly one SELECT\n");
  CHECK(With("checks/c.sql", "\nSELECT a, 2 FROM toolkit") == "checks/c.sql:2: no such column: a\n");
}

TEST_CASE("a law that reads a missing table only warns") {
  DataFolder folder;
  Fill(folder);
  folder.Write("schema/40_more.sql", "CREATE TABLE more (id TEXT PRIMARY KEY) STRICT;\n")
      .Write("checks/rank_is_one.sql",
             "SELECT release, 'too new' FROM toolkit LEFT JOIN more ON id = '' WHERE rank > 1;\n");
  CHECK(folder.Build(false) ==
        "warning: facts: missing, and its table empty: facts/more.csv\n"
        "warning: checks/rank_is_one.sql: 12.4: too new\n");
  CHECK(folder.result == BuildResult::kBuilt);
  folder.Write("checks/rank_is_one.sql", "SELECT release, 'too new' FROM toolkit WHERE rank > 1;\n");
  CHECK(folder.Build(false) ==
        "checks/rank_is_one.sql: 12.4: too new\n"
        "warning: facts: missing, and its table empty: facts/more.csv\n");
}

TEST_CASE("a place that cannot be written is not bad data") {
  DataFolder folder;
  Fill(folder);
  cudacompat::mkdb::Problems problems;
  const auto root = folder.database().parent_path();
  CHECK(BuildDatabase({root, root / "no" / "such" / "out.db", true}, problems) == BuildResult::kCannotWrite);
  CHECK(problems.count() == 1);
}

TEST_CASE("exit codes") {
  DataFolder folder;
  Fill(folder);
  const std::string root = folder.database().parent_path().string();
  const auto run = [&](const std::string& arguments) {
    const std::string command = CUDACOMPAT_BINARY_DIR "/tools/mkdb/mkdb " + arguments + " 2>/dev/null";
    return WEXITSTATUS(std::system(command.c_str()));
  };
  CHECK(run(root + " " + root + "/out.db") == 0);
  CHECK(run(root + " " + root + "/out.db " + root + "/embedded.db") == 0);
  CHECK(run(root + " " + root + "/out.db " + root + "/no/such/embedded.db") == 70);
  CHECK(run("") == 64);
  CHECK(run("--sort " + root + " " + root + "/out.db") == 64);
  CHECK(run(root + "/facts " + root + "/out.db") == 65);
  CHECK(run(root + " " + root + "/no/such/out.db") == 70);
}

TEST_CASE("at most fifty problems are shown") {
  DataFolder folder;
  Fill(folder);
  std::string rows = kHeader;
  for (int i = 100; i < 180; ++i) rows += std::to_string(i) + "," + std::to_string(i) + ",rc,-,notes\n";
  folder.Write("facts/toolkit.csv", rows);
  cudacompat::mkdb::Problems problems;
  BuildDatabase({folder.database().parent_path(), folder.database(), true}, problems);
  CHECK(problems.lines().size() == 50);
  CHECK(problems.left_off() == 30);
}
