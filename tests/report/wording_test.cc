// What lines complain of where no known sentence stands in them: the shipped wordings.
#include "report/wording.h"

#include <re2/re2.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "catch.h"
#include "error_table.h"

namespace cudacompat::report {
namespace {

std::string First(std::string_view text) {
  std::vector<Finding> found = FindWordings(text, ShippedWordings());
  return found.empty() ? "" : found.front().rule.empty() ? found.front().cls : found.front().rule;
}

TEST_CASE("Every shipped wording can be used, and none is for wrappers") {
  std::vector<ErrorPattern> wordings = ShippedWordings();
  CHECK(wordings.size() > 20);
  for (const ErrorPattern& row : wordings) {
    INFO(row.id);
    CHECK(re2::RE2(row.regex, re2::RE2::Quiet).ok());
    CHECK(re2::RE2(row.unless, re2::RE2::Quiet).ok());
    CHECK((row.context == "-" || re2::RE2(row.context, re2::RE2::Quiet).ok()));
    CHECK(row.rank < kNotes);
  }
}

TEST_CASE("A subject and a complaint in any order are one wording") {
  CHECK(First("The CUDA compiler that cmake wants could not be located") == "toolkit-differs-from-build");
  CHECK(First("unable to dlopen libcufft on this node") == "library-missing");
  CHECK(First("we could not see any NVIDIA GPU on this node") == "no-gpu");
  CHECK(First("this NVIDIA driver seems outdated") == "driver-too-old");
  CHECK(First("node7: card dead?\nGPU 3 requires a reset") == "gpu-lost");
  std::vector<Finding> found =
      FindWordings("start\nlibcublas.so.12 missing\nno GPU was seen", ShippedWordings());
  REQUIRE(found.size() >= 1);
  CHECK(found.front().line == 2);
}

TEST_CASE("What tells how something is done complains of nothing") {
  for (const char* text :
       {"If no GPU is found, the CPU is used", "- Fix driver not found on Windows", "# nvcc not found",
        "To use CUDA you need a driver of 525 or newer, install it first", "-- CUDA compiler not found",
        "java.sql.SQLException: driver version is too old", "printf(\"no GPU found\");", "",
        "| GPU | not supported | - |"}) {
    INFO(text);
    CHECK(First(text) == "");
  }
}

TEST_CASE("Harmless texts hold no wording") {
  std::ifstream file(std::string(CUDACOMPAT_SOURCE_DIR) + "/tests/fixtures/logs/harmless.tsv",
                     std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  const std::string lines = all.str();
  for (std::string_view line : Split(lines, '\n')) {
    if (line.empty() || StartsWith(line, "# ")) continue;
    std::string text(line);
    for (size_t at = 0; (at = text.find("\\n", at)) != std::string::npos;) text.replace(at, 2, "\n");
    INFO(text);
    CHECK(First(text) == "");
  }
}

}  // namespace
}  // namespace cudacompat::report
