// `check`: verdicts and exit codes over libraries made from a description. What is expected follows from the
// contract and from what each library was made to hold.
#include <filesystem>

#include "catch.h"
#include "check_run.h"

using namespace check_run;
using namespace fixtures;

TEST_CASE("without a question: read, listed, not judged") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(75), Cubin(80)}}));
  const Outcome outcome = Run({"check", path, "--json"});
  CHECK(outcome.code == 0);
  CHECK(outcome.Json()["schema"] == "cudacompat/check/1");
  CHECK(outcome.Json()["verdict"] == "compatible");
  CHECK(outcome.Json()["asked"].empty());
  CHECK(outcome.Json()["not_asked"].size() == 4);
  CHECK(Findings(outcome).empty());
}

TEST_CASE("a card that no module serves") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80), Cubin(90)}, {Cubin(80), Cubin(90)}}));
  const Outcome outcome = Run({"check", path, "--gpu", "7.5", "--json"});
  CHECK(outcome.code == 1);
  CHECK(outcome.Json()["rule"] == "no-kernel-image");
  CHECK(outcome.Json()["predicted_error"]["code"] == 209);
  CHECK(outcome.Json()["devices"][0]["verdict"] == "incompatible");
  CHECK(Run({"check", path, "--gpu", "8.6"}).code == 0);
}

TEST_CASE("a module of an ordinary build that lacks the card is a caveat that names it") {
  TempFolder folder;
  Entry named = Cubin(80);
  named.identifier = "second.cu";
  const std::string path =
      folder.Write("libk.so", Library({{Cubin(75), Cubin(80)}, {named, Cubin(90)}, {Cubin(75), Cubin(90)}}));
  const Outcome outcome = Run({"check", path, "--gpu", "7.5", "--json"});
  CHECK(outcome.code == 0);
  CHECK(Findings(outcome) == Lines{"image-missing-in-part 7.5 1"});
  CHECK(outcome.Json()["files"][0]["findings"][0]["modules"][0] == "second.cu");
}

TEST_CASE("a file that was left out of a target fails a demand for it, however few the targets are") {
  TempFolder folder;
  std::vector<std::vector<Entry>> modules(7, {Cubin(80), Cubin(86), Cubin(89)});
  modules.push_back({Cubin(89)});
  const std::string path = folder.Write("libk.so", Library(modules));
  const Outcome outcome = Run({"check", path, "--require", "sm_80,sm_89", "--json"});
  CHECK(outcome.code == 1);
  CHECK(outcome.Json()["rule"] == "required-image-missing");
  CHECK(Run({"check", path, "--require", "sm_89"}).code == 0);
}

TEST_CASE("cubins outside the containers are no modules beside them") {
  TempFolder folder;
  CubinOptions bare;
  bare.arch = 90;
  bare.kernels = {"_Z3addPf"};
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(75), Cubin(80)})},
                  {".data", Blob(8, 'x') + CubinBytes(bare)}};
  const std::string path = folder.Write("libk.so", ElfBytes(elf));
  CHECK(Run({"scan", "--deep", "--list", path}).out.find("sm_90") != std::string::npos);
  CHECK(Run({"check", path, "--require", "sm_75,sm_80"}).code == 0);
}

namespace {

// As many modules as stand beside each card, for that one alone.
std::vector<std::vector<Entry>> OneCardEach(const std::vector<std::pair<Entry, int>>& cards) {
  std::vector<std::vector<Entry>> modules;
  for (const auto& [entry, count] : cards) modules.insert(modules.end(), static_cast<size_t>(count), {entry});
  return modules;
}

}  // namespace

TEST_CASE("a hole in a hand-tuned library is meant so; shares decide") {
  TempFolder folder;
  const std::string path = folder.Write("libtuned.so", Library(OneCardEach({{Cubin(80), 60},
                                                                            {Cubin(90), 36},
                                                                            {Cubin(75), 12},
                                                                            {Cubin(60), 3},
                                                                            {Cubin(100, 0x100000), 10},
                                                                            {Cubin(100, 0x200000), 10},
                                                                            {Cubin(120, 0x100000), 10},
                                                                            {Cubin(120, 0x200000), 10}})));
  const Outcome half = Run({"check", path, "--gpu", "9.0", "--json"});
  CHECK(half.code == 0);
  CHECK(Findings(half).empty());
  const Outcome tenth = Run({"check", path, "--gpu", "7.5", "--json"});
  CHECK(tenth.code == 0);
  CHECK(Findings(tenth) == Lines{"image-missing-in-part 7.5 139"});
  const Outcome less = Run({"check", path, "--gpu", "6.0", "--json"});
  CHECK(less.code == 1);
  CHECK(less.Json()["rule"] == "no-kernel-image");
  CHECK(Run({"check", path, "--require", "9.0"}).code == 0);
  CHECK(Run({"check", path, "--require", "6.0"}).code == 1);
}

