// "No" needs proof: what another library may bring, what was cut off, what nothing here judges. Expected from
// the contract ("never no by silence"), CUDA's installation guide (32 bits) and measured loaders
// (obfuscation).
#include "base/text.h"
#include "catch.h"
#include "check_run.h"

using namespace check_run;
using namespace fixtures;
using cudacompat::Contains;

namespace {

Blob Loading(const std::vector<std::string>& names, const std::string& soname = "") {
  ElfOptions elf;
  elf.needed = names;
  elf.soname = soname;
  return ElfBytes(elf);
}

Entry Of(uint16_t kind, uint32_t arch, uint64_t flags = 0x11) {
  Entry entry = Cubin(arch);
  entry.kind = kind;
  entry.flags = flags;
  return entry;
}

}  // namespace

TEST_CASE("CUDA may come through any library that was not looked at") {
  TempFolder folder;
  for (const std::string name :
       {"libcudf.so", "libtorch_cuda.so", "libnvcuvid.so.1", "libnvidia-encode.so.1", "libnvgraph.so.10",
        "libcuinj64.so.12.4", "libonnxruntime_providers_cuda.so", "libanything.so.3"}) {
    const std::string path = folder.Write("ext.so", Loading({"libc.so.6", "libstdc++.so.6", name}));
    BothTell(path, {"--gpu", "T4"}, "3 unknown-build");
    const Outcome outcome = Run({"check", path, "--gpu", "T4", "--json"});
    CHECK(Contains(outcome.Json()["summary"].get<std::string>(), name));
    const Blob wheel =
        ZipBytes({{"p/ext.so", Loading({"libc.so.6", name})}, {"p/a.py", "x"}}, Method::kDeflated);
    BothTell(folder.Write("p-1-py3-none-any.whl", wheel), {"--gpu", "T4"}, "3 unknown-build");
    CHECK(Told({"check", path, "--require", "sm_75"}) == "3 unknown-build");
  }
  BothTell(folder.Write("sys.so", Loading({"libc.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"})),
           {"--gpu", "T4"}, "1 cpu-only-build");
  PeOptions pe;
  pe.imports = {"KERNEL32.dll", "VCRUNTIME140_1.dll", "python311.dll", "api-ms-win-crt-heap-l1-1-0.dll"};
  BothTell(folder.Write("sys.pyd", PeBytes(pe)), {"--gpu", "T4"}, "1 cpu-only-build");
  pe.imports.emplace_back("c10_cuda.dll");
  BothTell(folder.Write("ext.pyd", PeBytes(pe)), {"--gpu", "T4"}, "3 unknown-build");
}

TEST_CASE("what lies beside a program was looked at, and what that loads too") {
  TempFolder folder;
  const Blob uses = Loading({"libc.so.6", "libb.so.1"});
  folder.Write("good/a.so", uses);
  folder.Write("good/libb.so.1.2", Loading({"libm.so.6"}, "libb.so.1"));
  BothTell(folder.path() + "/good", {"--gpu", "T4"}, "1 cpu-only-build");
  folder.Write("bad/a.so", uses);
  folder.Write("bad/libb.so.1", Loading({"libcudf.so"}, "libb.so.1"));
  BothTell(folder.path() + "/bad", {"--gpu", "T4"}, "3 unknown-build");
  // By another path that was given, too.
  const std::string alone = folder.Write("a.so", uses);
  CHECK(Told({"check", alone, "--gpu", "T4"}) == "3 unknown-build");
  CHECK(Told({"check", alone, folder.path() + "/good/libb.so.1.2", "--gpu", "T4"}) == "1 cpu-only-build");
  CHECK(Told({"check", alone, folder.path() + "/bad/libb.so.1", "--gpu", "T4"}) == "3 unknown-build");
}

TEST_CASE("a fat binary without images, and stubs alone, are no CPU-only builds") {
  TempFolder folder;
  BothTell(folder.Write("z.fatbin", ContainerOf({})), {"--gpu", "T4"}, "3 unknown-build");
  BothTell(folder.Write("z.so", Library({{}, {}})), {"--gpu", "T4"}, "3 unknown-build");
}

