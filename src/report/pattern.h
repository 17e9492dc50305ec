// What the log scanner is told: the rows of data/facts/error_pattern.csv and error_code.csv as plain structs.
// Does not own: any signature, rule or number. Those are data; "-" in a cell means "none" and may be passed
// as it is.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cudacompat::report {

/// One known wording. The anchor is a literal of at least kLeastAnchor bytes, compared without case.
struct ErrorPattern {
  std::string id;
  std::string anchor;
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
  std::string unless = {};  ///< RE2, without case: where its line says this, something else is used instead
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

struct ErrorTable {
  std::vector<ErrorPattern> patterns;
  /// Fills a pattern of which only id and anchor are there yet, when its anchor is met; none where all are
  /// whole.
  std::function<void(ErrorPattern*)> complete = {};
  /// Read when the first number, name or message is met that no pattern decides.
  mutable std::function<std::vector<ErrorCode>()> read_codes = {};
  mutable std::vector<ErrorCode> codes;

  const std::vector<ErrorCode>& Codes() const {
    if (read_codes != nullptr) codes = std::exchange(read_codes, nullptr)();
    return codes;
  }
};

inline constexpr size_t kLeastAnchor = 8;

/// The rows that carry this number or name ("209", "cudaErrorNoDevice", "CUDA_ERROR_NO_DEVICE"), in table
/// order.
std::vector<ErrorCode> LookUpCode(const ErrorTable& table, std::string_view code_or_name);

}  // namespace cudacompat::report
