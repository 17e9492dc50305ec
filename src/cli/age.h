// The age of the data: past 120 days one line on standard error; --strict-age makes it decide.
#pragma once

#include <string>

#include "cli/cli.h"

namespace cudacompat::cli {

/// False when the data of `as_of` is older than `strict_days` (negative: never). Prints the line past 120
/// days.
bool CheckAge(Io& io, const std::string& as_of, int strict_days);

/// Days between two dates "YYYY-MM-DD"; 0 when either is no date.
int DaysBetween(const std::string& from, const std::string& to);

}  // namespace cudacompat::cli
