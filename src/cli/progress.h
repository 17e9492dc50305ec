// A line that tells a person how far a scan is: drawn over and over on a terminal, from half a second on, and
// wiped at the end.
#pragma once

#include <chrono>

#include "cli/cli.h"
#include "scan/scan.h"

namespace cudacompat::cli {

class ProgressLine {
 public:
  explicit ProgressLine(Io& io) : io_(io) {}
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// What ScanPaths calls; empty where there is no terminal to draw on.
  scan::ProgressFn Hook();

 private:
  void Show(const scan::Progress& progress);

  Io& io_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace cudacompat::cli
