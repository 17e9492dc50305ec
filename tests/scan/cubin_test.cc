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

TEST_CASE("cubin: a static kernel is local, that of a template weak; a device function is none") {
  CubinOptions options;
  options.kernels = {"local", "weak", "device"};
  Blob bytes = CubinBytes(options);
  const size_t first = bytes.find(Blob("\x12\x10\x01\0", 4));
  REQUIRE(first != Blob::npos);
  bytes[first] = 0x02;
  bytes[first + 24] = 0x22;
  bytes[first + 48 + 1] = 0;
  scan::MemorySource source({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  Lines names;
  scan::ForEachKernel(source, 100, [&](const std::string& name) { names.push_back(name); });
  CHECK(names == Lines{"local", "weak"});
}

TEST_CASE("cubin: one that is cut short says so") {
  const Blob bytes = CubinBytes({});
  CHECK(Codes(ScanBytes(bytes)[0]).empty());
  CHECK(Codes(ScanBytes(bytes.substr(0, bytes.size() - 1))[0]) == Lines{"cubin-truncated"});
  CHECK(Codes(ScanBytes(bytes.substr(0, 200))[0]) == Lines{"cubin-truncated"});
}
