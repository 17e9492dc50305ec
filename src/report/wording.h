// FindWordings: what the lines of a log complain of, in whatever words, where no known sentence stands in it.
// Does not own: the wordings (data/facts/error_wording.csv), their words (terms.h), nor when they are asked
// for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/find_errors.h"
#include "report/terms.h"

namespace cudacompat::report {

/// A subject and a complaint on one line, at most `gap` bytes apart, the complaint before or behind the
/// subject or in "either" order; without a complaint the subject says it alone. Names of terms, or "-".
struct Wording {
  std::string id;
  std::string subject;
  std::string complaint;
  int gap = 0;
  std::string stands;
  std::string demand;  ///< one of these must be said as well …
  std::string unless;  ///< … and none of these
  std::string rule;
  std::string cls;
  int rank = 0;
  std::string note;
};

/// Best first: by rank, then by line; each wording once. `wordings` by rank. Lines of source code, of lists
/// and of guides say nothing.
std::vector<Finding> FindWordings(std::string_view text, const std::vector<Wording>& wordings,
                                  const Terms& terms);

}  // namespace cudacompat::report
