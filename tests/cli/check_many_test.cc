// `check` of many files, which are judged in batches, and of what lies beside others.
#include <algorithm>
#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "catch.h"
#include "check_run.h"

using namespace check_run;
using namespace fixtures;

namespace {

std::string Numbered(const std::string& name, int number) {
  return name + std::string(3 - std::min<size_t>(3, std::to_string(number).size()), '0') +
         std::to_string(number) + ".so";
}

}  // namespace

TEST_CASE("files of several batches are judged as those of one") {
  TempFolder folder;
  const Blob good = Library({{Cubin(75)}, {Cubin(75)}}), hole = Library({{Cubin(75)}, {Cubin(90)}});
  for (int i = 0; i < 600; ++i) folder.Write(Numbered("dist/m", i), i % 100 == 7 ? hole : good);
  const Outcome all = Run({"check", folder.path() + "/dist", "--gpu", "T4", "--json"});
  CHECK(all.code == 0);
  const nlohmann::json files = all.Json()["files"];
  REQUIRE(files.size() == 600);
  for (size_t i = 0; i < files.size(); ++i) {
    const std::string path = files[i]["path"];
    CHECK(path == folder.path() + "/" + Numbered("dist/m", static_cast<int>(i)));  // in their order
    if (i % 100 != 7 && i % 100 != 8) continue;
    CHECK(files[i] == Run({"check", path, "--gpu", "T4", "--json"}).Json()["files"][0]);
  }
  CHECK(Findings(all).size() == 6);
  CHECK(Run({"check", folder.path() + "/dist", "--require", "sm_75"}).code == 1);
  CHECK(Run({"check", folder.path() + "/dist", "--oldest-driver", "450"}).code ==
        Run({"check", folder.path() + "/dist/m007.so", "--oldest-driver", "450"}).code);
}

TEST_CASE("files that load a runtime of CUDA take no longer than others") {
  using Clock = std::chrono::steady_clock;
  std::vector<Clock::duration> taken;
  for (const std::vector<std::string>& needed :
       {std::vector<std::string>{}, {"libcudart.so.12", "libcublas.so.12"}}) {
    TempFolder folder;
    const Blob library = Library({{Cubin(75)}}, needed);
    for (int i = 0; i < 800; ++i) folder.Write(Numbered("dist/m", i), library);
    const auto begin = Clock::now();
    CHECK(Run({"check", folder.path() + "/dist", "--gpu", "T4", "--driver", "535"}).code == 0);
    taken.push_back(Clock::now() - begin);
  }
  CHECK(taken[1] < 5 * taken[0] + std::chrono::seconds(1));  // it was thirty times as long
}

TEST_CASE("what decides beside others does so from another batch too") {
  // What repairing a wheel put beside the package's own libraries is a companion; the own ones come hundreds
  // of files later.
  for (const int companions : {20, 600}) {
    INFO(companions);
    TempFolder folder;
    for (int i = 0; i < companions; ++i) folder.Write(Numbered("p/a.libs/v", i), Library({{Cubin(90)}}));
    folder.Write("p/z/own.so", Library({{Cubin(75)}}));
    const Outcome outcome = Run({"check", folder.path() + "/p", "--gpu", "T4", "--json"});
    CHECK(outcome.code == 0);
    const nlohmann::json json = outcome.Json();
    CHECK(json["files"][0]["role"] == "companion");
    CHECK(json["files"].back()["role"] == "own");
  }
}

TEST_CASE("beside a path that is not there the others are judged, and it exits 65") {
  TempFolder folder;
  const std::string good = folder.Write("k.so", Library({{Cubin(75)}})), gone = folder.path() + "/gone.so";
  for (const bool first : {false, true}) {
    const Outcome outcome = Run({"check", first ? gone : good, first ? good : gone, "--gpu", "T4", "--json"});
    CHECK(outcome.code == 65);
    CHECK(outcome.err.find("gone.so") != std::string::npos);
    const nlohmann::json json = outcome.Json();
    CHECK(json["verdict"] == "conditional");
    CHECK(json["rule"] == "device-code-unreadable");
    REQUIRE(json["files"].size() == 1);
    CHECK(json["files"][0]["verdict"] == "compatible");
    CHECK(json["unreadable"][0]["path"] == gone);
  }
  // Worse than that is what was read.
  const Outcome bad = Run({"check", good, gone, "--gpu", "H100", "--json"});
  CHECK(bad.code == 65);
  CHECK(bad.Json()["rule"] == "no-kernel-image");
  const Outcome nothing = Run({"check", gone, "--gpu", "T4", "--json"});
  CHECK(nothing.code == 65);
  CHECK(nothing.out.empty());
}

