// See: error lines of a log as findings with rules, remedies and candidates, out of the tables of known
// wordings. Does not own: the wordings (data/facts/error_pattern.csv), the scan of the text (src/report).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "answer/answer.h"
#include "query/ast.h"
#include "report/find_errors.h"
#include "store/store.h"

namespace cudacompat::answer {

report::ErrorTable ReadErrorTable(store::Store& store);

/// What else a rule's finding may come from, cheapest check first.
struct Candidate {
  std::string rule;
  std::string because;
  std::string command;
  std::vector<Remedy> remedies;
};
std::vector<Candidate> ReadCandidates(store::Store& store, const std::string& rule,
                                      const query::Question& question);

/// The package that a message speaks of (its own line before the rest of the text); empty when no word says.
std::string PackageOfText(store::Store& store, std::string_view line, std::string_view text);

/// System and platform by the words of a log, where the question leaves them open.
void FillFromWords(store::Store& store, std::string_view text, query::Question* question);

}  // namespace cudacompat::answer
