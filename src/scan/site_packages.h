// Which installed Python distribution a file belongs to, by the RECORD files beside it.
#pragma once

#include <vector>

#include "scan/report.h"

namespace cudacompat::scan {

/// Fills `package` of files below a folder that has `*.dist-info/RECORD` files naming them.
void NamePackages(std::vector<FileReport>& files);

}  // namespace cudacompat::scan
