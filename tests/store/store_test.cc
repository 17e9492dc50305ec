// The embedded database: private, rolled back, read-only where a person types, saved whole or not at all.
#include "store/store.h"

#include <filesystem>
#include <fstream>

#include "catch.h"

using namespace cudacompat;
using namespace cudacompat::store;

TEST_CASE("A second store is refused while one is open, and finds the image clean afterwards") {
  {
    Result<Store> first = Store::Open();
    REQUIRE(first.ok());
    CHECK_FALSE(Store::Open().ok());
    first->Run("INSERT INTO asked_system (os, arch, build_os, driver_os) VALUES ('a', 'b', 'c', 'd')");
    CHECK(first->Text("SELECT count(*) FROM asked_system") == "1");
  }
  Result<Store> second = Store::Open();
  REQUIRE(second.ok());
  CHECK(second->Text("SELECT count(*) FROM asked_system") == "0");
}

TEST_CASE("More may be written than the image is large") {
  Result<Store> store = Store::Open();
  REQUIRE(store.ok());
  store->Run(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) INSERT INTO observed_need "
      "SELECT i, printf('%0300d', i), '', '' FROM n");
  CHECK(store->Text("SELECT count(*) FROM observed_need") == "40000");
}

TEST_CASE("A text that runs twice at a time is two statements, one after the other the same") {
  Result<Store> store = Store::Open();
  REQUIRE(store.ok());
  const char* sql = "SELECT 1 UNION ALL SELECT 2";
  Statement outer = store->Prepare(sql);
  REQUIRE(outer.Step());
  {
    Statement inner = store->Prepare(sql);
    REQUIRE(inner.Step());
    CHECK(inner.integer(0) == 1);
  }
  REQUIRE(outer.Step());
  CHECK(outer.integer(0) == 2);
  const char* bound = "SELECT ?1 IS NULL";
  { CHECK(store->Text(bound, {Value(std::string("x"))}) == "0"); }
  CHECK(store->Text(bound) == "1");  // the binding went with the statement's end
}

TEST_CASE("What a person types may read only") {
  Result<Store> store = Store::OpenReadOnly();
  REQUIRE(store.ok());
  CHECK(store->PrepareTyped("SELECT * FROM toolkit").ok());
  for (const char* bad :
       {"DELETE FROM toolkit", "DROP TABLE toolkit", "PRAGMA writable_schema=1; SELECT 1",
        "SELECT 1; SELECT 2", "", "  ;  ", "SELEC 1", "SELECT * FROM nowhere", "CREATE TABLE t (a)"}) {
    CAPTURE(bad);
    const Result<Statement> statement = store->PrepareTyped(bad);
    if (statement.ok()) FAIL("accepted");
    CHECK_FALSE(statement.error().message.empty());
  }
  CHECK(store->PrepareTyped("SELECT * FROM concluded").ok());
  Result<Statement> attach = store->PrepareTyped("ATTACH 'cudacompat-store-test.db' AS x");
  std::string message;
  if (attach.ok()) CHECK(attach->TryStep(&message) == Statement::Stepped::kError);
  CHECK_FALSE(std::filesystem::exists("cudacompat-store-test.db"));
}

TEST_CASE("Checks lie beside the tables of a question and are back in what a person reads") {
  const char* checked = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql LIKE '% CHECK(%'";
  const char* referring = "SELECT count(*) FROM pragma_foreign_key_list('build')";
  {
    Result<Store> store = Store::Open();
    REQUIRE(store.ok());
    CHECK(store->Text(checked) == "0");
    CHECK(store->Text(referring) == "0");
    CHECK_FALSE(store->changed());
    store->Run(
        "INSERT INTO asked_system (os, arch, build_os, driver_os) VALUES ('linux', 'x86_64', 'linux', 'linux')");
    CHECK(store->changed());
  }
  Result<Store> store = Store::OpenReadOnly();
  REQUIRE(store.ok());
  CHECK(store->Text(checked) != "0");
  CHECK(store->Text(referring) != "0");
  CHECK(store->Text("SELECT count(*) FROM sqlite_schema WHERE name = 'checked'") == "0");
}

TEST_CASE("A table is there when a statement names it, its indexes too") {
  std::vector<std::string> tables;
  std::vector<std::string> counts;
  {
    Result<Store> whole = Store::OpenReadOnly();
    REQUIRE(whole.ok());
    tables = whole->Texts("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    REQUIRE(tables.size() > 100);
    for (const std::string& table : tables) counts.push_back(whole->Text("SELECT count(*) FROM " + table));
  }
  Result<Store> store = Store::Open();
  REQUIRE(store.ok());
  CHECK(std::stoi(store->Text("SELECT count(*) FROM sqlite_schema WHERE type = 'table'")) < 10);
  for (size_t i = 0; i < tables.size(); ++i) {
    CAPTURE(tables[i]);
    CHECK(store->Text("SELECT count(*) FROM " + tables[i]) == counts[i]);
  }
}

TEST_CASE("A table that stands behind no FROM is declared when SQLite misses it") {
  Result<Store> store = Store::Open();
  REQUIRE(store.ok());
  store->Run("UPDATE asked_target SET jetpack = NULL");
  CHECK(store->Text("SELECT count(*) FROM asked_target, toolkit, gpu") == "0");
}

TEST_CASE("A declared table keeps to its indexes and its key") {
  Result<Store> store = Store::Open();
  REQUIRE(store.ok());
  auto plan = [&](const std::string& sql) {
    Statement rows = store->Prepare("EXPLAIN QUERY PLAN " + sql);
    return rows.Step() ? rows.text(3) : "";
  };
  CHECK(plan("SELECT 1 FROM build WHERE package = 'torch' AND version = '2.6.0'").find("USING") !=
        std::string::npos);
  CHECK(plan("SELECT 1 FROM rule WHERE rule_id = 'native-image'").find("USING PRIMARY KEY") !=
        std::string::npos);
}

TEST_CASE("A database is saved whole, never over a file") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "cudacompat-store-test";
  fs::remove_all(folder);
  fs::create_directory(folder);
  std::string message;
  REQUIRE(SaveImage((folder / "saved.db").string(), &message));
  CHECK(fs::file_size(folder / "saved.db") > 1000000);
  CHECK_FALSE(SaveImage((folder / "saved.db").string(), &message));
  CHECK_FALSE(message.empty());
  CHECK_FALSE(SaveImage((folder / "none" / "saved.db").string(), &message));
  CHECK_FALSE(fs::exists(folder / "none"));
  fs::remove_all(folder);
}
