// Ask: a Question in, an Answer out. The one entry of this folder for everything that judges.
#pragma once

#include "answer/answer.h"
#include "base/result.h"
#include "query/ast.h"
#include "query/text.h"
#include "store/store.h"

namespace cudacompat::answer {

struct Options {
  bool proof = false;  ///< --why: build the tree down to facts
  bool all = false;    ///< --all: every row of builds
  bool with_remedies = true;
};

/// The names a text may call packages by.
query::Vocabulary ReadVocabulary(store::Store& store);

/// Judges the question on a fresh Store (nothing asked yet).
Answer Ask(store::Store& store, const query::Question& question, const Options& options);

}  // namespace cudacompat::answer
