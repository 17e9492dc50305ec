// Recorded machines in tests/fixtures/hosts: what each shows must be seen. `expected` names the rule that
// doctor finds there and, line by line, what the probe must have observed for it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/text.h"
#include "catch.h"
#include "probe/machine_text.h"
#include "probe/probe.h"

using namespace cudacompat;
using namespace cudacompat::probe;
namespace fs = std::filesystem;

namespace {

const std::string kHosts = std::string(CUDACOMPAT_SOURCE_DIR) + "/tests/fixtures/hosts";

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> HostNames() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kHosts)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

struct Pair {
  std::string key;
  std::string value;
  bool has_value;
};

Pair Split2(const std::string& text) {
  size_t equals = text.find('=');
  if (equals == std::string::npos) return {text, "", false};
  return {text.substr(0, equals), text.substr(equals + 1), true};
}

bool HasSighting(const Machine& machine, const std::string& text, bool found) {
  Pair want = Split2(text);
  return std::any_of(machine.sightings.begin(), machine.sightings.end(), [&](const Sighting& sighting) {
    return sighting.key == want.key && sighting.found == found &&
           (!want.has_value || sighting.value == want.value);
  });
}

bool HasField(const Machine& machine, const std::string& text) {
  Pair want = Split2(text);
  const std::map<std::string, std::string> fields = {{"os", machine.os},
                                                     {"arch", machine.arch},
                                                     {"platform", machine.platform},
                                                     {"jetpack", machine.jetpack},
                                                     {"kernel_driver", machine.kernel_driver},
                                                     {"module_flavour", machine.module_flavour},
                                                     {"cuda_driver", machine.cuda_driver},
                                                     {"format", machine.format}};
  auto field = fields.find(want.key);
  return field != fields.end() && field->second == want.value;
}

bool HasGpu(const Machine& machine, const std::string& text) {
  Pair want = Split2(text);
  return std::any_of(machine.gpus.begin(), machine.gpus.end(), [&](const MachineGpu& gpu) {
    const std::map<std::string, std::string> fields = {
        {"name", gpu.name},
        {"compute_capability", gpu.compute_capability},
        {"compute_mode", gpu.compute_mode},
        {"mig", gpu.mig},
        {"mig_instances", std::to_string(gpu.mig_instances)},
        {"licence", gpu.licence},
        {"virtualization", gpu.virtualization},
        {"memory_free_mib", std::to_string(gpu.memory_free_mib)}};
    auto field = fields.find(want.key);
    return field != fields.end() && field->second == want.value;
  });
}

template <typename Things, typename Text>
bool HasText(const Things& things, const std::string& want, Text text) {
  return std::any_of(things.begin(), things.end(), [&](const auto& thing) { return text(thing) == want; });
}

bool Holds(const Machine& machine, const std::string& kind, const std::string& rest) {
  if (kind == "see") return HasSighting(machine, rest, true);
  if (kind == "miss") return HasSighting(machine, rest, false) && !HasSighting(machine, rest, true);
  if (kind == "field") return HasField(machine, rest);
  if (kind == "gpu") return HasGpu(machine, rest);
  if (kind == "toolkit")
    return HasText(machine.toolkits, rest, [](const MachinePiece& t) { return t.version; });
  if (kind == "runtime") {
    return HasText(machine.runtimes, rest, [](const MachinePiece& t) { return t.name + " " + t.version; });
  }
  if (kind == "python") {
    return HasText(machine.pythons, rest,
                   [](const MachinePython& p) { return p.version + (p.active ? " active" : ""); });
  }
  if (kind == "package") {
    return HasText(machine.packages, rest, [](const MachinePackage& p) {
      std::string text = p.package + " " + p.text;
      return p.tag.empty() ? text : text + " " + p.tag;
    });
  }
  return false;
}

}  // namespace

TEST_CASE("every recorded machine shows what its answer rests on") {
  std::vector<std::string> names = HostNames();
  REQUIRE(names.size() >= 55);
  for (const std::string& name : names) {
    auto host = RootedHost(kHosts + "/" + name);
    INFO(name);
    REQUIRE(host.ok());
    Machine machine = ProbeMachine(**host);
    std::string expected = ReadAll(kHosts + "/" + name + "/expected");
    bool has_rule = false;
    for (std::string_view line : Split(expected, '\n')) {
      size_t blank = line.find(' ');
      if (blank == std::string_view::npos) continue;
      std::string kind(line.substr(0, blank));
      std::string rest(line.substr(blank + 1));
      has_rule = has_rule || kind == "rule";
      if (kind == "rule" || kind == "verdict") continue;
      INFO(line << "\n" << MachineText(machine));
      CHECK(Holds(machine, kind, rest));
    }
    CHECK(has_rule);
    CHECK(machine.problems.empty());
    CHECK(Contains(ReadAll(kHosts + "/" + name + "/README"), "From: "));
  }
}

namespace {

// "module.<name>.users" against "module.nvidia.users": a placeholder stands for one or more characters.
bool Matches(std::string_view pattern, std::string_view key) {
  size_t open = pattern.find('<');
  if (open == std::string_view::npos) return pattern == key;
  if (!StartsWith(key, pattern.substr(0, open))) return false;
  size_t close = pattern.find('>', open);
  std::string_view tail = pattern.substr(close + 1);
  for (size_t length = 1; open + length <= key.size(); ++length) {
    if (Matches(tail, key.substr(open + length))) return true;
  }
  return false;
}

std::vector<std::string> DocumentedKeys() {
  std::string page = ReadAll(std::string(CUDACOMPAT_SOURCE_DIR) + "/docs/probe.md");
  std::vector<std::string> keys;
  for (std::string_view line : Split(page, '\n')) {
    if (!StartsWith(line, "| `")) continue;
    std::string_view cell = line.substr(2, line.find(" |", 2) - 2);
    std::vector<std::string_view> parts = Split(cell, '`');
    for (size_t i = 1; i < parts.size(); i += 2) keys.emplace_back(parts[i]);
  }
  return keys;
}

}  // namespace

TEST_CASE("every key of a sighting is in docs/probe.md") {
  std::vector<std::string> documented = DocumentedKeys();
  REQUIRE(documented.size() > 80);
  std::vector<Machine> machines;
  for (const std::string& name : HostNames())
    machines.push_back(ProbeMachine(**RootedHost(kHosts + "/" + name)));
  ProbeOptions options;
  options.ask_driver = false;
  machines.push_back(ProbeMachine(*LiveHost(), options));
  for (const Machine& machine : machines) {
    for (const Sighting& sighting : machine.sightings) {
      INFO(sighting.key);
      CHECK(std::any_of(documented.begin(), documented.end(),
                        [&](const std::string& pattern) { return Matches(pattern, sighting.key); }));
    }
  }
}