TEST_CASE("a hole in a build for one list is a hole, however many files it has") {
  TempFolder folder;
  std::vector<std::vector<Entry>> modules(19, {Cubin(80), Ptx(80, 9, 0)});
  modules.push_back({Cubin(90), Ptx(90, 9, 0)});
  const std::string list = folder.Write("libp.so", Library(modules));
  for (const std::string demand : {"sm_80", "sm_80,compute_80", "A100"}) {
    const Outcome outcome = Run({"check", list, "--require", demand, "--json"});
    CHECK(outcome.code == 1);
    CHECK(outcome.Json()["rule"] == "required-image-missing");
    CHECK(outcome.Json()["files"][0]["findings"][0]["modules_total"] == 1);
  }
  CHECK(Findings(Run({"check", list, "--gpu", "A100", "--json"})) == Lines{"image-missing-in-part A100 1"});
  const std::string old = folder.Write("old.so", Library({{Cubin(80), Ptx(80, 9, 0)}}));
  CHECK(Run({"check", list, "--baseline", old}).code == 1);
  // One card for each file of it.
  const std::string each =
      folder.Write("libm.so", Library(OneCardEach({{Cubin(90, 0x100000), 13}, {Cubin(100, 0x100000), 7}})));
  CHECK(Findings(Run({"check", each, "--require", "H100", "--json"})) ==
        Lines{"required-image-missing H100 7"});
}

TEST_CASE("a module compiled apart for another generation is no hole of the list") {
  TempFolder folder;
  const uint64_t a = 0x100000, f = 0x200000;
  // As NCCL is: one list, and some modules for the family of Blackwell alone.
  std::vector<std::vector<Entry>> modules(20, {Cubin(75), Cubin(80), Cubin(90), Cubin(100), Ptx(120, 9, 0)});
  const std::string old = folder.Write("old/libk.so", Library(modules));
  modules.push_back({Cubin(100, f)});
  modules.push_back({Cubin(90, a), Ptx(90, 9, 0), Ptx(90, 9, 0, a)});
  const std::string path = folder.Write("new/libk.so", Library(modules));
  CHECK(Run({"check", path, "--require", "T4,8.0,RTX 5090"}).code == 0);
  CHECK(Run({"check", path, "--baseline", old}).code == 0);
  CHECK(Findings(Run({"check", path, "--gpu", "T4", "--json"})).empty());
  // That very image: every module is asked.
  const Outcome image = Run({"check", path, "--require", "sm_75", "--json"});
  CHECK(Findings(image) == Lines{"required-image-missing sm_75 2"});
  CHECK(image.Json()["summary"].get<std::string>().find("other generations") != std::string::npos);
  // What the library serves nowhere is no less missing.
  CHECK(Findings(Run({"check", path, "--require", "V100", "--json"})) ==
        Lines{"required-image-missing V100 20"});
  // The same generation: sm_100a does not run on 10.3, and was to be sm_100f.
  std::vector<std::vector<Entry>> narrow(20, {Cubin(75), Cubin(100)});
  narrow.push_back({Cubin(100, a)});
  const std::string same = folder.Write("libn.so", Library(narrow));
  CHECK(Run({"check", same, "--require", "T4,B200"}).code == 0);
  CHECK(Findings(Run({"check", same, "--require", "10.3", "--json"})) ==
        Lines{"required-image-missing 10.3 1"});
  // A target of the list alone is a list that was cut short.
  std::vector<std::vector<Entry>> listed(20, {Cubin(75), Cubin(90, a)});
  listed.push_back({Cubin(90, a)});
  CHECK(Findings(Run({"check", folder.Write("libl.so", Library(listed)), "--require", "T4", "--json"})) ==
        Lines{"required-image-missing T4 1"});
}

TEST_CASE("a library that is known to be hand-tuned is, whatever its containers look like") {
  TempFolder folder;
  const Blob bytes = Library(OneCardEach({{Cubin(80), 3}, {Cubin(90), 2}}));
  for (const std::string name : {"libcufft.so.11", "libcusolver.so.12", "cublas64_12.dll"})
    CHECK(Run({"check", folder.Write(name, bytes), "--require", "A100"}).code == 0);
  CHECK(Run({"check", folder.Write("libmine.so.11", bytes), "--require", "A100"}).code == 1);
}

