// What the commands that scan files share.
#pragma once

#include <string>
#include <vector>

#include "cli/cli.h"
#include "scan/report.h"

namespace cudacompat::cli {

/// Tells of each path that could not be read. Exit 65 when something that was named is among them; what lies
/// unreadable in a folder is only told.
int TellUnreadable(const std::vector<std::string>& named, const scan::Report& report, Io& io);

}  // namespace cudacompat::cli
