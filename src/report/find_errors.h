// FindErrors: known wordings in a pasted log, root cause before followers. The wordings are passed in as
// data. Does not own: signatures, rules, remedies, verdicts; nor the machine a log tells of (report.h).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "report/pattern.h"

namespace cudacompat::report {

struct Finding {
  std::string pattern_id;
  std::string rule;     ///< empty when it is no question of compatibility: then `cls` says what it is
  std::string cls;      ///< image, driver, library, … as in the contract
  std::string family;   ///< whose number `code` is: runtime, driver, nvml, windows, xid, … or empty
  std::string code;     ///< "209", or empty
  std::string name;     ///< "cudaErrorNoKernelImageForDevice", or empty
  std::string because;  ///< the pattern's note: why this wording means that
  int rank = 0;
  bool follower = false;  ///< something nearer to the root was found as well
  int64_t line = 0;       ///< from 1, of the first occurrence
  int64_t column = 0;     ///< from 1, in bytes
  std::string text;       ///< the line, cut to what is useful and made printable
  std::map<std::string, std::string> captures;
  int64_t count = 1;  ///< how often it was met (same pattern, same captures)
};

inline constexpr int kNotes = 850;  ///< ranks from here on are wrappers, notes, harmless warnings

struct FindOptions {
  size_t max_findings = 200;
  std::string cuda;  ///< "9.0": the age of bare numbers; before 10.1 they counted differently
};

/// Prepared patterns: build once, use on many texts. Not safe for two threads at once (patterns compile
/// lazily).
class ErrorScanner {
 public:
  explicit ErrorScanner(std::unique_ptr<ErrorRows> rows);
  ~ErrorScanner();
  ErrorScanner(ErrorScanner&&) noexcept;
  ErrorScanner& operator=(ErrorScanner&&) noexcept;

  /// Findings best first: by rank, then by line. Linear in the text, which is copied only where it holds
  /// colours or is UTF-16.
  std::vector<Finding> Find(std::string_view text, const FindOptions& options = {}) const;

  /// The words by which lines are judged.
  const Terms& Words() const;

  /// Rows of the table that cannot be used: short anchors, patterns that do not compile or want a blank at
  /// the end. Compiles everything; for tests and the data's own check.
  std::vector<std::string> Problems() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cudacompat::report
