// Archives and everything that nests: members are found, named and bounded; nothing is written anywhere.
#include <algorithm>

#include "catch.h"
#include "fixtures.h"

using namespace fixtures;
using namespace cudacompat;

namespace {

Blob Library() {
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(80), Ptx(90, 8, 4)})}};
  elf.needed = {"libcudart.so.12"};
  return ElfBytes(elf);
}

const Lines kLibrary = {"cubin sm_80 none", "ptx compute_90@8.4 none"};

// "path: image, image" for each report.
Lines Shown(const std::vector<scan::FileReport>& files) {
  Lines lines;
  for (const scan::FileReport& file : files)
    lines.push_back(file.path + " " + std::to_string(file.images_total));
  return lines;
}

}  // namespace

TEST_CASE("ar: members stand in one report, each with its name before the section") {
  const auto files =
      ScanBytes(ArBytes({{"a.o", Library()}, {"empty.o", ""}, {"a_long_member_name.o", Library()}}));
  REQUIRE(files.size() == 1);
  CHECK(files[0].format == "ar");
  CHECK(files[0].images_total == 4);
  CHECK(files[0].sections.at(files[0].images[0].section).name == "a.o:.nv_fatbin");
  CHECK(files[0].sections.at(files[0].images[2].section).name == "a_long_member_name.o:.nv_fatbin");
  CHECK(files[0].images[2].listed_by_vendor_tool);
}

TEST_CASE("ar: BSD names stand in front of the member") {
  const Blob body = "k.o\0" + Library();
  Blob row = "#1/4            0           0     0     100644  ";
  Blob size = std::to_string(4 + Library().size());
  size.resize(10, ' ');
  const Blob archive = "!<arch>\n" + row + size + "`\n" + Blob("k.o\0", 4) + Library();
  const auto files = ScanBytes(archive);
  CHECK(files[0].images_total == 2);
  CHECK(files[0].sections.at(0).name == "k.o:.nv_fatbin");
}

TEST_CASE("ar: a thin archive reads beside itself and never above") {
  const TempFolder folder;
  folder.Write("sub/k.o", Library());
  folder.Write("secret.o", Library());
  const std::string path = folder.Write(
      "sub/t.a",
      ThinArBytes({{"k.o", Library()}, {"../secret.o", Library()}, {"/etc/passwd", ""}, {"gone.o", "x"}}));
  const scan::Report report = scan::ScanPaths({path}, {});
  REQUIRE(report.files.size() == 1);
  CHECK(report.files[0].format == "thin-ar");
  CHECK(report.files[0].images_total == 2);
  CHECK(Codes(report.files[0]) == Lines{"thin-member-refused", "thin-member-refused", "thin-member-missing"});
}

TEST_CASE("zip: stored and deflated members, the package from the wheel's own folder") {
  for (const Method method : {Method::kStored, Method::kDeflated}) {
    const auto files = ScanBytes(ZipBytes({{"torch/lib/libk.so", Library()},
                                           {"torch-2.6.0+cu124.dist-info/METADATA", "x"},
                                           {"torch/a.py", "import os"}},
                                          method));
    REQUIRE(files.size() == 2);
    CHECK(files[0].format == "zip");
    CHECK(files[1].path == "file!torch/lib/libk.so");
    CHECK(files[1].member == "torch/lib/libk.so");
    CHECK(files[1].package == "torch 2.6.0+cu124");
    CHECK(Images(files[1]) == kLibrary);
    CHECK(files[1].sections.at(files[1].images[0].section).name == ".nv_fatbin");
    CHECK(files[1].images[0].in_fatbin_section);
    CHECK(files[1].needs.size() == 1);
    CHECK(files[1].problems.empty());
  }
}

TEST_CASE("zip: a member whose checksum differs is told, and only that one") {
  Blob zip = ZipBytes({{"a/libk.so", Library()}, {"b/libk.so", Library()}}, Method::kDeflated);
  const size_t row = zip.find("PK\x01\x02");
  REQUIRE(row != Blob::npos);
  zip[row + 16] ^= 1;
  const auto files = ScanBytes(zip);
  CHECK(Codes(files[0]) == Lines{"unpack-failed"});
  CHECK(files[0].problems.list()[0].message.find("a/libk.so: its checksum differs") != std::string::npos);
  CHECK(files.size() == 3);
}

