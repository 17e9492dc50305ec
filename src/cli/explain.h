// What `explain` recognised in a word or a text, and what the tables say of it. Does not own: the scan of a
// text (src/report), remedies and candidates (src/answer).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer/answer.h"
#include "answer/see.h"
#include "query/ast.h"
#include "render/style.h"
#include "report/find_errors.h"
#include "store/store.h"

namespace cudacompat::cli {

/// One thing that was recognised, with what the tables say of its rule.
struct Seen {
  report::Finding finding;
  std::string meaning;
  std::vector<answer::Remedy> remedies;
  bool cleared = false;  ///< the facts say that what was stated is not its cause
};

struct Explanation {
  std::vector<Seen> seen;
  std::vector<answer::Candidate> candidates;
  std::optional<answer::ProofNode> fact;
  std::string page;
  std::optional<answer::Answer> answer;
};

/// A word, a number, a rule, a fact, a source; or a sentence.
Explanation ExplainWord(store::Store& store, const query::Question& question, const std::string& what);

/// The lines of a log; of a report without errors, what it shows of the machine.
Explanation ExplainText(store::Store& store, const query::Question& question, std::string_view text);

nlohmann::ordered_json ToJson(const Explanation& explanation);
std::string ToText(const Explanation& explanation, const render::Style& style);

}  // namespace cudacompat::cli
