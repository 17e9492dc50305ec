// WhatIf: the same rules asked again about a changed question. Whatever a remedy would change is judged here
// before it is offered. Does not own: which remedies there are (data/facts/remedy.csv), their words.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "answer/answer.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

/// The drivers that make something run on one system, as far as they lie together.
struct DriverRange {
  std::string os;      ///< linux, windows, wsl
  std::string first;   ///< the lowest that is newer than the stated one
  std::string last;    ///< the newest
  std::string branch;  ///< of `last`
  bool open = false;   ///< the newest branch of all is among them
};

/// The toolkits of a system that fit, and the one nearest to what was asked.
struct ToolkitRange {
  std::string os;
  std::string first, last, nearest;
};

struct JetPack {
  std::string jetpack, l4t, cuda;
};

class WhatIf {
 public:
  /// `subject`: its number among the question's (0: the target alone); `best` its deciding candidate or null.
  WhatIf(store::Store& store, const query::Question& question, int64_t subject, const Build* best)
      : store_(store), question_(question), subject_(subject), best_(best) {}

  /// Every build of a package on the target, best first; `changed` in place of the question.
  std::vector<Build> Builds(const query::Question& changed, const std::string& package);

  /// The same, beside what stays: only those that run and go with it, all of it running too. `extra` as typed
  /// (and-cuda).
  std::vector<Build> BuildsBeside(const query::Question& changed, const std::string& package,
                                  const std::vector<query::Subject>& kept, const std::string& extra = "");

  /// What each of the builds of one package needs of what lies below it, on the changed target.
  std::vector<std::vector<Requirement>> Needs(const query::Question& changed,
                                              const std::vector<Build>& builds);

  /// Whether what was asked for runs on the changed target, or may.
  bool MayRun(const query::Question& changed);

  /// Drivers that make the build run, newer than the stated one; where none is, older ones.
  std::vector<DriverRange> Drivers(const Build* build);

  /// Toolkits that fit the target.
  std::vector<ToolkitRange> Toolkits() { return Toolkits(question_); }
  std::vector<ToolkitRange> Toolkits(const query::Question& changed);

  /// The lowest JetPack above the stated one under which the subject runs.
  std::optional<JetPack> NewerJetPack();

  /// What was asked, with the Python left open: the build that runs then.
  std::optional<Build> WithoutPython();

  const query::Question& question() const { return question_; }

 private:
  void Retarget(const query::Question& changed);
  void AskSubject(const Build* build);

  /// Of a set of drivers that were stated, the newest that does not run the build: what is wanted lies beyond
  /// it. Where all run it, the newest of all stays. Judges the question as it was retargeted.
  void LeaveFailing(const Build* build, std::vector<std::pair<std::string, int64_t>>* stated);

  store::Store& store_;
  const query::Question& question_;
  int64_t subject_;
  const Build* best_;
};

/// Empties everything that was asked and concluded, so that another question can be asked.
void ForgetQuestion(store::Store& store);

/// A candidate that is no build: what was stated of the target is judged on it alone.
void AskTarget(store::Store& store);

/// Every CUDA release as a candidate, on each system that was asked about.
void AskToolkits(store::Store& store);

}  // namespace cudacompat::answer