TEST_CASE("zip: a member that unpacks to less than the directory says is told") {
  // The library's last bytes are missing: nothing else would show that it is one.
  const Blob library = Library();
  Blob zip = ZipBytes({{"a/libk.so", library.substr(0, library.size() - 200)}, {"b/libk.so", Library()}},
                      Method::kDeflated);
  const size_t row = zip.find("PK\x01\x02");
  REQUIRE(row != Blob::npos);
  for (size_t i = 0; i < 4; ++i) zip[row + 24 + i] = static_cast<char>(library.size() >> 8 * i & 0xFF);
  const auto files = ScanBytes(zip);
  CHECK(Codes(files[0]) == Lines{"unpack-failed"});
  CHECK(files[0].problems.list()[0].message.find("a/libk.so: it unpacks to less") != std::string::npos);
}

TEST_CASE("tar: a cut inside a member is told, wherever it is and whatever the member") {
  const Blob tar = TarBytes({{"libk.so", Library()}, {"notes", Blob(3000, 'n')}, {"b.so", Library()}});
  const size_t first = 512 + (Library().size() + 511) / 512 * 512, notes = first + 512;
  for (const size_t cut : {size_t{600}, Library().size(), Library().size() + 511, first - 1, notes + 1,
                           notes + 1024, notes + 2999}) {
    INFO(cut);
    CHECK(Codes(ScanBytes(tar.substr(0, cut))[0]) == Lines{"tar-bad-member"});
    CHECK(Codes(ScanBytes(Gzip(tar.substr(0, cut)))[0]) == Lines{"tar-bad-member"});
  }
  CHECK(Codes(ScanBytes(tar)[0]).empty());
  CHECK(Codes(ScanBytes(tar.substr(0, first))[0]).empty());  // the blocks at the end are not asked for
}

TEST_CASE("tar: a checksum behind the end of the archive is looked at") {
  const Blob whole = TarBytes({{"libk.so", Library()}});
  for (Blob packed : {Gzip(whole), Bzip2Bytes(whole)}) {
    packed[packed.size() - 6] ^= 1;
    CHECK(Codes(ScanBytes(packed)[0]) == Lines{"unpack-failed"});
  }
}

TEST_CASE("zip: what a stream yields equals what the file yields, deep and shallow") {
  CubinOptions cubin;
  cubin.kernels = {"_Z1kv"};
  Entry entry = Cubin(90);
  entry.payload = CubinBytes(cubin);
  Blob data(3 << 20, '\0');
  for (size_t i = 0; i < data.size(); ++i) data[i] = static_cast<char>(i * 2654435761u >> 13);
  ElfOptions elf;
  elf.needed = {"libcublas.so.12", "libcudart.so.12"};
  elf.sections = {
      {".rodata", data + ContainerOf({Cubin(75)}) + ZstdBytes(CubinBytes(cubin))},
      {".nv_fatbin", ContainerOf({Packed(entry, Pack::kZstd), Ptx(90, 8, 4)}) + ContainerOf({Cubin(80)})},
      {".data", data}};
  const Blob library = ElfBytes(elf);
  for (const bool deep : {false, true}) {
    scan::Options options;
    options.deep = deep;
    const auto plain = ScanBytes(library, options)[0];
    const auto zipped = ScanBytes(ZipBytes({{"k.so", library}}, Method::kDeflated), options);
    REQUIRE(zipped.size() == 2);
    CHECK(Images(zipped[1]) == Images(plain));
    CHECK(zipped[1].containers_total == plain.containers_total);
    CHECK(zipped[1].needs.size() == plain.needs.size());
    CHECK(zipped[1].left.size() == plain.left.size());
    REQUIRE(zipped[1].images.size() == plain.images.size());
    for (size_t i = 0; i < plain.images.size(); ++i) {
      CHECK(zipped[1].images[i].offset == plain.images[i].offset);
      CHECK(zipped[1].images[i].in_fatbin_section == plain.images[i].in_fatbin_section);
      CHECK(zipped[1].images[i].listed_by_vendor_tool == plain.images[i].listed_by_vendor_tool);
      CHECK(zipped[1].images[i].container == plain.images[i].container);
    }
  }
}

