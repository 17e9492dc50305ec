#include "check_run.h"

#include <cstdlib>

#include "catch.h"

namespace check_run {

std::string Told(const std::vector<std::string>& arguments) {
  std::vector<std::string> with = arguments;
  with.emplace_back("--json");
  const Outcome outcome = Run(with);
  if (outcome.out.empty()) return std::to_string(outcome.code);
  return std::to_string(outcome.code) + " " + outcome.Json()["rule"].get<std::string>();
}

void BothTell(const std::string& path, const std::vector<std::string>& target, const std::string& told) {
  INFO(path);
  std::vector<std::string> check = {"check", path}, query = {"query", "--binary", path};
  check.insert(check.end(), target.begin(), target.end());
  query.insert(query.end(), target.begin(), target.end());
  CHECK(Told(check) == told);
  CHECK(Told(query) == told);
}

fixtures::Lines Findings(const Outcome& outcome) {
  fixtures::Lines lines;
  const nlohmann::json json = outcome.Json();
  for (const auto& file : json["files"]) {
    for (const auto& finding : file["findings"]) {
      const std::string target = finding["target"].is_null() ? "-" : finding["target"].get<std::string>();
      lines.push_back(finding["rule"].get<std::string>() + " " + target + " " +
                      std::to_string(finding["modules_total"].get<int>()));
    }
  }
  return lines;
}

fixtures::Blob Library(const std::vector<std::vector<fixtures::Entry>>& containers,
                       const std::vector<std::string>& needed) {
  fixtures::Blob bytes;
  for (const auto& entries : containers) bytes += fixtures::ContainerOf(entries);
  fixtures::ElfOptions elf;
  elf.sections = {{".nv_fatbin", bytes}};
  elf.needed = needed;
  return fixtures::ElfBytes(elf);
}

void Validate(const fixtures::TempFolder& folder, const std::string& schema, const std::string& json) {
  if (std::system("python3 -c 'import jsonschema' >/dev/null 2>&1") != 0) {
    WARN("skipped: no jsonschema for Python");
    return;
  }
  const std::string path = folder.Write("validated.json", json);
  const std::string command =
      "python3 -c 'import json,sys,jsonschema; s=json.load(open(sys.argv[1])); "
      "jsonschema.validators.validator_for(s)(s).validate(json.load(open(sys.argv[2])))' '" +
      std::string(CUDACOMPAT_SOURCE_DIR) + "/" + schema + "' '" + path + "'";
  CHECK(std::system(command.c_str()) == 0);
}

}  // namespace check_run