TEST_CASE("a driver without a card: the images of a file as those that are typed") {
  TempFolder folder;
  const std::string packed =
      folder.Write("libz.so", Library({{Packed(Cubin(86), Pack::kZstd)}, {Packed(Cubin(86), Pack::kZstd)}}));
  const Outcome old = Run({"check", packed, "--driver", "535.183.01", "--json"});
  CHECK(old.code == 1);
  CHECK(old.Json()["rule"] == "compressed-image-needs-newer-driver");
  CHECK(Run({"check", packed, "--driver", "550.54.14"}).code == 0);
  const std::string hopper = folder.Write("libh.so", Library({{Cubin(90)}}));
  const Outcome kepler = Run({"check", hopper, "--driver", "450.80.02", "--json"});
  CHECK(kepler.code == 1);
  CHECK(kepler.Json()["rule"] == "gpu-needs-newer-driver");
  // One module that runs is enough: which of them a program calls is not known.
  const std::string mixed = folder.Write("libm.so", Library({{Cubin(90)}, {Cubin(80)}}));
  CHECK(Run({"check", mixed, "--driver", "450.80.02"}).code == 0);
}

TEST_CASE("required images: that very image, in every module") {
  TempFolder folder;
  const std::string path =
      folder.Write("libk.so", Library({{Cubin(75), Cubin(80), Ptx(80, 8, 4)}, {Cubin(80), Ptx(80, 8, 4)}}));
  CHECK(Run({"check", path, "--require", "sm_80,compute_80,+PTX,8.0+PTX"}).code == 0);
  const Outcome hole = Run({"check", path, "--require", "sm_75,sm_80", "--json"});
  CHECK(hole.code == 1);
  CHECK(hole.Json()["rule"] == "required-image-missing");
  CHECK(Findings(hole) == Lines{"required-image-missing sm_75 1"});
  CHECK(Findings(Run({"check", path, "--require", "sm_90", "--json"})) ==
        Lines{"required-image-missing sm_90 2"});
}

TEST_CASE("required cards: they must be served, by whichever image") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(75), Cubin(80)}, {Cubin(80)}}));
  CHECK(Run({"check", path, "--require", "RTX 3090,8.9"}).code == 0);
  const Outcome hole = Run({"check", path, "--require", "RTX 2080", "--json"});
  CHECK(hole.code == 1);
  CHECK(Findings(hole) == Lines{"required-image-missing RTX 2080 1"});
  CHECK(Run({"check", path, "--require", "no such card"}).code == 3);
}

TEST_CASE("a required list may stand in a file") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const std::string list = folder.Write("list.txt", "# ours\nsm_80\nsm_90, 8.6 # more\n");
  CHECK(Findings(Run({"check", path, "--require", "@" + list, "--json"})) ==
        Lines{"required-image-missing sm_90 1"});
  CHECK(Run({"check", path, "--require", list}).code == 1);
  CHECK(Run({"check", path, "--require", "@" + list + ".gone"}).code == 65);
}

TEST_CASE("forbidden images") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(50), Cubin(80)}, {Cubin(80)}}));
  const Outcome found = Run({"check", path, "--forbid", "sm_50,+PTX", "--json"});
  CHECK(found.code == 1);
  CHECK(Findings(found) == Lines{"forbidden-image-present sm_50 1"});
  CHECK(Run({"check", path, "--forbid", "sm_90"}).code == 0);
  CHECK(Run({"check", path, "--forbid", "RTX 3090"}).code == 64);
}

TEST_CASE("the oldest driver: compression and PTX age") {
  TempFolder folder;
  const std::string zstd = folder.Write("libz.so", Library({{Packed(Cubin(80), Pack::kZstd)}}));
  const std::string lz4 = folder.Write("libl.so", Library({{Packed(Cubin(80), Pack::kLz4)}}));
  const std::string young = folder.Write("libp.so", Library({{Cubin(80), Ptx(80, 8, 4)}}));
  const Outcome packed = Run({"check", zstd, "--oldest-driver", "535.183.01", "--json"});
  CHECK(packed.code == 1);
  CHECK(packed.Json()["rule"] == "compressed-image-needs-newer-driver");
  CHECK(packed.Json()["files"][0]["findings"][0]["driver"] == "535.183.01");
  CHECK(Run({"check", zstd, "--oldest-driver", "550.54.14"}).code == 0);
  CHECK(Run({"check", lz4, "--oldest-driver", "535.183.01"}).code == 0);
  // CUDA 12.2 of that driver compiles PTX up to ISA 8.2; an H100 has nothing else here, an A100 has.
  const Outcome aged = Run({"check", young, "--oldest-driver", "535.183.01", "--json"});
  CHECK(aged.code == 1);
  CHECK(aged.Json()["rule"] == "ptx-newer-than-driver");
  CHECK(Run({"check", young, "--oldest-driver", "535.183.01", "--gpu", "8.0"}).code == 0);
}

