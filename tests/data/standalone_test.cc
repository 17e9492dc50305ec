// The database on its own: any SQLite client can read it, without the program's code.
#include "base/text.h"
#include "catch.h"
#include "database_file.h"

using cudacompat::test::BareDatabase;

namespace {

/// Tables that facts/*.csv fill: those of which fact_source speaks.
std::vector<std::string> FactTables(BareDatabase& db) {
  return db.Rows("SELECT DISTINCT substr(fact_id, 1, instr(fact_id, '/') - 1) FROM fact_source");
}

/// The embedded form with its tables in the schema again.
class EmbeddedDatabase : public BareDatabase {
 public:
  EmbeddedDatabase() : BareDatabase(CUDACOMPAT_BINARY_DIR "/cudacompat.embedded.db") {
    Run("PRAGMA writable_schema=ON; INSERT INTO sqlite_schema SELECT type, name, tbl_name, rootpage, sql FROM set_aside; "
        "PRAGMA writable_schema=RESET");
  }
};

/// What a view needs and the view itself, as common table expressions in front of a statement.
std::string Definitions(BareDatabase& embedded, const std::string& view) {
  std::string text;
  const std::string names =
      embedded.One("SELECT uses FROM definition WHERE name = '" + view + "'") + " " + view;
  for (const std::string_view name : cudacompat::Words(names)) {
    const std::string body =
        embedded.One("SELECT body FROM definition WHERE name = '" + std::string(name) + "'");
    text += (text.empty() ? "WITH " : ",") + std::string(name) + " AS (" + body + ")";
  }
  return text + " ";
}

}  // namespace

TEST_CASE("the file is whole and says what it is") {
  BareDatabase db;
  CHECK(db.One("PRAGMA integrity_check") == "ok");
  CHECK(db.Rows("PRAGMA foreign_key_check").empty());
  CHECK(db.One("PRAGMA page_size") == "4096");
  CHECK(db.One("PRAGMA journal_mode") == "memory");
  CHECK(db.One("PRAGMA application_id") == "1129661507");
  CHECK(db.One("SELECT length(value) FROM meta WHERE key = 'data_version'") == "32");
  CHECK(db.One("SELECT value FROM meta WHERE key = 'as_of'").size() == 10);
}

TEST_CASE("every view can be read under trusted_schema=OFF") {
  BareDatabase db;
  CHECK(db.One("PRAGMA trusted_schema") == "0");
  const auto views = db.Rows("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name");
  REQUIRE(!views.empty());
  for (const std::string& view : views) {
    INFO(view);
    const std::string first = db.One("SELECT * FROM \"" + view + "\" LIMIT 3");
    CHECK(first.substr(0, 6) != "error:");
  }
}

TEST_CASE("the embedded form gives what the views give") {
  BareDatabase db;
  EmbeddedDatabase embedded;
  CHECK(embedded.One("PRAGMA integrity_check") == "ok");
  CHECK(embedded.One("SELECT count(*) FROM sqlite_schema WHERE type = 'view'") == "0");
  const auto views = db.Rows("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name");
  CHECK(embedded.Rows("SELECT name FROM definition ORDER BY name") == views);
  for (const std::string& view : views) {
    INFO(view);
    const std::string count = "SELECT count(*) FROM \"" + view + "\"";
    CHECK(embedded.One(Definitions(embedded, view) + count) == db.One(count));
  }
}

TEST_CASE("rows keep their numbers: tables made from facts refer to them") {
  EmbeddedDatabase embedded;
  CHECK(BareDatabase().Rows("SELECT rowid, * FROM build") == embedded.Rows("SELECT rowid, * FROM build"));
}

TEST_CASE("stored statements are compact") {
  BareDatabase db;
  CHECK(db.Rows("SELECT name FROM sqlite_schema WHERE instr(sql, char(10)) OR instr(sql, '/*')").empty());
}

TEST_CASE("every fact has one id, a source and a sentence") {
  BareDatabase db;
  CHECK(db.Rows("SELECT fact_id FROM fact_source GROUP BY fact_id HAVING count(*) > 1").empty());
  CHECK(db.Rows("SELECT fact_id FROM fact_source WHERE source_id NOT IN (SELECT source_id FROM source)")
            .empty());
  for (const std::string& table : FactTables(db)) {
    INFO(table);
    const std::string view = "sentence_" + table;
    CHECK(
        db.Rows("SELECT 1 FROM " + view + " WHERE sentence IS NULL OR sentence NOT GLOB '?*[.!?]'").empty());
    CHECK(db.One("SELECT count(*) FROM " + view) == db.One("SELECT count(*) FROM " + table));
    CHECK(db.Rows("SELECT * FROM " + view + " WHERE sentence IS NULL OR sentence NOT GLOB '*?.'").empty());
  }
}
