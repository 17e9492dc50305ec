// The pieces that flags and text share: what is taken, what is refused, and where the message points.
#include "query/term.h"

#include "base/version.h"
#include "catch.h"

using namespace cudacompat;
using namespace cudacompat::query;

namespace {

Place At(std::string_view text) { return {"--flag", text, 0}; }

}  // namespace

TEST_CASE("A card is a name, a capability or a PCI id") {
  CHECK(ParseGpu("MX450", At("MX450"))->name == "MX450");
  CHECK(ParseGpu("7.5", At("7.5"))->capability == "7.5");
  CHECK(ParseGpu("sm_75", At("sm_75"))->capability == "7.5");
  CHECK_FALSE(ParseGpu("7.50", At("7.50")).ok());
  CHECK(ParseGpu("SM_120", At("SM_120"))->capability == "12.0");
  CHECK(ParseGpu("10de:1f97", At("10de:1f97"))->pci_id == "1f97");
  CHECK(ParseGpu("10DE:1F97", At("10DE:1F97"))->pci_id == "1f97");
  CHECK(ParseGpu("NVIDIA A100 80G...", At(""))->cut_short);
  CHECK_FALSE(ParseGpu("A100", At("A100"))->cut_short);
  CHECK_FALSE(ParseGpu("", At("")).ok());
}

TEST_CASE("A driver is a version, a branch or bounds") {
  CHECK(ParseDriver("535.183.01", At(""))->kind == Driver::Kind::kVersion);
  CHECK(ParseDriver("535.183.01", At(""))->parts == 3);
  CHECK(ParseDriver("560.94", At(""))->parts == 2);
  CHECK(ParseDriver("535", At(""))->kind == Driver::Kind::kBranch);
  CHECK(ParseDriver(">=550", At(""))->kind == Driver::Kind::kBounds);
  CHECK(ParseDriver(">=470,<550", At(""))->bounds.size() == 2);
  for (const char* bad : {"", "abc", "12.x", ">=", "535.183.01.02.03.04"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseDriver(bad, At(bad)).ok());
  }
}

TEST_CASE("Versions compare as PEP 440 says") {
  auto key = [](std::string_view text) { return ParseVersions(text, At(text))->front().key; };
  CHECK(key("2.6.0") == key("2.6"));
  CHECK(key("2.6.0rc1") < key("2.6.0"));
  CHECK(key("2.6.0") < key("2.6.0.post1"));
  CHECK(key("2.9.0") < key("2.10.0"));
  const Bound prefix = ParseVersions("==2.6.*", At(""))->front();
  CHECK(prefix.op == Bound::Op::kPrefix);
  CHECK(prefix.key <= key("2.6.3"));
  CHECK(key("2.6.3") < prefix.upper_key);
  CHECK(prefix.upper_key <= key("2.7.0"));
  CHECK(ParseVersions(">=2.4,<2.7", At(""))->size() == 2);
  CHECK_FALSE(ParseVersions(">=2.4.*", At(">=2.4.*")).ok());
  CHECK_FALSE(ParseVersions("two", At("two")).ok());
}

TEST_CASE("What --torch takes is a version, a tag, or both") {
  CHECK(ParseRelease("torch", "cu124", At(""))->tag == "cu124");
  CHECK(ParseRelease("torch", "cpu", At(""))->tag == "cpu");
  const Subject both = *ParseRelease("torch", "2.6.0+cu124", At(""));
  CHECK(both.tag == "cu124");
  CHECK(both.versions.front().version == "2.6.0");
  CHECK(ParseRelease("torch", ">=2.4,<2.7", At(""))->versions.size() == 2);
}

TEST_CASE("What --package takes is NAME[EXTRA]==VERSION+TAG") {
  const Subject jax = *ParsePackage("JAX[cuda12]==0.4.30", At(""));
  CHECK(jax.package == "jax");
  CHECK(jax.extra == "cuda12");
  CHECK(jax.versions.front().version == "0.4.30");
  CHECK(ParsePackage("onnxruntime_gpu==1.19.0", At(""))->package == "onnxruntime-gpu");
  CHECK(ParsePackage("cupy-cuda12x", At(""))->package == "cupy-cuda12x");
  CHECK_FALSE(ParsePackage("==2.0", At("==2.0")).ok());
  CHECK_FALSE(ParsePackage("torch==", At("torch==")).ok());
}

TEST_CASE("Images typed by hand") {
  const Subject images = *ParseImages("sm_80,sm_90a,compute_90@8.4,sm_86:zstd", At(""));
  REQUIRE(images.images.size() == 4);
  CHECK(images.images[1].target == "sm_90a");
  CHECK(images.images[2].isa == "8.4");
  CHECK(images.images[3].codec == "zstd");
  CHECK(images.images[0].codec == "none");
  CHECK(images.images[0].isa == "-");
  for (const char* bad : {"", "sm_", "sm_80:rar", "gfx90a", "sm_80,,sm_90", "compute_90@x"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseImages(bad, At(bad)).ok());
  }
}

TEST_CASE("Fixed words are normalised, and a wrong one names the nearest") {
  CHECK(*ParseOs("Linux", At("")) == "linux");
  CHECK(*ParseArch("amd64", At("")) == "x86_64");
  CHECK(*ParseArch("arm64", At("")) == "aarch64");
  CHECK(*ParsePython("3.13t", At("")) == "3.13t");
  const auto wrong = ParseOs("windws", At("windws"));
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().hint.find("windows") != std::string::npos);
  CHECK_FALSE(ParsePython("three", At("three")).ok());
}

TEST_CASE("A message points under the character, in a long line too") {
  const std::string line = std::string(3000, 'a') + "!" + std::string(3000, 'b');
  const Error error = PointAt({"question", line, 0}, 3000, "this is wrong", "write it right");
  CHECK(error.kind == ErrorKind::kUsage);
  CHECK(error.place.find("3001") != std::string::npos);
  CHECK(error.message.size() < 500);
  CHECK(error.message.find('^') != std::string::npos);
}

TEST_CASE("Only a word that is near is offered") {
  CHECK(Nearest("tensorfow", {"torch", "tensorflow"}) == "tensorflow");
  CHECK(Nearest("xyzzy", {"torch", "tensorflow"}).empty());
}
