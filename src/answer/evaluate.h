// Evaluate: writes a question into the database, lets every rule conclude, and reads the verdicts back.
// Does not own: the rules (data/rules), remedies, wording.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "answer/answer.h"
#include "query/ast.h"
#include "query/compile.h"
#include "store/store.h"

namespace cudacompat::answer {

constexpr int64_t kEveryBuild = 1000000;  ///< a limit that none reaches

/// Runs compiled statements.
void Run(store::Store& store, const std::vector<query::Sql>& statements);

/// Lets every rule whose condition holds conclude, and folds the conclusions into verdicts (the steps of the
/// table fold). The tables must be empty: see ForgetConclusions.
void Conclude(store::Store& store);

/// Empties what was concluded; what was asked stays.
void ForgetConclusions(store::Store& store);

/// Empties the asked builds and subjects (target and devices stay), so that another subject can be judged.
void ForgetSubjects(store::Store& store);

/// The candidates of one subject (0: of all), best first as the contract orders them; `limit` rows at most
/// are read whole. `total` counts all. `chosen`, where packages were asked for together: the candidates that
/// were chosen of the others; what goes with them comes first.
std::vector<Build> ReadBuilds(store::Store& store, int64_t subject, int64_t limit, int64_t* total,
                              const std::vector<int64_t>* chosen = nullptr);

/// The candidates named, whole, in that order.
std::vector<Build> ReadCandidates(store::Store& store, const std::vector<int64_t>& candidates);

/// Each stated card with its verdict for one candidate.
std::vector<Device> ReadDevices(store::Store& store, int64_t candidate);

/// The same of every candidate at once.
std::map<int64_t, std::vector<Device>> ReadDevices(store::Store& store);

/// Everything that fired for one candidate, the deciding rule first, caveats left out.
std::vector<Reason> ReadReasons(store::Store& store, int64_t candidate, const std::string& first_conclusion);

/// The error that a start would show under this rule.
std::optional<PredictedError> ReadPredictedError(store::Store& store, const std::string& rule);

/// Driver requirements of one candidate, per system that has the same build.
std::vector<Requirement> ReadDriverRequirements(store::Store& store, const Build& build);

/// The JetPacks that run a build on the stated Jetson boards, "JetPack 6.2", oldest first; none where its
/// CUDA is not known.
std::vector<std::string> ReadJetPacks(store::Store& store, const Build& build);

}  // namespace cudacompat::answer
