// One text as a question: "torch 2.6.0+cu124 on MX450, windows, driver 560.94". The grammar is
// docs/query-language.md.
#pragma once

#include <functional>
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
  /// Whether a word of letters is part of any card's name, and whether a name (NameKey) is a card. Without
  /// them every word that is nothing else is one.
  std::function<bool(const std::string& word)> card_word = nullptr;
  std::function<bool(const std::string& key)> card = nullptr;
  /// The first and the last toolkit of a CUDA major, "12.0 to 12.9"; "" none.
  std::function<std::string(const std::string& major)> toolkits = nullptr;
};

/// Adds what the text says to `question`, which may hold what flags said. An Error points into the text;
/// stating a thing twice in different ways is one.
Status ParseText(std::string_view text, const Vocabulary& vocabulary, Question* question);

}  // namespace cudacompat::query
