// Containers and entries: what the headers say, and every way in which they lie.
#include "scan/fatbin.h"

#include "catch.h"
#include "fixtures.h"

using namespace fixtures;
using namespace cudacompat;

namespace {

constexpr uint64_t kArchSpecific = 0x100000;
constexpr uint64_t kFamily = 0x200000;

}  // namespace

TEST_CASE("fatbin: every entry in file order with target, ISA and codec") {
  const Blob bytes = ContainerOf({Cubin(75), Cubin(90, kArchSpecific), Cubin(100, kFamily),
                                  Ptx(90, 8, 4, 0x8000), Ptx(120, 9, 0, kArchSpecific)});
  const auto files = ScanBytes(bytes);
  REQUIRE(files.size() == 1);
  CHECK(files[0].format == "fatbin");
  CHECK(Images(files[0]) == Lines{"cubin sm_75 none", "cubin sm_90a none", "cubin sm_100f none",
                                  "ptx compute_90@8.4 zstd", "ptx compute_120a@9.0 none"});
  CHECK(files[0].containers_total == 1);
  CHECK(files[0].images[0].listed_by_vendor_tool);
}

TEST_CASE("fatbin: every kind has its name, unknown ones their number, and the vendor lists four of them") {
  struct Row {
    uint16_t kind;
    const char* line;
    bool listed;
  };
  const std::vector<Row> rows = {{1, "ptx compute_80@7.0 none", true},
                                 {2, "cubin sm_80 none", true},
                                 {4, "text-cubin sm_80 none", false},
                                 {8, "lto lto_80 none", false},
                                 {0x10, "mercury sm_80 none", true},
                                 {0x20, "index arch_80 none", false},
                                 {0x40, "relocatable-ptx compute_80@7.0 none", true},
                                 {0x80, "tile-ir arch_80 none", false},
                                 {0x100, "nested arch_80 none", false},
                                 {0x999, "0x999 arch_80 none", false}};
  for (const Row& row : rows) {
    Entry entry = Cubin(80);
    entry.kind = row.kind;
    entry.major = 7;
    entry.minor = 0;
    const auto files = ScanBytes(ContainerOf({entry}));
    CHECK(Images(files[0]) == Lines{row.line});
    CHECK(files[0].images[0].listed_by_vendor_tool == row.listed);
    CHECK(files[0].problems.empty());
  }
}

TEST_CASE("fatbin: one codec bit names the codec, two are a problem") {
  CHECK(Images(ScanBytes(ContainerOf({Cubin(80, 0x1000)}))[0]) == Lines{"cubin sm_80 zlib"});
  CHECK(Images(ScanBytes(ContainerOf({Cubin(80, 0x2000)}))[0]) == Lines{"cubin sm_80 lz4"});
  CHECK(Images(ScanBytes(ContainerOf({Cubin(80, 0x4000)}))[0]) == Lines{"cubin sm_80 lz4-frame"});
  CHECK(Images(ScanBytes(ContainerOf({Cubin(80, 0x8000)}))[0]) == Lines{"cubin sm_80 zstd"});
  Entry both = Cubin(80, 0xA000);
  both.full_size = 64;
  const auto files = ScanBytes(ContainerOf({both}));
  CHECK(Images(files[0]) == Lines{"cubin sm_80 several"});
  CHECK(Codes(files[0]) == Lines{"several-codecs"});
}

TEST_CASE("fatbin: both suffix bits are `a`, as the vendor prints them") {
  CHECK(Images(ScanBytes(ContainerOf({Cubin(100, kArchSpecific | kFamily)}))[0]) ==
        Lines{"cubin sm_100a none"});
}

TEST_CASE("fatbin: identifiers are read inside the header only") {
  Entry named = Cubin(90);
  named.identifier = "k.cu";
  Blob bytes = ContainerOf({named});
  const auto files = ScanBytes(bytes);
  CHECK(files[0].identifiers.at(files[0].images[0].identifier) == "k.cu");
  Set32(&bytes, 16 + 0x20, 4000);  // the offset points behind the header
  const auto broken = ScanBytes(bytes);
  CHECK(Codes(broken[0]) == Lines{"identifier-out-of-bounds"});
  CHECK(broken[0].images[0].identifier == 0);
}

TEST_CASE("fatbin: unknown flags are told and harm nothing") {
  const auto files = ScanBytes(ContainerOf({Cubin(90, uint64_t{1} << 40)}));
  CHECK(Images(files[0]) == Lines{"cubin sm_90 none"});
  CHECK(Codes(files[0]) == Lines{"unknown-flags"});
}

