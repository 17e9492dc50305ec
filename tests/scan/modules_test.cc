#include "scan/modules.h"

#include <algorithm>

#include "catch.h"
#include "fixtures.h"

using namespace fixtures;
using namespace cudacompat;

namespace {

// "2 sm_80/none compute_80/none: #1 at 0x40, #3 at …" for each.
Lines Told(const std::vector<scan::ModuleSet>& modules) {
  Lines lines;
  for (const scan::ModuleSet& set : modules) {
    std::string line = std::to_string(set.containers);
    for (const scan::CodedTarget& image : set.images)
      line += " " + scan::TargetName(image.target) + "/" + scan::CodecName(image.codec);
    line += ":";
    for (const std::string& name : set.names) line += " " + name;
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

Blob Mixed() {
  Entry named = Cubin(90);
  named.identifier = "k.cu";
  ElfOptions elf;
  elf.sections = {
      {".nv_fatbin", ContainerOf({Cubin(80), Ptx(80, 8, 4)}) + ContainerOf({Packed(Cubin(80), Pack::kZstd)}) +
                         ContainerOf({Cubin(80), Ptx(80, 8, 4)}) + ContainerOf({named, Cubin(75)}) +
                         ContainerOf({}) + ContainerOf({Cubin(0)})},
      {".ldata", ContainerOf({Cubin(75)}) + CubinBytes({})}};
  return ElfBytes(elf);
}

}  // namespace

TEST_CASE("modules summed while a file is scanned are those of the images that would be kept") {
  scan::Options kept, summed;
  summed.keep_images = false;
  summed.sum_modules = true;
  const Blob library = Mixed();
  Blob many;
  for (int i = 0; i < 30; ++i) many += ContainerOf({Cubin(i % 2 == 0 ? 80 : 90)});
  for (const Blob& bytes :
       {library, many, ContainerOf({Cubin(80)}), ArBytes({{"a.o", library}, {"b.o", library}}),
        ZipBytes({{"p/k.so", library}}, Method::kDeflated), ZipBytes({{"p/k.so", library}}, Method::kStored),
        TarBytes({{"k.so", library}})}) {
    for (const bool deep : {false, true}) {
      kept.deep = summed.deep = deep;
      const auto one = ScanBytes(bytes, kept), other = ScanBytes(bytes, summed);
      REQUIRE(one.size() == other.size());
      for (size_t i = 0; i < one.size(); ++i) {
        INFO(one[i].path << (deep ? " deep" : ""));
        CHECK(ModulesKnown(other[i]));
        CHECK(other[i].images.empty());
        CHECK(other[i].containers.empty());
        CHECK(other[i].images_total == one[i].images_total);
        CHECK(Told(other[i].modules) == Told(ModulesOf(one[i], scan::Reach::kAll)));
      }
    }
  }
}

TEST_CASE("modules: raw device code keeps its image, as several files may become one") {
  scan::Options summed;
  summed.keep_images = false;
  summed.sum_modules = true;
  const auto file = ScanBytes(CubinBytes({}), summed)[0];
  CHECK(file.images.size() == 1);
  CHECK(Told(ModulesOf(file, scan::Reach::kAll)) == Lines{"1 sm_90/none: at 0x0"});
}

TEST_CASE("modules: of what is not kept one by one nothing is told as too many") {
  scan::Options options;
  options.keep_images = false;
  options.most_images = 1;
  const auto file = ScanBytes(Mixed(), options)[0];
  CHECK(Codes(file).empty());
  CHECK(file.images_total == 8);
  CHECK(file.target_sets.size() == 4);
}

TEST_CASE("modules: where there are too many kinds none is told, and of one that is known more are counted") {
  scan::Options summed;
  summed.keep_images = false;
  summed.sum_modules = true;
  Blob bytes;
  for (uint32_t arch = 1; arch <= 65536; ++arch) bytes += ContainerOf({Cubin(arch)});
  bytes += ContainerOf({Cubin(7)});
  const auto full = ScanBytes(bytes, summed)[0];
  CHECK(ModulesKnown(full));
  CHECK(full.modules.size() == 65536);
  const auto over = ScanBytes(bytes + ContainerOf({Cubin(65537)}), summed)[0];
  CHECK_FALSE(ModulesKnown(over));
  CHECK(over.modules.empty());
  CHECK(over.images_total == 65538);
}

TEST_CASE("modules: of more containers than are kept none has a number") {
  scan::Options summed;
  summed.keep_images = false;
  summed.sum_modules = true;
  summed.most_images = 3;
  Blob bytes;
  for (int i = 0; i < 5; ++i) bytes += ContainerOf({Cubin(80)});
  CHECK(Told(ScanBytes(bytes, summed)[0].modules) ==
        Lines{"5 sm_80/none: at 0x0 at 0x90 at 0x120 at 0x1b0 at 0x240"});
}
