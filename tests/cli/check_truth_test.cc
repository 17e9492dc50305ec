// `check` and `query --binary` never say more than a file shows: what was not read, what only names CUDA,
// what a newer compiler made. Expected from the contract ("never no by silence") and the vendor's driver
// tables.
#include <filesystem>

#include "catch.h"
#include "check_run.h"

using namespace check_run;
using namespace fixtures;

namespace {

Entry CubinOf(uint32_t arch, uint32_t toolkit) {
  Entry entry = Cubin(arch);
  CubinOptions options;
  options.arch = arch;
  options.toolkit = toolkit;
  options.kernels = {"k"};
  entry.payload = CubinBytes(options);
  return entry;
}

// A library that registers its containers and imports nobody's function for it: the runtime is inside.
Blob StaticLibrary(const std::vector<Entry>& entries) {
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf(entries)}, {".nvFatBinSegment", Blob(24, '\0')}};
  elf.needed = {"libc.so.6"};
  return ElfBytes(elf);
}

}  // namespace

TEST_CASE("machine code of a newer CUDA major on an older driver is not promised") {
  TempFolder folder;
  const std::string path = folder.Write("k.fatbin", ContainerOf({CubinOf(80, 130), CubinOf(90, 130)}));
  BothTell(path, {"--gpu", "A100", "--driver", "525.60.13"}, "2 image-not-guaranteed");
  BothTell(path, {"--gpu", "A100", "--driver", "470.82.01"}, "2 image-not-guaranteed");
  BothTell(path, {"--gpu", "A100", "--driver", "580.65.06"}, "0 native-image");
  CHECK(Told({"check", path, "--oldest-driver", "570.86.10"}) == "2 image-not-guaranteed");
  CHECK(Told({"check", path, "--oldest-driver", "580.65.06"}) == "0 target-consistent");
  // A newer libcuda on the same kernel driver loads it (forward compatibility, on a card that has it).
  CHECK(Told({"check", path, "--gpu", "A100", "--driver", "535.183.01", "--cuda-driver", "13.0"})[0] == '2');
  const std::string twelve = folder.Write("k12.fatbin", ContainerOf({CubinOf(80, 128)}));
  BothTell(twelve, {"--gpu", "A100", "--driver", "525.60.13"}, "0 native-image");
  BothTell(twelve, {"--gpu", "A100", "--driver", "470.82.01"}, "2 image-not-guaranteed");
  const auto open = Run({"query", "--binary", path, "--gpu", "A100", "--json"}).Json();
  CHECK(open["requires"][0]["sure_from"] == "580.65.06");
}

TEST_CASE("PTX shows the toolkit that made a file where no cubin does") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", StaticLibrary({Cubin(75), Ptx(120, 9, 2)}));
  const Outcome scanned = Run({"scan", path, "--json"});
  CHECK(scanned.Json()["files"][0]["static_cudart"] == true);
  BothTell(path, {"--gpu", "T4", "--driver", "570.86.10"}, "1 driver-too-old");
  BothTell(path, {"--gpu", "T4", "--driver", "580.65.06"}, "0 native-image");
}

TEST_CASE("a runtime that repairing a wheel has renamed asks for its driver") {
  TempFolder folder;
  int number = 0;
  for (const std::string release : {"11.0.99", "11.1.74", "11.5.117", "11.8.89", "12.4.99"}) {
    INFO(release);
    const std::string path =
        folder.Write(std::to_string(++number) + "/core.so",
                     Library({{CubinOf(75, 118)}}, {"libcudart-d0da41ae.so." + release}));
    BothTell(path, {"--gpu", "T4", "--driver", "440.33.01"}, "1 driver-too-old");
    BothTell(path, {"--gpu", "T4", "--driver", "580.65.06"}, "0 native-image");
  }
}