TEST_CASE("a static library of CUDA without device code is none without CUDA") {
  TempFolder folder;
  ElfOptions object;
  object.type = 1;
  object.sections = {{".text", Blob(64, 'x')}};
  const Blob archive = ArBytes({{"cudart.o", ElfBytes(object)}});
  for (const std::string name :
       {"libcudart_static.a", "libculibos.a", "libcublasLt_static.a", "cudart_static.lib"}) {
    INFO(name);
    const std::string path = folder.Write(name, archive);
    const Outcome outcome = Run({"check", path, "--gpu", "T4", "--json"});
    CHECK(outcome.code == 3);
    CHECK(outcome.Json()["rule"] == "unknown-build");
    CHECK(outcome.out.find("is a library of CUDA without device code of its own") != std::string::npos);
    CHECK(Run({"scan", path}).out.find(name + " of CUDA") != std::string::npos);
  }
  const std::string other = folder.Write("libother.a", archive);
  // Nor is an object of any other a program that was looked at whole.
  const Outcome unlinked = Run({"check", other, "--gpu", "T4", "--json"});
  CHECK(unlinked.Json()["rule"] == "unknown-build");
  CHECK(unlinked.out.find("the program that is linked of it") != std::string::npos);
}

TEST_CASE("a damaged member named as code is told by its checksum, and no whole one") {
  TempFolder folder;
  const Blob good = Library({{Cubin(75)}});
  Blob zip =
      ZipBytes({{"p/a.so", good}, {"p/plugin.so", good}, {"p/notes.so", Blob(64, '\0')}}, Method::kStored);
  const Blob magic = good.substr(0, 4);
  const size_t second = zip.find(magic, zip.find(magic) + 1);
  REQUIRE(second != Blob::npos);
  CHECK(Run({"check", folder.Write("good.zip", zip), "--gpu", "T4"}).code == 0);
  zip[second] ^= 1;
  const Outcome outcome = Run({"check", folder.Write("p.zip", zip), "--gpu", "T4", "--json"});
  CHECK(outcome.code == 2);
  CHECK(outcome.Json()["rule"] == "device-code-unreadable");
  CHECK(outcome.out.find("p/plugin.so: its checksum differs") != std::string::npos);
}

TEST_CASE("a number of one system says nothing of files for another, however many files there are") {
  TempFolder folder;
  const std::string linux = folder.Write("000.so", Library({{Cubin(75)}}));
  const std::string windows = folder.Write(
      "a.dll", PeBytes({.sections = {{".nv_fatb", ContainerOf({Cubin(75), Cubin(80)}), 1, 0x40000040}}}));
  for (const size_t count : {size_t{3}, size_t{200}}) {
    std::vector<std::string> arguments = {"check", windows};
    for (size_t i = 1; i <= count; ++i) {
      const std::filesystem::path path =
          std::filesystem::path(linux).parent_path() / fmt::format("{:03}.so", i);
      std::filesystem::copy_file(linux, path, std::filesystem::copy_options::overwrite_existing);
      arguments.push_back(path.string());
    }
    for (const char* more : {"--oldest-driver", "528.33", "--json"}) arguments.emplace_back(more);
    const nlohmann::json json = Run(arguments).Json();
    CHECK(json["verdict"] == "compatible");
    size_t not_asked = 0;
    for (const auto& file : json["files"])
      not_asked += file.dump().find("it was not asked whether it runs there") != std::string::npos ? 1 : 0;
    CHECK(not_asked == count);
  }
}

TEST_CASE("what stops a library beside the main one is a caveat in every format") {
  TempFolder folder;
  const std::string wheel =
      folder.Write("torch-2.6.0-cp312-cp312-linux_x86_64.whl",
                   ZipBytes({{"torch/lib/libtorch_cuda.so", Library({{Cubin(75), Cubin(86)}})},
                             {"torch/lib/libtorch_cuda_linalg.so", Library({{Cubin(86)}})},
                             {"torch-2.6.0.dist-info/METADATA", "Name: torch\n"}},
                            Method::kStored));
  auto as = [&](const char* format) { return Run({"check", wheel, "--gpu", "T4", "--format", format}); };
  CHECK(as("text").code == 0);
  CHECK(as("text").out.find("caveat no-kernel-image") != std::string::npos);
  CHECK(as("junit").out.find("failures=\"0\"") != std::string::npos);
  CHECK(as("junit").out.find("no-kernel-image") != std::string::npos);
  CHECK(as("sarif").out.find("\"level\": \"error\"") == std::string::npos);
  CHECK(as("sarif").out.find("\"level\": \"warning\"") != std::string::npos);
  CHECK(as("github").out.find("::error") == std::string::npos);
}

TEST_CASE("of several libraries for one job a question names the one that runs best") {
  TempFolder folder;
  const std::string wheel = folder.Write(
      "bitsandbytes-0.48.1-py3-none-any.whl",
      ZipBytes({{"bitsandbytes/libbitsandbytes_cuda118.so", Library({{Cubin(50), Ptx(50, 7, 0)}})},
                {"bitsandbytes/libbitsandbytes_cuda124.so", Library({{Cubin(60), Cubin(75)}})},
                {"bitsandbytes-0.48.1.dist-info/METADATA", "Name: bitsandbytes\n"}},
               Method::kStored));
  const nlohmann::json json =
      Run({"query", "--binary", wheel, "--gpu", "T4", "--driver", "550", "--json"}).Json();
  CHECK(json["verdict"] == "compatible");
  CHECK(json["rule"] == "native-image");
  CHECK(json["summary"].get<std::string>().find("cuda124") != std::string::npos);
}