TEST_CASE("zip: encrypted, overlapping, unknown methods and lies are problems, the rest is read") {
  const Blob good = ZipBytes({{"a.so", Library()}, {"b.so", Library()}}, Method::kDeflated);
  const size_t first = good.find("PK\x01\x02");
  Blob encrypted = good;
  encrypted[first + 8] = 1;
  auto files = ScanBytes(encrypted);
  CHECK(Codes(files[0]) == Lines{"zip-encrypted"});
  CHECK(Shown(files) == Lines{"file 0", "file!b.so 2"});
  Blob method = good;
  method[first + 10] = 99;
  CHECK(Codes(ScanBytes(method)[0]) == Lines{"zip-method"});
  Blob missing = good;
  Set32(&missing, first + 42, 7);
  CHECK(Codes(ScanBytes(missing)[0]) == Lines{"zip-bad-member"});
  CHECK(Codes(ScanBytes(good.substr(0, good.size() - 30))[0]) == Lines{"zip-no-directory"});
  Blob disks = good;
  Set16(&disks, good.size() - 18, 3);
  CHECK(Codes(ScanBytes(disks)[0]) == Lines{"zip-several-disks"});
}

TEST_CASE("zip: a bomb ends at its budget") {
  scan::Options options;
  options.most_unpacked = 1 << 20;
  ElfOptions elf;
  elf.sections = {{".data", Blob(64 << 20, '\0')}};
  const Blob bomb = ZipBytes({{"bomb.so", ElfBytes(elf)}, {"late.so", Library()}}, Method::kDeflated);
  CHECK(bomb.size() < 100000);
  const auto files = ScanBytes(bomb, options);
  CHECK(Codes(files[0])[0] == "unpack-failed");
  CHECK(files[0].problems.list()[0].message == "member bomb.so: unpacks to more than the limit");
}

TEST_CASE("zip: members that share bytes are unpacked once") {
  const Blob big = Library() + Blob(600000, '\0');
  Blob zip = ZipBytes({{"a.so", big}, {"b.so", Library()}}, Method::kDeflated);
  const size_t directory = zip.find("PK\x01\x02");
  const size_t second = zip.find("PK\x01\x02", directory + 4);
  for (const size_t field : {20, 24, 42}) zip.replace(second + field, 4, zip.substr(directory + field, 4));
  const auto files = ScanBytes(zip);
  CHECK(Codes(files[0]) == Lines{"zip-overlap"});
  CHECK(Shown(files) == Lines{"file 0", "file!a.so 2"});
}

TEST_CASE("zip64: sizes and offsets from the extra field") {
  const Blob library = Library();
  Blob zip = ZipBytes({{"a.so", library}}, Method::kStored);
  const size_t directory = zip.find("PK\x01\x02");
  Blob row = zip.substr(directory, 46 + 4);
  Set32(&row, 20, UINT32_MAX);
  Set32(&row, 24, UINT32_MAX);
  Set32(&row, 42, UINT32_MAX);
  Set16(&row, 30, 28);
  Put16(&row, 1);
  Put16(&row, 24);
  Put64(&row, library.size());
  Put64(&row, library.size());
  Put64(&row, 0);
  Blob big = zip.substr(0, directory) + row;
  const size_t record = big.size();
  Put32(&big, 0x06064B50);
  Put64(&big, 44);
  Put32(&big, 0);
  Put32(&big, 0);
  Put32(&big, 0);
  Put64(&big, 1);
  Put64(&big, 1);
  Put64(&big, row.size());
  Put64(&big, directory);
  Put32(&big, 0x07064B50);
  Put32(&big, 0);
  Put64(&big, record);
  Put32(&big, 1);
  Put32(&big, 0x06054B50);
  Put32(&big, 0);
  Put16(&big, 0xFFFF);
  Put16(&big, 0xFFFF);
  Put32(&big, UINT32_MAX);
  Put32(&big, UINT32_MAX);
  Put16(&big, 0);
  const auto files = ScanBytes(big);
  CHECK(Shown(files) == Lines{"file 0", "file!a.so 2"});
  CHECK(files[0].problems.empty());
}