TEST_CASE("a library without device code that loads a newer runtime stops the package") {
  TempFolder folder;
  ElfOptions loads;
  loads.needed = {"libcublas.so.13"};
  const Blob wheel = ZipBytes({{"p/_code.so", Library({{Cubin(75)}})},
                               {"p/_blas.so", ElfBytes(loads)},
                               {"p-1.dist-info/METADATA", "Name: p"}},
                              Method::kStored);
  const std::string path = folder.Write("p-1-py3-none-linux_x86_64.whl", wheel);
  BothTell(path, {"--gpu", "T4", "--driver", "570.86.10"}, "1 driver-too-old");
  BothTell(path, {"--gpu", "T4", "--driver", "580.65.06"}, "0 native-image");
}

TEST_CASE("what was not read is unknown, whatever was asked") {
  TempFolder folder;
  const std::vector<std::string> unread = {
      folder.Write("k.rpm", std::string("\xed\xab\xee\xdb") + Blob(600, 'r')),
      folder.Write("k.7z", std::string("7z\xbc\xaf\x27\x1c") + Blob(600, '7')),
      folder.Write("page.whl", "<!DOCTYPE html><html>503</html>"), folder.Write("zero.so", Blob(4096, '\0')),
      folder.Write("none.so", "")};
  for (const std::string& path : unread) {
    BothTell(path, {"--gpu", "T4"}, "3 unknown-build");
    CHECK(Told({"check", path, "--require", "sm_75"}) == "3 unknown-build");
    CHECK(Told({"check", path, "--forbid", "sm_50"}) == "3 unknown-build");
    CHECK(Told({"check", path, "--oldest-driver", "535"}) == "3 unknown-build");
    CHECK(Run({"check", path}).code == 0);
  }
  std::filesystem::create_directory(folder.path() + "/empty");
  BothTell(folder.path() + "/empty", {"--gpu", "T4"}, "3 unknown-build");
  const std::string pure = folder.Write("q.whl", ZipBytes({{"q/a.py", "import torch\n"}}, Method::kStored));
  BothTell(pure, {"--gpu", "T4"}, "3 unknown-build");
  const std::string mixed = folder.Write("libk.so", Library({{Cubin(75)}}));
  const Outcome beside = Run({"check", mixed, unread[0], "--gpu", "T4", "--json"});
  CHECK(beside.code == 3);
  CHECK(Findings(beside) == Lines{"unknown-build k.rpm 0"});
}

TEST_CASE("each path that is given is judged for itself: a good one hides no other") {
  TempFolder folder;
  const std::string good = folder.Write("libk.so", Library({{Cubin(75)}}));
  ElfOptions plain;
  plain.needed = {"libc.so.6"};
  const std::string cpu =
      folder.Write("c-1-py3-none-any.whl", ZipBytes({{"c/_c.so", ElfBytes(plain)}}, Method::kStored));
  const std::string pure = folder.Write("q.whl", ZipBytes({{"q/a.py", "import torch\n"}}, Method::kStored));
  const std::string page = folder.Write("page.whl", "<!DOCTYPE html><html>503</html>");
  std::filesystem::create_directory(folder.path() + "/empty");
  const std::vector<std::pair<std::string, std::string>> others = {
      {cpu, "1 cpu-only-build"},
      {pure, "3 unknown-build"},
      {page, "3 unknown-build"},
      {folder.path() + "/empty", "3 unknown-build"}};
  for (const auto& [other, told] : others) {
    INFO(other);
    BothTell(other, {"--gpu", "T4"}, told);
    for (const auto& paths : {std::pair(good, other), std::pair(other, good)}) {
      CHECK(Told({"check", paths.first, paths.second, "--gpu", "T4"}) == told);
      CHECK(Told({"check", paths.first, paths.second, "--require", "T4"}) == told);
      CHECK(Told({"check", paths.first, paths.second, "--require", "sm_75"}) == told);
      CHECK(Told({"query", "--binary", paths.first, "--binary", paths.second, "--gpu", "T4"}) == told);
    }
  }
  // Inside one folder what holds no code is passed over.
  CHECK(Told({"check", folder.path(), "--gpu", "T4"})[0] == '0');
  CHECK(Told({"check", good, good, "--gpu", "T4"})[0] == '0');
}

