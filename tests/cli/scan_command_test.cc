// `scan`: every flag, its formats and exit codes, over files made from a description. What is expected
// follows from the contract and from what each file was made to hold.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catch.h"
#include "check_run.h"

using namespace check_run;
using namespace fixtures;

namespace {

Lines FilesIn(const std::string& folder) {
  Lines names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Blob Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Entry CubinWithKernel(uint32_t arch, const std::string& name) {
  CubinOptions cubin;
  cubin.arch = arch;
  cubin.kernels = {name};
  Entry entry = Cubin(arch);
  entry.payload = CubinBytes(cubin);
  return entry;
}

}  // namespace

TEST_CASE("scan: the table, the list, CSV and JSON tell of the same images") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80), Ptx(80, 8, 4)}, {Cubin(80)}}));
  CHECK(Run({"scan", path}).code == 0);
  CHECK(Run({"scan", path}).out.find("3 images in 2 containers") != std::string::npos);
  CHECK(Run({"scan", "--list", path}).out ==
        "1\tcubin\tsm_80\tnone\t.nv_fatbin\n2\tptx\tcompute_80\tnone\t.nv_fatbin\n"
        "3\tcubin\tsm_80\tnone\t.nv_fatbin\n");
  const std::string csv = Run({"scan", "--csv", path}).out;
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 4);
  const auto json = Run({"scan", "--json", "--list", path}).Json();
  CHECK(json["files"][0]["images_total"] == 3);
  CHECK(json["files"][0]["entries"].size() == 3);
  CHECK_FALSE(Run({"scan", "--json", path}).Json()["files"][0].contains("entries"));
}

TEST_CASE("scan: JSON by its schema, with every flag, for every container format") {
  TempFolder folder;
  const Blob library =
      Library({{CubinWithKernel(80, "_Z3addPf"), Packed(Ptx(80, 8, 4), Pack::kZstd)}}, {"libcudart.so.12"});
  const std::string elf = folder.Write("lib k.so", library);
  folder.Write("k.a", ArBytes({{"k.o", library}}));
  folder.Write("k.whl",
               ZipBytes({{"k-1.0.dist-info/METADATA", "x"}, {"k/libk.so", library}}, Method::kDeflated));
  folder.Write("k.tar.gz", Gzip(TarBytes({{"k/libk.so", library}})));
  folder.Write("k.fatbin", ContainerOf({Cubin(90, 0x100000), Ptx(100, 8, 8, 0x200000)}));
  folder.Write("broken.so", library.substr(0, library.size() / 2));
  folder.Write("k.ptx", ".version 8.4\n.target sm_80\n.address_size 64\n");
  folder.Write("text.txt", "nothing");
  for (const Lines& flags : {Lines{}, Lines{"--list"}, Lines{"--deep"}, Lines{"--kernels"},
                             Lines{"--deep", "--list", "--kernels"}}) {
    Lines arguments{"scan", "--json", folder.path(), elf, folder.path() + "/gone"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Outcome outcome = Run(arguments);
    CHECK(outcome.code == 65);
    CHECK(outcome.Json()["unreadable"].size() == 1);
    Validate(folder, "docs/schema/scan.schema.json", outcome.out);
  }
}

TEST_CASE("scan: --deep finds what lies outside the sections, and both answers exist") {
  TempFolder folder;
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(80)})}, {".rodata", ContainerOf({Cubin(90)})}};
  const std::string path = folder.Write("libk.so", ElfBytes(elf));
  CHECK(Run({"scan", "--list", path}).out == "1\tcubin\tsm_80\tnone\t.nv_fatbin\n");
  const auto json = Run({"scan", "--deep", "--json", "--list", path}).Json();
  CHECK(json["files"][0]["searched"] == "deep");
  REQUIRE(json["files"][0]["entries"].size() == 2);
  CHECK(json["files"][0]["entries"][0]["listed_by_vendor_tool"] == true);
  CHECK(json["files"][0]["entries"][1]["target"] == "sm_90");
  CHECK(json["files"][0]["entries"][1]["in_fatbin_section"] == false);
  CHECK(json["files"][0]["entries"][1]["listed_by_vendor_tool"] == false);
}

TEST_CASE("scan: --kernels names each kernel with the targets that it has") {
  TempFolder folder;
  const std::string path =
      folder.Write("libk.so", Library({{CubinWithKernel(80, "_Z3addPf"), CubinWithKernel(90, "_Z3addPf")},
                                       {CubinWithKernel(80, "_Z3subPf")}}));
  const auto json = Run({"scan", "--kernels", "--json", path}).Json();
  const auto& kernels = json["files"][0]["kernels"];
  REQUIRE(kernels.size() == 2);
  CHECK(kernels[0]["name"] == "_Z3addPf");
  CHECK(kernels[0]["demangled"] == "add(float*)");
  CHECK(kernels[0]["targets"] == nlohmann::json({"sm_80", "sm_90"}));
  CHECK(kernels[1]["targets"] == nlohmann::json({"sm_80"}));
  CHECK(Run({"scan", "--kernels", path}).out.find("sub(float*)") != std::string::npos);
}

TEST_CASE("scan: --extract writes each image unpacked, through every codec, and no partial file stays") {
  TempFolder folder;
  const Blob payload(5000, 'k');
  Entry plain = Cubin(80);
  plain.payload = payload;
  std::vector<Entry> entries{plain};
  for (const Pack pack : {Pack::kZlib, Pack::kLz4, Pack::kLz4Frame, Pack::kZstd})
    entries.push_back(Packed(plain, pack));
  const std::string path = folder.Write("libk.so", Library({entries}));
  const std::string out = folder.path() + "/out";
  const Outcome outcome = Run({"scan", "--extract", out, path});
  CHECK(outcome.code == 0);
  CHECK(outcome.err.find("5 images written to") != std::string::npos);
  REQUIRE(FilesIn(out).size() == 5);
  for (const std::string& name : FilesIn(out)) {
    CHECK(name.find("libk.so.") == 0);
    CHECK(name.find(".sm_80.cubin") == name.size() - 12);
    CHECK(Content(out + "/" + name) == payload);
  }
}

