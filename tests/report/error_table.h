// The shipped rows of error_pattern.csv, error_code.csv, wording_term.csv and error_wording.csv, read from
// the sources: no database is needed for these tests. And rows of a test's own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "report/pattern.h"
#include "report/wording.h"

namespace cudacompat::report {

struct ErrorTable {
  std::vector<ErrorPattern> patterns;
  std::vector<ErrorCode> codes;
  std::vector<Term> words = {};
};

std::unique_ptr<ErrorRows> RowsOf(ErrorTable table);

ErrorTable ShippedErrorTable();

/// error_wording.csv, by rank.
std::vector<Wording> ShippedWordings();

}  // namespace cudacompat::report
