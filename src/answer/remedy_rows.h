// What remedies are looked for, and the rows of the table remedy that fit it. Does not own: the rows
// (data/facts/remedy.csv), what they come to (answer/remedy_offers.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "answer/answer.h"
#include "answer/remedy_pick.h"
#include "answer/remedy_words.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

/// One row of the table remedy.
struct RemedyRow {
  int64_t rank = 0;
  std::string how, changes, os, only_for, title, commands, needs, risk;
};

/// What remedies are looked for: a rule, what it speaks of, and what is known beside the question.
struct RemedyCase {
  std::string rule;
  int64_t subject = 0;   ///< its number among the question's; 0: the target alone
  std::string package;   ///< that was asked for, or that a log speaks of; empty when nothing says
  Wanted wanted;         ///< of the package
  std::string about;     ///< what the rule speaks of: a folder, a package
  Values cards{};        ///< of several cards those that run the build, and those that do not
  Values captures{};     ///< what a pattern captured in a log
  bool here = true;      ///< without anything known of the machine no build can be called one that runs there
  bool general = false;  ///< for a text: what it does not tell is answered in general
  bool text = false;     ///< of a text, whose words would have told the package
  const Answer* cleared = nullptr;  ///< what was stated runs by the facts and is not the cause
  const Answer* open = nullptr;     ///< nothing was asked for: what may be installed is what this shows
};

/// What a person can change there.
struct RemedyPlace {
  std::string os;        ///< when all that was asked about is one
  std::string platform;  ///< bare, container …; tegra is a Jetson
  SystemWords words;
};

/// Asks about the target alone, in place of what was asked.
RemedyPlace FindPlace(store::Store& store, const query::Question& question);

/// The rows of the rule that fit, least change first.
std::vector<RemedyRow> ReadRemedyRows(store::Store& store, const RemedyCase& asked, const RemedyPlace& place);

}  // namespace cudacompat::answer
