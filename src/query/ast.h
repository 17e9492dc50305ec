// What a question is after parsing: stated things, and what is asked of them. Flags and text make the same
// Question. Does not own: any knowledge of cards, drivers or builds; names are kept as typed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cudacompat::query {

/// What the answer is to be about.
enum class Form {
  kVerdict,        ///< will it run, what should be installed
  kGpus,           ///< which cards run the subject
  kDrivers,        ///< which drivers run the subject
  kToolkits,       ///< which toolkits build for the card
  kHostCompilers,  ///< which host compilers the toolkit accepts
};

/// A card as typed. Exactly one of the three is set.
struct Gpu {
  std::string given;
  std::string name;        ///< a product's name, possibly cut short ("NVIDIA A100 80G...")
  std::string capability;  ///< "7.5"
  std::string target;      ///< beside a capability typed as a target with a letter: "sm_90a"
  std::string pci_id;      ///< device id "1f97"
  bool cut_short = false;
  int64_t count = 1;  ///< "8x A100"
};

/// One bound of a version: "==2.6.0", ">=2.4", "!=1.0", "2.6.*".
struct Bound {
  enum class Op { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kPrefix, kNotPrefix };
  Op op = Op::kEqual;
  std::string version;
  int64_t key = 0;        ///< PackageKey or DottedKey, as the place demands
  int64_t upper_key = 0;  ///< of kPrefix and kNotPrefix: the first key behind the prefix
};

/// --driver: one version, a branch, or bounds; the last two are sets.
struct Driver {
  enum class Kind { kVersion, kBranch, kBounds };
  Kind kind = Kind::kVersion;
  std::string given;
  std::vector<Bound> bounds;  ///< one kEqual for a version or branch
  int parts = 0;              ///< how many numbers the version has
};

/// One image typed by hand: TARGET[@ISA][:CODEC].
struct Image {
  std::string target;
  std::string isa;    ///< "-" when not stated
  std::string codec;  ///< "none" when not stated
};

/// What would run.
struct Subject {
  enum class Kind { kPackage, kCuda, kImages };
  Kind kind = Kind::kPackage;
  std::string given;
  std::string package;  ///< normalised name; "cuda" and "images" for the others
  std::string extra;
  std::vector<Bound> versions;
  std::string tag;
  std::string cuda;  ///< "with cuda 11.8", where tags do not say it: builds of that major
  std::vector<Image> images;
  bool newest = false;
  bool installed = false;          ///< seen on the machine: what a report says of "available" is about it
  bool installed_default = false;  ///< seen installed without a tag: what a plain install gives there
};

/// What check demands of files: an image, or that a card is served.
struct Requirement {
  enum class Wish { kPresent, kAbsent, kRuns, kOldestDriver };
  Wish wish = Wish::kPresent;
  std::string given;
  std::string target;    ///< of kPresent and kAbsent: a GLOB over image targets
  std::string all_of;    ///< instead of a target: "all-major" or "all", what a toolkit would build
  int64_t position = 0;  ///< of kRuns: its place in Question::gpus, from 1
};

struct Question {
  Form form = Form::kVerdict;
  std::vector<Gpu> gpus;
  std::optional<Driver> driver;
  std::string cuda_driver;
  std::string os;
  std::string os_release;  ///< "11" of "windows 11", "22.04" of "ubuntu 22.04"
  std::string arch;
  std::string jetpack;
  std::string python;
  std::string platform;
  std::string module_flavour;  ///< only from a machine that was seen
  std::string distribution;    ///< what the system calls itself, as ID in /etc/os-release: "fedora"
  std::string libc;            ///< "glibc", "musl", where it is said itself
  std::string libc_version;
  std::string engine;         ///< what runs the container that was seen: "podman"
  std::string host_compiler;  ///< "gcc"
  std::string host_compiler_version;
  std::vector<Subject> subjects;
  std::vector<std::string> binaries;  ///< files and folders whose device code is judged
  std::vector<Requirement> requirements;
  std::vector<std::string> unread;  ///< words of the text that nothing was made of
};

/// The Question as indented text, for --show ast and for tests.
std::string ToText(const Question& question);

}  // namespace cudacompat::query
