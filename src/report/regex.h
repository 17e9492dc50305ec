// A regex of a report's wording, compiled when a text first holds its longest literal. A line meets some
// hundred of them and matches two or three: compiling the others would take longer than everything else.
// Does not own: the regexes of data/facts/error_pattern.csv, which have anchors of their own
// (find_errors.cc).
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>

namespace cudacompat::report {

/// What every match of a pattern holds, as far as a look at what is neither optional nor a choice shows.
struct Required {
  std::string literal;  ///< the longest; empty if there is none. With a leading (?i) in small letters
  bool digit = false;
};
Required RequiredBy(std::string_view pattern);

class Regex {
 public:
  /// `pattern` in RE2's syntax, of bytes: logs hold any, and a byte's automaton is made in half the time of a
  /// letter's. It must outlive the Regex.
  explicit Regex(const char* pattern);

  /// Anywhere in the text; the groups go to `parts` as in RE2::PartialMatch.
  template <typename... Parts>
  bool Find(std::string_view text, Parts... parts) const {
    return MayBeIn(text) && re2::RE2::PartialMatch(Piece(text), Compiled(), parts...);
  }

  /// The whole text.
  template <typename... Parts>
  bool FindWhole(std::string_view text, Parts... parts) const {
    return MayBeIn(text) && re2::RE2::FullMatch(Piece(text), Compiled(), parts...);
  }

  /// At the begin of the text, which then begins behind the match.
  template <typename... Parts>
  bool Consume(std::string_view* text, Parts... parts) const {
    return Take(text,
                [&](re2::StringPiece* piece) { return re2::RE2::Consume(piece, Compiled(), parts...); });
  }

  /// Anywhere in the text, which then begins behind the match.
  template <typename... Parts>
  bool FindAndConsume(std::string_view* text, Parts... parts) const {
    return Take(
        text, [&](re2::StringPiece* piece) { return re2::RE2::FindAndConsume(piece, Compiled(), parts...); });
  }

  /// Takes out every match; how many there were.
  int Remove(std::string* text) const;
  /// Takes out the first match.
  bool RemoveFirst(std::string* text) const;

 private:
  static re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

  template <typename Match>
  bool Take(std::string_view* text, Match match) const {
    if (!MayBeIn(*text)) return false;
    re2::StringPiece piece = Piece(*text);
    bool found = match(&piece);
    *text = std::string_view(piece.data(), piece.size());
    return found;
  }

  bool MayBeIn(std::string_view text) const;
  const re2::RE2& Compiled() const;

  const char* pattern_;
  Required required_;
  bool any_case_;
  mutable std::unique_ptr<re2::RE2> compiled_;
};

}  // namespace cudacompat::report
