// `check` and what it is asked against: another system's driver, a machine without a card, a Python, a
// baseline, cards that stand in no machine together. Nothing typed is accepted and ignored.
#include <algorithm>
#include <filesystem>

#include "catch.h"
#include "check_run.h"

using namespace check_run;
using namespace fixtures;

namespace {

Blob WindowsLibrary() {
  return PeBytes({.sections = {{".nv_fatb", ContainerOf({Cubin(75), Cubin(80)}), 1, 0x40000040}}});
}

bool Holds(const nlohmann::json& list, const std::string& text) {
  return std::any_of(list.begin(), list.end(), [&](const auto& one) { return one == text; });
}

}  // namespace

TEST_CASE("an oldest driver of another system is not passed over") {
  TempFolder folder;
  const std::string linux_file = folder.Write("libk.so", Library({{Cubin(75), Cubin(80)}}));
  const std::string windows_file = folder.Write("k.dll", WindowsLibrary());
  for (const auto& [file, driver] :
       {std::pair(linux_file, std::string("560.94")), std::pair(windows_file, std::string("535.54.03"))}) {
    const Outcome outcome = Run({"check", file, "--oldest-driver", driver, "--json"});
    INFO(outcome.out);
    CHECK(outcome.code == 1);
    CHECK(outcome.Json()["rule"] == "binary-for-other-system");
    CHECK(Run({"check", file, "--driver", driver}).code == 1);
  }
  // Beside a file for that system the others are named as not asked.
  const Outcome both = Run({"check", linux_file, windows_file, "--oldest-driver", "535.54.03", "--json"});
  CHECK(both.code == 0);
  CHECK(Findings(both) == Lines{"binary-for-other-system - 0"});
}

TEST_CASE("a machine without a card, from check and query with one voice") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(75), Cubin(80)}}));
  const std::string root = std::string(CUDACOMPAT_SOURCE_DIR) + "/tests/fixtures/hosts/";
  size_t seen = 0;
  for (const auto& host : std::filesystem::directory_iterator(root)) {
    const Outcome check = Run({"check", path, "--root", host.path().string(), "--json"});
    const Outcome query = Run({"query", "--binary", path, "--root", host.path().string(), "--json"});
    INFO(host.path().string());
    if (check.code > 3 || query.code > 3) continue;  // a root that is no machine
    ++seen;
    CHECK(check.Json()["verdict"] == query.Json()["verdict"]);
    CHECK(check.Json()["rule"] == query.Json()["rule"]);
    CHECK(check.Json()["rule"] != "framework-not-installed");
  }
  CHECK(seen > 20);
  const Outcome none = Run({"check", path, "--root", root + "no-gpu", "--json"});
  CHECK(none.code == 1);
  CHECK(none.Json()["rule"] == "no-gpu");
  CHECK(Holds(none.Json()["asked"], "machine: " + root + "no-gpu"));
}

TEST_CASE("a baseline without device code compares with nothing") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(75)}}));
  for (const Blob& old : {Blob("<!DOCTYPE html>"), Blob(), ElfBytes({})}) {
    const Outcome outcome = Run({"check", path, "--baseline", folder.Write("old.so", old)});
    CHECK(outcome.code == 65);
    CHECK(outcome.out.empty());
    const std::string recorded =
        folder.Write("old.json", Run({"scan", "--json", folder.path() + "/old.so"}).out);
    CHECK(Run({"check", path, "--baseline", recorded}).code == 65);
  }
}

