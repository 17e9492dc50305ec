// The shipped error_pattern.csv and error_code.csv, read from the sources: no database is needed for these
// tests.
#pragma once

#include "report/pattern.h"

namespace cudacompat::report {

ErrorTable ShippedErrorTable();

}  // namespace cudacompat::report
