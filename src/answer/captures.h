// What the captured parts of a message mean. Does not own: the patterns that capture them
// (data/facts/error_pattern.csv), their meanings (data/facts/capture_meaning.csv).
#pragma once

#include <map>
#include <string>

#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

/// The question with what the captures say of the machine, where nothing else says it.
query::Question Complete(store::Store& store, const query::Question& known, const std::string& rule,
                         const std::map<std::string, std::string>& captures);

/// Numbers that a pattern captured, in words that a person knows: PTX ISA 8.7 was made by CUDA 12.8. Adds to
/// the captures.
void Translate(store::Store& store, const std::string& rule, std::map<std::string, std::string>* captures);

}  // namespace cudacompat::answer
