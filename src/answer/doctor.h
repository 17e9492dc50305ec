// Diagnose: one machine, as it was seen, walked from the bus to a launch: the checks of the table
// doctor_check, the causes among those that failed, what follows from them, and what to do. Does not own: the
// checks and their order (data/schema/87_doctor.sql), what fails them (data/rules), the probe and the launch.
#pragma once

#include <string>
#include <vector>

#include "answer/answer.h"
#include "answer/machine.h"
#include "answer/see.h"
#include "probe/launch.h"
#include "query/ast.h"
#include "store/store.h"

namespace cudacompat::answer {

struct Step {
  std::string check;
  std::string title;
  std::string status;  ///< passed, failed, unknown, skipped
  std::string detail;
  std::string where;
  std::string rule;     ///< that fired for it; empty for none
  std::string follows;  ///< the check whose failure this one follows from; empty for none
};

/// A check that failed and follows from no other.
struct Cause {
  std::string check;
  std::string rule;  ///< empty when it is no question of compatibility: then cls says what it is
  std::string cls;   ///< a word of the contract's `class`
  Verdict verdict = Verdict::kUnknown;
  std::string summary;
  std::string meaning;
  std::string where;
  std::optional<PredictedError> error;
  std::vector<Remedy> remedies;
  std::vector<std::string> symptoms;  ///< checks that failed because of it
};

struct Diagnosis {
  Verdict verdict = Verdict::kUnknown;
  std::string rule;
  std::string cls;
  std::string summary;
  std::vector<Cause> causes;          ///< the deciding one first
  std::vector<Cause> later;           ///< what is wrong behind the first, for when that is mended
  std::vector<Candidate> candidates;  ///< what else it may be, where a check that would tell is unknown
  std::vector<Step> steps;            ///< in the order of the stack
  std::vector<Caveat> caveats;
  std::vector<Remedy> remedies;  ///< of an answer without a cause
  std::string data_version;
  std::string as_of;
};

struct DiagnoseOptions {
  const Machine* machine = nullptr;
  std::vector<SeenCause> findings;
  bool judge_hardware = true;
  const probe::LaunchReport* launch = nullptr;
  std::string no_launch;  ///< why there was none
};

/// Diagnoses on a fresh Store; `question` holds the machine already (FillFromMachine).
Diagnosis Diagnose(store::Store& store, const query::Question& question, const DiagnoseOptions& options);

}  // namespace cudacompat::answer
