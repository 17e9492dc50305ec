// Device code that lies where nothing announces it.
#include "catch.h"
#include "fixtures.h"
#include "scan/magic.h"
#include "scan/zstd_frame.h"

using namespace fixtures;
using namespace cudacompat;

namespace {

Blob LibraryWith(const Blob& data) {
  ElfOptions elf;
  elf.sections = {{".rodata", data}};
  return ElfBytes(elf);
}

Blob Kernel(uint32_t arch, int abi, uint32_t toolkit) {
  CubinOptions cubin;
  cubin.arch = arch;
  cubin.abi = abi;
  cubin.toolkit = toolkit;
  cubin.kernels = {"_Z1kv"};
  return CubinBytes(cubin);
}

}  // namespace

TEST_CASE("search: containers, bare cubins and cubins in a zstd frame, one after the other") {
  Blob data = ContainerOf({Cubin(75), Ptx(75, 7, 5)});
  data += Kernel(86, 7, 118);
  Pad(&data, 8);
  const size_t frame = data.size();
  data += ZstdBytes(Kernel(90, 8, 130));
  Pad(&data, 8);
  data += ContainerOf({Cubin(100)});
  const auto file = DeepScan(LibraryWith(data))[0];
  CHECK(Images(file) == Lines{"cubin sm_75 none", "ptx compute_75@7.5 none", "cubin sm_86 none",
                              "cubin sm_90 zstd", "cubin sm_100 none"});
  CHECK(file.containers_total == 2);
  CHECK(file.images[2].container == scan::kNoContainer);
  CHECK(file.images[3].offset - file.images[0].offset + 16 == frame);
  CHECK(file.images[3].size == ZstdBytes(Kernel(90, 8, 130)).size());
  CHECK(file.images[4].container == 1);
  CHECK(file.sections.at(file.images[2].section).name == ".rodata");
  CHECK(file.toolkits == Lines{"11.8", "13.0"});
}

TEST_CASE("search: a magic without a container behind it is nothing") {
  Blob data;
  for (int i = 0; i < 64; ++i) Put64(&data, 0x00100001BA55ED50);
  Put64(&data, 0);
  CHECK(DeepScan(LibraryWith(data))[0].images_total == 0);
  Blob frame = ZstdBytes("not a cubin, but a frame all the same");
  Pad(&frame, 8);
  Blob host = ElfBytes({});
  Pad(&host, 8);
  CHECK(DeepScan(LibraryWith(frame + host))[0].images_total == 0);
}

TEST_CASE("search: at every byte in archive members, whose parts are aligned to two") {
  ElfOptions elf;
  elf.sections = {{".rodata", Blob(3, 'x') + ContainerOf({Cubin(80)})}};
  const auto file = DeepScan(ArBytes({{"k.o", ElfBytes(elf)}}))[0];
  CHECK(Images(file) == Lines{"cubin sm_80 none"});
}

TEST_CASE("search: far into a file, over the borders of what is read at once") {
  for (const size_t before : {131072 - 8, 131072, 131072 * 2 - 16, 131072 * 3 + 64}) {
    const auto file = DeepScan(LibraryWith(Blob(before, 'x') + ContainerOf({Cubin(80)}) + Blob(before, 'y') +
                                           ContainerOf({Cubin(90)})))[0];
    CHECK(file.images_total == 2);
  }
}

TEST_CASE("search: a flood of magics is cut off") {
  Blob data;
  for (int i = 0; i < 200000; ++i) Put64(&data, 0x00100001BA55ED50);
  const auto file = DeepScan(LibraryWith(data))[0];
  CHECK(Codes(file) == Lines{"too-many-candidates"});
}

TEST_CASE("search: a magic is found at every place, by blocks and in what is left over") {
  for (const uint32_t magic : {0xBA55ED50u, 0x464C457Fu, 0xFD2FB528u}) {
    for (size_t size = 4; size < 200; ++size) {
      for (size_t at = 0; at + 4 <= size; ++at) {
        Blob bytes(size, '\x50');  // begins like one everywhere
        Set32(&bytes, at, magic);
        const scan::Bytes view(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
        const size_t aligned = at % 8 == 0 ? at : scan::kNotFound;
        if (scan::FindMagicAligned(view, 0) != aligned || scan::FindMagicAnywhere(view, 0) != at)
          FAIL(size << " " << at);
        if (scan::FindMagicAnywhere(view, at + 1) != scan::kNotFound) FAIL(size << " " << at);
      }
    }
  }
}

TEST_CASE("search: the beginning of a zstd frame, whose first block holds thousands of sequences") {
  Blob text;
  for (uint32_t i = 0; i < 40000; ++i)
    text += std::to_string(i * 2654435761u % 1000) + (i % 3 == 0 ? "abcabc" : "x");
  const Blob frame = ZstdBytes(text);
  scan::MemorySource source(scan::Bytes(reinterpret_cast<const uint8_t*>(frame.data()), frame.size()));
  CHECK(scan::ZstdFrameSize(source, 0, frame.size()) == frame.size());
  for (const size_t length : {64, 4096, 65536}) {
    const scan::Bytes first = scan::ZstdBeginning(source, 0, frame.size(), length);
    CHECK(Blob(first.begin(), first.end()) == text.substr(0, length));
  }
  CHECK(scan::ZstdBeginning(source, 0, frame.size() / 8, 64).empty());
  CHECK(scan::ZstdFrameSize(source, 0, frame.size() - 1) == 0);
  CHECK(scan::ZstdBeginning(source, 1, frame.size(), 64).empty());
}

// What it shows is the frame's, to the last byte: of what the decoder may have written too far nothing is
// shown.
TEST_CASE("search: a glimpse of a zstd frame is its beginning") {
  for (uint32_t seed = 1; seed < 60; ++seed) {
    Blob text;
    uint32_t state = seed;
    auto next = [&] { return state = state * 1664525 + 1013904223, state >> 16; };
    while (text.size() < 200000) {
      const size_t repeated = next() % (seed * 8);
      const size_t back = next() % (1 + std::min<size_t>(text.size(), seed * 400));
      if (next() % 3 != 0 && back > repeated) text += text.substr(text.size() - back, repeated);
      for (uint32_t i = next() % seed; i != 0; --i) text.push_back(static_cast<char>(next() % (seed * 4)));
      text.push_back('.');
    }
    const Blob frame = ZstdBytes(text);
    scan::MemorySource source(scan::Bytes(reinterpret_cast<const uint8_t*>(frame.data()), frame.size()));
    const scan::Bytes shown = scan::ZstdGlimpse(source, 0, frame.size());
    INFO(seed);
    CHECK(shown.size() > 1024);
    CHECK(Blob(shown.begin(), shown.end()) == text.substr(0, shown.size()));
  }
}
