// The policy of a repository: cudacompat.toml, table [check]. Flags win over it.
// Does not own: what the words mean (src/query/require.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cudacompat::cli {

struct Policy {
  /// A text and where it stands: "cudacompat.toml:2:12".
  struct Word {
    std::string text, place;
  };
  std::vector<Word> require;
  std::vector<Word> forbid;
  std::optional<Word> oldest_driver;
  std::vector<Word> ignore;  ///< GLOBs over paths: '*' and '?'
};

/// Parses the text of a policy file; `name` is for messages.
Result<Policy> ParsePolicy(std::string_view text, const std::string& name);

/// True when the whole of `text` fits the pattern; '*' also stands for slashes.
bool GlobMatches(std::string_view pattern, std::string_view text);

/// The file's content, or an Error of kind kBadInput that names it.
Result<std::string> ReadWholeFile(const std::string& path);

}  // namespace cudacompat::cli