TEST_CASE("what was cut off a file is answered by no sure no") {
  TempFolder folder;
  const Blob whole = Library({{Cubin(75), Ptx(75, 6, 4)}, {Cubin(75), Cubin(80)}, {Cubin(80), Cubin(90)}});
  const std::string old = folder.Write("libk.so", whole);
  const std::string listing = folder.Write("listing.json", Run({"scan", "--deep", "--json", old}).out);
  for (size_t size = whole.size() - 1; size > 64; size -= 13) {
    INFO(size);
    const std::string cut = folder.Write("cut/libk.so", whole.substr(0, size));
    for (const std::vector<std::string>& asked : {std::vector<std::string>{"--gpu", "H100"},
                                                  {"--require", "sm_90"},
                                                  {"--require", "H100"},
                                                  {"--baseline", old},
                                                  {"--baseline", listing},
                                                  {"--gpu", "H100", "--driver", "580.65.06"}}) {
      std::vector<std::string> check = {"check", cut};
      check.insert(check.end(), asked.begin(), asked.end());
      INFO(asked[0] << asked[1]);
      CHECK(Run(check).code >= 2);
    }
    CHECK(Run({"query", "--binary", cut, "--gpu", "H100"}).code >= 2);
    // Where a container ends the cut does not show; its PTX serves the card.
    CHECK(Run({"check", folder.Write("cut/k.fatbin", whole.substr(64, size - 64)), "--gpu", "H100"}).code !=
          1);
  }
  // What is forbidden and was found is there, whatever the rest holds.
  CHECK(Told({"check", folder.Write("cut/libk.so", whole.substr(0, whole.size() - 400)), "--forbid",
              "sm_75"}) == "1 forbidden-image-present");
}

TEST_CASE("a member or an archive that was cut answers by no sure no, and a whole one beside it does") {
  TempFolder folder;
  const Blob early = Library({{Cubin(75)}}), late = Library({{Cubin(75), Cubin(90)}});
  const Blob tar = TarBytes({{"p/a.so", late}, {"p/b.so", early}, {"p/c.so", late}});
  for (const Blob& packed : {XzBytes(tar), Gzip(tar), ZstdBytes(tar)}) {
    for (size_t size = packed.size() - 20; size > packed.size() / 2; size -= packed.size() / 20 + 1) {
      const std::string path = folder.Write("a.tar.x", packed.substr(0, size));
      CHECK(Run({"check", path, "--require", "sm_90"}).code >= 2);
      CHECK(Run({"check", path, "--gpu", "A100"}).code >= 2);
    }
  }
  CHECK(Run({"check", folder.Write("whole.tar", tar), "--require", "sm_90"}).code == 1);
}

TEST_CASE("a kind of image that nothing judges, beside a cubin, leaves its card open") {
  TempFolder folder;
  const std::vector<uint16_t> kinds = {0x80, 0x100, 0x20, 0x999};
  for (const uint16_t kind : kinds) {
    INFO(kind);
    for (const bool apart : {false, true}) {
      const Blob mixed =
          apart ? Library({{Cubin(80)}, {Of(kind, 100)}}) : Library({{Cubin(80), Of(kind, 100)}});
      const std::string path = folder.Write("mix.so", mixed);
      BothTell(path, {"--gpu", "B200"}, "3 unknown-build");
      CHECK(Told({"check", path, "--require", "B200"})[0] == '3');
      BothTell(path, {"--gpu", "A100"}, "0 native-image");
      CHECK(Told({"check", path, "--require", "A100"})[0] == '0');
      // It is for newer cards than this one.
      BothTell(path, {"--gpu", "T4"}, "1 no-kernel-image");
      CHECK(Told({"check", path, "--require", "T4"}) == "1 required-image-missing");
      CHECK(Told({"check", path, "--require", "sm_80"})[0] == '0');
    }
  }
  // One that does not say for which card may be for any.
  BothTell(folder.Write("any.so", Library({{Cubin(80), Of(0x80, 0)}})), {"--gpu", "T4"}, "3 unknown-build");
}

