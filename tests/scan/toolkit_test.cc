// Real files from nvcc and fatbinary. What is expected is what was asked of the compiler (shared table:
// fatbin.md section 10), not what our reader said. Without a toolkit the tests are skipped and counted.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catch.h"
#include "fixtures.h"
#include "scan/coverage.h"

using namespace fixtures;
using namespace cudacompat;

namespace {

const char* const kSource =
    "extern \"C\" __global__ void scale(float* p) { p[threadIdx.x] *= 2.0f; }\n"
    "int main() { scale<<<1, 32>>>(nullptr); return 0; }\n";

// A folder with the kernel in it and a toolkit to work on it; ok() is false where there is none.
class Toolkit {
 public:
  Toolkit() {
    const std::vector<const char*> roots = {std::getenv("CUDA_HOME"), std::getenv("CUDA_PATH"),
                                            "/usr/local/cuda"};
    for (const char* root : roots) {
      if (root && ::access((std::string(root) + "/bin/nvcc").c_str(), X_OK) == 0)
        bin_ = std::string(root) + "/bin/";
      if (!bin_.empty()) break;
    }
    folder_.Write("k.cu", kSource);
    if (bin_.empty()) WARN("skipped: no CUDA toolkit");
  }
  bool ok() const { return !bin_.empty(); }

  /// Runs `tool arguments` in the folder; true when it succeeded.
  bool Run(const std::string& tool, const std::string& arguments) const {
    const std::string command =
        "cd '" + folder_.path() + "' && '" + bin_ + tool + "' " + arguments + " > log 2>&1";
    return std::system(command.c_str()) == 0;
  }
  scan::FileReport Scan(const std::string& name, bool deep = false) const {
    scan::Options options;
    options.deep = deep;
    const auto report = scan::ScanPaths({folder_.path() + "/" + name}, options);
    return report.files.empty() ? scan::FileReport{} : report.files[0];
  }
  /// Compiles k.cu and lists what came out.
  Lines Compiled(const std::string& flags) const {
    REQUIRE(Run("nvcc", "-c k.cu -o k.o " + flags));
    return Images(Scan("k.o"));
  }
  std::string Path(const std::string& name) const { return folder_.path() + "/" + name; }

 private:
  TempFolder folder_;
  std::string bin_;
};

// The nvcc of the tests' own expectations; another release has other defaults.
bool IsRelease13(const Toolkit& toolkit) {
  return toolkit.Run("nvcc", "--version") &&
         std::system(("grep -q 'release 13' '" + toolkit.Path("log") + "'").c_str()) == 0;
}

}  // namespace

TEST_CASE("toolkit: every compression mode") {
  const Toolkit toolkit;
  if (!toolkit.ok() || !IsRelease13(toolkit)) return;
  CHECK(toolkit.Compiled("-arch=sm_90 --compress-mode=none") ==
        Lines{"cubin sm_90 none", "ptx compute_90@9.0 none"});
  CHECK(toolkit.Compiled("-arch=sm_90 --compress-mode=speed") ==
        Lines{"cubin sm_90 none", "ptx compute_90@9.0 lz4"});
  CHECK(toolkit.Compiled("-arch=sm_90") == Lines{"cubin sm_90 none", "ptx compute_90@9.0 zstd"});
  CHECK(toolkit.Compiled("-arch=sm_90 --compress-mode=size") ==
        Lines{"cubin sm_90 zstd", "ptx compute_90@9.0 zstd"});
  CHECK(toolkit.Compiled("-arch=sm_90 -Xfatbin -compress-all") ==
        Lines{"cubin sm_90 zstd", "ptx compute_90@9.0 zstd"});
}

