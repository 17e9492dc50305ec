// Writes images out as files, unpacked. Only into the folder that was named, only new files; names are made
// here and never taken from an archive as a path. A file has its name once it is whole.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "scan/options.h"
#include "scan/report.h"

namespace cudacompat::scan {

class Extractor {
 public:
  /// `only`: target names ("sm_90a", "compute_80"); empty means every image.
  Extractor(std::string folder, std::vector<std::string> only);

  /// Makes the folder when it is not there. Empty, or why it cannot be written to.
  std::string Prepare();

  /// The hook for Options::on_image. The Extractor must outlive the scan.
  ImageFn Hook();

  /// Removes what is not whole yet. May be called by a signal's handler, which then ends the process.
  static void RemovePartial();

  struct Written {
    std::string path;
    uint64_t size = 0;
  };
  /// What was written, ordered by name; and what failed.
  std::vector<Written> written();
  std::vector<std::string> failed();

 private:
  void Write(const FileReport& file, const Image& image, Source& payload);

  std::string folder_;
  std::vector<std::string> only_;
  std::mutex mutex_;
  std::vector<Written> written_;
  std::vector<std::string> failed_;
};

}  // namespace cudacompat::scan
