#include "scan/coverage.h"

#include "catch.h"
#include "fixtures.h"

using namespace fixtures;
using namespace cudacompat;

namespace {

Lines Counts(const scan::Coverage& coverage) {
  Lines lines;
  for (const scan::TargetCount& count : coverage.targets) {
    lines.push_back(scan::TargetName(count.target) + " " + std::to_string(count.containers));
  }
  return lines;
}

Blob Many(int count, const std::vector<Entry>& entries) {
  Blob blob;
  for (int i = 0; i < count; ++i) blob += ContainerOf(entries);
  return blob;
}

}  // namespace

TEST_CASE("coverage: one set everywhere is uniform") {
  const auto file = ScanBytes(Many(3, {Cubin(80), Cubin(90), Ptx(90, 8, 4)}))[0];
  const scan::Coverage coverage = CoverageOf(file);
  CHECK(StyleName(coverage.style) == "uniform");
  CHECK(coverage.containers == 3);
  CHECK(Counts(coverage) == Lines{"sm_80 3", "sm_90 3", "compute_90 3"});
}

TEST_CASE("coverage: an ordinary build with a hole names the container that lacks a target") {
  const auto file =
      ScanBytes(Many(4, {Cubin(75), Cubin(80), Cubin(90)}) + Many(1, {Cubin(80), Cubin(90)}))[0];
  const scan::Coverage coverage = CoverageOf(file);
  CHECK(StyleName(coverage.style) == "ordinary");
  CHECK(Counts(coverage) == Lines{"sm_75 4", "sm_80 5", "sm_90 5"});
  CHECK(file.target_sets.size() == 2);
  CHECK(ContainersWithout(file, coverage.targets[0].target) == std::vector<uint32_t>{4});
  CHECK(ContainersWithout(file, coverage.targets[1].target).empty());
}

std::string StyleOfBytes(const Blob& bytes) { return StyleName(CoverageOf(ScanBytes(bytes)[0]).style); }

// Kernels made for one card or a few each, as in cuSPARSELt.
Blob Tuned(int many) {
  Blob blob = Many(many, {Cubin(80)});
  const std::vector<std::vector<Entry>> kinds = {{Cubin(90, 0x100000)},
                                                 {Cubin(100, 0x200000)},
                                                 {Cubin(80), Cubin(86)},
                                                 {Cubin(86), Cubin(89)},
                                                 {Cubin(89)},
                                                 {Cubin(75)},
                                                 {Cubin(100, 0x100000)}};
  for (const auto& kind : kinds) blob += Many(20, kind);
  return blob;
}

TEST_CASE("coverage: many containers of many kinds are hand-tuned") {
  CHECK(StyleOfBytes(Tuned(20)) == "hand-tuned");
  CHECK(StyleOfBytes(Tuned(300)) == "hand-tuned");  // one architecture in most of them is no list
}

TEST_CASE("coverage: a build for one list is ordinary however many files it has") {
  const Entry ptx = Ptx(80, 9, 0);
  CHECK(StyleOfBytes(Many(19, {Cubin(80), ptx}) + Many(1, {Cubin(90), Ptx(90, 9, 0)})) == "ordinary");
  CHECK(StyleOfBytes(Many(16, {Cubin(80)}) + Many(1, {Cubin(90)})) == "ordinary");
  CHECK(StyleOfBytes(Many(17, {Cubin(80), ptx}) + Many(3, {Cubin(90)})) == "ordinary");
  CHECK(StyleOfBytes(Many(500, {Cubin(80), ptx}) + Many(1, {Cubin(90)})) == "ordinary");
  // Each file for one card of the list.
  CHECK(StyleOfBytes(Many(200, {Cubin(90, 0x100000)}) + Many(150, {Cubin(100, 0x100000)})) == "ordinary");
  CHECK(StyleOfBytes(Many(9, {Cubin(80)}) + Many(8, {Cubin(90)}) + Many(1, {Cubin(80), Cubin(90)})) ==
        "ordinary");
  // PTX of several ages makes no kinds of it.
  Blob aged;
  for (int minor = 0; minor < 9; ++minor) aged += Many(20, {Ptx(80, 7, static_cast<uint16_t>(minor))});
  CHECK(StyleOfBytes(aged + Many(20, {Cubin(90)})) == "ordinary");
}

TEST_CASE("coverage: what a build's flags asked for is not taken for tuning by hand") {
  SECTION("one file of eight was left out of two targets of one generation") {
    CHECK(StyleOfBytes(Many(7, {Cubin(80), Cubin(86), Cubin(89), Ptx(89, 9, 0)}) + Many(1, {Cubin(89)})) ==
          "ordinary");
  }
  SECTION("many files for several architectures of one generation, a few for another one") {
    CHECK(StyleOfBytes(Many(70, {Cubin(80), Cubin(86)}) + Many(10, {Cubin(90)})) == "ordinary");
  }
  SECTION("few files say nothing") {
    CHECK(StyleOfBytes(Many(1, {Cubin(80)}) + Many(1, {Cubin(90)})) == "ordinary");
    CHECK(StyleOfBytes(Many(2, {Cubin(80), Ptx(80, 9, 0)}) + Many(1, {Cubin(75)})) == "ordinary");
  }
  SECTION("one target everywhere, PTX in some") {
    CHECK(StyleOfBytes(Many(20, {Cubin(80)}) + Many(20, {Cubin(80), Ptx(80, 9, 0)})) == "ordinary");
  }
}

TEST_CASE("coverage: images without containers are each for one card") {
  CubinOptions cubin;
  Blob data(8, 'x');
  for (const uint32_t arch : {75, 90}) {
    cubin.arch = arch;
    cubin.abi = 7;
    cubin.kernels = {"_Z3addPf"};
    data += CubinBytes(cubin);
    Pad(&data, 8);
  }
  ElfOptions elf;
  elf.sections = {{".data", data}};
  const auto file = DeepScan(ElfBytes(elf))[0];
  CHECK(file.images_total == 2);
  CHECK(StyleName(CoverageOf(file).style) == "hand-tuned");
}

TEST_CASE("coverage: nothing but empty containers has no style") {
  CHECK(StyleName(CoverageOf(ScanBytes(Many(2, {}))[0]).style) == "none");
}

TEST_CASE("coverage: cubins come before PTX, PTX before LTO") {
  Entry lto = Cubin(75);
  lto.kind = 8;
  const auto file =
      ScanBytes(ContainerOf({lto, Ptx(50, 8, 0), Cubin(120), Cubin(90, 0x100000), Cubin(90)}))[0];
  CHECK(Counts(CoverageOf(file)) == Lines{"sm_90 1", "sm_90a 1", "sm_120 1", "compute_50 1", "lto_75 1"});
}