TEST_CASE("a Python that an extension is not for") {
  TempFolder folder;
  const Blob library = Library({{Cubin(75)}});
  const std::string wheel = folder.Write("p-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
                                         ZipBytes({{"p/core.so", library}}, Method::kStored));
  const std::string stable = folder.Write("s-1.0-cp39-abi3-manylinux_2_17_x86_64.whl",
                                          ZipBytes({{"s/core.so", library}}, Method::kStored));
  const std::string plain =
      folder.Write("g-1.0-py3-none-any.whl", ZipBytes({{"g/core.so", library}}, Method::kStored));
  const std::string suffix = folder.Write("m.cpython-313t-x86_64-linux-gnu.so", library);
  auto told = [](const std::string& path, const std::string& python) {
    const Outcome outcome = Run({"check", path, "--gpu", "T4", "--python", python, "--json"});
    CHECK(Holds(outcome.Json()["asked"], "Python: " + python));
    return outcome.Json()["rule"].get<std::string>();
  };
  CHECK(told(wheel, "3.12") == "binary-for-other-python");
  CHECK(told(wheel, "3.11") == "native-image");
  CHECK(told(stable, "3.8") == "binary-for-other-python");
  CHECK(told(stable, "3.13") == "native-image");
  CHECK(told(stable, "3.13t") == "binary-for-other-python");
  CHECK(told(plain, "3.12") == "native-image");
  CHECK(told(suffix, "3.13") == "binary-for-other-python");
  CHECK(told(suffix, "3.13t") == "native-image");
  CHECK(Run({"query", "--binary", wheel, "--gpu", "T4", "--python", "3.12"}).code == 1);
}

TEST_CASE("what is stated of the target stands among what was asked") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(75), Cubin(87)}}));
  const auto asked = [&](const std::vector<std::string>& target) {
    std::vector<std::string> arguments = {"check", path, "--json"};
    arguments.insert(arguments.end(), target.begin(), target.end());
    return Run(arguments).Json()["asked"];
  };
  CHECK(Holds(asked({"--cuda-driver", "12.4"}), "CUDA driver: 12.4"));
  CHECK(Holds(asked({"--jetpack", "6.2"}), "JetPack: 6.2"));
  CHECK(Holds(asked({"--platform", "container"}), "platform: container"));
  CHECK(Holds(asked({"--os", "linux", "--arch", "x86_64"}), "processor: x86_64"));
}

TEST_CASE("cards that are required, and every card of a driver, stand in no machine together") {
  TempFolder folder;
  const std::string path =
      folder.Write("libk.so", Library({{Cubin(50), Cubin(61), Cubin(75), Cubin(90), Cubin(120)}}));
  for (const std::string driver : {"570.86.10", "575.51.02", "580.65.06"}) {
    const Outcome outcome = Run({"check", path, "--oldest-driver", driver, "--json"});
    CHECK(outcome.code == 0);
    CHECK(Findings(outcome).empty());
  }
  const Outcome required = Run({"check", path, "--require", "GTX 980,RTX 5090", "--json"});
  CHECK(required.code == 0);
  CHECK(Findings(required).empty());
  // In one machine they are: two kernel modules, and no driver for both in the long run.
  const Outcome machine =
      Run({"check", path, "--gpu", "GTX 1080", "--gpu", "RTX 5090", "--driver", "580.65.06", "--json"});
  CHECK(Findings(machine) == Lines{"kernel-module-flavour GTX 1080 0"});
}

TEST_CASE("kernels have no place in a line for each image") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(75)}}));
  CHECK(Run({"scan", path, "--kernels", "--list"}).code == 64);
  CHECK(Run({"scan", path, "--kernels", "--csv"}).code == 64);
  CHECK(Run({"scan", path, "--kernels", "--list", "--json"}).code == 0);
}

TEST_CASE("a list file: its faults are the file's, with the line; what a word should be is said") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(75)}}));
  const std::string list = folder.Write("list.txt", "# ours\nsm_75,\nsm_75 sm_80 # no comma\n");
  const Outcome blank = Run({"check", path, "--require", list});
  CHECK(blank.code == 65);
  CHECK(blank.err.find("list.txt:3") != std::string::npos);
  CHECK(Run({"check", path, "--require", folder.Write("good.txt", "sm_75, 7.5\n\nRTX 2080,\n")}).code == 0);
  const Outcome number = Run({"check", path, "--require", "75"});
  CHECK(number.code == 64);
  CHECK(number.err.find("7.5") != std::string::npos);
  CHECK(Run({"check", path, "--require", "RTX 2080;H100"}).code == 64);
}

