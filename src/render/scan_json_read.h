// Reads what `scan --json` wrote, as far as coverage needs it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "scan/report.h"

namespace cudacompat::render {

/// The report of a JSON file; sets of targets and counts, not each image.
Result<scan::Report> ReadScanReport(const std::string& path);

/// The same from a text; `name` is for messages.
Result<scan::Report> ParseScanReport(std::string_view text, const std::string& name);

}  // namespace cudacompat::render
