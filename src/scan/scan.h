// The scanner's front door: which device code is inside these files? No verdict, no database, no CUDA.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scan/options.h"
#include "scan/report.h"
#include "scan/source.h"

namespace cudacompat::scan {

struct Progress {
  uint64_t files = 0;  ///< done
  uint64_t bytes = 0;  ///< sizes of the files done
  std::string path;    ///< the last one
  uint64_t at = 0;     ///< how far the one path that was given has been read,
  uint64_t size = 0;   ///< of so many bytes; 0 for folders and several paths
};

/// Called from the thread that called ScanPaths, at most a few times a second.
using ProgressFn = std::function<void(const Progress&)>;

/// Scans files and folders (recursively), several at a time. Files stand in the report in the order of
/// `paths`, below a folder in the order of their names, whatever the number of threads. A file that was named
/// stands in the report even when there is nothing in it; one found in a folder only when there is.
Report ScanPaths(const std::vector<std::string>& paths, const Options& options,
                 const ProgressFn& progress = {});

/// One source of bytes under a name. The first report is the source's own; members of archives follow.
/// `folder` is where members of a thin archive are looked for; empty: nowhere. `links` takes what the
/// programs without anything of CUDA load.
std::vector<FileReport> ScanSource(Source& source, const std::string& name, const Options& options,
                                   const std::string& folder = {}, Links* links = nullptr);

}  // namespace cudacompat::scan
