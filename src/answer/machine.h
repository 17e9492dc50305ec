// A machine that was seen (probe) or told of (report) as a Question and as observations that rules see.
// Does not own: reading the machine, judging it.
#pragma once

#include <map>
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
  std::map<std::string, std::string> captures{};  ///< what the words told
  std::string package{};                          ///< of which package they speak; empty when nothing says
  std::string own{};                              ///< the same by their own words alone
};

/// A name that a framework or an extension is installed under, and what it is then: "jax-cuda12-plugin" is
/// jax with the tag cuda12.
struct FrameworkName {
  std::string name;
  std::string package;
  std::string tag;
};

/// Fills what `question` leaves open from the machine; what the question states stays. Frameworks of the
/// Python that runs become subjects only when the question has none, in the order of `frameworks` (the first
/// is what the report is about); where that Python has none, those of the others. `notes` gets what could not
/// be used.
void FillFromMachine(const Machine& machine, const std::vector<FrameworkName>& frameworks,
                     query::Question* question, std::vector<std::string>* notes);

/// "12.4.127" → "12.4"; what has no dot stays.
std::string MinorVersion(const std::string& version);

/// The CUDA runtime that an installed framework runs with, and how that is known.
struct CarriedRuntime {
  std::string package;
  std::string cuda;   ///< "12.4"; "none" of a CPU-only build; empty: not known
  std::string words;  ///< what the number is, with the build as installed
};

/// Of every framework of the machine, and of what else says it of itself.
std::vector<CarriedRuntime> CarriedRuntimes(store::Store& store, const Machine& machine);

/// The CUDA release of a board's JetPack; empty where there is none.
std::string CudaOfBoard(store::Store& store, const Machine& machine);

/// Fills what facts tell of the machine: the JetPack of a board that names only its L4T release, the board's
/// card by its model, and which Python is judged where nothing says which one runs: the only one that holds a
/// framework, and where none does, the system's.
void Complete(store::Store& store, Machine* machine);

/// An image whose loader takes a cuda-compat libcuda of its own, newer than the driver that is stated:
/// forward compatibility.
void TakeCompat(store::Store& store, const Machine& machine, query::Question* question);

/// What counts as a framework when a report is judged without a subject, the leading one first.
std::vector<FrameworkName> ReadFrameworks(store::Store& store);

/// True when the package belongs to the Python that runs, or when nothing says which one that is.
bool IsActive(const Machine& machine, const MachinePackage& package);

/// False for a card that CUDA_VISIBLE_DEVICES hides while programs get others: it is not judged.
bool IsVisible(const Machine& machine, const MachineGpu& gpu);

/// True when the question states anything at all; StatesMore: anything but a toolkit, which is the age of
/// error numbers.
bool StatesAnything(const query::Question& question);
bool StatesMore(const query::Question& question);

/// True when card and driver are left to the machine: only then its hardware is judged.
bool LeavesHardware(const query::Question& question);

/// Writes the machine into the observation tables, so that the rules machine_* and python_environment judge
/// it.
void ObserveMachine(store::Store& store, const Machine& machine, bool hardware);

/// Empties what was observed of a machine: what else would run there is asked of the facts alone.
void ForgetMachine(store::Store& store);

/// What a report says of "is CUDA available": of its own card and driver, and of none that are stated by
/// hand.
void SayAvailable(store::Store& store, const std::string& available);

/// Writes findings and what the report says of itself into the observation tables.
void Observe(store::Store& store, const Machine& machine, const std::vector<SeenCause>& findings);

}  // namespace cudacompat::answer
