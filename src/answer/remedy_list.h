// RemedyWork: one search for the remedies of a rule: what is asked, what has been judged for it, and the
// RemedyList that it fills. Does not own: which rows there are (answer/remedy_rows.h), how each is worked out
// (answer/remedy_offers.h).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "answer/answer.h"
#include "answer/remedy_rows.h"
#include "answer/what_if.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

/// A build that a remedy installs, and the target on which it runs then.
struct Brought {
  Build build;
  query::Question target;
  std::string os;    ///< where it is for one system alone
  size_t place = 0;  ///< of the remedy in the list
};

/// The remedies found so far; each is written in the words of the system, and none stands there twice.
class RemedyList {
 public:
  RemedyList(store::Store& store, const RemedyCase& asked, const RemedyPlace& place)
      : store_(store), asked_(asked), words_(place.words) {}

  /// The row with its places filled, and `more` commands behind its own; false, and nothing added, where a
  /// place is left or it stands there already.
  bool Add(const RemedyRow& row, Values values, const std::vector<std::string>& more = {});

  /// The next one that is added installs this build.
  void Bring(const Build& build, const query::Question& target, const std::string& os = "") {
    pending_.push_back({build, target, os});
  }

  /// What a build that was brought needs.
  void Require(const Brought& brought, const std::vector<Requirement>& needs);

  const std::vector<Brought>& brought() const { return brought_; }

  /// The driver that the last one brings.
  void SetDriver(const std::string& driver) { found_.back().driver = driver; }

  /// Whether any that changes this was worked out, and not merely printed.
  bool HasComputed(const std::string& changes) const { return computed_.count(changes) > 0; }

  bool empty() const { return found_.empty(); }

  /// In the order of how little they change, and of those alike in the order of their rows.
  std::vector<Remedy> Take();

 private:
  Remedy Write(const RemedyRow& row, const Values& values, const std::vector<std::string>& more) const;

  store::Store& store_;
  const RemedyCase& asked_;
  const SystemWords& words_;
  std::vector<Remedy> found_;
  std::set<std::string> computed_;
  std::vector<Brought> brought_, pending_;
};

struct RemedyWork {
  RemedyWork(store::Store& store_, const query::Question& question_, const RemedyCase& asked_,
             const RemedyPlace& place_)
      : store(store_),
        question(question_),
        asked(asked_),
        place(place_),
        what_if(store_, question_, asked_.subject, asked_.wanted.best),
        list(store_, asked_, place_) {}

  /// Every build of the package on the target, beside the other packages that were asked for where some run
  /// with them; none where nothing is known of the target.
  const std::vector<Build>& Alternatives();

  /// The other packages that do not stay as they were asked for beside any of those.
  const std::vector<query::Subject>& moved() const { return moved_; }

  /// The drivers that make the deciding candidate run.
  const std::vector<DriverRange>& Drivers();

  store::Store& store;
  const query::Question& question;
  const RemedyCase& asked;
  const RemedyPlace& place;
  WhatIf what_if;
  RemedyList list;

 private:
  std::optional<std::vector<Build>> alternatives_;
  std::vector<query::Subject> moved_;
  std::optional<std::vector<DriverRange>> drivers_;
};

}  // namespace cudacompat::answer
