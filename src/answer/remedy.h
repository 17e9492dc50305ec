// Remedies: what to change, least change first, each as commands that really change it. Which kinds of remedy
// a rule has is data (facts/remedy.csv); whatever they change is judged by the same rules before it is
// offered.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "answer/answer.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

/// Remedies of a rule. `best` is the deciding candidate of the subject, or null when it has none. Everything
/// that was asked is replaced on the way, so this comes after all that reads it. `about`: what the rule
/// speaks of; empty: what the deciding conclusion of `best` says.
std::vector<Remedy> Remedies(store::Store& store, const query::Question& question, const std::string& rule,
                             int64_t subject, const Build* best, std::string about = "");

/// What the conclusion that decides for `best` speaks of: a package, a library, a target.
std::string SpokenOf(store::Store& store, const Build& best, const std::string& rule);

/// What to install, where nothing was asked for and nothing is wrong: from the builds that the answer shows.
/// Replaces what was asked by the target alone.
std::vector<Remedy> OpenRemedies(store::Store& store, const query::Question& question, const Answer& answer);

/// What a log tells beside the rule: what the patterns captured, and which package it speaks of.
struct Told {
  std::map<std::string, std::string> captures;
  std::string package;  ///< empty when nothing says
  bool text = false;    ///< there is a text at all, and not a number or a rule's name
  const Answer* cleared =
      nullptr;  ///< what was stated runs by the facts: only what lies elsewhere is offered
};

/// The remedies of a rule that a text shows. The question holds what is known of the machine; where that is
/// not enough, the general ones. Everything that was asked is replaced on the way.
std::vector<Remedy> RemediesOf(store::Store& store, const query::Question& question, const std::string& rule,
                               const Told& told);

/// Whether there is code for this `how` of the table remedy.
bool KnowsHow(std::string_view how);

/// Commands that install this build over whatever is installed: the local tag named, companions in step.
/// `alone`: without what it depends on. `python`: where each Python has a file of its own, the one that is
/// taken.
std::vector<std::string> InstallCommands(store::Store& store, const Build& build, bool alone = false,
                                         const std::string& python = "");

/// The newest Python that a build is for (3.13t is another interpreter: `free_threaded`, where it has one of
/// those); empty where it takes any.
std::string NewestPython(const Build& build, bool free_threaded = false);

/// The Python whose file is installed, `stated` or the newest; empty where the installer finds it by itself.
std::string PythonFor(store::Store& store, const Build& build, const std::string& stated);

/// Whether those commands tell the build's tag.
bool NamesTag(store::Store& store, const Build& build);

/// The same into an environment that uv has just made, which holds no pip.
std::vector<std::string> FreshInstallCommands(store::Store& store, const Build& build);

}  // namespace cudacompat::answer
