// Answer: what a question comes to. Made by src/answer, shown by src/render.
// Does not own: wording beyond sentences that rules made, output formats.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cudacompat::answer {

enum class Verdict { kCompatible = 0, kConditional = 1, kUnknown = 2, kIncompatible = 3 };
const char* VerdictText(Verdict verdict);
int ExitCode(Verdict verdict);  ///< 0 compatible, 1 incompatible, 2 conditional, 3 unknown

struct Reason {
  std::string rule;
  Verdict verdict = Verdict::kUnknown;
  std::string summary;
  std::string conclusion_id;
  std::string premises;  ///< blank-separated ids
};

struct Caveat {
  std::string rule;
  std::string library;
  std::string summary;
};

struct Device {
  std::string gpu;
  std::string given;
  int64_t count = 1;
  std::string compute_capability;  ///< empty when not known
  Verdict verdict = Verdict::kUnknown;
  std::string rule;
  int64_t position = 0;  ///< in the question: cards of one position are what one name may mean
};

struct Build {
  int64_t candidate = 0;
  int64_t build_row = 0;
  int64_t list_id = 0;
  int64_t subject = 0;
  std::string kind;  ///< package, cuda, images, binary
  std::string package;
  std::string version;
  std::string tag;  ///< "-" when it has none
  std::string os;
  std::string arch;
  std::string channel;
  bool is_default = false;
  std::string device;
  std::string cuda;
  std::string images_kind;
  std::vector<std::string> python;
  std::vector<std::string> images;
  bool of_libraries = false;  ///< the images are those of several libraries, of which one is enough
  Verdict verdict = Verdict::kUnknown;
  std::string rule;
  std::string conclusion_id;
  std::vector<Caveat> caveats;
};

/// "torch 2.6.0+cu124".
std::string BuildName(const Build& build);

/// The system whose builds it is one of: WSL takes those of Linux.
std::string BuildOs(const Build& build);

struct Requirement {
  std::string what;
  std::string os;
  std::string minimum;
  std::string sure_from;
  std::string below;
  std::vector<std::string> one_of;
};

struct Remedy {
  std::vector<std::string> changes;
  std::string title;
  std::vector<std::string> commands;
  std::vector<std::string> needs;
  std::string risk;
  std::string driver{};                     ///< that it brings, where it changes nothing else; not shown
  std::vector<Requirement> requirements{};  ///< of the build that it installs, where no driver was stated
};

struct Missing {
  std::string what;
  std::string given;
  std::vector<std::string> nearest;
  std::string known;
};

struct PredictedError {
  int64_t code = 0;
  std::string name;
};

/// A conclusion and what it rests on, down to facts with their source.
struct ProofNode {
  std::string id;
  std::string text;
  std::string rule;    ///< of a conclusion
  std::string source;  ///< title, edition
  std::string url;
  std::string locator;
  std::string date;  ///< when the source was read
  std::vector<ProofNode> children;
};

/// A part of an open answer: "toolkits", "drivers", "features", "gpus" … as a table.
struct Section {
  std::string name;
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// One of several things that were asked for.
struct SubjectVerdict {
  std::string package;
  std::string version;
  std::string tag;
  Verdict verdict = Verdict::kUnknown;
  std::string rule;
};

/// "A (7.5) or B (8.9) and C (8.0)": "or" between the cards that one name may mean, `between` the stated
/// ones.
std::string DeviceNames(const std::vector<Device>& devices, const std::string& between);

struct Answer {
  Verdict verdict = Verdict::kUnknown;
  std::string rule;
  std::string summary;
  std::vector<Reason> reasons;
  std::vector<Device> devices;
  std::vector<Build> builds;  ///< best first
  int64_t builds_total = 0;
  std::vector<Requirement> requirements;
  std::vector<Caveat> caveats;
  std::optional<PredictedError> predicted_error;
  std::vector<Remedy> remedies;
  std::vector<Missing> missing;
  std::optional<ProofNode> proof;
  std::vector<Section> sections;
  std::vector<SubjectVerdict> subjects;
  std::string data_version;
  std::string as_of;
};

}  // namespace cudacompat::answer