TEST_CASE("toolkit: targets with and without suffixes, as asked for") {
  const Toolkit toolkit;
  if (!toolkit.ok() || !IsRelease13(toolkit)) return;
  Lines lines = toolkit.Compiled(
      "--compress-mode=none -gencode arch=compute_75,code=sm_75 -gencode arch=compute_80,code=[sm_80,sm_86] "
      "-gencode arch=compute_90a,code=[sm_90a,compute_90a] -gencode "
      "arch=compute_100f,code=[sm_100f,compute_100f] "
      "-gencode arch=compute_121f,code=sm_121f");
  std::sort(lines.begin(), lines.end());
  CHECK(lines == Lines{"cubin sm_100f none", "cubin sm_121f none", "cubin sm_75 none", "cubin sm_80 none",
                       "cubin sm_86 none", "cubin sm_90a none", "ptx compute_100f@9.0 none",
                       "ptx compute_90a@9.0 none"});
  CHECK(toolkit.Compiled("-gencode arch=compute_80,code=compute_80") == Lines{"ptx compute_80@9.0 zstd"});
}

TEST_CASE("toolkit: debug, line information, relocatable code, LTO") {
  const Toolkit toolkit;
  if (!toolkit.ok() || !IsRelease13(toolkit)) return;
  toolkit.Compiled("-arch=sm_90 -G -g");
  const auto debug = toolkit.Scan("k.o");
  REQUIRE(debug.images.size() == 2);
  CHECK((debug.images[0].flags & scan::kFlagDebug) != 0);
  CHECK(debug.identifiers.at(debug.images[0].identifier) == "k.cu");
  CHECK(debug.toolkits == Lines{"13.0"});
  toolkit.Compiled("-gencode arch=compute_80,code=[sm_80,compute_80] -rdc=true");
  const auto relocatable = toolkit.Scan("k.o");
  CHECK(relocatable.sections.at(relocatable.images.at(0).section).name == "__nv_relfatbin");
  CHECK(toolkit.Compiled("-rdc=true -gencode arch=compute_80,code=lto_80") == Lines{"lto lto_80 zstd"});
}

TEST_CASE("toolkit: a linked program has a stub without kernels and the kernels; the runtime is inside") {
  const Toolkit toolkit;
  if (!toolkit.ok() || !IsRelease13(toolkit)) return;
  REQUIRE(toolkit.Run("nvcc",
                      "k.cu -o k -gencode arch=compute_80,code=sm_80 -gencode arch=compute_90,code=sm_90"));
  const auto file = toolkit.Scan("k");
  REQUIRE(file.containers_total == 2);
  CHECK(Images(file) ==
        Lines{"cubin sm_80 none", "cubin sm_90 none", "cubin sm_80 none", "cubin sm_90 none"});
  CHECK(file.images[0].stub);
  CHECK(file.images[1].stub);
  CHECK_FALSE(file.images[2].stub);
  CHECK(file.static_cudart == scan::StaticCudart::kYes);
  REQUIRE(toolkit.Run("nvcc", "k.cu -o k -arch=sm_80 -cudart shared"));
  const auto shared = toolkit.Scan("k");
  CHECK(shared.static_cudart == scan::StaticCudart::kNo);
  REQUIRE(shared.needs.size() == 1);
  CHECK(shared.needs[0].library == "cudart");
  CHECK(shared.needs[0].version == "13");
}

TEST_CASE("toolkit: of a relocatable build the parts are the modules, not what was linked of them") {
  const Toolkit toolkit;
  if (!toolkit.ok() || !IsRelease13(toolkit)) return;
  REQUIRE(toolkit.Run(
      "nvcc",
      "k.cu -o libk.so --shared -Xcompiler -fPIC -rdc=true -gencode arch=compute_80,code=[sm_80,compute_80]"));
  const auto file = toolkit.Scan("libk.so");
  CHECK(file.containers_total == 2);
  const scan::Coverage coverage = CoverageOf(file);
  CHECK(coverage.device_links == 1);
  CHECK(coverage.containers == 1);
}

