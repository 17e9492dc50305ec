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

std::string Rule(const std::vector<std::string>& arguments) {
  std::vector<std::string> with = arguments;
  with.emplace_back("--json");
  const Outcome outcome = Run(with);
  if (outcome.out.empty()) return std::to_string(outcome.code);
  return std::to_string(outcome.code) + " " + outcome.Json()["rule"].get<std::string>();
}

// The same of check and of query --binary.
void Both(const std::string& path, const std::vector<std::string>& target, const std::string& told) {
  INFO(path);
  std::vector<std::string> check = {"check", path}, query = {"query", "--binary", path};
  check.insert(check.end(), target.begin(), target.end());
  query.insert(query.end(), target.begin(), target.end());
  CHECK(Rule(check) == told);
  CHECK(Rule(query) == told);
}

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
    Both(path, {"--gpu", "T4"}, "3 unknown-build");
    const Outcome outcome = Run({"check", path, "--gpu", "T4", "--json"});
    CHECK(Contains(outcome.Json()["summary"].get<std::string>(), name));
    const Blob wheel =
        ZipBytes({{"p/ext.so", Loading({"libc.so.6", name})}, {"p/a.py", "x"}}, Method::kDeflated);
    Both(folder.Write("p-1-py3-none-any.whl", wheel), {"--gpu", "T4"}, "3 unknown-build");
    CHECK(Rule({"check", path, "--require", "sm_75"}) == "3 unknown-build");
  }
  Both(folder.Write("sys.so", Loading({"libc.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"})),
       {"--gpu", "T4"}, "1 cpu-only-build");
  PeOptions pe;
  pe.imports = {"KERNEL32.dll", "VCRUNTIME140_1.dll", "python311.dll", "api-ms-win-crt-heap-l1-1-0.dll"};
  Both(folder.Write("sys.pyd", PeBytes(pe)), {"--gpu", "T4"}, "1 cpu-only-build");
  pe.imports.emplace_back("c10_cuda.dll");
  Both(folder.Write("ext.pyd", PeBytes(pe)), {"--gpu", "T4"}, "3 unknown-build");
}

TEST_CASE("what lies beside a program was looked at, and what that loads too") {
  TempFolder folder;
  const Blob uses = Loading({"libc.so.6", "libb.so.1"});
  folder.Write("good/a.so", uses);
  folder.Write("good/libb.so.1.2", Loading({"libm.so.6"}, "libb.so.1"));
  Both(folder.path() + "/good", {"--gpu", "T4"}, "1 cpu-only-build");
  folder.Write("bad/a.so", uses);
  folder.Write("bad/libb.so.1", Loading({"libcudf.so"}, "libb.so.1"));
  Both(folder.path() + "/bad", {"--gpu", "T4"}, "3 unknown-build");
  // By another path that was given, too.
  const std::string alone = folder.Write("a.so", uses);
  CHECK(Rule({"check", alone, "--gpu", "T4"}) == "3 unknown-build");
  CHECK(Rule({"check", alone, folder.path() + "/good/libb.so.1.2", "--gpu", "T4"}) == "1 cpu-only-build");
  CHECK(Rule({"check", alone, folder.path() + "/bad/libb.so.1", "--gpu", "T4"}) == "3 unknown-build");
}

