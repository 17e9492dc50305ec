// Images that are a file each. Does not own: reading them (scan), what they serve (data/rules).
#pragma once

#include <string>

#include "scan/report.h"

namespace cudacompat::answer {

/// The format of a file that stands for a folder or an archive as a whole.
inline constexpr const char* kFolderFormat = "folder";

/// The archive on the disk that the file lies in; empty for one that lies there itself.
std::string OuterArchive(const scan::FileReport& file);

/// Images that are a file each (.cubin, .ptx, .ltoir) in one folder or archive are alternatives among which a
/// program chooses: they become one file with all of them. Those in folders of tests tell nothing.
void FoldLooseImages(scan::Report* report);

}  // namespace cudacompat::answer
