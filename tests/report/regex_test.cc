#include "report/regex.h"

#include <catch2/catch.hpp>

namespace cudacompat::report {
namespace {

TEST_CASE("the longest literal is one that every match holds") {
  CHECK(LongestLiteral(R"(Loaded cuDNN version (\d+))") == "Loaded cuDNN version ");
  CHECK(LongestLiteral(R"(^(?:\[conda\]\s+)?torch==(\d+))") == "torch==");
  CHECK(LongestLiteral(R"(\(PCI ID: (10de:[0-9]{4})\))") == "(PCI ID: ");
  CHECK(LongestLiteral(R"((\d+)\.(\d+))") == ".");
}

TEST_CASE("what need not be there is in no literal") {
  CHECK(LongestLiteral("abcd?ef") == "abc");
  CHECK(LongestLiteral("abcd*ef") == "abc");
  CHECK(LongestLiteral("abcd{0,2}ef") == "abc");
  CHECK(LongestLiteral("abcd+ef") == "abcd");
  CHECK(LongestLiteral("one|other").empty());
  CHECK(LongestLiteral("(?:one|other)").empty());
  CHECK(LongestLiteral(R"([^]x|(]ab\)c)") == "ab)c");
  CHECK(LongestLiteral(R"((?:a\)b|[)c]long)x)") == "x");
  CHECK(LongestLiteral(R"(\d\bword\s)") == "word");
}

TEST_CASE("a literal of a regex without case is found in any case") {
  CHECK(LongestLiteral("(?i)Highest (x)") == "highest ");
  static const Regex kRegex("(?i)compute capability (\\d)");
  std::string value;
  CHECK(kRegex.Find("a Compute CAPABILITY 7", &value));
  CHECK(value == "7");
  CHECK_FALSE(kRegex.Find("compute capabilit 7"));
}

TEST_CASE("find, whole, consume and remove are RE2's") {
  static const Regex kNumber(R"(v(\d+))");
  std::string value;
  CHECK(kNumber.Find("a v12 b", &value));
  CHECK(value == "12");
  CHECK_FALSE(kNumber.FindWhole("a v12 b"));
  CHECK(kNumber.FindWhole("v12"));
  std::string_view text = "v1v2 x v3";
  CHECK(kNumber.Consume(&text, &value));
  CHECK(text == "v2 x v3");
  CHECK(kNumber.FindAndConsume(&text, &value));
  CHECK_FALSE(kNumber.Consume(&text));
  CHECK(kNumber.FindAndConsume(&text, &value));
  CHECK(value == "3");
  CHECK(text.empty());
  std::string twice = "v1 v2";
  CHECK(kNumber.RemoveFirst(&twice));
  CHECK(twice == " v2");
  twice = "v1 v2";
  CHECK(kNumber.Remove(&twice) == 2);
  CHECK(twice == " ");
}

}  // namespace
}  // namespace cudacompat::report
