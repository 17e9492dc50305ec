// `doctor` over recorded machines, as a person would run it: the one cause, its verdict and exit code, and no
// second, wrong one. Each folder of tests/fixtures/hosts says in `expected` what the answer must be.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text.h"
#include "catch.h"
#include "probe/probe.h"
#include "probe/windows_host.h"
#include "report/record.h"
#include "run_cli.h"

using namespace cudacompat;
namespace fs = std::filesystem;

namespace {

const fs::path kHosts = fs::path(CUDACOMPAT_SOURCE_DIR) / "tests" / "fixtures" / "hosts";

using run_cli::Outcome;
using run_cli::Run;

std::string FileText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::map<std::string, std::string> ExpectedOf(const fs::path& folder) {
  std::map<std::string, std::string> expected;
  std::ifstream file(folder / "expected");
  for (std::string key, value; file >> key && std::getline(file >> std::ws, value);)
    expected.emplace(key, value);
  return expected;
}

std::vector<fs::path> Hosts() {
  std::vector<fs::path> hosts;
  for (const auto& entry : fs::directory_iterator(kHosts)) {
    if (entry.is_directory()) hosts.push_back(entry.path());
  }
  std::sort(hosts.begin(), hosts.end());
  return hosts;
}

std::string TextOf(const nlohmann::json& value) { return value.is_null() ? "-" : value.get<std::string>(); }

const std::map<std::string, int> kExit = {
    {"compatible", 0}, {"incompatible", 1}, {"conditional", 2}, {"unknown", 3}};

void CheckAnswer(const Outcome& outcome, std::map<std::string, std::string> expected) {
  INFO(outcome.out << outcome.err);
  REQUIRE(!outcome.out.empty());
  const nlohmann::json json = outcome.Json();
  CHECK(TextOf(json["rule"]) == expected["rule"]);
  if (expected["verdict"] != "-") CHECK(json["verdict"] == expected["verdict"]);
  CHECK(outcome.code == kExit.at(json["verdict"]));
  const bool good = json["verdict"] == "compatible" || expected["rule"] == "unknown-gpu";
  REQUIRE(json["findings"].size() == (good ? 0 : 1));
  if (!good) {
    CHECK(TextOf(json["findings"][0]["rule"]) == expected["rule"]);
    CHECK(!json["findings"][0]["remedies"].empty());
    CHECK(!json["class"].is_null());
  }
  CHECK(!json["summary"].get<std::string>().empty());
}

/// A folder that goes away with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("cudacompat-doctor-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

}  // namespace

TEST_CASE("every recorded machine has one cause, the expected one") {
  std::vector<fs::path> hosts = Hosts();
  REQUIRE(hosts.size() > 55);
  for (const fs::path& host : hosts) {
    INFO(host.filename().string());
    CheckAnswer(Run({"doctor", "--root", host.string(), "--no-launch", "--json"}), ExpectedOf(host));
  }
}

TEST_CASE("a record of device --json gives the same answer as the machine") {
  for (const fs::path& host : Hosts()) {
    INFO(host.filename().string());
    Outcome record = Run({"device", "--root", host.string(), "--json"});
    REQUIRE(record.code == 0);
    CheckAnswer(Run({"doctor", "--target", "-", "--json"}, record.out), ExpectedOf(host));
  }
}

TEST_CASE("every step has one of four words and a reason; a cause is a step that failed or is in doubt") {
  for (const fs::path& host : Hosts()) {
    INFO(host.filename().string());
    const nlohmann::json json = Run({"doctor", "--root", host.string(), "--json"}).Json();
    REQUIRE(json["steps"].size() > 25);
    CHECK(json["steps"][0]["check"] == "card");
    CHECK(json["steps"].back()["check"] == "launch");
    std::map<std::string, nlohmann::json> steps;
    for (const auto& step : json["steps"]) {
      const std::string status = step["status"];
      CHECK((status == "passed" || status == "failed" || status == "unknown" || status == "skipped"));
      CHECK(!step["detail"].get<std::string>().empty());
      steps[step["check"]] = step;
    }
    for (const auto& finding : json["findings"]) {
      const nlohmann::json& step = steps.at(finding["check"]);
      CHECK((step["status"] == "failed" || step["status"] == "unknown"));
      CHECK(step["follows"].is_null());
    }
  }
}

TEST_CASE("Windows machines, by their records") {
  Folder folder;
  const std::map<std::string, std::string> machines = {
      {"cpu-only-build", "cpu-only-build"},
      {"driver-not-installed", "driver-not-installed"},
      {"gpu-init-failed", "gpu-init-failed"},
      {"gpu-init-failed-second-card", "gpu-init-failed"},
      {"secure-boot-blocks-module", "secure-boot-blocks-module"}};
  for (const auto& [name, rule] : machines) {
    INFO(name);
    probe::RecordedWindows host(
        FileText(fs::path(CUDACOMPAT_SOURCE_DIR) / "tests" / "fixtures" / "windows" / (name + ".txt")));
    const Machine machine = probe::ProbeMachine(host);
    const std::string file = (folder.path / name).string();
    std::ofstream(file) << report::MachineToJson(machine).dump();
    Outcome outcome = Run({"doctor", "--target", file, "--json"});
    CheckAnswer(outcome, {{"rule", rule}, {"verdict", "incompatible"}});
    const nlohmann::json answer = outcome.Json();
    for (const auto& remedy : answer["remedies"]) {
      for (const auto& command : remedy["commands"])
        CHECK_FALSE(Contains(command.get<std::string>(), "sudo"));
    }
    if (name == "gpu-init-failed-second-card")
      CHECK(Contains(TextOf(outcome.Json()["summary"]), "NVIDIA GeForce GTX 1080 Ti works"));
  }
}

