#include "answer/remedy_words.h"

#include <algorithm>

#include "base/text.h"

namespace cudacompat::answer {
namespace {

// Whether a value stands in a command as itself, so that a shell that is given the command makes nothing else
// of it: names of files and packages come from machines and logs that nobody trusts yet. `quote` encloses it,
// or is a blank.
bool StandsForItself(std::string_view value, char quote, bool windows) {
  return std::all_of(value.begin(), value.end(), [&](char c) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f' || c == quote) return false;
    if (quote == '\'') return true;
    if (quote == '"') return c != '$' && c != '`' && (c != '\\' || windows) && (c != '%' || !windows);
    return static_cast<unsigned char>(c) >= 0x80 || IsAlpha(c) || IsDigit(c) ||
           std::string_view("_./+=,@:-").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::vector<std::string> WordList(const std::string& text) {
  std::vector<std::string> words;
  for (std::string_view word : Words(text)) {
    if (word != "-") words.emplace_back(word);
  }
  return words;
}

std::string SystemName(std::string os) {
  if (os == "wsl") return "WSL";
  if (!os.empty() && os[0] >= 'a' && os[0] <= 'z') os[0] = static_cast<char>(os[0] - 'a' + 'A');
  return os;
}

std::string Fill(std::string text, const Values& values) {
  for (const auto& [name, value] : values) text = ReplaceAll(text, "{" + name + "}", value);
  return text;
}

std::optional<std::string> FillCommand(std::string command, const Values& values, bool windows) {
  const auto subject = values.find("subject");
  if (subject != values.end() && Contains(command, "{subjects}")) {
    std::vector<std::string> words;
    for (std::string_view word : Words(subject->second)) {
      if (!StandsForItself(word, '"', windows)) return std::nullopt;
      words.push_back("\"" + std::string(word) + "\"");
    }
    command = ReplaceAll(command, "{subjects}", Join(words, " "));
  }
  for (const auto& [name, value] : values) {
    const std::string place = "{" + name + "}";
    for (size_t at = command.find(place); at != std::string::npos;
         at = command.find(place, at + value.size())) {
      const char before = at == 0 ? ' ' : command[at - 1];
      const bool quoted = before == '"' || before == '\'';
      if (!StandsForItself(value, quoted ? before : ' ', windows)) return std::nullopt;
      command.replace(at, place.size(), value);
    }
  }
  return command;
}

bool HasPlace(const std::string& text) {
  for (size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    size_t end = at + 1;
    while (end < text.size() && (IsAlpha(text[end]) || text[end] == '-' || text[end] == '_')) ++end;
    if (end > at + 1 && end < text.size() && text[end] == '}') return true;
  }
  return false;
}

SystemWords::SystemWords(store::Store& store, const std::string& name, bool container) {
  store::Statement words = store.Prepare(
      "SELECT words, instead FROM remedy_word WHERE dialect = coalesce((SELECT dialect FROM dialect WHERE name = ?1), "
      "CASE WHEN ?1 = '' OR ?2 THEN '' ELSE 'other' END) ORDER BY length(words) DESC, words",
      {name, static_cast<int64_t>(container)});
  while (words.Step()) words_.emplace_back(words.text(0), words.text(1));
  store::Statement drivers = store.Prepare(
      store.WithViews(
          {"driver_need"},
          "SELECT r.words, r.branch, r.instead, r.modules = n.modules, n.branch FROM dialect d JOIN "
          "remedy_driver r ON r.dialect = d.dialect CROSS JOIN driver_need n WHERE d.name = ?"),
      {name});
  while (drivers.Step()) {
    driver_words_.push_back({drivers.text(0), drivers.text(1), drivers.text(2), drivers.integer(3) == 1});
    branch_ = drivers.text(4);
  }
}

void SystemWords::Say(std::string* text) const {
  if (!words_.empty()) Replace(text, false);
}

bool SystemWords::SayCommand(std::string* command, const std::string& branch) const {
  if (words_.empty()) return true;
  return ReplaceDriver(command, branch.empty() ? branch_ : branch) && Replace(command, true);
}

// False for a command that this system does not have; in a title such words go.
bool SystemWords::Replace(std::string* text, bool command) const {
  for (const auto& [words, instead] : words_) {
    if (!Contains(*text, words)) continue;
    if (instead == "-" && command) return false;
    *text = ReplaceAll(*text, words, instead == "-" ? "" : instead);
  }
  *text = ReplaceAll(ReplaceAll(*text, " ;", ";"), "  ", " ");
  *text = std::string(Trim(*text));
  return true;
}

// What installs a driver, by what the cards need; false where this system has words for it and none that fit.
bool SystemWords::ReplaceDriver(std::string* command, const std::string& branch) const {
  bool known = false;
  for (const DriverWord& word : driver_words_) {
    if (!Contains(*command, word.words)) continue;
    known = true;
    if (!word.fits || word.branch != branch) continue;
    *command = ReplaceAll(*command, word.words, word.instead);
    return true;
  }
  return !known;
}

}  // namespace cudacompat::answer