TEST_CASE("toolkit: raw cubins, PTX, LTO-IR and fat binaries of every codec") {
  const Toolkit toolkit;
  if (!toolkit.ok() || !IsRelease13(toolkit)) return;
  for (const char* target : {"75", "90", "90a", "100", "100a", "100f", "120a"}) {
    REQUIRE(toolkit.Run("nvcc", std::string("-cubin k.cu -o k.cubin -arch=sm_") + target));
    const auto cubin = toolkit.Scan("k.cubin");
    CHECK(Images(cubin) == Lines{std::string("cubin sm_") + target + " none"});
    CHECK(cubin.toolkits == Lines{"13.0"});
  }
  REQUIRE(toolkit.Run("nvcc", "-ptx k.cu -o k.ptx -arch=compute_90a"));
  CHECK(Images(toolkit.Scan("k.ptx")) == Lines{"ptx compute_90a@9.0 none"});
  REQUIRE(toolkit.Run("nvcc", "-ltoir k.cu -o k.ltoir -gencode arch=compute_80,code=lto_80"));
  CHECK(Images(toolkit.Scan("k.ltoir")) == Lines{"lto lto_80 none"});
  REQUIRE(toolkit.Run("nvcc", "-cubin k.cu -o k90.cubin -arch=sm_90"));
  const std::vector<std::pair<int, const char*>> codecs = {
      {1, "zlib"}, {2, "lz4"}, {3, "lz4-frame"}, {5, "zstd"}};
  for (const auto& [number, name] : codecs) {
    REQUIRE(toolkit.Run("fatbinary", "-64 --create=k.fatbin -compress-all -compress-algo=" +
                                         std::to_string(number) + " --image3=kind=elf,sm=90,file=k90.cubin"));
    const auto file = toolkit.Scan("k.fatbin");
    CHECK(Images(file) == Lines{std::string("cubin sm_90 ") + name});
    CHECK(file.toolkits == Lines{"13.0"});  // so it could be unpacked
  }
}

TEST_CASE("toolkit: archives made by nvcc, and many architectures at once") {
  const Toolkit toolkit;
  if (!toolkit.ok() || !IsRelease13(toolkit)) return;
  REQUIRE(toolkit.Run("nvcc", "-lib k.cu -o k.a -arch=all-major"));
  const auto file = toolkit.Scan("k.a");
  CHECK(file.format == "ar");
  Lines targets;
  for (const scan::Image& image : file.images) targets.push_back(scan::TargetName(image));
  std::sort(targets.begin(), targets.end());
  CHECK(targets == Lines{"compute_120", "sm_100", "sm_110", "sm_120", "sm_75", "sm_80", "sm_90"});
  CHECK(file.images[0].listed_by_vendor_tool);
}

TEST_CASE("toolkit: every length of a real object, fat binary and cubin gives a report") {
  const Toolkit toolkit;
  if (!toolkit.ok()) return;
  REQUIRE(toolkit.Run("nvcc", "-c k.cu -o k.o -rdc=true -gencode arch=compute_80,code=[sm_80,compute_80]"));
  REQUIRE(toolkit.Run("nvcc", "-fatbin k.cu -o k.fatbin -arch=sm_80 -Xfatbin -compress-all"));
  REQUIRE(toolkit.Run("nvcc", "-cubin k.cu -o k.cubin -arch=sm_90"));
  for (const char* name : {"k.o", "k.fatbin", "k.cubin"}) {
    std::ifstream file(toolkit.Path(name), std::ios::binary);
    const Blob whole{std::istreambuf_iterator<char>(file), {}};
    INFO(name << " " << whole.size());
    CHECK(whole.size() <= 65536);
    for (size_t length = 0; length < whole.size(); ++length) {
      for (const bool deep : {false, true}) {
        scan::Options options;
        options.deep = deep;
        const auto files = ScanBytes(whole.substr(0, length), options);
        if (files.empty() || files[0].images_total > 4) FAIL(length);
      }
    }
  }
}
