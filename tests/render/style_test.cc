// Tables, wrapped lines, CSV.
#include "render/style.h"

#include "catch.h"

using namespace cudacompat::render;

TEST_CASE("Columns are as wide as their widest cell, counted in characters") {
  CHECK(Table({"a", "b"}, {{"xx", "1"}, {"ü", "2"}}, 2) == "  a   b\n  xx  1\n  ü   2\n");
  CHECK(Table({}, {{"a", ""}, {"b", "c"}}, 0) == "a\nb  c\n");
  CHECK(Table({}, {}, 2).empty());
}

TEST_CASE("Lines break at words, a longer word stands alone") {
  Style narrow;
  narrow.width = 20;
  CHECK(Wrap(narrow, "one two three four five", 2) == "one two three four\n  five");
  const std::string word(60, 'x');
  CHECK(Wrap(narrow, word, 0) == word);
}

TEST_CASE("Colour only where it is wanted") {
  CHECK(Verdict({false, 80}, "compatible") == "compatible");
  CHECK(Verdict({true, 80}, "compatible") != "compatible");
  CHECK(Bold({false, 80}, "x") == "x");
}

TEST_CASE("CSV quotes what needs it") {
  CHECK(CsvRow({"a", "b,c", "d\"e", "f\ng", ""}) == "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n");
}
