// See: error lines of a log as findings with rules, remedies and candidates, out of the tables of known
// wordings. Does not own: the wordings (data/facts/error_pattern.csv), the scan of the text (src/report).
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "answer/answer.h"
#include "base/machine.h"
#include "query/ast.h"
#include "report/find_errors.h"
#include "report/wording.h"
#include "store/store.h"

namespace cudacompat::answer {

/// The known sentences; the store must outlive what reads them.
std::unique_ptr<report::ErrorRows> ErrorRowsOf(store::Store& store);

/// What a line complains of, in whatever words: for a text in which the rows above found nothing.
std::vector<report::Wording> ReadWordings(store::Store& store);

/// What is known beside a sentence when its rule is chosen; empty where nothing is.
struct Around {
  std::string platform, arch, os;
  std::string toolkit;
  std::string driver;                    ///< the kernel driver's version
  bool other_vendor = false;             ///< the text is about another vendor's card alone
  bool runs = false;                     ///< by the facts what the text names runs there
  std::vector<std::string> concluded;    ///< the rules of the whole question's answer
  std::string bus{};                     ///< the driver that a listing of the bus shows on a card
  std::set<std::string> capabilities{};  ///< of the cards that are stated or that the text names
  bool driver_serves = false;  ///< the text prints a driver's CUDA as new as the program's, or newer
  std::string_view text{};     ///< the log, where the question names no package
};

/// What a question states, and what a text tells where it does not: its reports first, then its words.
Around AroundOf(store::Store& store, const query::Question& question, const Machine* machine,
                std::string_view text);

/// Several rules may share one sentence: what stands around it and the tables (error_choice) decide. True
/// when the finding's rule was changed.
bool Choose(store::Store& store, const Around& around, report::Finding* finding);

/// What else a rule's finding may come from, cheapest check first; what cannot be on the stated system or
/// platform is left out. `package`: what the finding speaks of.
struct Candidate {
  std::string rule;
  std::string because;
  std::string command;
  std::vector<Remedy> remedies;
};
std::vector<Candidate> ReadCandidates(store::Store& store, const std::string& rule,
                                      const query::Question& question, const std::string& package = "");

/// The package that a message speaks of (its own line before the rest of the text); empty when no word says.
std::string PackageOfText(store::Store& store, std::string_view line, std::string_view text);

/// System and platform by the words of a log, where the question leaves them open.
void FillFromWords(store::Store& store, std::string_view text, query::Question* question);

}  // namespace cudacompat::answer