TEST_CASE("scan: --extract writes PTX without the zero bytes that pad it") {
  TempFolder folder;
  const Blob text = ".version 8.0\n.target sm_80\n";
  Entry ptx = Ptx(80, 8, 0);
  ptx.payload = text + Blob(4, '\0');
  const std::string path = folder.Write("libk.so", Library({{ptx}}));
  const std::string out = folder.path() + "/out";
  REQUIRE(Run({"scan", "--extract", out, path}).code == 0);
  REQUIRE(FilesIn(out).size() == 1);
  CHECK(Content(out + "/" + FilesIn(out)[0]) == text);
}

TEST_CASE("scan: --extract never writes over anything, and takes no path from an archive") {
  TempFolder folder;
  const std::string path =
      folder.Write("evil.zip", ZipBytes({{"../../evil/libk.so", Library({{Cubin(80)}})}}, Method::kStored));
  const std::string out = folder.path() + "/out";
  CHECK(Run({"scan", "--extract", out, path}).code == 0);
  const Lines names = FilesIn(out);
  REQUIRE(names.size() == 1);
  CHECK(FilesIn(folder.path()) == Lines{"evil.zip", "out"});
  // Again: the file is there; a link in its place is not followed either.
  const Outcome again = Run({"scan", "--extract", out, path});
  CHECK(again.code == 65);
  CHECK(again.err.find("File exists") != std::string::npos);
  std::filesystem::remove(out + "/" + names[0]);
  std::filesystem::create_symlink(folder.path() + "/target", out + "/" + names[0]);
  CHECK(Run({"scan", "--extract", out, path}).code == 65);
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/target"));
  CHECK(FilesIn(out) == names);
}

TEST_CASE("scan: --extract into what is no folder is one error, and many failures are told in a few lines") {
  TempFolder folder;
  std::vector<Entry> entries;
  for (uint32_t arch = 50; arch < 80; ++arch) entries.push_back(Cubin(arch));
  const std::string path = folder.Write("libk.so", Library({entries}));
  const Outcome file = Run({"scan", "--extract", path, path});
  CHECK(file.code == 65);
  CHECK(file.out.empty());
  CHECK(file.err.find("Not a directory") != std::string::npos);
  const std::string out = folder.path() + "/out";
  CHECK(Run({"scan", "--extract", out, path}).code == 0);
  const Outcome again = Run({"scan", "--extract", out, path});
  CHECK(again.code == 65);
  CHECK(again.err.find("25 more images were not written") != std::string::npos);
  CHECK(again.err.size() < 2000);
}

TEST_CASE("scan: --only chooses among the images to extract") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80), Cubin(90), Ptx(80, 8, 4)}}));
  const std::string out = folder.path() + "/out";
  CHECK(Run({"scan", "--extract", out, "--only", "sm_90", "--only", "compute_80", path}).code == 0);
  const Lines names = FilesIn(out);
  REQUIRE(names.size() == 2);
  CHECK(names[0].find("sm_90.cubin") != std::string::npos);
  CHECK(names[1].find("compute_80.ptx") != std::string::npos);
}

TEST_CASE("scan: the order does not depend on the number of threads") {
  TempFolder folder;
  Lines paths;
  for (int i = 0; i < 40; ++i) {
    folder.Write("lib" + std::to_string(i) + ".so", Library({{Cubin(static_cast<uint32_t>(50 + i))}}));
  }
  const std::string one = Run({"scan", "--json", "--list", "--threads", "1", folder.path()}).out;
  CHECK(Run({"scan", "--json", "--list", "--threads", "8", folder.path()}).out == one);
  CHECK(Run({"scan", "--json", "--list", folder.path()}).out == one);
}

TEST_CASE("scan: exit codes") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const std::string gone = folder.path() + "/gone.so";
  CHECK(Run({"scan", path}).code == 0);
  CHECK(Run({"scan", folder.Write("plain.txt", "text")}).code == 0);
  CHECK(Run({"scan", folder.Write("cut.so", Library({{Cubin(80)}}).substr(0, 300))}).code ==
        0);  // problems are told
  const Outcome some = Run({"scan", path, gone, "--list"});
  CHECK(some.code == 65);
  CHECK(some.out == "1\tcubin\tsm_80\tnone\t.nv_fatbin\n");
  CHECK(some.err.find("gone.so") != std::string::npos);
  const Outcome none = Run({"scan", gone, "--json"});
  CHECK(none.code == 65);
  CHECK(none.out.empty());
  const std::string fifo = folder.path() + "/fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(Run({"scan", fifo}).code == 65);
  for (const Lines& wrong : {Lines{"scan"}, Lines{"scan", ""}, Lines{"scan", path, "--csv", "--json"},
                             Lines{"scan", path, "--csv", "--list"}, Lines{"scan", path, "--only", "sm_80"},
                             Lines{"scan", path, "--extract", folder.path(), "--only", "sm80"},
                             Lines{"scan", path, "--threads", "0"}, Lines{"scan", path, "--threads", "many"},
                             Lines{"scan", path, "--deeper"}}) {
    const Outcome refused = Run(wrong);
    CHECK(refused.code == 64);
    CHECK(refused.out.empty());
    CHECK_FALSE(refused.err.empty());
  }
}
