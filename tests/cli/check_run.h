// What the tests of `check` share: the program run in-process, and libraries made from a description.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fixtures.h"

namespace check_run {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
  nlohmann::json Json() const { return nlohmann::json::parse(out); }
};

Outcome Run(const std::vector<std::string>& arguments);

/// "rule target modules_total" of each finding of the files, in order.
fixtures::Lines Findings(const Outcome& outcome);

/// A Linux library with one container for each element.
fixtures::Blob Library(const std::vector<std::vector<fixtures::Entry>>& containers,
                       const std::vector<std::string>& needed = {});

/// Validates with Python's jsonschema against a schema of this repository; a machine without it skips, and
/// says so.
void Validate(const fixtures::TempFolder& folder, const std::string& schema, const std::string& json);

}  // namespace check_run
