// What check demands of files, as typed: "sm_75,compute_90,+PTX,8.6+PTX,all-major,RTX 2080,7.5".
// Does not own: which images serve a card, or what a toolkit builds (rules and facts of the database).
#pragma once

#include <string_view>
#include <vector>

#include "query/ast.h"
#include "query/compile.h"
#include "query/term.h"

namespace cudacompat::query {

/// Adds the words of a --require list to the question; cards are also added to question->gpus. A target word
/// asks for that very image, a card or capability that the card is served.
Status AddRequired(std::string_view list, const Place& place, Question* question);

/// Adds the words of a --forbid list: images only.
Status AddForbidden(std::string_view list, const Place& place, Question* question);

/// The rows of asked_requirement. `cuda_key`: the toolkit that "all-major" is of; 0 for the newest in the
/// data.
std::vector<Sql> CompileRequirements(const Question& question, int64_t cuda_key);

}  // namespace cudacompat::query
