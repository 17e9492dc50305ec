// Ask: a Question in, an Answer out. The one entry of this folder for everything that judges.
#pragma once

#include "answer/answer.h"
#include "answer/machine.h"
#include "base/result.h"
#include "query/ast.h"
#include "query/text.h"
#include "scan/report.h"
#include "store/store.h"

namespace cudacompat::answer {

struct Options {
  bool proof = false;  ///< --why: build the tree down to facts
  bool all = false;    ///< --all: every row of builds
  bool with_remedies = true;
  bool open = true;          ///< what else runs there, where nothing was asked for
  bool first_leads = false;  ///< the first subject gives the verdict (a report is about it), not the worst
  const Machine* machine = nullptr;        ///< what was seen of the machine, beside the question
  std::vector<SeenCause> findings;         ///< causes seen there
  bool judge_hardware = true;              ///< its card and driver too, which the question left to it
  const scan::Report* binaries = nullptr;  ///< the scanned files that the question names
};

/// The names a text may call packages by.
query::Vocabulary ReadVocabulary(store::Store& store);

/// Judges the question on a fresh Store (nothing asked yet).
Answer Ask(store::Store& store, const query::Question& question, const Options& options);

}  // namespace cudacompat::answer