TEST_CASE(
    "a driver that part of the modules is too new for has one verdict, by whichever flag it is stated") {
  TempFolder folder;
  const std::vector<Entry> both = {Cubin(86), Ptx(86, 7, 8)}, young = {Cubin(52), Ptx(52, 7, 8)};
  const std::string path = folder.Write("lib.so", Library({both, both, young}));
  const std::string packed = folder.Write("z.so", Library({both, both, {Packed(Cubin(86), Pack::kZstd)}}));
  auto told = [](std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const Outcome outcome = Run(arguments);
    return std::to_string(outcome.code) + " " + outcome.Json()["rule"].get<std::string>();
  };
  for (const auto& [file, rule] : {std::pair(path, "1 ptx-newer-than-driver"),
                                   std::pair(packed, "1 compressed-image-needs-newer-driver")}) {
    CHECK(told({"check", file, "--gpu", "8.6", "--os", "linux", "--driver", "470.82.01"}) == rule);
    CHECK(told({"check", file, "--gpu", "8.6", "--os", "linux", "--oldest-driver", "470.82.01"}) == rule);
    CHECK(told({"query", "--binary", file, "--gpu", "8.6", "--os", "linux", "--driver", "470.82.01"}) ==
          rule);
    CHECK(told({"check", file, "--gpu", "8.6", "--os", "linux", "--driver", "550.54.14"})[0] == '0');
    CHECK(told({"check", file, "--gpu", "8.6", "--os", "linux", "--oldest-driver", "550.54.14"})[0] == '0');
    CHECK(told({"check", file, "--gpu", "8.6"})[0] == '0');
  }
  // No image for the card at all is a matter of shares, whatever the driver.
  const std::string hole = folder.Write("h.so", Library({both, both, {Cubin(90)}}));
  CHECK(told({"check", hole, "--gpu", "8.6", "--os", "linux", "--driver", "550.54.14"})[0] == '0');
}

TEST_CASE("an image that nobody knows is neither missing nor there") {
  TempFolder folder;
  const std::string path = folder.Write("lib.so", Library({{Cubin(80), Ptx(80, 8, 4)}}));
  for (const char* target : {"sm_999", "compute_999", "lto_14", "sm_75a"}) {
    INFO(target);
    const Outcome outcome = Run({"check", path, "--require", target, "--json"});
    CHECK(outcome.code == 3);
    CHECK(outcome.Json()["rule"] == "unknown-build");
    CHECK(Run({"check", path, "--require", std::string("sm_80,") + target}).code == 3);
    CHECK(Run({"check", path, "--require", std::string("sm_90,") + target}).code ==
          1);  // that one is missing
    CHECK(Run({"check", path, "--forbid", target}).code == 0);
  }
  const std::string future = folder.Write("new.so", Library({{Cubin(990)}, {Cubin(80), Cubin(990)}}));
  CHECK(Run({"check", future, "--require", "sm_990"}).code == 0);  // what the file holds is there
}

TEST_CASE("the runtime that a library loads asks for a driver") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}, {"libcudart.so.13"}));
  const Outcome old = Run({"check", path, "--gpu", "8.0", "--driver", "550.54.14", "--json"});
  CHECK(old.code == 1);
  CHECK(old.Json()["rule"] == "driver-too-old");
  CHECK(Run({"check", path, "--gpu", "8.0", "--driver", "580.65.06"}).code == 0);
}

