#include "report/regex.h"

#include "catch.h"

namespace cudacompat::report {
namespace {

TEST_CASE("the longest literal is one that every match holds") {
  CHECK(RequiredBy(R"(Loaded cuDNN version (\d+))").literal == "Loaded cuDNN version ");
  CHECK(RequiredBy(R"(^(?:\[conda\]\s+)?torch==(\d+))").literal == "torch==");
  CHECK(RequiredBy(R"(\(PCI ID: (10de:[0-9]{4})\))").literal == "(PCI ID: ");
  CHECK(RequiredBy(R"((\d+)\.(\d+))").literal == ".");
}

TEST_CASE("what need not be there is in no literal") {
  CHECK(RequiredBy("abcd?ef").literal == "abc");
  CHECK(RequiredBy("abcd*ef").literal == "abc");
  CHECK(RequiredBy("abcd{0,2}ef").literal == "abc");
  CHECK(RequiredBy("abcd+ef").literal == "abcd");
  CHECK(RequiredBy("(.+?)").literal.empty());
  CHECK(RequiredBy("ab{0,3}?c[|]*?").literal == "a");
  CHECK(RequiredBy("one|other").literal.empty());
  CHECK(RequiredBy("(?:one|other)").literal.empty());
  CHECK(RequiredBy(R"([^]x|(]ab\)c)").literal == "ab)c");
  CHECK(RequiredBy(R"((?:a\)b|[)c]long)x)").literal == "x");
  CHECK(RequiredBy(R"(\d\bword\s)").literal == "word");
}

TEST_CASE("a digit and a literal are asked for inside of groups that have no choice") {
  CHECK(RequiredBy(R"(version (\d+))").digit);
  CHECK(RequiredBy(R"(^(?:a(?P<n>\d{2})))").digit);
  CHECK_FALSE(RequiredBy(R"(version (\d+)?)").digit);
  CHECK_FALSE(RequiredBy(R"(version \d{0,2})").digit);
  CHECK_FALSE(RequiredBy(R"((?:\d|x))").digit);
  CHECK_FALSE(RequiredBy(R"(\d|x)").digit);
  CHECK_FALSE(RequiredBy(R"([\d]\D)").digit);
  CHECK(RequiredBy(R"(a(?:bcd(?:efgh)))").literal == "efgh");
  static const Regex kNumber(R"(version (\d))");
  CHECK(kNumber.Find("version 7"));
  CHECK_FALSE(kNumber.Find("version x"));
}

TEST_CASE("a literal of a regex without case is found in any case") {
  CHECK(RequiredBy("(?i)Highest (x)").literal == "highest ");
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
