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

TEST_CASE("coverage: containers for one generation each are hand-tuned") {
  const auto file =
      ScanBytes(Many(5, {Cubin(80)}) + Many(4, {Cubin(90)}) + Many(1, {Cubin(80), Cubin(90)}))[0];
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
