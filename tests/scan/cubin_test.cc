#include "scan/cubin.h"

#include "catch.h"
#include "fixtures.h"

using namespace fixtures;
using namespace cudacompat;

TEST_CASE("cubin: a raw one of either ABI tells target and toolkit") {
  CubinOptions old;
  old.abi = 7;
  old.arch = 86;
  old.toolkit = 124;
  auto file = ScanBytes(CubinBytes(old))[0];
  CHECK(file.format == "cubin");
  CHECK(Images(file) == Lines{"cubin sm_86 none"});
  CHECK(file.toolkits == Lines{"12.4"});
  CHECK(file.images[0].listed_by_vendor_tool);
  CubinOptions young;
  young.arch = 120;
  young.toolkit = 131;
  file = ScanBytes(CubinBytes(young))[0];
  CHECK(Images(file) == Lines{"cubin sm_120 none"});
  CHECK(file.toolkits == Lines{"13.1"});
}

TEST_CASE("cubin: the suffix comes from flags, from .nv.compat, and `f` from the tool note") {
  CubinOptions options;
  options.arch_specific = true;
  CHECK(Images(ScanBytes(CubinBytes(options))[0]) == Lines{"cubin sm_90a none"});
  options.abi = 7;
  options.toolkit = 120;
  CHECK(Images(ScanBytes(CubinBytes(options))[0]) == Lines{"cubin sm_90a none"});
  options.arch = 60;  // bit 11 below 9.0 is no suffix: there is no sm_60a
  CHECK(Images(ScanBytes(CubinBytes(options))[0]) == Lines{"cubin sm_60 none"});
  CubinOptions family;
  family.arch = 100;
  family.options = "-arch sm_100f -m 64 ";
  CHECK(Images(ScanBytes(CubinBytes(family))[0]) == Lines{"cubin sm_100f none"});
}

TEST_CASE("cubin: kernels are the entry points among the symbols") {
  CubinOptions options;
  options.kernels = {"_Z3addPf", "_Z3mulPf"};
  const Blob bytes = CubinBytes(options);
  scan::MemorySource source({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  Lines names;
  scan::ForEachKernel(source, 100, [&](const std::string& name) { names.push_back(name); });
  CHECK(names == options.kernels);
  CHECK_FALSE(scan::CubinHasNoKernels(source));
}
