#include "base/version.h"

#include "catch.h"

namespace cudacompat {
namespace {

TEST_CASE("dotted versions compare as integers") {
  CHECK(DottedKey("525.60.13") < DottedKey("525.60.14"));
  CHECK(DottedKey("525.60.13") < DottedKey("525.105.17"));
  CHECK(DottedKey("450.80.02") == DottedKey("450.80.2"));
  CHECK(DottedKey("12.4") == DottedKey("12.4.0"));
  CHECK(DottedKey("12.4") < DottedKey("12.10"));
  CHECK(DottedKey("9.10.2.21") > DottedKey("9.10.2"));
  CHECK(DottedKey("9.10.2.21") < DottedKey("9.10.3"));
  CHECK(DottedText(*DottedKey("525.60.13")) == "525.60.13");
  CHECK(DottedText(*DottedKey("13")) == "13.0");
  CHECK(DottedText(*DottedKey("9.10.2.21")) == "9.10.2.21");
}

TEST_CASE("what is no dotted version is refused") {
  for (const char* text :
       {"", ".", "1.", ".1", "1..2", "a", "1a", "1.2.3.4.5", " 1", "1 ", "999999", "1.1000"}) {
    CAPTURE(text);
    CHECK_FALSE(DottedKey(text).has_value());
  }
}

TEST_CASE("package versions order as PEP 440 says") {
  const char* ordered[] = {
      "1.0.dev1",          "1.0a1", "1.0b2",   "1.0rc1", "1.0",    "1.0.post1",   "1.0.1",
      "2.6.0.dev20241113", "2.6.0", "2.6.0.1", "2.10.0", "2024.1", "2024.1.post2"};
  for (size_t i = 1; i < std::size(ordered); ++i) {
    CAPTURE(ordered[i - 1], ordered[i]);
    REQUIRE(PackageKey(ordered[i]));
    CHECK(PackageKey(ordered[i - 1]) < PackageKey(ordered[i]));
  }
  CHECK(PackageKey("2.6") == PackageKey("2.6.0"));
  CHECK(IsPrerelease(*PackageKey("2.6.0rc1")));
  CHECK_FALSE(IsPrerelease(*PackageKey("2.6.0.post1")));
  for (const char* text : {"", "2.6.0+cu124", "2.x", "v", "2.6.0rc", "2..1", "5000.1"}) {
    CAPTURE(text);
    CHECK(PackageKey(text).has_value() == (std::string_view(text) == "2.6.0rc"));
  }
}

TEST_CASE("capabilities and targets") {
  CHECK(CapabilityKey("7.5") == 75);
  CHECK(CapabilityKey("12.0") == 120);
  CHECK_FALSE(CapabilityKey("75"));
  CHECK_FALSE(CapabilityKey("7.55"));
  CHECK_FALSE(CapabilityKey("0.5"));
  CHECK(CapabilityText(121) == "12.1");
  auto target = ParseTarget("sm_90a");
  REQUIRE(target);
  CHECK(target->kind == "sm");
  CHECK(target->capability == 90);
  CHECK(target->suffix == 'a');
  CHECK(ParseTarget("compute_120f")->suffix == 'f');
  CHECK_FALSE(ParseTarget("sm_90b"));
  CHECK_FALSE(ParseTarget("sm_"));
  CHECK_FALSE(ParseTarget("sm_9"));
  CHECK_FALSE(ParseTarget("gfx90a"));
}

}  // namespace
}  // namespace cudacompat
