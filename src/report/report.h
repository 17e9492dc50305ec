// ReadReport: what a text says of the machine it was made on. Content decides the format, never a file's
// name. Does not own: verdicts, cards, versions. Names and numbers are carried over as printed; formats are
// all it knows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/machine.h"
#include "base/result.h"

namespace cudacompat::report {

class ErrorScanner;

struct ReadOptions {
  /// When given, lines with a known error always stand in Machine.errors; without it only lines that look
  /// like one.
  const ErrorScanner* scanner = nullptr;
  /// Of a longer text both ends and what stands around the words of reports is read, this much together, and
  /// Machine.problems says so. One pass over the rest finds those words.
  size_t most_bytes = size_t{2} << 20;
};

/// One Machine per host of the paste, in order. Fails only when nothing in the text tells of a machine or an
/// error.
Result<std::vector<Machine>> ReadReport(std::string_view text, const ReadOptions& options = {});

/// Lines of the report that nothing was made of and that speak of what reports are about, the first few.
std::vector<std::string> UnreadOfCuda(const Machine& machine);

}  // namespace cudacompat::report
