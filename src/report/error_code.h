// Which row of error_code.csv a log means: by name first, then by message, then by number and family.
// Does not own: the numbers.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "report/pattern.h"

namespace cudacompat::report {

/// Captures read: "name" (cudaErrorNoDevice), "message" (no CUDA-capable device is detected), "code" (100).
/// `cuda` is the toolkit's version when known; runtime numbers before 10.1 were others. None when nothing
/// fits.
std::optional<ErrorCode> FindCode(ErrorRows& rows, const std::map<std::string, std::string>& captures,
                                  const std::string& family, const std::string& cuda);

/// The name of a number of a family; empty when there is none.
std::string NameOfCode(ErrorRows& rows, const std::string& family, const std::string& code);

}  // namespace cudacompat::report
