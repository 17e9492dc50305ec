// How SQL text is split and made compact: literals stay byte for byte.
#include "catch.h"
#include "mkdb/sql.h"

using cudacompat::mkdb::SplitSql;

namespace {

std::string Compact(const char* text) {
  const auto statements = SplitSql(text);
  return statements.size() == 1 ? statements[0].text : "not one statement";
}

}  // namespace

TEST_CASE("comments and blanks go") {
  CHECK(Compact("SELECT  a ,\n\t b -- why\n FROM t /* and\n how */ WHERE ( a = 1 );") ==
        "SELECT a,b FROM t WHERE(a=1)");
  CHECK(Compact("SELECT a - -1") == "SELECT a - -1");
  CHECK(Compact("SELECT a-- b\n-1") == "SELECT a -1");
  CHECK(Compact("SELECT a/**/b") == "SELECT a b");
}

TEST_CASE("literals and quoted names stay") {
  CHECK(Compact("SELECT 'a  --  b'  ||  'it''s ; ( x )'") == "SELECT 'a  --  b' || 'it''s ; ( x )'");
  CHECK(Compact("SELECT \"a  b\" , [c  d] , `e  f`") == "SELECT \"a  b\",[c  d],`e  f`");
  CHECK(Compact("SELECT '/*  ' , 'x\n  y'") == "SELECT '/*  ','x\n  y'");
  CHECK(Compact("SELECT 'a' 'b'") == "SELECT 'a' 'b'");
}

TEST_CASE("statements know their line; a trigger is one") {
  const auto statements = SplitSql("-- x\n\nSELECT 1;\nSELECT\n'a\nb';;\nSELECT 3");
  REQUIRE(statements.size() == 3);
  CHECK(statements[0].line == 3);
  CHECK(statements[1].line == 4);
  CHECK(statements[2].line == 7);
  CHECK(Compact("CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; SELECT 1; END;") ==
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; SELECT 1; END");
  CHECK(SplitSql(" -- nothing\n").empty());
}
