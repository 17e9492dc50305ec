// The shipped error_pattern.csv and error_code.csv, read from the sources: no database is needed for these
// tests.
#pragma once

#include "report/pattern.h"

namespace cudacompat::report {

ErrorTable ShippedErrorTable();

/// error_wording.csv, by rank.
std::vector<ErrorPattern> ShippedWordings();

}  // namespace cudacompat::report
