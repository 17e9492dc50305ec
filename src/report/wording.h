// FindWordings: what the lines of a log complain of, in whatever words, where no known sentence stands in it.
// Does not own: the wordings (data/facts/error_wording.csv), nor when they are asked for.
#pragma once

#include <string_view>
#include <vector>

#include "report/find_errors.h"
#include "report/pattern.h"

namespace cudacompat::report {

/// Best first: by rank, then by line; each wording once. `wordings` by rank. Lines of source code, of lists
/// and of guides say nothing.
std::vector<Finding> FindWordings(std::string_view text, const std::vector<ErrorPattern>& wordings);

}  // namespace cudacompat::report
