#include "base/text.h"

#include "catch.h"

namespace cudacompat {
namespace {

TEST_CASE("names compare by letters and digits") {
  CHECK(NameKey("NVIDIA GeForce RTX 3060 Ti") == "geforcertx3060ti");
  CHECK(NameKey("RTX 3060 Laptop GPU") == NameKey("rtx3060 mobile"));
  CHECK(NameKey("nvidia") == "nvidia");
  CHECK(PackageName("Onnxruntime_GPU") == "onnxruntime-gpu");
  CHECK(PackageName("ruamel..yaml") == "ruamel-yaml");
}

TEST_CASE("edit distance counts one for a swap and stops at its limit") {
  CHECK(EditDistance("rtx4090", "rtx4o90", 3) == 1);
  CHECK(EditDistance("ab", "ba", 3) == 1);
  CHECK(EditDistance("", "abc", 3) == 3);
  CHECK(EditDistance("abcdefgh", "zzzzzzzz", 2) == 3);
}

TEST_CASE("broken UTF-8 is found and shown") {
  CHECK(FindBadUtf8("caf\xc3\xa9") == std::string_view::npos);
  CHECK(FindBadUtf8("a\xff") == 1);
  CHECK(FindBadUtf8("\xc0\xaf") == 0);      // an overlong slash
  CHECK(FindBadUtf8("\xed\xa0\x80") == 0);  // a surrogate
  CHECK(FindBadUtf8("ab\xe2\x82") == 2);    // cut off
  CHECK(Printable("a\x1b[0m\xff") == "a\\x1b[0m\\xff");
}

TEST_CASE("splitting and joining") {
  CHECK(Split("a,,b", ',').size() == 3);
  CHECK(Split("", ',').size() == 1);
  CHECK(Words("  a \t b\n").size() == 2);
  CHECK(Join({"a", "b"}, ", ") == "a, b");
  CHECK(Trim("  a ") == "a");
  CHECK(ReplaceAll("aXbX", "X", "--") == "a--b--");
}

}  // namespace
}  // namespace cudacompat