TEST_CASE("fatbin: containers back to back, with zero words between, with junk between") {
  const Blob one = ContainerOf({Cubin(80)});
  CHECK(ScanBytes(one + one + one)[0].containers_total == 3);
  const auto gap = ScanBytes(one + Blob(24, '\0') + one);
  CHECK(gap[0].containers_total == 2);
  CHECK(gap[0].problems.empty());
  const auto junk = ScanBytes(one + Blob(16, 'x') + one);
  CHECK(junk[0].containers_total == 2);
  CHECK(Codes(junk[0]) == Lines{"gap-bytes"});
  CHECK(junk[0].problems.list()[0].offset == one.size());
  CHECK(junk[0].problems.list()[0].message == "16 bytes between containers are no container");
}

TEST_CASE("fatbin: an empty container is counted, not an image") {
  const auto files = ScanBytes(ContainerOf({}));
  CHECK(files[0].containers_total == 1);
  CHECK(files[0].containers_empty == 1);
  CHECK(files[0].images_total == 0);
}

TEST_CASE("fatbin: an entry that does not fit ends its container, not the walk") {
  Blob bad = ContainerOf({Cubin(80), Cubin(90)});
  const Blob good = ContainerOf({Cubin(75)});
  const size_t second = 16 + 128;
  struct Row {
    size_t offset;
    uint64_t value;
    bool wide;
  };
  for (const Row& row : std::vector<Row>{{4, 0, false},
                                         {4, 63, false},
                                         {4, 0xFFFFFFFF, false},
                                         {8, uint64_t{1} << 63, true},
                                         {8, UINT64_MAX, true},
                                         {8, 65, true}}) {
    Blob bytes = bad;
    row.wide ? Set64(&bytes, second + row.offset, row.value) : Set32(&bytes, second + row.offset, row.value);
    const auto files = ScanBytes(bytes + good);
    CHECK(Images(files[0]) == Lines{"cubin sm_80 none", "cubin sm_75 none"});
    CHECK(Codes(files[0]) == Lines{"entry-out-of-bounds"});
    CHECK(files[0].problems.list()[0].offset == second);
  }
}

TEST_CASE("fatbin: bytes behind the last entry are told") {
  Blob bytes = ContainerOf({Cubin(80)});
  bytes += Blob(56, 'x');
  Set64(&bytes, 8, bytes.size() - 16);
  const auto files = ScanBytes(bytes);
  CHECK(files[0].images_total == 1);
  CHECK(Codes(files[0]) == Lines{"trailing-bytes"});
}

TEST_CASE("fatbin: a container that claims too much gives what is there") {
  for (const uint64_t size : {uint64_t{1000}, uint64_t{1} << 31, uint64_t{1} << 63, UINT64_MAX}) {
    Blob bytes = ContainerOf({Cubin(80)});
    Set64(&bytes, 8, size);
    const auto files = ScanBytes(bytes);
    CHECK(files[0].images_total == 1);
    const auto codes = Codes(files[0]);
    CHECK(std::find(codes.begin(), codes.end(), "container-truncated") != codes.end());
    CHECK((codes[0] == "container-huge") == (size >= uint64_t{1} << 31));
  }
}

TEST_CASE("fatbin: a container header that is too small or too large is passed over") {
  for (const uint64_t header : {0, 8, 0xFFFF}) {
    Blob bytes = ContainerOf({Cubin(80)});
    Set16(&bytes, 6, header);
    const auto files = ScanBytes(bytes + ContainerOf({Cubin(75)}));
    CHECK(Images(files[0]) == Lines{"cubin sm_75 none"});
    CHECK(Codes(files[0])[0] == "container-bad-header");
  }
}

TEST_CASE("fatbin: a flood of entries is counted whole and kept in part") {
  scan::Options options;
  options.most_images = 100;
  std::vector<Entry> entries(5000, Cubin(80));
  const auto files = ScanBytes(ContainerOf(entries), options);
  CHECK(files[0].images_total == 5000);
  CHECK(files[0].images.size() == 100);
  CHECK(files[0].groups.begin()->second == 5000);
  CHECK(Codes(files[0]) == Lines{"too-many-images"});
}

TEST_CASE("fatbin: a legacy container is named") {
  Blob bytes;
  Put32(&bytes, 0x1EE55A01);
  bytes += Blob(60, '\0');
  const auto files = ScanBytes(bytes);
  CHECK(files[0].format == "legacy-fatbin");
  CHECK(files[0].notes.size() == 1);
}
