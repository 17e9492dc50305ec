// What an unknown answer lacks: the thing as typed, the nearest known words and the range that is known.
#pragma once

#include "answer/answer.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

void AddMissing(store::Store& store, const query::Question& question, Answer* answer);

/// The tags that are meant: those that differ in signs alone, else those that are a slip away.
std::vector<std::string> NearestTags(const std::string& given, const std::vector<std::string>& tags);

/// The cards whose names are nearest to `given`, best first; at most five.
std::vector<std::string> NearestGpus(store::Store& store, const std::string& given);

}  // namespace cudacompat::answer
