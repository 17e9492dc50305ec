// Observe: what the scanner found, as rows of the observation tables. Every rule over images then serves
// scanned files too. Does not own: the scanner (src/scan), the rules (data/rules/binary_coverage.sql …).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scan/report.h"
#include "store/store.h"

namespace cudacompat::answer {

/// A file as it was observed: where it stands in the report and in the tables.
struct ObservedFile {
  size_t report_index = 0;
  int64_t file_id = 0;
  int64_t subject = 0;
  std::string name;
  int64_t modules = 0;  ///< containers that hold code
};

/// Modules of the files, by the premise that names them ("observed_set/3/2"). At most kMostModules names of
/// a set are kept; the count tells of the others.
struct ModuleNames {
  static constexpr size_t kMostModules = 12;
  struct Set {
    std::vector<std::string> names;
    int64_t count = 0;
  };
  std::map<std::string, Set> sets;
};

/// The files of a report that hold device code or load CUDA libraries, or that stand for others, as subjects
/// from `first_subject` on, in batches of about `most`, in the order of the subjects: what each holds in the
/// tables takes several kB.
class Observer {
 public:
  using Systems = std::set<std::pair<std::string, std::string>>;
  Observer(store::Store& store, const scan::Report& report, int64_t first_subject, size_t most);
  ~Observer();

  const std::vector<ObservedFile>& files() const { return files_; }
  /// Where each batch begins and ends in files().
  const std::vector<std::pair<size_t, size_t>>& batches() const { return batches_; }

  /// System and processor of every file, "-" where a file is for any.
  const Systems& systems() const { return systems_; }

  /// Takes out the batch before this one and puts this one in. In order, each once.
  void Open(size_t batch, ModuleNames* modules);

 private:
  void Enter(size_t batch);
  void TakeOut(size_t batch);
  void FindWitnesses(size_t batch);

  struct State;
  std::unique_ptr<State> state_;
  std::vector<ObservedFile> files_;
  std::vector<std::pair<size_t, size_t>> batches_;
  Systems systems_;
};

/// Whether one of them is a system that is asked for.
bool AnyAsked(store::Store& store, const Observer::Systems& systems);

/// The same in one: writes the files of a report that hold device code or load CUDA libraries: they become
/// subjects from `first_subject` on.
std::vector<ObservedFile> Observe(store::Store& store, const scan::Report& report, int64_t first_subject,
                                  ModuleNames* modules);

/// Where nothing was found by a path that was given: a file that stands for it, so that it is judged too.
/// Where no path has any: one that stands for the `ignored` files that were left out.
void StandIn(size_t ignored, scan::Report* report);

/// The same for a baseline: its files are compared with, not judged. Each finds its newer self among
/// `observed`. Where one side was searched deep and the other was not, both count by the sections for device
/// code alone: then true.
bool ObserveBaseline(store::Store& store, const scan::Report& baseline, const scan::Report& report,
                     const std::vector<ObservedFile>& observed, ModuleNames* modules);

/// Makes each observed file a candidate build on the asked systems that it is for. `any_system`: on the
/// others too when it is for none of them, so that a rule can say so. Subjects from `first` to `last`.
void AskObserved(store::Store& store, bool any_system, int64_t first = 0, int64_t last = INT64_MAX);

/// What an observed file is beside the others (view observed_role).
struct Role {
  std::string role, party;
  bool decides = true;
  bool judged = true;  ///< profilers and companions are not
};

/// By subject.
std::map<int64_t, Role> ReadRoles(store::Store& store);

/// The newest toolkit that the files name as their origin (a DottedKey), or 0.
int64_t NewestToolkit(const scan::Report& report);

}  // namespace cudacompat::answer
