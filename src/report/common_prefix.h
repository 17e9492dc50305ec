// What the lines of a text have in common at their beginning. Does not own: whether it belongs to the report.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cudacompat::report {

/// A beginning that most lines share, up to digits, the words of levels and blanks at its end.
class CommonPrefix {
 public:
  /// Of the first lines of the text; `Ends` is empty where there is none.
  explicit CommonPrefix(std::string_view text);

  /// After how many of its pieces it may end: behind a sign or a blank, longest first.
  const std::vector<size_t>& Ends() const { return ends_; }

  /// The text, each line without those pieces; a line that does not begin with them stays.
  std::string Without(std::string_view text, size_t pieces) const;

 private:
  std::vector<std::string> pieces_;
  std::vector<size_t> ends_;
};

}  // namespace cudacompat::report
