// `check` on what nvcc really builds. Without a toolkit the test is skipped and says so.
#include <cstdlib>

#include "catch.h"
#include "check_run.h"

using namespace check_run;
using namespace fixtures;

TEST_CASE("objects of two source files in one library") {
  const std::string nvcc = "/usr/local/cuda/bin/nvcc";
  if (std::system(("test -x " + nvcc).c_str()) != 0) {
    WARN("skipped: no CUDA toolkit");
    return;
  }
  TempFolder folder;
  folder.Write("a.cu", "extern \"C\" __global__ void a(float* p) { p[0] *= 2.0f; }\n");
  folder.Write("b.cu", "extern \"C\" __global__ void b(float* p) { p[0] += 2.0f; }\n");
  const std::string command =
      "cd '" + folder.path() + "' && " + nvcc +
      " -c a.cu -o a.o -gencode arch=compute_75,code=sm_75 -gencode arch=compute_80,code=[sm_80,compute_80] && " +
      nvcc + " -c b.cu -o b.o -gencode arch=compute_80,code=[sm_80,compute_80] && ar rcs libab.a a.o b.o";
  REQUIRE(std::system((command + " >/dev/null 2>&1").c_str()) == 0);
  const std::string library = folder.path() + "/libab.a";
  CHECK(Run({"check", library, "--require", "sm_80,+PTX"}).code == 0);
  const Outcome hole = Run({"check", library, "--require", "sm_75", "--json"});
  CHECK(hole.code == 1);
  CHECK(Findings(hole) == Lines{"required-image-missing sm_75 1"});
  CHECK(hole.Json()["files"][0]["findings"][0]["modules"][0] == "b.o");
}