TEST_CASE("files of one installed package that are given one by one belong together") {
  TempFolder folder;
  ElfOptions plain;
  plain.needed = {"libc.so.6"};
  const std::string code = folder.Write("p/_k.so", Library({{Cubin(75)}}));
  const std::string helper = folder.Write("p/_h.so", ElfBytes(plain));
  folder.Write("p-1.dist-info/RECORD", "p/_k.so,,\np/_h.so,,\n");
  CHECK(Told({"check", code, helper, "--gpu", "T4"})[0] == '0');
}

TEST_CASE("what is demanded of the images holds for each of several libraries for one job") {
  TempFolder folder;
  const std::string path =
      folder.Write("bitsandbytes-0.48.1-py3-none-any.whl",
                   ZipBytes({{"bitsandbytes/libbitsandbytes_cuda118.so", Library({{Cubin(60), Cubin(75)}})},
                             {"bitsandbytes/libbitsandbytes_cuda129.so", Library({{Cubin(75), Cubin(120)}})},
                             {"bitsandbytes-0.48.1.dist-info/METADATA", "Name: bitsandbytes"}},
                            Method::kStored));
  CHECK(Told({"check", path, "--require", "T4,RTX 5090"})[0] == '0');  // the best of them
  CHECK(Told({"check", path, "--require", "sm_75"})[0] == '0');
  CHECK(Told({"check", path, "--require", "sm_120"}) == "1 required-image-missing");
  CHECK(Told({"check", path, "--forbid", "sm_60"}) == "1 forbidden-image-present");
  CHECK(Told({"check", path, "--forbid", "sm_50"})[0] == '0');
}

TEST_CASE("an oldest driver that is no driver's number is unknown") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", StaticLibrary({Cubin(75), Ptx(120, 9, 0)}));
  for (const std::string number : {"12.4", "13.0", "12", "1.0", "700", "999.1"}) {
    INFO(number);
    CHECK(Told({"check", path, "--oldest-driver", number}) == "3 unknown-driver");
    CHECK(Told({"check", path, "--driver", number}) == "3 unknown-driver");
  }
  CHECK(Told({"check", path, "--oldest-driver", "580.65.06"})[0] == '0');
}

TEST_CASE("each card has its own worst of all files that decide") {
  TempFolder folder;
  folder.Write("d/a.so", Library({{Cubin(75), Ptx(75, 8, 0)}}));
  folder.Write("d/b.so", Library({{Cubin(90)}}));
  folder.Write("d/c.so", Library({{Cubin(80)}}));
  const auto devices =
      Run({"check", folder.path() + "/d", "--gpu", "H100", "--gpu", "A100", "--gpu", "T4", "--json"})
          .Json()["devices"];
  REQUIRE(devices.size() == 3);
  for (const auto& device : devices) CHECK(device["verdict"] == "incompatible");
}

TEST_CASE("libraries of CUDA are no CPU-only builds") {
  TempFolder folder;
  ElfOptions elf;
  elf.soname = "libcudart.so.12";
  const Blob runtime = ElfBytes(elf);
  elf.soname = "libnvrtc.so.12";
  const std::string wheel =
      folder.Write("r.whl", ZipBytes({{"lib/libcudart.so.12", runtime}}, Method::kDeflated));
  const std::string dll = folder.Write("cudart64_12.dll", PeBytes({}));
  const std::string compiler = folder.Write("libnvrtc.so.12", ElfBytes(elf));
  BothTell(wheel, {"--gpu", "T4", "--driver", "450.80.02"}, "1 driver-too-old");
  BothTell(wheel, {"--gpu", "T4", "--driver", "535.54.03"}, "0 driver-sufficient");
  BothTell(dll, {"--gpu", "T4", "--driver", "452.39"}, "1 driver-too-old");
  BothTell(compiler, {"--gpu", "T4"}, "3 unknown-build");
}

