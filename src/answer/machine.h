// A machine that was seen (probe) or told of (report) as a Question and as observations that rules see.
// Does not own: reading the machine, judging it.
#pragma once

#include <string>
#include <vector>

#include "base/machine.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

/// A cause seen in a report's own lines or by doctor: it decides like any other conclusion.
struct SeenCause {
  std::string rule;
  std::string subject;
  std::string text;
  std::string place;
};

/// Fills what `question` leaves open from the machine; what the question states stays. Frameworks of the
/// machine become subjects only when it has none (the first is what the report is about). `notes` gets what
/// could not be used.
void FillFromMachine(const Machine& machine, const std::vector<std::string>& frameworks,
                     query::Question* question, std::vector<std::string>* notes);

/// Package names that count as a framework when a report is judged without a subject.
std::vector<std::string> ReadFrameworks(store::Store& store);

/// Writes findings and what the report says of itself into the observation tables.
void Observe(store::Store& store, const Machine& machine, const std::vector<SeenCause>& findings);

}  // namespace cudacompat::answer