TEST_CASE("the C library of a report is that of its distribution, and its own line where that is not known") {
  auto verdict = [](const std::string& os, const std::string& libc, const std::string& python) {
    const std::string report =
        "Collecting environment information...\nPyTorch version: N/A\nOS: " + os + "\nLibc version: " + libc +
        "\nPython version: " + python +
        " (64-bit runtime)\nGPU models and configuration: GPU 0: Tesla V100-PCIE-16GB\n"
        "Nvidia driver version: 535.183.01\n";
    return Run({"query", "--target", "-", "--torch", "2.9.0+cu126", "--json"}, report).Json()["rule"];
  };
  CHECK(verdict("CentOS Linux 7 (Core) (x86_64)", "glibc-2.17", "3.10.12") == "c-library-mismatch");
  CHECK(verdict("Ubuntu 22.04.3 LTS (x86_64)", "glibc-2.35", "3.10.12") == "native-image");
  CHECK(verdict("Foonix 3 (x86_64)", "glibc-2.27", "3.10.12") == "c-library-mismatch");
  // what an older Python was linked with
  CHECK(verdict("Ubuntu 22.04.3 LTS (x86_64)", "glibc-2.10", "3.10.12") == "native-image");
  CHECK(verdict("Foonix 3 (x86_64)", "glibc-2.10", "3.7.16") != "c-library-mismatch");
}

TEST_CASE("no driver is advised where it cannot be changed") {
  for (const fs::path& host : Hosts()) {
    INFO(host.filename().string());
    const nlohmann::json json = Run({"doctor", "--root", host.string(), "--json"}).Json();
    const std::string platform = TextOf(json["target"]["platform"]);
    const bool tegra = TextOf(json["target"]["arch"]) == "tegra";
    for (const auto& remedy : json["remedies"]) {
      if (remedy["changes"][0] != "driver") continue;
      INFO(remedy.dump());
      CHECK(platform != "hosted");
      CHECK_FALSE(tegra);
      const auto& needs = remedy["needs"];
      if (platform == "container") CHECK(std::find(needs.begin(), needs.end(), "host") != needs.end());
      for (const auto& command : remedy["commands"])
        CHECK_FALSE((TextOf(json["target"]["os"]) == "wsl" &&
                     Contains(command.get<std::string>(), "ubuntu-drivers")));
    }
  }
}

TEST_CASE("this machine is examined without a launch") {
  Outcome outcome = Run({"doctor", "--no-launch", "--json"});
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.code <= 3);
  const nlohmann::json json = outcome.Json();
  CHECK(json["schema"] == "cudacompat/doctor/1");
  CHECK(json["target"]["format"] == "live");
  CHECK(json["steps"].back()["status"] == "skipped");
  CHECK(json["steps"].back()["detail"] == "--no-launch");
  Outcome text = Run({"doctor", "--no-launch"});
  CHECK(text.code == outcome.code);
  CHECK(StartsWith(text.out, json["verdict"].get<std::string>() + " ("));
}

TEST_CASE("a card that is stated is taken instead of the machine's own") {
  Outcome outcome = Run({"doctor", "--root", (kHosts / "image-root").string(), "--gpu", "RTX 4090",
                         "--driver", "550.54.14", "--json"});
  INFO(outcome.out);
  CHECK(outcome.code == 0);
  CHECK(outcome.Json()["rule"] == "native-image");
  CHECK(outcome.Json()["steps"][0]["status"] == "skipped");
}

TEST_CASE("bad input is named and nothing stands on standard output") {
  Folder folder;
  std::ofstream(folder.path / "file") << "x";
  for (const std::string& bad : {(folder.path / "missing").string(), (folder.path / "file").string()}) {
    for (const char* form : {"--json", "--no-launch"}) {
      Outcome outcome = Run({"doctor", "--root", bad, form});
      INFO(outcome.err);
      CHECK(outcome.code == 65);
      CHECK(outcome.out.empty());
      CHECK(Contains(outcome.err, bad));
    }
  }
  CHECK(Run({"doctor", "--target", (folder.path / "missing").string()}).code == 65);
  CHECK(Run({"doctor", "--nonsense"}).code == 64);
  CHECK(Run({"doctor", "extra"}).code == 64);
  CHECK(Run({"doctor", "--here", "--root", kHosts.string()}).code == 64);
}

TEST_CASE("cyclic links, unreadable folders and binary noise are read as far as they go") {
  Folder folder;
  for (const char* name : {"proc", "sys/bus/pci/devices", "usr/lib", "etc"})
    fs::create_directories(folder.path / name);
  fs::create_directory_symlink("..", folder.path / "usr/lib/loop");
  fs::create_symlink("b", folder.path / "etc/a");
  fs::create_symlink("a", folder.path / "etc/b");
  fs::create_symlink("ld.so.cache", folder.path / "etc/ld.so.cache");
  fs::create_directory_symlink("../devices", folder.path / "sys/bus/pci/devices/0000:01:00.0");
  std::string noise;
  for (int i = 0; i < 100000; ++i) noise += static_cast<char>(i * 7919 % 251);
  for (const char* name : {"proc/modules", "proc/version", "etc/os-release"})
    std::ofstream(folder.path / name) << noise;
  fs::create_directories(folder.path / "dev");
  fs::permissions(folder.path / "dev", fs::perms::none);
  Outcome outcome = Run({"doctor", "--root", folder.path.string(), "--json"});
  fs::permissions(folder.path / "dev", fs::perms::owner_all);
  INFO(outcome.out << outcome.err);
  CHECK(outcome.code <= 3);
  CHECK(outcome.Json()["schema"] == "cudacompat/doctor/1");
}