TEST_CASE("obfuscated PTX serves no card: the driver refuses it") {
  TempFolder folder;
  const uint64_t sealed = 0x10000;
  const std::string alone = folder.Write("obf.so", Library({{Ptx(80, 8, 0, sealed)}}));
  BothTell(alone, {"--gpu", "A100", "--driver", "580.65.06"}, "1 no-kernel-image");
  const std::string mixed = folder.Write("mixobf.so", Library({{Cubin(75), Ptx(80, 8, 0, sealed)}}));
  BothTell(mixed, {"--gpu", "A100"}, "1 no-kernel-image");
  BothTell(mixed, {"--gpu", "T4"}, "0 native-image");
  CHECK(Told({"check", mixed, "--require", "A100"}) == "1 required-image-missing");
  CHECK(Told({"check", mixed, "--require", "+PTX"}) == "1 required-image-missing");
  CHECK(Contains(Run({"scan", mixed}).out, "obfuscated PTX, which the driver refuses"));
  // The relocatable kind too, and beside PTX that is none.
  BothTell(folder.Write("r.so", Library({{Cubin(75), Of(0x40, 80, sealed | 0x11)}})), {"--gpu", "A100"},
           "1 no-kernel-image");
  BothTell(folder.Write("p.so", Library({{Ptx(80, 8, 0), Ptx(80, 8, 0, sealed)}})), {"--gpu", "A100"},
           "0 ptx-jit");
  Validate(folder, "docs/schema/scan.schema.json", Run({"scan", mixed, "--json"}).out);
}

TEST_CASE("a program of 32 bits has CUDA on GeForce cards up to Ada") {
  TempFolder folder;
  ElfOptions elf;
  elf.is64 = false;
  elf.machine = 3;
  elf.sections = {{".nv_fatbin", ContainerOf({Ptx(30, 6, 5)})}};
  const std::string path = folder.Write("p32.so", ElfBytes(elf));
  for (const std::string card : {"RTX 5090", "H100", "B200", "RTX 5060 Laptop", "9.0"})
    BothTell(path, {"--gpu", card}, "1 program-of-32-bits");
  for (const std::string card : {"RTX 4090", "GTX 1080", "RTX 3080 Laptop"})
    BothTell(path, {"--gpu", card}, "0 ptx-jit");
  for (const std::string card : {"T4", "A100", "L40S", "7.5"})
    BothTell(path, {"--gpu", card}, "2 image-not-guaranteed");
  CHECK(Told({"check", path, "--require", "H100"})[0] == '1');
  elf.is64 = true;
  elf.machine = 62;
  BothTell(folder.Write("p64.so", ElfBytes(elf)), {"--gpu", "RTX 5090"}, "0 ptx-jit");
}

TEST_CASE("kernels for one card each that were linked in are no holes of a card that the list serves") {
  TempFolder folder;
  // faiss-gpu 1.7.2, a tenth of it: its own list, that of a static cuBLAS, and that library's own kernels.
  const std::vector<Entry> own = {Cubin(35), Cubin(50), Cubin(60), Cubin(70), Cubin(75), Ptx(75, 6, 3)};
  const std::vector<Entry> blas = {Cubin(30), Cubin(35), Cubin(50), Cubin(60),
                                   Cubin(61), Cubin(70), Cubin(75), Ptx(70, 6, 3)};
  std::vector<std::vector<Entry>> modules = {own, own, own, own, own, blas, blas, blas, blas};
  modules.insert(modules.end(),
                 {{Cubin(35)}, {Cubin(35)}, {Cubin(70)}, {Cubin(75)}, {Cubin(50), Cubin(60), Cubin(61)}});
  const std::string path = folder.Write("libfaiss.so", Library(modules));
  for (const std::string card : {"T4", "RTX 3090", "GTX 1080", "V100", "K40"}) {
    INFO(card);
    CHECK(Run({"check", path, "--require", card}).code == 0);
    CHECK(Findings(Run({"check", path, "--gpu", card, "--json"})).empty());
  }
  CHECK(Told({"check", path, "--require", "sm_75"}) == "1 required-image-missing");
  // A forgotten target is one, and so are files compiled for one or two other lists.
  modules.push_back({Cubin(35), Cubin(50), Cubin(60)});
  CHECK(Told({"check", folder.Write("hole.so", Library(modules)), "--require", "T4"}) ==
        "1 required-image-missing");
  CHECK(Told({"check", folder.Write("two.so", Library({own, own, own, {Cubin(35)}, {Cubin(70)}})),
              "--require", "GTX 1080"}) == "1 required-image-missing");
}

