// Every report of tests/fixtures/reports against what must be read from it; and what becomes of it cut off
// anywhere.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "catch.h"
#include "fixture_text.h"
#include "report/record.h"
#include "report/report.h"

namespace cudacompat::report {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const fs::path kReports = FixtureFolder("reports");

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kReports)) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// What of `expected` is not in `actual`; empty when all is.
std::string Missing(const json& expected, const json& actual, const std::string& path) {
  if (expected.is_object()) {
    if (!actual.is_object()) return path + " is " + actual.dump();
    for (const auto& [key, value] : expected.items()) {
      bool lists_errors = key == "errors";
      json seen = actual.contains(key) ? actual[key] : json();
      if (seen.is_null() && (value == "" || value == json::array())) continue;
      if (lists_errors) {
        for (const json& wanted : value) {
          bool found = std::any_of(seen.begin(), seen.end(), [&](const json& line) {
            return Contains(line["text"].get<std::string>(), wanted.get<std::string>());
          });
          if (!found) return path + ".errors lacks '" + wanted.get<std::string>() + "' in " + seen.dump();
        }
        continue;
      }
      std::string missing = Missing(value, seen, path + "." + key);
      if (!missing.empty()) return missing;
    }
    return "";
  }
  if (expected.is_array()) {
    bool in_order = EndsWith(path, ".gpus") || EndsWith(path, ".unread");
    if (!actual.is_array() || (in_order && actual.size() != expected.size()))
      return path + " is " + actual.dump();
    for (size_t i = 0; i < expected.size(); ++i) {
      bool found = false;
      for (size_t k = in_order ? i : 0; k < actual.size() && !found; ++k) {
        found = Missing(expected[i], actual[k], "").empty();
        if (in_order) break;
      }
      if (!found) return path + " lacks " + expected[i].dump() + " in " + actual.dump();
    }
    return "";
  }
  return expected == actual ? "" : path + " is " + actual.dump() + ", expected " + expected.dump();
}

TEST_CASE("Every report gives its machine") {
  REQUIRE(Names().size() >= 40);
  for (const std::string& name : Names()) {
    INFO(name);
    json expected = json::parse(FileText(kReports / (name + ".json")));
    Result<std::vector<Machine>> machines = ReadReport(FileText(kReports / (name + ".txt")));
    CHECK(machines.ok());
    if (!machines.ok()) continue;
    json hosts = expected.is_array() ? expected : json::array({expected});
    CHECK(machines->size() == hosts.size());
    for (size_t i = 0; i < std::min(machines->size(), hosts.size()); ++i) {
      CHECK(Missing(hosts[i], MachineToJson((*machines)[i]), "") == "");
    }
  }
}

std::string Two(size_t number) { return std::to_string(10 + number % 50); }

TEST_CASE("What a viewer puts before every line changes nothing") {
  struct Form {
    const char* name;
    std::string (*before)(size_t line);
    size_t most_lost;
  };
  static const Form kForms[] = {
      {"line numbers", [](size_t line) { return "   " + std::to_string(line) + "  "; }, 4},
      {"numbers of an editor", [](size_t line) { return std::to_string(line + 41) + ": "; }, 4},
      {"a frame", [](size_t) { return std::string("\xE2\x94\x82 "); }, 2},
      {"a bar", [](size_t) { return std::string("  0%|          | 0/10 [00:00<?, ?it/s]"); }, 3},
      {"a difference", [](size_t) { return std::string("+ "); }, 4},
      {"pdsh", [](size_t) { return std::string("node03: "); }, 4},
      {"srun -l", [](size_t line) { return std::to_string(line % 2) + ": "; }, 6},
      {"mpirun", [](size_t) { return std::string("[1,0]<stdout>:"); }, 7},
      {"kubectl", [](size_t) { return std::string("[pod/trainer-0/main] "); }, 4},
      {"stern", [](size_t) { return std::string("trainer-0 main "); }, 4},
      {"short-iso", [](size_t line) { return "2024-03-01T10:00:" + Two(line) + "+0000 host python[12]: "; },
       4},
      {"RFC 5424", [](size_t line) { return "<14>1 2024-03-01T10:00:" + Two(line) + "Z host app 12 - - "; },
       4},
      {"logging", [](size_t line) { return "2024-03-01 10:00:" + Two(line) + ",123 INFO root: "; }, 4},
      {"levels",
       [](size_t line) {
         return "2024-03-01 10:00:" + Two(line) +
                (line % 3 == 0 ? ",1 - app - WARNING - " : ",1 - app - INFO - ");
       },
       4},
      {"columns",
       [](size_t line) { return "10:00:" + Two(line) + (line % 3 == 0 ? ".1 ERROR - " : ".1 INFO  - "); }, 4},
      {"BuildKit", [](size_t line) { return "#12 " + std::to_string(line) + ".123 "; }, 4},
      {"Airflow",
       [](size_t line) { return "[2024-03-01, 10:00:" + Two(line) + " UTC] {subprocess.py:93} INFO - "; }, 4},
      {"Ray", [](size_t) { return std::string("\x1b[36m(Worker pid=12, ip=10.0.0.1)\x1b[0m "); }, 4},
      {"a comment", [](size_t) { return std::string("# "); }, 7},
      {"a comment of C", [](size_t) { return std::string("// "); }, 7},
      {"nobody's", [](size_t line) { return "~zq~" + std::to_string(line * 7) + "~ "; }, 4}};
  for (const Form& form : kForms) {
    std::vector<std::string> lost;
    for (const std::string& name : Names()) {
      const std::string plain = FileText(kReports / (name + ".txt"));
      std::string text;
      size_t number = 0;
      for (std::string_view line : Split(plain, '\n'))
        text += form.before(++number) + std::string(line) + "\n";
      json expected = json::parse(FileText(kReports / (name + ".json")));
      json hosts = expected.is_array() ? expected : json::array({expected});
      Result<std::vector<Machine>> machines = ReadReport(text);
      bool same = machines.ok() && machines->size() == hosts.size();
      for (size_t i = 0; same && i < hosts.size(); ++i) {
        for (const char* key : {"errors", "unread", "problems"}) hosts[i].erase(key);
        same = Missing(hosts[i], MachineToJson((*machines)[i]), "").empty();
      }
      if (!same) lost.push_back(name);
    }
    INFO(form.name << ": " << Join(lost, " "));
    CHECK(lost.size() <= form.most_lost);
  }
}

TEST_CASE("A report cut off anywhere is read up to there") {
  for (const std::string& name : Names()) {
    std::string text = FileText(kReports / (name + ".txt"));
    size_t step = std::max<size_t>(1, text.size() / 60);
    for (size_t end = 0; end < text.size(); end += step) {
      Result<std::vector<Machine>> machines = ReadReport(std::string_view(text).substr(0, end));
      if (!machines.ok()) CHECK_FALSE(machines.error().message.empty());
    }
  }
}

TEST_CASE("A record is read back as it was written") {
  for (const std::string& name : Names()) {
    Result<std::vector<Machine>> machines = ReadReport(FileText(kReports / (name + ".txt")));
    REQUIRE(machines.ok());
    for (const Machine& machine : *machines) {
      auto written = MachineToJson(machine);
      Result<std::vector<Machine>> again = ReadReport(written.dump(2));
      REQUIRE(again.ok());
      auto twice = MachineToJson(again->front());
      written["format"] = "record";
      CHECK(written == twice);
    }
  }
}

}  // namespace
}  // namespace cudacompat::report
