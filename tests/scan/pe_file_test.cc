// Windows libraries and objects.
#include "catch.h"
#include "fixtures.h"

using namespace fixtures;
using namespace cudacompat;

namespace {
constexpr uint64_t kReadOnlyData = 0x40000040;
}

TEST_CASE("pe: both cut section names, padding between containers, imports and delayed ones") {
  Blob fatbin = ContainerOf({Cubin(80, 0x50)});
  fatbin += Blob(8, '\0') + ContainerOf({Cubin(90, 0x100040)});
  PeOptions pe;
  pe.sections = {{".text", Blob(600, 't'), 0, 0x60000020},
                 {".nv_fatb", fatbin, 0, kReadOnlyData},
                 {"__nv_rel", ContainerOf({Ptx(80, 8, 0)}), 0, kReadOnlyData},
                 {".nvFatBi", Blob(24, 'w'), 0, kReadOnlyData}};
  pe.imports = {"KERNEL32.dll", "cublas64_12.dll", "nvcuda.dll"};
  pe.delayed = {"cudart64_110.dll"};
  const auto file = ScanBytes(PeBytes(pe))[0];
  CHECK(file.format == "pe");
  CHECK(file.machine == "x86_64");
  CHECK(Images(file) == Lines{"cubin sm_80 none", "cubin sm_90a none", "ptx compute_80@8.0 none"});
  CHECK(file.sections.at(file.images[2].section).name == "__nv_rel");
  CHECK(file.images[0].in_fatbin_section);
  CHECK_FALSE(file.images[0].listed_by_vendor_tool);  // the vendor's tool reads no Windows file
  REQUIRE(file.needs.size() == 3);
  CHECK(file.needs[0].library == "cublas");
  CHECK(file.needs[0].version == "12");
  CHECK(file.needs[1].library == "nvcuda");
  CHECK(file.needs[2].version == "11.0");
  CHECK(file.needs[2].delayed);
  CHECK(file.problems.empty());
  CHECK(file.static_cudart == scan::StaticCudart::kNo);
}

TEST_CASE("pe: fat binaries without a runtime library have it inside") {
  PeOptions pe;
  pe.sections = {{".nv_fatb", ContainerOf({Cubin(80)}), 0, kReadOnlyData},
                 {".nvFatBi", Blob(24, 'w'), 0, kReadOnlyData}};
  CHECK(ScanBytes(PeBytes(pe))[0].static_cudart == scan::StaticCudart::kYes);
}

TEST_CASE("coff: long names stand in the string table, data at odd offsets") {
  const auto file =
      ScanBytes(CoffBytes({{".text", "code"}, {"__nv_relfatbin", ContainerOf({Cubin(80), Cubin(90)})}}))[0];
  CHECK(file.format == "coff");
  CHECK(Images(file) == Lines{"cubin sm_80 none", "cubin sm_90 none"});
  CHECK(file.sections.at(0).name == "__nv_relfatbin");
}

TEST_CASE("coff: in a .lib, where members are aligned to two") {
  const Blob object = CoffBytes({{"__nv_relfatbin", ContainerOf({Cubin(80)})}});
  const auto file = ScanBytes(ArBytes({{"odd.obj", object + "x"}, {"next.obj", object}}))[0];
  CHECK(file.images_total == 2);
  CHECK(file.sections.at(1).name == "next.obj:__nv_relfatbin");
}