TEST_CASE("a baseline of another depth is compared as far as both were searched") {
  TempFolder folder;
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(75), Cubin(80)}) + ContainerOf({Cubin(75), Cubin(80)})},
                  {".ldata", Blob(64, 'x') + ContainerOf({Cubin(90)}) + ContainerOf({Cubin(90)})}};
  const std::string path = folder.Write("libk.so", ElfBytes(elf));
  elf.sections[0].bytes = ContainerOf({Cubin(80)}) + ContainerOf({Cubin(80)});
  const std::string worse = folder.Write("worse/libk.so", ElfBytes(elf));
  const std::string shallow = folder.Write("s.json", Run({"scan", path, "--json"}).out);
  const std::string deep = folder.Write("d.json", Run({"scan", path, "--deep", "--json"}).out);
  for (const std::string& baseline : {shallow, deep, path}) {
    for (const std::string how : {"--json", "--shallow"}) {
      INFO(baseline << how);
      CHECK(Run({"check", path, "--baseline", baseline, how}).code == 0);
      CHECK(Run({"check", worse, "--baseline", baseline, how}).code == 1);
    }
  }
  const auto asked = Run({"check", path, "--baseline", shallow, "--json"}).Json()["asked"];
  REQUIRE(asked.size() == 2);
  CHECK(asked[1].get<std::string>().find("sections") != std::string::npos);
  CHECK(Run({"check", path, "--baseline", deep, "--json"}).Json()["asked"].size() == 1);
}

TEST_CASE("a file is compared with its older self: of the same name, in the same folder") {
  TempFolder folder;
  const Blob wide = Library({{Cubin(75), Cubin(80)}}), narrow = Library({{Cubin(90)}});
  const std::string root = folder.path();
  folder.Write("1/p/_C.so", wide);
  folder.Write("2/p/_C.so", wide);
  folder.Write("2/p/new/_C.so", narrow);
  CHECK(Run({"check", root + "/2", "--baseline", root + "/1"}).code == 0);
  CHECK(Run({"check", root + "/2/p/_C.so", root + "/2/p/new/_C.so", "--baseline", root + "/1"}).code == 0);
  CHECK(Run({"check", root + "/2/p", "--baseline", root + "/1"}).code == 0);
  const std::string wheel =
      folder.Write("p-1-py3-none-any.whl", ZipBytes({{"p/_C.so", wide}, {"p/x.so", wide}}, Method::kStored));
  CHECK(Run({"check", root + "/2", "--baseline", wheel}).code == 1);  // x.so is gone
  folder.Write("2/p/x.so", wide);
  CHECK(Run({"check", root + "/2", "--baseline", wheel}).code == 0);
  folder.Write("2/p/_C.so", narrow);
  CHECK(Run({"check", root + "/2", "--baseline", root + "/1"}).code == 1);
  // Under another folder and version it is still the same file.
  folder.Write("3/q/libk-1a2b3c4d.so.2", narrow);
  folder.Write("3/q/y.so", wide);
  folder.Write("4/p/libk.so.1", wide);
  folder.Write("4/p/y.so", wide);
  CHECK(Run({"check", root + "/3", "--baseline", root + "/4"}).code == 1);
}

TEST_CASE("images that are a file each are alternatives, in a folder and in an archive") {
  TempFolder folder;
  CubinOptions cubin;
  cubin.kernels = {"k"};
  std::vector<File> files;
  for (const uint32_t arch : {75, 80, 90}) {
    cubin.arch = arch;
    files.push_back({"k/k" + std::to_string(arch) + ".cubin", CubinBytes(cubin)});
    folder.Write("d/" + files.back().name, files.back().bytes);
  }
  const std::string wheel = folder.Write("k-1-py3-none-any.whl", ZipBytes(files, Method::kDeflated));
  for (const std::string& path : {folder.path() + "/d", wheel}) {
    INFO(path);
    for (const std::string card : {"T4", "A100", "H100"}) {
      CHECK(Run({"check", path, "--gpu", card}).code == 0);
      CHECK(Run({"query", "--binary", path, "--gpu", card}).code == 0);
      CHECK(Run({"check", path, "--require", card}).code == 0);
    }
    const Outcome none = Run({"check", path, "--gpu", "V100", "--json"});
    CHECK(none.code == 1);
    CHECK(none.Json()["rule"] == "no-kernel-image");
    REQUIRE(none.Json()["files"].size() == 1);
    CHECK(none.Json()["files"][0]["images_total"] == 3);
    CHECK(Run({"check", path, "--forbid", "sm_90"}).code == 1);
    CHECK(Run({"check", path, "--baseline", wheel}).code == 0);
  }
  const std::string one = folder.path() + "/d/k/k75.cubin", other = folder.path() + "/d/k/k90.cubin";
  CHECK(Run({"check", one, other, "--gpu", "T4"}).code == 1);  // each path for itself
}

