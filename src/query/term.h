// The pieces that flags and text share: a card, a driver, a package, images, a version with bounds.
// Each parser takes the text as typed and where it stands, and its Error points at the character.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/ast.h"

namespace cudacompat::query {

/// Where a piece was typed: the flag ("--gpu"), or "question" with the whole text and the piece's offset in
/// it.
struct Place {
  std::string name;
  std::string_view whole;  ///< the line to print under the message
  size_t offset = 0;       ///< of the piece in whole
};

/// "latest" behind a package: its version is open.
bool IsNewestWord(std::string_view word);

/// An Error of kind kUsage whose message ends with the line and a caret under offset + at.
Error PointAt(const Place& place, size_t at, const std::string& message, const std::string& hint);

/// The word of `known` nearest to `word` if it is near enough to be a typing mistake, else empty.
std::string Nearest(std::string_view word, const std::vector<std::string>& known);

Result<Gpu> ParseGpu(std::string_view text, const Place& place);
Result<Driver> ParseDriver(std::string_view text, const Place& place);
Result<std::vector<Bound>> ParseVersions(std::string_view text, const Place& place);

/// The words with which local tags begin: cu124, rocm6.2, cpu, xpu.
struct TagKind {
  std::string_view word;
  bool numbered;  ///< a number belongs behind it
};

/// The kind of tag that a lower-case word begins with; null: none.
const TagKind* TagKindOf(std::string_view word);

/// "2.6.0", "2.6.0+cu124", "cu124", ">=2.4,<2.7", "cpu": what --torch takes.
Result<Subject> ParseRelease(const std::string& package, std::string_view text, const Place& place);

/// "NAME[EXTRA][==VERSION][+TAG]": what --package takes.
Result<Subject> ParsePackage(std::string_view text, const Place& place);

Result<Subject> ParseCuda(std::string_view text, const Place& place);
Result<Subject> ParseImages(std::string_view text, const Place& place);

/// A system as it is called: "windows server 2022", "rocky linux 9", "ubuntu 22.04 lts", "win10".
struct System {
  size_t words = 0;            ///< how many of the words name it; 0: none does
  std::string os;              ///< "linux", "windows" …
  std::string release;         ///< "22.04"; empty: none is said
  std::string distribution{};  ///< of a Linux, as ID in /etc/os-release: "ubuntu"
};

/// The system that lower-case words begin with.
System ReadSystem(const std::vector<std::string>& words);

/// Whether a lower-case word alone begins one.
bool IsSystem(const std::string& word);

/// Fixed words and plain versions; the value normalised ("Linux" → "linux", "amd64" → "x86_64").
/// The system that a whole text names ("Ubuntu 22.04"), or that it begins with ("CentOS Linux 7 (Core)").
System WholeSystem(std::string_view text);
System LeadingSystem(std::string_view text);
Result<std::string> ParseOs(std::string_view text, const Place& place);
Result<std::string> ParseArch(std::string_view text, const Place& place);
Result<std::string> ParsePlatform(std::string_view text, const Place& place);
Result<std::string> ParsePython(std::string_view text, const Place& place);
Result<std::string> ParseDotted(std::string_view text, const Place& place, const std::string& what);

/// "gcc-13", "g++ 13.2", "clang 17", "msvc 1940" into compiler and version.
Status ParseHostCompiler(std::string_view text, const Place& place, Question* question);

/// How long the compiler's name is that a word is, or begins with in front of a number (g++-13); 0: none.
size_t HostCompilerName(std::string_view word);

}  // namespace cudacompat::query
