// The formats of `check`: each says the same, and the published schemas hold.
#include "catch.h"
#include "check_run.h"

using namespace check_run;
using namespace fixtures;

namespace {

std::string Holed(const TempFolder& folder) {
  return folder.Write("lib k.so", Library({{Cubin(75), Cubin(80)}, {Cubin(80), Cubin(90)}}));
}

}  // namespace

TEST_CASE("JSON by its schema") {
  TempFolder folder;
  const std::string path = Holed(folder);
  Validate(folder, "docs/schema/check.schema.json", Run({"check", path, "--json"}).out);
  Validate(
      folder, "docs/schema/check.schema.json",
      Run({"check", path, path + ".gone", "--require", "sm_75,T4", "--oldest-driver", "525.60.13", "--json"})
          .out);
  CHECK(Run({"check", path, "--format", "json"}).out == Run({"check", path, "--json"}).out);
}

TEST_CASE("SARIF by the published schema") {
  TempFolder folder;
  const std::string path = Holed(folder);
  const Outcome outcome =
      Run({"check", path, path + ".gone", "--require", "sm_75", "--gpu", "7.5", "--format", "sarif"});
  CHECK(outcome.code == 65);
  Validate(folder, "tests/fixtures/schemas/sarif-2.1.0.json", outcome.out);
  const auto run = outcome.Json()["runs"][0];
  CHECK(run["results"][0]["ruleId"] == "required-image-missing");
  CHECK(run["results"][0]["level"] == "error");
  CHECK(run["invocations"][0]["executionSuccessful"] == false);
  const std::string uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
  CHECK(uri.find("lib%20k.so") != std::string::npos);
}

TEST_CASE("JUnit counts what fails") {
  TempFolder folder;
  const std::string path = Holed(folder);
  const Outcome outcome = Run({"check", path, path + ".gone", "--require", "sm_75", "--format", "junit"});
  CHECK(outcome.out.find("tests=\"2\" failures=\"1\" errors=\"1\"") != std::string::npos);
  CHECK(outcome.out.find("type=\"required-image-missing\"") != std::string::npos);
  CHECK(Run({"check", path, "--require", "sm_80", "--format", "junit"}).out.find("failures=\"0\"") !=
        std::string::npos);
}

TEST_CASE("annotations name the file and escape what they must") {
  TempFolder folder;
  const std::string path = folder.Write("a,b.so", Library({{Cubin(80)}}));
  const Outcome outcome = Run({"check", path, "--require", "sm_75", "--format", "github"});
  CHECK(outcome.out.find("::error file=") == 0);
  CHECK(outcome.out.find("a%2Cb.so,title=required-image-missing::") != std::string::npos);
  CHECK(Run({"check", path, "--require", "sm_80", "--format", "github"}).out.empty());
}

TEST_CASE("text: the verdict first, then findings and the matrix") {
  TempFolder folder;
  const Outcome outcome = Run({"check", Holed(folder), "--require", "sm_75"});
  CHECK(outcome.out.find("incompatible (required-image-missing)\n") == 0);
  CHECK(outcome.out.find("1 of 2 modules of lib k.so hold no sm_75 image") != std::string::npos);
  CHECK(outcome.out.find("7.5     some") != std::string::npos);
}
