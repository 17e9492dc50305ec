// What an unknown answer lacks: the thing as typed, the nearest known words and the range that is known.
#pragma once

#include "answer/answer.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

void AddMissing(store::Store& store, const query::Question& question, Answer* answer);

/// The cards whose names are nearest to `given`, best first; at most five.
std::vector<std::string> NearestGpus(store::Store& store, const std::string& given);

}  // namespace cudacompat::answer
