// What people pasted into public threads, through the program as it is run: `explain -` of their logs, `query
// --target -` of their reports.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "base/text.h"
#include "catch.h"
#include "cli/cli.h"

namespace cudacompat::cli {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(CUDACOMPAT_SOURCE_DIR) / "tests" / "fixtures" / "threads";

struct Entry {
  std::vector<std::string> head;  // name, and what stands behind each bar
  std::string text;
};

std::vector<Entry> Entries(const std::string& name) {
  std::ifstream file(kFolder / name, std::ios::binary);
  std::vector<Entry> entries;
  for (std::string line; std::getline(file, line);) {
    if (StartsWith(line, "### ")) {
      entries.emplace_back();
      for (std::string_view part : Split(std::string_view(line).substr(4), '|'))
        entries.back().head.emplace_back(Trim(part));
    } else if (!entries.empty()) {
      entries.back().text += line + "\n";
    }
  }
  return entries;
}

nlohmann::json Run(std::vector<std::string> arguments, const std::string& text) {
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in(text);
  Io io{out, err, in, false, 100, "", [](const std::string&) { return std::string(); }};
  arguments.emplace_back("--json");
  RunCli(arguments, io);
  INFO(err.str());
  return nlohmann::json::parse(out.str(), nullptr, false);
}

std::string TextOr(const nlohmann::json& value, const std::string& other) {
  return value.is_string() ? value.get<std::string>() : other;
}

void CheckLogs(const std::string& file, size_t least) {
  std::vector<Entry> entries = Entries(file);
  REQUIRE(entries.size() >= least);
  for (const Entry& entry : entries) {
    REQUIRE(entry.head.size() == 4);
    std::vector<std::string> arguments{"explain", "-"};
    if (entry.head[1] != "-") {
      for (std::string_view word : Words(entry.head[1])) arguments.emplace_back(word);
    }
    nlohmann::json answer = Run(arguments, entry.text);
    std::vector<std::string_view> expected = Words(entry.head[2]);
    REQUIRE(expected.size() == 3);
    INFO(entry.head[0] << "\n" << answer["findings"].dump(1));
    CHECK(TextOr(answer["rule"], "-") == expected[1]);
    CHECK(TextOr(answer["class"], "-") == expected[2]);
    std::string line = answer["findings"].empty() ? "-" : answer["findings"][0]["line"].dump();
    if (expected[0] != "?") CHECK(line == expected[0]);
  }
}

std::string Seen(const nlohmann::json& answer, const std::string& key) {
  if (key == "hosts") return std::to_string(answer.value("hosts", nlohmann::json::array()).size());
  if (key != "cc") return TextOr(answer["target"][key], "-");
  std::set<std::string> capabilities;
  for (const nlohmann::json& device : answer["devices"])
    capabilities.insert(TextOr(device["compute_capability"], "-"));
  return Join(std::vector<std::string>(capabilities.begin(), capabilities.end()), ",");
}

TEST_CASE("Logs of public threads") { CheckLogs("logs.txt", 180); }

TEST_CASE("More sentences of public threads") { CheckLogs("more.txt", 80); }

TEST_CASE("Reports of public threads") {
  std::vector<Entry> entries = Entries("reports.txt");
  REQUIRE(entries.size() >= 75);
  for (const Entry& entry : entries) {
    REQUIRE(entry.head.size() == 4);
    nlohmann::json answer = Run({"query", "--target", "-"}, entry.text);
    INFO(entry.head[0] << "\n" << answer.dump(1).substr(0, 2000));
    CHECK_FALSE(answer.is_discarded());
    if (answer.is_discarded()) continue;
    std::vector<std::string_view> expected = Words(entry.head[1]);
    CHECK(TextOr(answer["verdict"], "-") == expected[0]);
    if (expected[1] != "(any)") CHECK(TextOr(answer["rule"], "-") == expected[1]);
    if (entry.head[2] == "-") continue;
    for (std::string_view pair : Words(entry.head[2])) {
      size_t equal = pair.find('=');
      CHECK(Seen(answer, std::string(pair.substr(0, equal))) == pair.substr(equal + 1));
    }
  }
}

TEST_CASE("Explain of a file that is none") {
  for (const std::string what : {"no-such-file.log", "./missing", "/tmp/", "/no/such/folder/run.txt"}) {
    std::ostringstream out;
    std::ostringstream err;
    std::istringstream in;
    Io io{out, err, in, false, 100, "", [](const std::string&) { return std::string(); }};
    INFO(what);
    CHECK(RunCli({"explain", what}, io) == 65);
    CHECK(out.str().empty());
    CHECK(Contains(err.str(), "hint"));
  }
}

TEST_CASE("A pipe is read as a file is") {
  std::string path = std::filesystem::temp_directory_path() / ("threads_test." + std::to_string(getpid()));
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  for (const char* command : {"explain", "query"}) {
    std::thread writer([&path] {
      std::ofstream pipe(path);
      pipe << "| NVIDIA-SMI 535.183.01   Driver Version: 535.183.01   CUDA Version: 12.2 |\n"
              "RuntimeError: CUDA error: no kernel image is available for execution on the device\n";
    });
    std::vector<std::string> arguments{command};
    if (std::string_view(command) == "query") arguments.emplace_back("--target");
    arguments.push_back(path);
    nlohmann::json answer = Run(arguments, "");
    writer.join();
    CHECK(TextOr(answer["rule"], "-") == "no-kernel-image");
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace cudacompat::cli
