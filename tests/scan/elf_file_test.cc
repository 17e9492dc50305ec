// ELF libraries and objects: which sections count, what is left, which libraries they need.
#include <ctime>

#include "catch.h"
#include "fixtures.h"
#include "scan/coverage.h"

using namespace fixtures;
using namespace cudacompat;

TEST_CASE("elf: both sections are read in file order and named") {
  ElfOptions elf;
  elf.sections = {{"__nv_relfatbin", ContainerOf({Ptx(80, 8, 0)})}, {".nv_fatbin", ContainerOf({Cubin(80)})}};
  for (const bool is64 : {true, false}) {
    elf.is64 = is64;
    const auto file = ScanBytes(ElfBytes(elf))[0];
    CHECK(file.format == "elf");
    CHECK(file.machine == "x86_64");
    CHECK(Images(file) == Lines{"ptx compute_80@8.0 none", "cubin sm_80 none"});
    CHECK(file.sections.at(file.images[0].section).name == "__nv_relfatbin");
    CHECK(file.sections.at(file.images[1].section).name == ".nv_fatbin");
    CHECK(file.images[0].in_fatbin_section);
    CHECK(file.problems.empty());
  }
}

TEST_CASE("elf: of two sections of one name the vendor's tool lists the first only") {
  ElfOptions elf;
  elf.type = 1;
  elf.sections = {{"__nv_relfatbin", ContainerOf({Cubin(80)})}, {"__nv_relfatbin", ContainerOf({Cubin(90)})}};
  const auto file = ScanBytes(ElfBytes(elf))[0];
  CHECK(Images(file) == Lines{"cubin sm_80 none", "cubin sm_90 none"});
  CHECK(file.images[0].listed_by_vendor_tool);
  CHECK_FALSE(file.images[1].listed_by_vendor_tool);
}

TEST_CASE("elf: device code elsewhere is left, named, and found by the deep search") {
  ElfOptions elf;
  Blob data(1 << 20, '\0');
  data += ContainerOf({Cubin(75), Ptx(75, 7, 5)});
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(80)})}, {".ldata", data}, {".text", data, 1, 6}};
  const Blob bytes = ElfBytes(elf);
  const auto shallow = ScanBytes(bytes)[0];
  CHECK(Images(shallow) == Lines{"cubin sm_80 none"});
  CHECK(shallow.searched == scan::Searched::kSections);
  REQUIRE(shallow.left.size() == 1);  // code is no data
  CHECK(shallow.left[0].name == ".ldata");
  const auto deep = DeepScan(bytes)[0];
  CHECK(deep.searched == scan::Searched::kDeep);
  CHECK(Images(deep) == Lines{"cubin sm_80 none", "cubin sm_75 none", "ptx compute_75@7.5 none",
                              "cubin sm_75 none", "ptx compute_75@7.5 none"});
  CHECK(deep.sections.at(deep.images[1].section).name == ".ldata");
  CHECK_FALSE(deep.images[1].in_fatbin_section);
  CHECK_FALSE(deep.images[1].listed_by_vendor_tool);
  CHECK(deep.images[0].listed_by_vendor_tool);
}

TEST_CASE("elf: without section headers the whole file is searched") {
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(80)})}};
  elf.section_headers = false;
  const auto file = ScanBytes(ElfBytes(elf))[0];
  CHECK(Images(file) == Lines{"cubin sm_80 none"});
  CHECK(file.searched == scan::Searched::kDeep);
  CHECK_FALSE(file.images[0].in_fatbin_section);
}

TEST_CASE("elf: a compressed section is told, not read") {
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(80)}), 1, 0x802}};
  const auto file = ScanBytes(ElfBytes(elf))[0];
  CHECK(file.images_total == 0);
  CHECK(Codes(file) == Lines{"section-compressed"});
}

TEST_CASE("elf: the libraries of CUDA that it needs, and what their names imply") {
  ElfOptions elf;
  elf.needed = {"libcudart.so.12",
                "libcudart.so.11.0",
                "libc.so.6",
                "libcudnn.so.9",
                "libcublas-1a2b3c4d.so.12.1",
                "libnvrtc.8d2f1c3b.so.12",
                "libnpps.so.12",
                "libfoo.so"};
  elf.soname = "libk.so";
  const auto file = ScanBytes(ElfBytes(elf))[0];
  Lines lines;
  for (const scan::Need& need : file.needs) lines.push_back(need.library + " " + need.version);
  CHECK(lines == Lines{"cudart 12", "cudart 11.0", "cudnn 9", "cublas 12.1", "nvrtc 12", "npps 12"});
  CHECK(file.soname == "libk.so");
  CHECK(file.static_cudart == scan::StaticCudart::kNo);
}

TEST_CASE("elf: the runtime is inside when fat binaries are registered and nobody is asked for it") {
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(80)})}, {".nvFatBinSegment", Blob(24, '\0')}};
  elf.needed = {"libc.so.6"};
  CHECK(ScanBytes(ElfBytes(elf))[0].static_cudart == scan::StaticCudart::kYes);
  elf.imports = {"__cudaRegisterFatBinary"};  // from a library that somebody else loads
  CHECK(ScanBytes(ElfBytes(elf))[0].static_cudart == scan::StaticCudart::kNo);
}

namespace {

// A library with two relocatable containers, what the device linker made of them, and its record.
ElfOptions Relocatable(const std::vector<Entry>& parts) {
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(75), Cubin(80)})},
                  {"__nv_relfatbin", ContainerOf(parts) + ContainerOf(parts)},
                  {".nvFatBinSegment", Blob(24, '\0')}};
  Blob* record = &elf.sections[2].bytes;
  Set32(record, 0, 0x466243B1);
  Set32(record, 4, 2);
  const auto plain = ScanBytes(ElfBytes(elf))[0];
  Set64(record, 8, plain.sections.at(plain.containers.at(0).section).offset);  // addresses are offsets here
  return elf;
}

}  // namespace

