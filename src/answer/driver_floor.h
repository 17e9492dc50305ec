// The oldest driver that a file asks for: by the runtime that it loads, brings or is, and by its images, as
// `check --oldest-driver` judges them. Does not own: the facts (data, view scan_fact).
#pragma once

#include <string>
#include <vector>

#include "scan/report.h"

namespace cudacompat::answer {

struct DriverFloor {
  std::string os;         ///< linux, windows
  std::string minimum;    ///< below it the file does not run; empty where nothing asks for any
  std::string sure_from;  ///< where that is later: from there on the vendor promises it
  std::string
      because;  ///< "CUDA 12.4", "zstd", "PTX ISA 9.0": what asks for the minimum, or else for sure_from
};

/// For each system that the file is for; none where it asks for no driver.
std::vector<DriverFloor> DriverFloors(const scan::FileReport& file);

/// The most that several files ask for.
void MergeFloors(const std::vector<DriverFloor>& more, std::vector<DriverFloor>* floors);

/// "linux 550.54.14 or newer (zstd)".
std::string FloorText(const DriverFloor& floor);

/// The toolkit that the name of a library tells: "12", "11.8"; empty for none. `name` as the file says it.
std::string ToolkitOf(const scan::Need& need);

}  // namespace cudacompat::answer