TEST_CASE("images in folders of tests tell nothing of what a package runs") {
  TempFolder folder;
  CubinOptions cubin;
  cubin.kernels = {"k"};
  std::vector<File> files;
  for (const uint32_t arch : {75, 80}) {
    cubin.arch = arch;
    files.push_back({"p/cuda/tests/k" + std::to_string(arch) + ".cubin", CubinBytes(cubin)});
    folder.Write("d/" + files.back().name, files.back().bytes);
  }
  const std::string wheel = folder.Write("p-1-py3-none-any.whl", ZipBytes(files, Method::kDeflated));
  for (const std::string& path : {folder.path() + "/d", wheel}) {
    INFO(path);
    const Outcome outcome = Run({"check", path, "--gpu", "T4", "--json"});
    CHECK(outcome.code == 3);
    CHECK(outcome.Json()["rule"] == "unknown-build");
  }
  cubin.arch = 90;
  files.push_back({"p/k90.cubin", CubinBytes(cubin)});
  const std::string both = folder.Write("p-2-py3-none-any.whl", ZipBytes(files, Method::kDeflated));
  CHECK(Run({"check", both, "--gpu", "T4"}).code == 1);
  CHECK(Run({"check", both, "--gpu", "H100"}).code == 0);
  CHECK(Run({"check", folder.path() + "/d/p/cuda/tests/k75.cubin", "--gpu", "T4"}).code == 0);  // it is named
}

TEST_CASE("what profilers hold decides nothing, and without others it is unknown") {
  TempFolder folder;
  const Blob old = Library({{Cubin(50)}});
  const std::string path =
      folder.Write("nvidia_cuda_cupti_cu12-12.1.105-py3-none-any.whl",
                   ZipBytes({{"nvidia/cuda_cupti/lib/libcupti.so.12", old},
                             {"nvidia/cuda_cupti/lib/libnvperf_host.so", old},
                             {"nvidia_cuda_cupti_cu12-12.1.105.dist-info/METADATA", "N"}},
                            Method::kStored));
  const Outcome alone = Run({"check", path, "--gpu", "RTX 5090", "--json"});
  CHECK(alone.code == 3);
  CHECK(alone.Json()["rule"] == "unknown-build");
  const std::string good = folder.Write("libk.so", Library({{Cubin(120)}}));
  CHECK(Run({"check", path, good, "--gpu", "RTX 5090"}).code == 0);
}

TEST_CASE("nothing forbidden is in a build for processors alone") {
  TempFolder folder;
  ElfOptions plain;
  plain.needed = {"libc.so.6"};
  const std::string path =
      folder.Write("c-1-py3-none-any.whl", ZipBytes({{"c/_c.so", ElfBytes(plain)}}, Method::kStored));
  CHECK(Run({"check", path, "--forbid", "sm_50"}).code == 0);
  CHECK(Run({"check", path, "--require", "sm_50"}).code == 1);
  CHECK(Run({"check", path, "--forbid", "sm_50", "--gpu", "T4"}).code == 1);
}

TEST_CASE("a demand is named as it was typed; what a hand-tuned library leaves out does not fail") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(75)}}));
  const std::string told = Run({"check", path, "--require", "8.6+PTX,+PTX"}).out;
  CHECK(told.find("8.6+PTX image") != std::string::npos);
  CHECK(told.find("holds no PTX, which") != std::string::npos);
  CHECK(told.find("8.6PTX") == std::string::npos);
  const std::string tuned =
      folder.Write("libcufft.so.11", Library(OneCardEach({{Cubin(80), 10}, {Cubin(75), 3}})));
  const std::string caveat = Run({"check", tuned, "--gpu", "T4"}).out;
  CHECK(caveat.find("image-missing-in-part") != std::string::npos);
  CHECK(caveat.find("fails") == std::string::npos);
}

TEST_CASE("more images than are listed, of kinds that have one name") {
  TempFolder folder;
  Entry mercury = Cubin(80);
  mercury.kind = 0x10;
  Entry cubin = Cubin(80);
  cubin.payload = mercury.payload = Blob(8, 'c');
  std::vector<Entry> entries(1000, cubin);
  entries.insert(entries.end(), 1000, mercury);
  const Blob container = ContainerOf(entries);
  Blob bytes;
  for (int i = 0; i < 66; ++i) bytes += container;
  const std::string path = folder.Write("k.fatbin", bytes);
  CHECK(Run({"check", path, "--gpu", "A100"}).code == 0);
  CHECK(Run({"check", path}).code == 0);
  CHECK(Run({"query", "--binary", path, "--gpu", "T4"}).code == 1);
}

