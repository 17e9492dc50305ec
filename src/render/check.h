// The answer of `check` in each of its formats. Does not own: verdicts, exit codes.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "answer/check.h"
#include "answer/driver_floor.h"
#include "render/style.h"

namespace cudacompat::render {

/// For people: verdict, findings, and a matrix of compute capabilities by files.
std::string CheckText(const answer::CheckAnswer& answer, const scan::Report& report, const Style& style);

/// The oldest driver that the files that decide ask for together, for each system.
std::vector<answer::DriverFloor> FloorsOf(const answer::CheckAnswer& answer, const scan::Report& report);

/// "cudacompat/check/1", schema in docs/schema/check.schema.json.
void WriteCheckJson(const answer::CheckAnswer& answer, const scan::Report& report, std::ostream& out);

/// SARIF 2.1.0, one run; rules are those that fired.
std::string CheckSarif(const answer::CheckAnswer& answer, const scan::Report& report,
                       const std::string& version);

/// JUnit XML: a test case for each file, and one for each path that cannot be read.
std::string CheckJunit(const answer::CheckAnswer& answer, const scan::Report& report);

/// Workflow annotations: ::error file=…::… and ::warning …
std::string CheckAnnotations(const answer::CheckAnswer& answer, const scan::Report& report);

}  // namespace cudacompat::render