TEST_CASE("cuDNN before 9 chooses among kernels for some cards each") {
  TempFolder folder;
  const std::vector<Entry> list = {Cubin(35), Cubin(50), Cubin(60), Cubin(61), Cubin(70), Ptx(70, 6, 0)};
  const Blob library = Library({list, list, list, list, {Cubin(35)}, {Cubin(70)}});
  CHECK(Told({"check", folder.Write("libcudnn.so.7", library), "--require", "GTX 1080"})[0] == '0');
  CHECK(Told({"check", folder.Write("libmine.so.7", library), "--require", "GTX 1080"})[0] == '1');
}

TEST_CASE("a baseline's machine code that became PTX is told") {
  TempFolder folder;
  const std::string old =
      folder.Write("old/libk.so", Library({{Cubin(75), Cubin(80), Cubin(90), Ptx(90, 8, 0)}}));
  const std::string now = folder.Write("new/libk.so", Library({{Ptx(75, 8, 0)}}));
  const std::string listing = folder.Write("old.json", Run({"scan", "--deep", "--json", old}).out);
  for (const std::string& baseline : {old, listing}) {
    const Outcome outcome = Run({"check", now, "--baseline", baseline, "--json"});
    CHECK(outcome.code == 0);
    CHECK(Findings(outcome) == Lines{"native-code-lost libk.so 0"});
    CHECK(Contains(outcome.out, "7.5, 8.0, 8.6"));
  }
  CHECK(Findings(Run({"check", old, "--baseline", old, "--json"})).empty());
  const std::string both = folder.Write("both/libk.so", Library({{Cubin(75), Cubin(80), Ptx(75, 8, 0)}}));
  CHECK(Findings(Run({"check", both, "--baseline", now, "--json"})).empty());
  const std::string part = folder.Write(
      "part/libk.so", Library({{Cubin(75), Cubin(80), Cubin(90), Ptx(90, 8, 0)}, {Ptx(75, 8, 0)}}));
  CHECK(Findings(Run({"check", part, "--baseline", old, "--json"})) == Lines{"native-code-lost libk.so 0"});
}

TEST_CASE("what is wrong in a policy is told by its place there") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(80)}}));
  const auto told = [&](const std::string& text) {
    const Outcome outcome = Run({"check", path, "--policy", folder.Write("p.toml", text)});
    CHECK(outcome.code == 65);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  CHECK(Contains(told("[check]\nrequire = [\"sm_80\",\n  \"sm_99x\"]\n"), "p.toml:3:3"));
  CHECK(Contains(told("[check]\nforbid = \"RTX 2080\"\n"), "p.toml:2:10"));
  CHECK(Contains(told("[check]\n\noldest-driver = \">=525\"\n"), "p.toml:3:17"));
  CHECK(Contains(told("[check]\noldest-driver = \"new\"\n"), "p.toml:2:17"));
  CHECK(Contains(told("[check]\nrequire = [\"\"]\n"), "p.toml:2:12"));
  CHECK(Run({"check", path, "--policy", folder.path()}).code == 65);
  CHECK(Run({"check", path, "--require", "@" + folder.path()}).code == 65);
}

namespace {

// What scan and check say of the oldest driver on a system; "" for none.
std::string Asked(const std::string& path, const std::string& os) {
  const auto drivers = Run({"scan", "--json", path}).Json()["files"][0]["implied"]["drivers"];
  const auto checked = Run({"check", "--json", path}).Json();
  CHECK(checked["files"][0]["implied"]["drivers"] == drivers);
  CHECK(checked["requires"].size() == drivers.size());
  for (const auto& one : drivers) {
    if (one["os"] == os)
      return (one["minimum"].is_null() ? one["sure_from"] : one["minimum"]).get<std::string>();
  }
  return "";
}

}  // namespace