TEST_CASE("coverage lost since a baseline, from the file and from its JSON") {
  TempFolder folder;
  const std::string old_path =
      folder.Write("libk.so.1", Library({{Cubin(75), Cubin(80)}, {Cubin(75), Cubin(80)}}));
  const std::string new_path = folder.Write("libk.so.2", Library({{Cubin(75), Cubin(80)}, {Cubin(80)}}));
  const Outcome lost = Run({"check", new_path, "--baseline", old_path, "--json"});
  CHECK(lost.code == 1);
  CHECK(Findings(lost) == Lines{"coverage-lost 7.5 1"});
  CHECK(Run({"check", old_path, "--baseline", new_path}).code == 0);
  const std::string recorded = folder.Write("old.json", Run({"scan", "--json", old_path}).out);
  CHECK(Findings(Run({"check", new_path, "--baseline", recorded, "--json"})) == Lines{"coverage-lost 7.5 1"});
  CHECK(Run({"check", new_path, "--baseline", folder.Write("bad.json", "{}")}).code == 65);
}

TEST_CASE("the file's own system and processor") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const Outcome other = Run({"check", path, "--os", "windows", "--json"});
  CHECK(other.code == 1);
  CHECK(other.Json()["rule"] == "binary-for-other-system");
  CHECK(Run({"check", path, "--os", "wsl", "--gpu", "8.0"}).code == 0);
}

TEST_CASE("what cannot be read is told, and the others are judged") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const std::string gone = folder.path() + "/gone.so";
  const Outcome some = Run({"check", path, gone, "--gpu", "8.0", "--json"});
  CHECK(some.code == 65);
  CHECK(some.err.find("gone.so") != std::string::npos);
  CHECK(some.Json()["files"][0]["verdict"] == "compatible");
  CHECK(some.Json()["unreadable"].size() == 1);
  const Outcome none = Run({"check", gone, "--json"});
  CHECK(none.code == 65);
  CHECK(none.out.empty());
}

TEST_CASE("files without device code") {
  TempFolder folder;
  const std::string path = folder.Write("libplain.so", ElfBytes({}));
  CHECK(Run({"check", path}).code == 0);
  const Outcome asked = Run({"check", path, "--gpu", "8.0", "--json"});
  CHECK(asked.code == 1);
  CHECK(asked.Json()["rule"] == "cpu-only-build");
}

TEST_CASE("a policy file, and flags that win over it") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const std::string policy = folder.Write(
      "cudacompat.toml", "[check]\nrequire = [\"sm_80\", \"sm_90\"]\nignore = [\"*/third_party/*\"]\n");
  CHECK(Run({"check", path, "--policy", policy}).code == 1);
  CHECK(Run({"check", path, "--policy", policy, "--require", "sm_80"}).code == 0);
  const std::string wrong = folder.Write("wrong.toml", "[check]\nrequires = \"sm_80\"\n");
  const Outcome headless = Run({"check", path, "--policy",
                                folder.Write("h.toml", "# ours\nrequire = \"sm_80\"\nforbid = \"sm_50\"\n")});
  CHECK(headless.code == 65);
  CHECK(headless.err.find("h.toml:2:") != std::string::npos);
  CHECK(headless.err.find("write a line [check] above it") != std::string::npos);
  const Outcome refused = Run({"check", path, "--policy", wrong});
  CHECK(refused.code == 65);
  CHECK(refused.err.find("unknown key 'requires'") != std::string::npos);
}

TEST_CASE("what is typed wrongly") {
  CHECK(Run({"check"}).code == 64);
  CHECK(Run({"check", "x.so", "--require", ""}).code == 64);
  CHECK(Run({"check", "x.so", "--require", "sm_80,,sm_90"}).code == 64);
  CHECK(Run({"check", "x.so", "--require", "sm_7x5"}).code == 64);
  CHECK(Run({"check", "x.so", "--oldest-driver", ">=535"}).code == 64);
  CHECK(Run({"check", "x.so", "--format", "xml"}).code == 64);
  CHECK(Run({"check", "x.so", "--json", "--format", "sarif"}).code == 64);
}

TEST_CASE("query --binary takes the same path") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const Outcome no = Run({"query", "--binary", path, "--gpu", "7.5", "--json"});
  CHECK(no.code == 1);
  CHECK(no.Json()["schema"] == "cudacompat/answer/1");
  CHECK(no.Json()["rule"] == "no-kernel-image");
  CHECK(Run({"query", "--binary", path, "--gpu", "RTX 3090"}).code == 0);
  CHECK(Run({"query", "--binary", path + ".gone", "--gpu", "7.5"}).code == 65);
}