TEST_CASE("an unknown card names its nearest") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(89)}}));
  const Outcome outcome = Run({"check", path, "--gpu", "RTX 490", "--json"});
  CHECK(outcome.code == 3);
  CHECK(outcome.Json()["missing"][0]["given"] == "RTX 490");
  CHECK(!outcome.Json()["missing"][0]["nearest"].empty());
  Validate(folder, "docs/schema/check.schema.json", outcome.out);
}

TEST_CASE("LTO-IR alone is input for a link, and no missing kernel") {
  TempFolder folder;
  Entry lto = Cubin(70);
  lto.kind = 8;
  const std::string path = folder.Write("libm.so", Library({{lto}}));
  CHECK(Run({"check", path, "--gpu", "H100", "--json"}).Json()["rule"] == "image-not-guaranteed");
  CHECK(Run({"query", "--binary", path, "--gpu", "T4"}).code == 2);
  CHECK(Run({"check", path, "--gpu", "6.1", "--json"}).Json()["rule"] == "no-kernel-image");
  CHECK(Run({"check", path, "--require", "H100", "--json"}).Json()["rule"] == "image-not-guaranteed");
  CHECK(Run({"check", path, "--driver", "580.65.06", "--json"}).Json()["rule"] == "image-not-guaranteed");
  // Machine code for another card beside it takes nothing away.
  const std::string both = folder.Write("libb.so", Library({{lto, Cubin(75)}}));
  for (const std::string flag : {"--gpu", "--require"}) {
    CHECK(Run({"check", both, flag, "H100", "--json"}).Json()["rule"] == "image-not-guaranteed");
    CHECK(Run({"check", both, flag, "6.1"}).code == 1);
  }
  CHECK(Run({"check", both, "--gpu", "T4", "--json"}).Json()["rule"] == "native-image");
}

TEST_CASE("an image that does not say its target is not known, and no missing one") {
  TempFolder folder;
  const std::string ptx = ".version 9.0\n.target sm_90\n.address_size 64\n.entry k()\n{ ret; }\n";
  Blob lto(
      "\xED\x43\x4E\x7F\x01\x41\x02\x62\x03\x02\x07\x00\x18\x00\x01\x00\x28\x00\x00\x00\x2c\x00\x00\x00"
      "\x01\x00\x20\x03\x02\x00\x02\x00\x63\x00\x00\x00\x00\x00\x00\x00\x12\x9e\xc2\x95",
      44);
  const std::string whole = folder.Write("k.ltoir", lto), cut = folder.Write("cut.ltoir", lto.substr(0, 37));
  CHECK(Run({"scan", "--list", whole}).out == "1\tlto\tlto_80\tnone\t-\n");
  CHECK(Run({"check", whole, "--gpu", "A100", "--json"}).Json()["rule"] == "image-not-guaranteed");
  CHECK(Run({"check", whole, "--gpu", "T4"}).code == 1);
  CHECK(Run({"check", whole, "--require", "lto_80"}).code == 0);
  const std::string head = folder.Write("head.ptx", ptx.substr(0, ptx.find("_90")));
  for (const std::string& path : {cut, head}) {
    for (const std::string flag : {"--gpu", "--require"})
      CHECK(Run({"check", path, flag, "A100", "--json"}).Json()["rule"] == "unknown-build");
  }
  CHECK(Run({"check", cut, "--require", "lto_80"}).code == 3);
  // Cut inside a body: what it says of itself stands, and that it is not whole.
  const std::string body = folder.Write("body.ptx", ptx.substr(0, ptx.size() - 3));
  CHECK(Run({"check", body, "--gpu", "H100", "--json"}).Json()["rule"] == "device-code-unreadable");
  CHECK(Run({"check", folder.Write("k.ptx", ptx), "--gpu", "H100"}).code == 0);
  // Tile IR, which nothing here judges, is no build for processors.
  Entry tile = Cubin(100);
  tile.kind = 0x80;
  const Outcome other =
      Run({"check", folder.Write("t.fatbin", ContainerOf({tile})), "--gpu", "B200", "--json"});
  CHECK(other.Json()["rule"] == "unknown-build");
  CHECK(other.Json()["summary"].get<std::string>().find("tile-ir") != std::string::npos);
}

