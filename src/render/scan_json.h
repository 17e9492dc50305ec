// The scanner's report as JSON: "cudacompat/scan/1", schema in docs/schema/scan.schema.json.
#pragma once

#include <iosfwd>
#include <string>

#include "scan/report.h"

namespace cudacompat::render {

struct ScanJsonOptions {
  bool entries = false;  ///< also every image one by one
};

/// Written as it is made: a library may hold a hundred thousand images.
void WriteScanJson(const scan::Report& report, const ScanJsonOptions& options, std::ostream& out);
std::string ScanJson(const scan::Report& report, const ScanJsonOptions& options = {});

}  // namespace cudacompat::render