TEST_CASE("a program that opens the driver by name may use it") {
  TempFolder folder;
  const Blob name = Blob(100, ' ') + "libcuda.so.1" + Blob(200, ' ');
  const std::string loader = folder.Write("libjit.so", ElfBytes({.sections = {{".rodata", name}}}));
  BothTell(loader, {"--gpu", "T4"}, "3 unknown-build");
  const std::string packed = folder.Write(
      "j.whl", ZipBytes({{"j/libjit.so", ElfBytes({.sections = {{".rodata", name}}})}}, Method::kDeflated));
  BothTell(packed, {"--gpu", "T4"}, "3 unknown-build");
  const Blob wide("n\0v\0c\0u\0d\0a\0.\0d\0l\0l\0", 20);
  BothTell(
      folder.Write("jit.dll",
                   PeBytes({.sections = {{".rdata", Blob(64, ' ') + wide + Blob(64, ' '), 1, 0x40000040}}})),
      {"--gpu", "T4"}, "3 unknown-build");
  // A name that straddles two pieces of what is read at once.
  for (const size_t at : {size_t{131060}, size_t{131064}, size_t{131070}, size_t{131071}}) {
    Blob far(300000, ' ');
    far.replace(at - 64, 12, "libcuda.so.1");
    BothTell(folder.Write("libfar.so", ElfBytes({.sections = {{".rodata", far}}})), {"--gpu", "T4"},
             "3 unknown-build");
  }
}

TEST_CASE("of a folder its programs are told, not the folder") {
  TempFolder folder;
  ElfOptions elf;
  elf.sections = {{".text", Blob(64, 'x')}};
  for (const char* name : {"f/a.so", "f/b.so"}) folder.Write(name, ElfBytes(elf));
  folder.Write("f/c.conf", "x = 1\n");
  const Outcome outcome = Run({"check", folder.path() + "/f", "--require", "sm_80", "--json"});
  CHECK(outcome.code == 1);
  CHECK(outcome.Json()["rule"] == "cpu-only-build");
  CHECK(
      outcome.Json()["summary"] ==
      "None of the programs in f (2 programs) holds device code or loads a CUDA library: they run without a GPU and see none.");
}

TEST_CASE("a policy that leaves everything out judges nothing, and says so") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const std::string policy = folder.Write("p.toml", "[check]\nignore = [\"*libk*\"]\n");
  const Outcome outcome = Run({"check", path, "--policy", policy, "--gpu", "8.0", "--json"});
  CHECK(outcome.code == 3);
  CHECK(outcome.Json()["summary"].get<std::string>().find("ignore") != std::string::npos);
}

namespace {

// A wheel of one package with these members.
std::string Wheel(const TempFolder& folder, const std::string& package, std::vector<File> files,
                  Method method = Method::kStored) {
  files.push_back({package + "-1.dist-info/METADATA", "Name: " + package});
  return folder.Write(package + "-1-py3-none-any.whl", ZipBytes(files, method));
}

// "role decides" of each file with device code, by the last part of its path.
Lines Roles(const Outcome& outcome) {
  Lines roles;
  const nlohmann::json json = outcome.Json();
  for (const auto& file : json["files"]) {
    if (file["role"].is_null() || file["images_total"] == 0) continue;
    const std::string path = file["path"].get<std::string>();
    roles.push_back(path.substr(path.find_last_of("/!") + 1) + " " + file["role"].get<std::string>());
  }
  return roles;
}

}  // namespace