TEST_CASE(
    "scan and check say the oldest driver that a file asks for, and it is the oldest that check passes") {
  TempFolder folder;
  const auto zstd = [](Entry entry) { return Packed(std::move(entry), Pack::kZstd); };
  struct Case {
    std::string name;
    Blob bytes;
    std::string oldest, before;  // a driver, and one just before it
  };
  const std::vector<Case> cases = {
      {"zstd", Library({{Cubin(75), Cubin(80)}, {zstd(Cubin(75)), Cubin(80)}}), "550.54.14", "545.29.06"},
      {"ptx", Library({{Cubin(75), Ptx(80, 8, 4)}}), "550.40.07", "545.29.06"},
      {"runtime", Library({{Cubin(75)}}, {"libcudart.so.12"}), "525.60.13", "520.61.05"},
      {"both", Library({{zstd(Cubin(75))}}, {"libcudart.so.12"}), "550.54.14", "545.29.06"},
      // Another image of the module serves each card on older drivers, or no older one drives the card.
      {"alternative",
       Library({{Cubin(75), zstd(Cubin(75)), Cubin(80), Ptx(80, 7, 0)}}, {"libcudart.so.11.0"}), "450.51.05",
       "450.36.06"},
      {"late", Library({{Cubin(75), zstd(Cubin(120))}}, {"libcudart.so.12"}), "525.60.13", "520.61.05"}};
  for (const Case& one : cases) {
    INFO(one.name);
    const std::string path = folder.Write(one.name + "/libk.so", one.bytes);
    const std::string oldest = Asked(path, "linux");
    CHECK(oldest == one.oldest);
    CHECK(Run({"check", path, "--oldest-driver", oldest}).code == 0);
    CHECK(Run({"check", path, "--oldest-driver", one.before}).code != 0);
    CHECK(Contains(Run({"scan", path}).out, "driver     linux " + oldest));
    CHECK(Contains(Run({"check", path}).out, "driver      linux " + oldest));
    const std::string json = Run({"check", path, "--json"}).out;
    Validate(folder, "docs/schema/check.schema.json", json);
  }
  CHECK(Asked(folder.Write("none.so", Library({{Cubin(75)}})), "linux").empty());
  // The driver that reads it no longer drives the card that it is for.
  CHECK(Asked(folder.Write("late.so", Library({{Cubin(80), zstd(Cubin(35))}})), "linux").empty());
  // Not every image for the target is packed: below it may run, from there on it does.
  const auto mixed = folder.Write("mixed.so", Library({{zstd(Cubin(80)), Ptx(80, 7, 0)}, {Cubin(80)}}));
  const auto drivers = Run({"scan", "--json", mixed}).Json()["files"][0]["implied"]["drivers"];
  REQUIRE(drivers.size() == 1);
  CHECK(drivers[0]["minimum"].is_null());
  CHECK(drivers[0]["sure_from"] == "550.54.14");
  CHECK(Run({"check", mixed, "--oldest-driver", "470.82.01"}).code == 0);
  PeOptions pe;
  pe.imports = {"cudart64_12.dll"};
  CHECK(Asked(folder.Write("k.dll", PeBytes(pe)), "windows") == "527.41");
}

TEST_CASE("what programs load is kept within bounds, and what is beyond them is not known") {
  TempFolder folder;
  std::vector<std::string> many;
  for (int i = 0; i < 3000; ++i) many.push_back("libc.so.6");  // one name, many times
  ElfOptions elf;
  elf.needed = many;
  const auto one = Run({"check", folder.Write("one/libk.so", ElfBytes(elf)), "--gpu", "T4", "--json"}).Json();
  CHECK(one["rule"] == "cpu-only-build");
  elf.needed.clear();
  for (int i = 0; i < 5000; ++i) elf.needed.push_back("libunheard" + std::to_string(i) + ".so");
  const auto full =
      Run({"check", folder.Write("full/libk.so", ElfBytes(elf)), "--gpu", "T4", "--json"}).Json();
  CHECK(full["verdict"] == "unknown");
  auto file = cudacompat::scan::Links();
  for (int i = 0; i < 5000; ++i) file.Load("libx" + std::to_string(i) + ".so");
  CHECK(file.loads.size() == cudacompat::scan::kMostLinks);
  CHECK(file.unlinked);
}

