// Remedies: what to change, least change first, each as commands that really change it. Which kinds of remedy
// a rule has is data (facts/remedy.csv); other builds are found by asking the same rules again.
#pragma once

#include "answer/answer.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

/// Adds the remedies of answer->rule. `best` is the deciding candidate, or null when the subject has none.
/// The asked subjects are replaced on the way, so this comes after everything that reads them.
void AddRemedies(store::Store& store, const query::Question& question, int64_t subject, const Build* best,
                 Answer* answer);

/// The remedies of a rule without a question (explain): templates only.
std::vector<Remedy> TemplateRemedies(store::Store& store, const std::string& rule, const std::string& os,
                                     const std::string& platform);

/// Commands that install this build over whatever is installed: the local tag named, companions in step.
std::vector<std::string> InstallCommands(store::Store& store, const Build& build);

}  // namespace cudacompat::answer