TEST_CASE("tar: plain and through every compressor") {
  const Blob tar = TarBytes({{"pkg/readme", "text"}, {"pkg/lib/libk.so", Library()}});
  const std::vector<std::pair<std::string, Blob>> rows = {{"tar", tar},
                                                          {"tar.gzip", Gzip(tar)},
                                                          {"tar.zstd", ZstdBytes(tar)},
                                                          {"tar.xz", XzBytes(tar)},
                                                          {"tar.bzip2", Bzip2Bytes(tar)}};
  for (const auto& [format, bytes] : rows) {
    const auto files = ScanBytes(bytes);
    INFO(format);
    REQUIRE(files.size() == 2);
    CHECK(files[0].format == format);
    CHECK(files[0].problems.empty());
    CHECK(files[1].path == "file!pkg/lib/libk.so");
    CHECK(Images(files[1]) == kLibrary);
    CHECK(files[1].needs.size() == 1);
  }
}

TEST_CASE("nesting: a wheel in a wheel, a .conda, a Debian package, an archive in a compressed tar") {
  const Blob wheel = ZipBytes({{"a.so", Library()}}, Method::kDeflated);
  CHECK(Shown(ScanBytes(ZipBytes({{"inner.whl", wheel}}, Method::kStored))) ==
        Lines{"file 0", "file!inner.whl!a.so 2"});
  CHECK(Shown(ScanBytes(ZipBytes({{"inner.whl", wheel}}, Method::kDeflated))) ==
        Lines{"file 0", "file!inner.whl!a.so 2"});
  const Blob conda = ZipBytes(
      {{"metadata.json", "{}"}, {"pkg-k.tar.zst", ZstdBytes(TarBytes({{"lib/libk.so", Library()}}))}},
      Method::kStored);
  CHECK(Shown(ScanBytes(conda)) == Lines{"file 0", "file!pkg-k.tar.zst!lib/libk.so 2"});
  const Blob deb = ArBytes({{"debian-binary", "2.0\n"},
                            {"control.tar.gz", Gzip(TarBytes({{"control", "Package: k"}}))},
                            {"data.tar.xz", XzBytes(TarBytes({{"./usr/lib/libk.so", Library()}}))}});
  const auto files = ScanBytes(deb);
  CHECK(Shown(files) == Lines{"file 0", "file!data.tar.xz!./usr/lib/libk.so 2"});
  CHECK(files[0].format == "deb");
  CHECK(Shown(ScanBytes(Gzip(TarBytes({{"libk.a", ArBytes({{"k.o", Library()}})}})))) ==
        Lines{"file 0", "file!libk.a 2"});
}

TEST_CASE("nesting: too deep is a problem") {
  Blob nest = ZipBytes({{"a.so", Library()}}, Method::kStored);
  for (int i = 0; i < 6; ++i) nest = ZipBytes({{"n.zip", nest}}, Method::kStored);
  const auto files = ScanBytes(nest);
  CHECK(Codes(files.back()) == Lines{"nested-too-deep"});
}

TEST_CASE("archives: names with control characters and broken text are shown, not obeyed") {
  const auto files = ScanBytes(ZipBytes({{"../../etc/\x1b[31mk.so", Library()}}, Method::kStored));
  REQUIRE(files.size() == 2);
  CHECK(files[1].member == "../../etc/\\x1b[31mk.so");
}

TEST_CASE("tar: a damaged header ends the archive with a problem") {
  Blob tar = TarBytes({{"a.so", Library()}, {"b.so", Library()}});
  const size_t second = tar.find("b.so");
  tar[second + 130] = 'x';
  const auto files = ScanBytes(tar);
  CHECK(Shown(files) == Lines{"file 0", "file!a.so 2"});
  CHECK(Codes(files[0]) == Lines{"tar-bad-member"});
}