TEST_CASE("what repairing a wheel put beside its own libraries decides nothing") {
  TempFolder folder;
  const Blob own = Library({{Cubin(75), Cubin(80)}}), old = Library({{Cubin(50)}});
  for (const std::string place : {"p.libs/libnvcomp-1a2b3c4d.so", "p/.libs/libnvcomp-1a2b3c4d.so"}) {
    const std::string wheel = Wheel(folder, "p", {{"p/_C.so", own}, {place, old}});
    BothTell(wheel, {"--gpu", "T4"}, "0 native-image");
    CHECK(Run({"check", wheel, "--require", "T4"}).code == 0);
    CHECK(Roles(Run({"check", wheel, "--gpu", "T4", "--json"})) ==
          Lines{"_C.so own", "libnvcomp-1a2b3c4d.so companion"});
  }
  // Where that is all the device code there is, it is the package's own.
  const std::string alone = Wheel(folder, "q", {{"q.libs/libcvcuda-1a2b3c4d.so", old}});
  BothTell(alone, {"--gpu", "T4"}, "1 no-kernel-image");
}

TEST_CASE("a library for one architecture by name is a variant beside the package's others") {
  TempFolder folder;
  const uint64_t a = 0x100000;
  const Blob common = Library({{Cubin(75), Cubin(80), Cubin(90)}, {Cubin(75), Cubin(80), Cubin(90, a)}});
  const Blob hopper = Library({{Cubin(90, a)}, {Cubin(90, a), Cubin(100, a)}});
  const std::string wheel = Wheel(folder, "p", {{"p/common_ops.so", common}, {"p/flash_ops.so", hopper}});
  BothTell(wheel, {"--gpu", "A100"}, "0 native-image");
  CHECK(Run({"check", wheel, "--require", "T4,A100"}).code == 0);
  CHECK(Run({"check", wheel, "--gpu", "V100"}).code == 1);
  CHECK(Run({"check", wheel, "--require", "sm_75"}).code == 1);
  CHECK(Roles(Run({"check", wheel, "--gpu", "A100", "--json"})) ==
        Lines{"common_ops.so own", "flash_ops.so variant"});
  // Alone, or for plain targets, it is judged as any other.
  CHECK(Run({"check", folder.Write("flash_ops.so", hopper), "--gpu", "A100"}).code == 1);
  const std::string plain =
      Wheel(folder, "q", {{"q/common_ops.so", common}, {"q/other.so", Library({{Cubin(90)}})}});
  CHECK(Run({"check", plain, "--gpu", "A100"}).code == 1);
}

TEST_CASE("a tracer's cubins decide nothing, the runtime of CUDA does") {
  TempFolder folder;
  const std::string tracer =
      Wheel(folder, "p", {{"p/iket/libiket_cubin_info.so", Library({{Cubin(90)}, {Cubin(100)}})}});
  CHECK(Told({"check", tracer, "--gpu", "RTX 4090"}) == "3 unknown-build");
  ElfOptions runtime;
  runtime.soname = "libcudart.so.13";
  const std::string wheel = Wheel(folder, "q",
                                  {{"q/libcudart.so.13", ElfBytes(runtime)},
                                   {"q/libcudadevrt.a", ArBytes({{"k.o", Library({{CubinOf(75, 130)}})}})}});
  BothTell(wheel, {"--gpu", "T4", "--driver", "575.57.08"}, "1 driver-too-old");
  BothTell(wheel, {"--gpu", "T4", "--driver", "580.65.06"}, "0 native-image");
}

TEST_CASE("a program that names OpenCL or Vulkan is not said to run without a GPU") {
  TempFolder folder;
  for (const std::string name : {"clGetPlatformIDs", "libvulkan.so.1"}) {
    ElfOptions elf;
    elf.sections = {{".rodata", Blob(100, 'x') + name + Blob(100, 'x')}};
    elf.needed = {"libc.so.6"};
    const std::string path = folder.Write("lib.so", ElfBytes(elf));
    BothTell(path, {"--gpu", "T4"}, "3 unknown-build");
    const Blob wheel = ZipBytes({{"p/lib.so", ElfBytes(elf)}}, Method::kDeflated);
    CHECK(Told({"check", folder.Write("p-1-py3-none-any.whl", wheel), "--gpu", "T4"}) == "3 unknown-build");
  }
}

