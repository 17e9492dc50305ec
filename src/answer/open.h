// What an open question solves for: toolkits, drivers, newest builds, what a card is good at, which cards a
// build serves.
#pragma once

#include "answer/answer.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

/// A target without a subject: toolkits, drivers and the newest build of each framework that run there.
void AddOpenSections(store::Store& store, const query::Question& question, Answer* answer);

/// A subject without a card: which compute capabilities (and typical cards) run it.
void AddSubjectSections(store::Store& store, const query::Question& question, const Build& best,
                        Answer* answer);

/// "drivers for …", "toolkits for …", "host compilers for …", "gpus for …".
void AddFormSection(store::Store& store, const query::Question& question, Answer* answer);

}  // namespace cudacompat::answer