TEST_CASE("the toolkit of a library's name is a fact, also for those with numbers of their own") {
  TempFolder folder;
  const std::string path = folder.Write(
      "k.so", Library({{Cubin(75)}}, {"libcufft.so.12", "libcudart.so.11.0", "libnvrtc.so.11.2",
                                      "libcublas-f6c022dc.so.11.11.3.6", "libcufft.so.10", "libcuda.so.1"}));
  const auto needs = Run({"scan", "--json", path}).Json()["files"][0]["needs_detail"];
  const auto told = [&](size_t i) {
    return needs[i]["toolkit"].is_null() ? "" : needs[i]["toolkit"].get<std::string>();
  };
  REQUIRE(needs.size() == 6);
  CHECK(told(0) == "13");
  CHECK(told(1) == "11");
  CHECK(told(2) == "11");
  CHECK(told(3) == "11");
  CHECK(told(4).empty());  // of 10.1, 10.2 and 11
  CHECK(told(5).empty());
}

TEST_CASE("the kernels of a hole are named, and a kernel that other modules hold too hides none") {
  TempFolder folder;
  const auto of = [](uint32_t arch, const std::string& kernel) {
    Entry entry = Cubin(arch);
    CubinOptions options;
    options.arch = arch;
    options.kernels = {kernel};
    entry.payload = CubinBytes(options);
    return entry;
  };
  const Blob library =
      Library({{of(75, "_Z1av"), of(80, "_Z1av")}, {of(80, "_Z1av")}, {of(75, "_Z1bv"), of(80, "_Z1bv")}});
  const std::string path = folder.Write("k.so", library);
  const std::string wheel =
      folder.Write("p-1-py3-none-any.whl", ZipBytes({{"p/k.so", library}}, Method::kDeflated));
  for (const std::string& file : {path, wheel}) {
    const std::string listed = Run({"scan", "--kernels", file}).out;
    CHECK(Contains(listed, "a()\n        sm_75 (1 of 2) sm_80\n"));
    CHECK(Contains(listed, "b()\n        sm_75 sm_80\n"));
    const Outcome checked = Run({"check", "--kernels", file, "--require", "sm_75"});
    CHECK(checked.code == 1);
    CHECK(Contains(checked.out, "(a())"));
    CHECK(!Contains(checked.out, "b()"));
    const auto json = Run({"check", "--kernels", file, "--require", "sm_75", "--json"}).Json();
    CHECK(Contains(json.dump(), "(a())"));
  }
  const auto kernels = Run({"scan", "--kernels", "--json", path}).Json()["files"][0]["kernels"];
  CHECK(kernels[0]["holes"][0]["target"] == "sm_75");
  CHECK(kernels[1]["holes"].empty());
  Validate(folder, "docs/schema/scan.schema.json", Run({"scan", "--kernels", "--json", path}).out);
  const std::string archive =
      folder.Write("k.a", ArBytes({{"one.o", Library({{of(75, "_Z1av"), of(80, "_Z1av")}})},
                                   {"two.o", Library({{of(80, "_Z1cv")}})}}));
  CHECK(Contains(Run({"check", "--kernels", archive, "--require", "sm_75"}).out, "two.o (c())"));
}

TEST_CASE("kinds of one name are told apart in the table") {
  TempFolder folder;
  const std::string table =
      Run({"scan",
           folder.Write("kinds.fatbin", ContainerOf({Cubin(80), Of(0x10, 80), Of(0x80, 80), Of(0x999, 80)}))})
          .out;
  for (const std::string row : {"sm_80 ", "sm_80 mercury", "arch_80 tile-ir", "arch_80 0x999"})
    CHECK(Contains(table, "\n" + row));
}
