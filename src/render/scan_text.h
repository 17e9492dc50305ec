// The scanner's report as text: the list for scripts, CSV, and the table for people.
// Does not own: what was found (scan/), JSON (scan_json.h).
#pragma once

#include <iosfwd>
#include <string>

#include "scan/report.h"

namespace cudacompat::render {

/// One line per image, tab-separated, no header: index from 1, kind, target, compression, section.
void WriteScanList(const scan::Report& report, std::ostream& out);
std::string ScanList(const scan::Report& report);

/// One line per image with a header line; RFC 4180.
void WriteScanCsv(const scan::Report& report, std::ostream& out);
std::string ScanCsv(const scan::Report& report);

struct ScanTableOptions {
  size_t width = 100;  ///< columns of the terminal
};
/// What people read: a line or two per file, then a matrix of targets by files.
void WriteScanTable(const scan::Report& report, const ScanTableOptions& options, std::ostream& out);
std::string ScanTable(const scan::Report& report, const ScanTableOptions& options = {});

}  // namespace cudacompat::render
