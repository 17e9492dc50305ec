// The age of the data: past 120 days one line on standard error.
#pragma once

#include <string>

#include "cli/cli.h"

namespace cudacompat::cli {

/// One line on standard error where the data of `as_of` is older than 120 days, or than `strict_days`
/// (negative: not asked).
void TellAge(Io& io, const std::string& as_of, int strict_days);

/// Days between two dates "YYYY-MM-DD"; 0 when either is no date.
int DaysBetween(const std::string& from, const std::string& to);

}  // namespace cudacompat::cli
