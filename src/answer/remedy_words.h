// The words of remedies: places that are filled, commands that a shell may be given, and what another system
// says instead. Does not own: the words themselves (data/facts/remedy.csv, remedy_word.csv,
// remedy_driver.csv).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/store.h"

namespace cudacompat::answer {

/// What the places of a title and its commands are filled with: "build" for "{build}".
using Values = std::map<std::string, std::string>;

/// The words of a column; "-" is none.
std::vector<std::string> WordList(const std::string& text);

/// "linux" as it is written in a title: "Linux".
std::string SystemName(std::string os);

std::string Fill(std::string text, const Values& values);

/// The command with its places filled; nothing where a value would be more than a word there: then the title
/// alone says what to do. "{subjects}" takes the subject's words, each in quotes.
std::optional<std::string> FillCommand(std::string command, const Values& values, bool windows);

/// "{minimum}" left over: what the row needs is not known.
bool HasPlace(const std::string& text);

/// What a system or a container engine says otherwise than Ubuntu and Docker do.
class SystemWords {
 public:
  SystemWords() = default;  ///< of a system that says all as it is written

  /// `name`: what the system or the engine calls itself; empty: nothing told.
  SystemWords(store::Store& store, const std::string& name, bool container);

  /// Puts title and risk into this system's words.
  void Say(std::string* text) const;

  /// The command in this system's words; false for one that it does not have. `branch`: of the driver that it
  /// installs; empty: the last that drives the cards.
  bool SayCommand(std::string* command, const std::string& branch) const;

 private:
  bool Replace(std::string* text, bool command) const;
  bool ReplaceDriver(std::string* command, const std::string& branch) const;

  struct DriverWord {
    std::string words, branch, instead;
    bool fits = false;  ///< the kernel modules that the cards need
  };
  std::vector<std::pair<std::string, std::string>> words_;  ///< and what is said instead, longest first
  std::vector<DriverWord> driver_words_;
  std::string branch_;  ///< the last that drives the cards
};

}  // namespace cudacompat::answer