TEST_CASE("conditional is exit 2: what could not be read may be what is missing") {
  TempFolder folder;
  fixtures::Blob bytes = Library({{Cubin(80)}, {Cubin(80), Cubin(90)}});
  const std::string cut = folder.Write("cut.so", bytes.substr(0, bytes.find("\x50\xed\x55\xba") + 300));
  const Outcome outcome = Run({"check", cut, "--gpu", "8.0", "--json"});
  INFO(outcome.out);
  CHECK(outcome.code == 2);
  CHECK(outcome.Json()["verdict"] == "conditional");
  CHECK(outcome.Json()["rule"] == "device-code-unreadable");
}

TEST_CASE("what could not be read at all is unknown, and nothing else is said of it") {
  TempFolder folder;
  const std::string path = folder.Write("cut.whl", std::string("PK\x03\x04") + std::string(100, '\0'));
  const Outcome outcome = Run({"check", path, "--gpu", "8.0", "--json"});
  CHECK(outcome.code == 3);
  CHECK(outcome.Json()["summary"] == "cut.whl holds no device code in the part that could be read.");
}

TEST_CASE("unknown is exit 3: a card that nobody knows, a driver that nobody knows") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const Outcome card = Run({"check", path, "--gpu", "RTX 9999 Ultra", "--json"});
  CHECK(card.code == 3);
  CHECK(card.Json()["rule"] == "unknown-gpu");
  const Outcome driver = Run({"check", path, "--gpu", "8.0", "--driver", "999.10", "--json"});
  CHECK(driver.code == 3);
  CHECK(driver.Json()["rule"] == "unknown-driver");
}

TEST_CASE("a machine's report is the target") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80), Cubin(90)}}));
  const std::string report =
      folder.Write("smi.txt", "GPU 0: Tesla T4 (UUID: GPU-6a4f1dbe-7f0f-4c52-8c92-1b1d8a4de9b1)\n");
  const Outcome outcome = Run({"check", path, "--target", report, "--json"});
  INFO(outcome.out + outcome.err);
  CHECK(outcome.code == 1);
  CHECK(outcome.Json()["rule"] == "no-kernel-image");
  CHECK(outcome.Json()["devices"][0]["compute_capability"] == "7.5");
  const std::string newer = folder.Write(
      "smi2.txt", "GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-6a4f1dbe-7f0f-4c52-8c92-1b1d8a4de9b1)\n");
  CHECK(Run({"check", path, "--target", newer}).code == 0);
  CHECK(Run({"check", path, "--target", folder.path() + "/gone"}).code == 65);
  CHECK(Run({"check", path, "--target", report, "--here"}).code == 64);
}

TEST_CASE("a recorded machine below a root, and this machine") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const std::string root = std::string(CUDACOMPAT_SOURCE_DIR) + "/tests/fixtures/hosts";
  size_t judged = 0;
  for (const auto& host : std::filesystem::directory_iterator(root)) {
    if (!host.is_directory()) continue;
    const Outcome outcome = Run({"check", path, "--root", host.path().string(), "--json"});
    INFO(host.path().string() << outcome.out << outcome.err);
    CHECK(outcome.code >= 0);
    CHECK(outcome.code <= 3);
    Validate(folder, "docs/schema/check.schema.json", outcome.out);
    if (++judged == 4) break;
  }
  CHECK(judged != 0);
  const Outcome here = Run({"check", path, "--here", "--json"});
  CHECK(here.code <= 3);
  Validate(folder, "docs/schema/check.schema.json", here.out);
}

TEST_CASE("required: all-major of the toolkit that built it, and PTX of a card") {
  TempFolder folder;
  const std::string poor = folder.Write("libp.so", Library({{Cubin(80)}}));
  const Outcome lacking = Run({"check", poor, "--require", "all-major", "--json"});
  INFO(lacking.out);
  CHECK(lacking.code == 1);
  CHECK(lacking.Json()["rule"] == "required-image-missing");
  CHECK(Run({"check", poor, "--require", "8.0+PTX"}).code == 1);
  const std::string rich = folder.Write("libr.so", Library({{Cubin(80), Ptx(80, 7, 0)}}));
  CHECK(Run({"check", rich, "--require", "8.0+PTX"}).code == 0);
}

TEST_CASE("query --binary prints what it was compiled to") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const Outcome sql = Run({"query", "--binary", path, "--gpu", "8.6", "--show", "sql"});
  CHECK(sql.code == 0);
  CHECK(sql.out.find("asked_device") != std::string::npos);
  CHECK(Run({"query", "--binary", path, "--gpu", "8.6", "--show", "ast"}).out.find(path) !=
        std::string::npos);
}
