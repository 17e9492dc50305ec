// Check: scanned files judged by the rules, against a target, a list of what must be in them, an oldest
// driver and a baseline. Does not own: scanning, the rules, how the result is shown.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "answer/answer.h"
#include "answer/machine.h"
#include "answer/observe.h"
#include "query/ast.h"
#include "scan/report.h"
#include "store/store.h"

namespace cudacompat::answer {

/// One thing to tell of a file.
struct CheckFinding {
  std::string rule;
  bool fails = false;                      ///< else it is a caveat, or leaves the verdict open
  Verdict verdict = Verdict::kCompatible;  ///< of the rule; a caveat is compatible
  std::string target;                      ///< "sm_75", "compute_90", "8.6", a card as typed; may be empty
  std::string library;
  std::vector<std::string> modules;  ///< some of those that it is about
  int64_t modules_total = 0;
  std::string summary;
  std::string driver{};  ///< the oldest driver, where the finding is about that
  bool of_card = false;  ///< it holds for the card that `target` names
};

/// How far a file serves a compute capability, drivers aside.
struct Served {
  std::string capability;
  int level = 0;    ///< 2 all modules, 1 some, 0 none
  std::string how;  ///< native, mixed (partly PTX), jit; empty for none
  auto operator<=>(const Served&) const = default;
};

struct CheckedFile {
  size_t report_index = 0;
  std::string name;  ///< the last part of its path
  std::string role;
  bool decides = true;
  bool spare = false;  ///< another file of its party does the job
  std::string party;   ///< files of one party serve one job: the best of them is enough
  int64_t modules = 0;
  Verdict verdict = Verdict::kCompatible;
  std::string rule;
  std::string summary;
  std::vector<CheckFinding> findings;
  std::vector<Device> devices;
  std::shared_ptr<const std::vector<Served>> served;  ///< shared by files that are alike; never null
};

struct CheckAnswer {
  Verdict verdict = Verdict::kUnknown;
  std::string rule;
  std::string summary;
  std::vector<CheckedFile> files;
  std::vector<Device> devices;  ///< each with the worst of the files that decide
  std::optional<PredictedError> predicted_error;
  std::vector<Missing> missing;        ///< what would have to be known, with the nearest names
  std::vector<std::string> asked;      ///< what was judged, in words
  std::vector<std::string> not_asked;  ///< what was not
  std::string data_version;
  std::string as_of;
};

struct CheckOptions {
  std::optional<query::Driver> oldest_driver;
  const scan::Report* baseline = nullptr;
  std::string baseline_name;
  const Machine* machine = nullptr;   ///< what was seen of the machine, beside the question
  std::vector<SeenCause> findings{};  ///< causes seen there
  bool judge_hardware = true;         ///< its card and driver too, which the question left to it
  std::string machine_name{};         ///< "this machine", or the report that tells of it
};

CheckAnswer Check(store::Store& store, const query::Question& question, const scan::Report& report,
                  const CheckOptions& options);

}  // namespace cudacompat::answer
