// What the tests of `check` share: the program run in-process, and libraries made from a description.
#pragma once

#include <string>
#include <vector>

#include "fixtures.h"
#include "run_cli.h"

namespace check_run {

using run_cli::Outcome;
using run_cli::Run;

/// The rule that decides, beside the exit code: "3 unknown-build".
std::string Told(const std::vector<std::string>& arguments);

/// The same of check and of query --binary: one voice.
void BothTell(const std::string& path, const std::vector<std::string>& target, const std::string& told);

/// "rule target modules_total" of each finding of the files, in order.
fixtures::Lines Findings(const Outcome& outcome);

/// A Linux library with one container for each element.
fixtures::Blob Library(const std::vector<std::vector<fixtures::Entry>>& containers,
                       const std::vector<std::string>& needed = {});

/// Validates with Python's jsonschema against a schema of this repository; a machine without it skips, and
/// says so.
void Validate(const fixtures::TempFolder& folder, const std::string& schema, const std::string& json);

}  // namespace check_run
