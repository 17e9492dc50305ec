// Every fixture cut at every byte: a report, never a crash, and never an image that the whole file has not.
#include <algorithm>
#include <map>

#include "catch.h"
#include "fixtures.h"

using namespace fixtures;
using namespace cudacompat;

namespace {

std::map<std::string, Blob> Small() {
  CubinOptions cubin;
  cubin.kernels = {"_Z3addPf"};
  Entry full = Cubin(90);
  full.payload = CubinBytes(cubin);
  const Blob fatbin = ContainerOf({Packed(full, Pack::kZstd), Packed(full, Pack::kLz4),
                                   Packed(full, Pack::kZlib), Packed(full, Pack::kLz4Frame), Ptx(90, 8, 4)});
  ElfOptions elf;
  elf.sections = {
      {".nv_fatbin", fatbin}, {".nvFatBinSegment", Blob(24, '\0')}, {".rodata", Blob(8, 'x') + fatbin}};
  elf.needed = {"libcudart.so.12", "libc.so.6"};
  ElfOptions elf32 = elf;
  elf32.is64 = false;
  PeOptions pe;
  pe.sections = {{".nv_fatb", fatbin, 0, 0x40000040}};
  pe.imports = {"cudart64_12.dll"};
  const Blob library = ElfBytes(elf);
  return {
      {"fatbin", fatbin},
      {"cubin", CubinBytes(cubin)},
      {"elf", library},
      {"elf32", ElfBytes(elf32)},
      {"pe", PeBytes(pe)},
      {"coff", CoffBytes({{"__nv_relfatbin", fatbin}})},
      {"ar", ArBytes({{"a.o", library}, {"a_name_longer_than_sixteen.o", library}})},
      {"zip", ZipBytes({{"a.so", library}, {"b.txt", "text"}}, Method::kDeflated)},
      {"stored", ZipBytes({{"a.so", library}}, Method::kStored)},
      {"tar", TarBytes({{"a.so", library}})},
      {"tar.gz", Gzip(TarBytes({{"a.so", library}}))},
      {"tar.zst", ZstdBytes(TarBytes({{"a.so", library}}))},
      {"tar.xz", XzBytes(TarBytes({{"a.so", library}}))},
      {"tar.bz2", Bzip2Bytes(TarBytes({{"a.so", library}}))},
      {"conda", ZipBytes({{"pkg-a.tar.zst", ZstdBytes(TarBytes({{"lib/a.so", library}}))}}, Method::kStored)},
      {"deb", ArBytes({{"debian-binary", "2.0\n"}, {"data.tar.xz", XzBytes(TarBytes({{"a.so", library}}))}})},
      {"ptx", "// made by hand\n.version 8.4\n.target sm_90a, debug\n.address_size 64\n"},
      {"ltoir", Blob("\xED\x43\x4E\x7F\x01\x41", 6) + Blob(58, '\1')}};
}

uint64_t ImagesIn(const std::vector<scan::FileReport>& files) {
  uint64_t count = 0;
  for (const scan::FileReport& file : files) count += file.images_total;
  return count;
}

}  // namespace

TEST_CASE("truncation: every length of every small file gives a report") {
  for (const auto& [name, whole] : Small()) {
    INFO(name);
    for (const bool deep : {false, true}) {
      scan::Options options;
      options.deep = deep;
      const uint64_t all = ImagesIn(ScanBytes(whole, options));
      CHECK(all >= 1);
      uint64_t most = 0;
      for (size_t length = 0; length < whole.size(); ++length) {
        const auto files = ScanBytes(whole.substr(0, length), options);
        REQUIRE(!files.empty());
        most = std::max(most, ImagesIn(files));
      }
      // A section table that is cut off turns the search for strays on, which may see what sections hide.
      CHECK(most <= std::max(all, ImagesIn(DeepScan(whole))));
    }
  }
}

TEST_CASE("truncation: every header byte set to 0x00, 0x7F, 0xFF gives a report") {
  for (const auto& [name, whole] : Small()) {
    INFO(name);
    for (size_t at = 0; at < std::min<size_t>(whole.size(), 2048); ++at) {
      for (const char value : {'\x00', '\x7f', '\xff'}) {
        Blob bytes = whole;
        bytes[at] = value;
        REQUIRE(!DeepScan(bytes).empty());
      }
    }
  }
}