TEST_CASE("required: all, as nvcc -arch=all of 13.0 makes it") {
  TempFolder folder;
  CubinOptions made;
  made.kernels = {"k"};
  std::vector<Entry> entries;
  for (const uint32_t arch : {75, 80, 86, 87, 88, 89, 90, 100, 103, 110, 120, 121}) {
    Entry entry = Cubin(arch);
    made.arch = arch;
    entry.payload = CubinBytes(made);
    entries.push_back(entry);
  }
  entries.push_back(Ptx(120, 9, 0));
  const std::string path = folder.Write("all.fatbin", ContainerOf(entries));
  const Outcome outcome = Run({"check", path, "--require", "all,all-major", "--json"});
  INFO(outcome.out);
  CHECK(outcome.code == 0);
}

TEST_CASE("PTX of an ISA that nobody knows yet is newer, not unstated") {
  TempFolder folder;
  const std::string path = folder.Write("k.ptx", ".version 99.9\n.target sm_75\n.address_size 64\n");
  const Outcome open = Run({"check", path, "--gpu", "T4", "--json"});
  CHECK(open.code == 3);
  CHECK(open.Json()["summary"].get<std::string>().find("99.9") != std::string::npos);
  CHECK(Run({"check", path, "--gpu", "T4", "--driver", "535.183.01", "--json"}).Json()["rule"] ==
        "ptx-newer-than-driver");
}

TEST_CASE(
    "reports stay readable: files of one archive below its name, silent ones in one line, words for people") {
  TempFolder folder;
  ElfOptions loads;
  loads.needed = {"libcublas.so.12"};
  const Blob plain = ElfBytes(loads);
  const std::string path = folder.Write(
      "p.whl",
      ZipBytes({{"p/a.so", plain}, {"p/b.so", plain}, {"p/c.so", plain}, {"p/k.so", Library({{Cubin(86)}})}},
               Method::kStored));
  const std::string text = Run({"check", path, "--gpu", "8.6"}).out;
  INFO(text);
  CHECK(text.find("p/a.so") == std::string::npos);
  CHECK(text.find("3 more files hold no device code") != std::string::npos);
  CHECK(text.find("1 module ") != std::string::npos);
  CHECK(text.find(path) == text.rfind(path));
  CHECK(Run({"query", "--binary", path, "--gpu", "8.6"}).out.find("8.6 (8.6)") == std::string::npos);
  CHECK(Run({"query", "--binary", path}).out.find("rules out") == std::string::npos);
  CHECK(Run({"check", path, "--require", "+PTX"}).out.find("holds no PTX, which is required") !=
        std::string::npos);
}

TEST_CASE("what could not be extracted: exit 65 and no report beside it") {
  TempFolder folder;
  const std::string path = folder.Write("libk.so", Library({{Cubin(75)}}));
  const std::string into = folder.path() + "/out";
  CHECK(Run({"scan", path, "--extract", into, "--json"}).code == 0);
  const Outcome again = Run({"scan", path, "--extract", into, "--json"});
  CHECK(again.code == 65);
  CHECK(again.out.empty());
  const Outcome none = Run({"scan", path, "--extract", folder.path() + "/none", "--only", "sm_90"});
  CHECK(none.code == 65);
  CHECK(none.out.empty());
}