TEST_CASE("a member whose first bytes are damaged is told, stored and deflated") {
  TempFolder folder;
  ElfOptions plain;
  plain.needed = {"libc.so.6"};
  const Blob good = Library({{Cubin(75)}});
  for (const Method method : {Method::kStored, Method::kDeflated}) {
    // One bit of the second member's magic, which a stored block of deflate keeps as it is.
    Blob zip = ZipBytes({{"p/a.so", good}, {"p/b.so", good}, {"p/notes.txt", "text"}}, method);
    const size_t first = zip.find(
                     "\x7f"
                     "ELF"),
                 second = zip.find(
                     "\x7f"
                     "ELF",
                     first + 1);
    if (method == Method::kDeflated && second == Blob::npos) continue;  // packed: there the inflater tells
    REQUIRE(second != Blob::npos);
    zip[second] ^= 1;
    const Outcome outcome = Run({"check", folder.Write("p.whl", zip), "--gpu", "T4", "--json"});
    CHECK(outcome.code == 2);
    CHECK(outcome.Json()["rule"] == "device-code-unreadable");
  }
  // What is no library and was never one is no damage.
  for (const Method method : {Method::kStored, Method::kDeflated}) {
    const Blob script =
        ZipBytes({{"p/a.so", good}, {"p/libm.so", "/* GNU ld script */ INPUT(libm.so.6)"}}, method);
    CHECK(Run({"check", folder.Write("s.whl", script), "--gpu", "T4"}).code == 0);
  }
}

TEST_CASE("in a folder a page in place of a package is told") {
  TempFolder folder;
  folder.Write("dist/libk.so", Library({{Cubin(75)}}));
  folder.Write("dist/README.txt", "text");
  CHECK(Run({"check", folder.path() + "/dist", "--gpu", "T4"}).code == 0);
  folder.Write("dist/x-1-py3-none-any.whl", "<!DOCTYPE html><html>503</html>");
  const Outcome outcome = Run({"check", folder.path() + "/dist", "--gpu", "T4", "--json"});
  CHECK(outcome.code == 0);  // what holds no device code is passed over beside what does
  CHECK(Findings(outcome) == Lines{"unknown-build x-1-py3-none-any.whl 0"});
}

#if defined(__linux__)
TEST_CASE("a file of the kernel's that opens and gives nothing cannot be read") {
  for (const std::string command : {"check", "scan"}) {
    const Outcome outcome = Run({command, "/proc/self/mem", "--json"});
    CHECK(outcome.code == 65);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find("/proc/self/mem") != std::string::npos);
  }
}
#endif

TEST_CASE("of several libraries for one job the one with machine code is the best, and named") {
  TempFolder folder;
  const std::string wheel =
      Wheel(folder, "bitsandbytes",
            {{"bitsandbytes/libbitsandbytes_cuda118.so", Library({{Cubin(90), Ptx(90, 7, 8)}})},
             {"bitsandbytes/libbitsandbytes_cuda128.so", Library({{Cubin(90), Cubin(120)}})}});
  CHECK(Told({"check", wheel, "--gpu", "RTX 5090"}) == "0 native-image");
  const Outcome outcome = Run({"check", wheel, "--gpu", "RTX 5090"});
  CHECK(outcome.out.find("libbitsandbytes_cuda128.so serves best") != std::string::npos);
}

TEST_CASE("of images that are packed alike the driver takes machine code, and so does the text") {
  TempFolder folder;
  const std::string path =
      folder.Write("libz.so", Library({{Packed(Cubin(80), Pack::kZstd), Packed(Ptx(86, 8, 0), Pack::kZstd),
                                        Packed(Ptx(80, 8, 0), Pack::kZstd)}}));
  const Outcome outcome = Run({"check", path, "--gpu", "RTX 3090", "--driver", "535.183.01", "--json"});
  CHECK(outcome.Json()["rule"] == "compressed-image-needs-newer-driver");
  CHECK(outcome.Json()["summary"].get<std::string>().find("sm_80 image") != std::string::npos);
}