TEST_CASE("a fat binary without images, and stubs alone, are no CPU-only builds") {
  TempFolder folder;
  Both(folder.Write("z.fatbin", ContainerOf({})), {"--gpu", "T4"}, "3 unknown-build");
  Both(folder.Write("z.so", Library({{}, {}})), {"--gpu", "T4"}, "3 unknown-build");
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
  CHECK(Rule({"check", folder.Write("cut/libk.so", whole.substr(0, whole.size() - 400)), "--forbid",
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
      Both(path, {"--gpu", "B200"}, "3 unknown-build");
      CHECK(Rule({"check", path, "--require", "B200"})[0] == '3');
      Both(path, {"--gpu", "A100"}, "0 native-image");
      CHECK(Rule({"check", path, "--require", "A100"})[0] == '0');
      // It is for newer cards than this one.
      Both(path, {"--gpu", "T4"}, "1 no-kernel-image");
      CHECK(Rule({"check", path, "--require", "T4"}) == "1 required-image-missing");
      CHECK(Rule({"check", path, "--require", "sm_80"})[0] == '0');
    }
  }
  // One that does not say for which card may be for any.
  Both(folder.Write("any.so", Library({{Cubin(80), Of(0x80, 0)}})), {"--gpu", "T4"}, "3 unknown-build");
}

TEST_CASE("obfuscated PTX serves no card: the driver refuses it") {
  TempFolder folder;
  const uint64_t sealed = 0x10000;
  const std::string alone = folder.Write("obf.so", Library({{Ptx(80, 8, 0, sealed)}}));
  Both(alone, {"--gpu", "A100", "--driver", "580.65.06"}, "1 no-kernel-image");
  const std::string mixed = folder.Write("mixobf.so", Library({{Cubin(75), Ptx(80, 8, 0, sealed)}}));
  Both(mixed, {"--gpu", "A100"}, "1 no-kernel-image");
  Both(mixed, {"--gpu", "T4"}, "0 native-image");
  CHECK(Rule({"check", mixed, "--require", "A100"}) == "1 required-image-missing");
  CHECK(Rule({"check", mixed, "--require", "+PTX"}) == "1 required-image-missing");
  CHECK(Contains(Run({"scan", mixed}).out, "obfuscated PTX, which the driver refuses"));
  // The relocatable kind too, and beside PTX that is none.
  Both(folder.Write("r.so", Library({{Cubin(75), Of(0x40, 80, sealed | 0x11)}})), {"--gpu", "A100"},
       "1 no-kernel-image");
  Both(folder.Write("p.so", Library({{Ptx(80, 8, 0), Ptx(80, 8, 0, sealed)}})), {"--gpu", "A100"},
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
    Both(path, {"--gpu", card}, "1 program-of-32-bits");
  for (const std::string card : {"RTX 4090", "GTX 1080", "RTX 3080 Laptop"})
    Both(path, {"--gpu", card}, "0 ptx-jit");
  for (const std::string card : {"T4", "A100", "L40S", "7.5"})
    Both(path, {"--gpu", card}, "2 image-not-guaranteed");
  CHECK(Rule({"check", path, "--require", "H100"})[0] == '1');
  elf.is64 = true;
  elf.machine = 62;
  Both(folder.Write("p64.so", ElfBytes(elf)), {"--gpu", "RTX 5090"}, "0 ptx-jit");
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
  CHECK(Rule({"check", path, "--require", "sm_75"}) == "1 required-image-missing");
  // A forgotten target is one, and so are files compiled for one or two other lists.
  modules.push_back({Cubin(35), Cubin(50), Cubin(60)});
  CHECK(Rule({"check", folder.Write("hole.so", Library(modules)), "--require", "T4"}) ==
        "1 required-image-missing");
  CHECK(Rule({"check", folder.Write("two.so", Library({own, own, own, {Cubin(35)}, {Cubin(70)}})),
              "--require", "GTX 1080"}) == "1 required-image-missing");
}

TEST_CASE("cuDNN before 9 chooses among kernels for some cards each") {
  TempFolder folder;
  const std::vector<Entry> list = {Cubin(35), Cubin(50), Cubin(60), Cubin(61), Cubin(70), Ptx(70, 6, 0)};
  const Blob library = Library({list, list, list, list, {Cubin(35)}, {Cubin(70)}});
  CHECK(Rule({"check", folder.Write("libcudnn.so.7", library), "--require", "GTX 1080"})[0] == '0');
  CHECK(Rule({"check", folder.Write("libmine.so.7", library), "--require", "GTX 1080"})[0] == '1');
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