TEST_CASE("elf: a device link's result is no module beside the relocatable containers it was made of") {
  const ElfOptions elf = Relocatable({Cubin(75), Cubin(80), Ptx(80, 8, 0)});
  const auto file = ScanBytes(ElfBytes(elf))[0];
  CHECK(file.containers_total == 3);
  scan::Coverage coverage = CoverageOf(file);
  CHECK(coverage.containers == 2);
  CHECK(coverage.device_links == 1);
  CHECK(StyleName(coverage.style) == "uniform");
  CHECK(ContainersWithout(file, coverage.targets.back().target).empty());
  SECTION("also in a stream") {
    const auto packed = ScanBytes(ZipBytes({{"libk.so", ElfBytes(elf)}}, Method::kDeflated));
    REQUIRE(packed.size() == 2);
    CHECK(CoverageOf(packed[1]).device_links == 1);
  }
  SECTION("a record of the ordinary kind makes it one") {
    ElfOptions plain = elf;
    Set32(&plain.sections[2].bytes, 4, 1);
    coverage = CoverageOf(ScanBytes(ElfBytes(plain))[0]);
    CHECK(coverage.containers == 3);
    CHECK(coverage.device_links == 0);
  }
}

TEST_CASE("elf: very many records of device links cost a search each, not a walk") {
  constexpr size_t kCount = 60000;
  const Blob container = ContainerOf({Cubin(80)});
  ElfOptions elf;
  elf.sections = {
      {".nv_fatbin", Blob()}, {"__nv_relfatbin", container}, {".nvFatBinSegment", Blob(24 * kCount, '\0')}};
  for (size_t i = 0; i < kCount; ++i) elf.sections[0].bytes += container;
  const auto plain = ScanBytes(ElfBytes(elf))[0];
  const uint64_t begin = plain.sections.at(plain.containers.at(0).section).offset;
  for (size_t i = 0; i < kCount; ++i) {
    Set32(&elf.sections[2].bytes, i * 24, 0x466243B1);
    Set32(&elf.sections[2].bytes, i * 24 + 4, 2);
    Set64(&elf.sections[2].bytes, i * 24 + 8, begin + (kCount - 1 - i) * container.size());
  }
  const Blob bytes = ElfBytes(elf);
  const auto seconds = [&](const Blob& blob) {
    const std::clock_t start = std::clock();
    CHECK(ScanBytes(blob)[0].containers_total == kCount + 1);
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  Blob without = bytes;  // the same file, its records of the ordinary kind
  for (size_t at = without.find("\xB1\x43\x62\x46"); at != Blob::npos;
       at = without.find("\xB1\x43\x62\x46", at + 24))
    Set32(&without, at + 4, 1);
  const double ordinary = seconds(without);
  CHECK(seconds(bytes) < ordinary * 5 + 0.2);  // a walk for each took forty times as long
  CHECK(CoverageOf(ScanBytes(bytes)[0]).device_links == kCount);
}

TEST_CASE("elf: a device link's result is the program where its parts are LTO-IR") {
  Entry lto = Cubin(75);
  lto.kind = 8;
  const auto file = ScanBytes(ElfBytes(Relocatable({lto})))[0];
  CHECK(CoverageOf(file).device_links == 0);
}

TEST_CASE("elf: HIP and LLVM bundles are named and not taken for CUDA") {
  ElfOptions elf;
  elf.sections = {{".hip_fatbin", Blob(64, 'x')}, {".llvm.offloading", Blob(64, 'x')}};
  const auto file = ScanBytes(ElfBytes(elf))[0];
  CHECK(file.images_total == 0);
  CHECK(file.notes ==
        Lines{"HIP device code (AMD), which is not CUDA", "LLVM offload binary, whose images are not read"});
}

TEST_CASE("elf: a device-link leftover without kernels is a stub, a container with kernels is none") {
  CubinOptions empty;
  empty.arch = 80;
  CubinOptions full = empty;
  full.kernels = {"_Z3addPf"};
  Entry stub = Cubin(80);
  stub.payload = CubinBytes(empty);
  Entry real = Cubin(80);
  real.payload = CubinBytes(full);
  ElfOptions elf;
  elf.sections = {
      {".nv_fatbin", ContainerOf({Packed(stub, Pack::kZstd)}) + ContainerOf({stub}) + ContainerOf({real})}};
  const auto file = ScanBytes(ElfBytes(elf))[0];
  REQUIRE(file.images.size() == 3);
  CHECK(file.images[0].stub);
  CHECK(file.images[1].stub);
  CHECK_FALSE(file.images[2].stub);
  CHECK(file.toolkits == Lines{"13.0"});
}

TEST_CASE("elf: a big-endian file and a section past the end are problems") {
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(80), Cubin(90)})}};
  Blob bytes = ElfBytes(elf);
  Blob big = bytes;
  big[5] = 2;
  CHECK(Codes(ScanBytes(big)[0]) == Lines{"elf-big-endian"});
  // The size of .nv_fatbin stands in the second row of the section table.
  uint64_t table = 0;
  std::memcpy(&table, bytes.data() + 40, 8);
  Set64(&bytes, table + 64 + 32, 1 << 30);
  const auto file = ScanBytes(bytes)[0];
  CHECK(Codes(file)[0] == "section-truncated");
  CHECK(file.images_total == 2);
}
