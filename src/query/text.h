// One text as a question: "torch 2.6.0+cu124 on MX450, windows, driver 560.94". The grammar is
// docs/query-language.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/ast.h"

namespace cudacompat::query {

/// Names that a text may call packages by: the data's packages and their aliases, normalised.
struct Vocabulary {
  std::vector<std::string> packages;
  std::vector<std::string> tagged = {};  ///< those whose tags are CUDA releases: cu124
};

/// Adds what the text says to `question`, which may hold what flags said. An Error points into the text;
/// stating a thing twice in different ways is one.
Status ParseText(std::string_view text, const Vocabulary& vocabulary, Question* question);

}  // namespace cudacompat::query
