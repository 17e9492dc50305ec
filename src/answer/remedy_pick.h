// Which of the builds that were judged a remedy offers. Does not own: judging them (answer/what_if.h), the
// remedies that offer them (answer/remedy_offers.h).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "answer/answer.h"
#include "store/store.h"

namespace cudacompat::answer {

bool Runs(const Build& build);

/// A build that was judged and is offered, and what is to be said of it behind the title.
struct Chosen {
  std::optional<Build> build;
  std::string note;
};
using Choice = std::function<Chosen(const std::vector<Build>&)>;

/// What of a package is there now or was asked for: beside it another build is another.
struct Wanted {
  const Build* best = nullptr;  ///< the deciding candidate
  std::string version;          ///< that was asked for; empty: it was left open
  std::string tag = {};         ///< as it was typed, where there is no such build
};

/// The version that was asked for, in another build; of a version that was left open there is none to keep.
std::optional<Build> SameVersion(const std::vector<Build>& builds, const Wanted& wanted);

/// The same build again, from the index that names it by its tag.
std::optional<Build> SameBuild(const std::vector<Build>& builds, const Wanted& wanted);

/// Of the versions behind the one that was asked for the first that runs, where it is that one that is too
/// old.
const Build* FirstNewer(const std::vector<Build>& builds, const Wanted& wanted);

/// The newest that runs. `clean`: the name of the newest that does without a caveat, where that is another.
std::optional<Build> Newest(const std::vector<Build>& builds, std::string* clean = nullptr);

/// The version that was asked for, else the newest.
std::optional<Build> SameVersionOrNewest(const std::vector<Build>& builds, const Wanted& wanted);

/// The version kept, or (`newest`) the newest, with what is to be said of it.
Chosen ChooseBuild(store::Store& store, const std::vector<Build>& builds, const Wanted& wanted, bool newest);

/// The same build from the index that names it by its tag, where it lies there too: one command that gives it
/// everywhere.
std::optional<Build> Named(store::Store& store, const std::vector<Build>& builds, std::optional<Build> build);

/// Whether the command that installs `build` gives one that runs on the other system too.
bool GivenOn(const std::string& os, const Build& build, const std::vector<Build>& builds);

/// The systems of the builds, each once, in their order.
std::vector<std::string> SystemsOf(const std::vector<Build>& builds);

}  // namespace cudacompat::answer
