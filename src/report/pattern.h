// What the log scanner is told: the rows of data/facts/error_pattern.csv, error_code.csv and wording_term.csv
// as plain structs, and where it reads them. Does not own: any signature, rule or number. Those are data; "-"
// in a cell means "none" and may be passed as it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/terms.h"

namespace cudacompat::report {

/// One known sentence. One of the anchors must occur: literals of at least kLeastAnchor bytes, compared
/// without case, '|' between them.
struct ErrorPattern {
  std::string id;
  std::string anchors;
  std::string regex;  ///< RE2, without case; a leading (?s) also sees the lines that follow
  std::string
      rule;  ///< a rule id, or none: then a captured name, message or code is looked up in error_code.csv
  std::string cls;
  std::string family;
  std::string code;
  int rank = 500;  ///< lower is nearer to the root cause
  std::string note;
  std::string context =
      {};  ///< RE2, without case: must match around the wording, which others print as well …
  int context_lines = 0;    ///< … within this many lines before and behind; none where empty
  std::string unless = {};  ///< terms: where its line says one, something else is used instead
};

/// One number of one library, with its name and what it means for us.
struct ErrorCode {
  std::string family;
  std::string code;
  std::string name;
  std::string message;
  std::string rule;
  std::string cls;
};

/// Where the scanner reads rows, each when it first needs it.
class ErrorRows {
 public:
  ErrorRows() = default;
  ErrorRows(const ErrorRows&) = delete;
  ErrorRows& operator=(const ErrorRows&) = delete;
  virtual ~ErrorRows() = default;

  /// A line for each pattern, in table order: its anchors, a tab, its id.
  virtual std::string Anchors() = 0;
  virtual ErrorPattern Pattern(const std::string& id) = 0;
  /// The rows, in table order, whose name or number is this, or whose message the text begins with; all
  /// without case. The name may lack the family (go-nvml: ERROR_UNKNOWN).
  virtual std::vector<ErrorCode> Codes(const std::string& name, const std::string& message,
                                       const std::string& code, const std::string& family) = 0;
  virtual std::vector<Term> Words() = 0;
};

inline constexpr size_t kLeastAnchor = 8;

}  // namespace cudacompat::report
