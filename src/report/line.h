// Lines of a paste, freed from what forums, terminals and log collectors put around them.
// Does not own: what a line means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cudacompat::report {

struct Line {
  std::string text;    ///< trimmed, without quotes, stars, back-ticks, prefixes, colours
  int64_t number = 0;  ///< in the original text, from 1
  int indent = 0;      ///< blanks that stood before the text
};

/// Quotes ("> "), container and journal prefixes, time stamps, markdown, full-width colons and HTML are taken
/// away; a report on one line, a printed dict and escaped line ends become lines of their own.
std::vector<Line> CleanLines(std::string_view text);

/// The line without what log collectors and forums put before it, layer by layer.
std::string_view WithoutPrefixes(std::string_view line);

/// "comfy-1  | text": the name before the bar, or empty.
std::string_view ComposeName(std::string_view line);

/// The pieces of one long line that is really a whole report: cut before every field name that reports begin
/// lines with. The line itself when it holds fewer than three of them.
std::vector<std::string> CutAtFields(std::string_view line);

/// "key: value" for each entry of a printed Python dict, an OrderedDict or a JSON object on that line; empty
/// when the line is none.
std::vector<std::string> DictEntries(std::string_view line);

}  // namespace cudacompat::report
