// What the commands that scan files share.
#pragma once

#include <string>
#include <vector>

#include "cli/cli.h"
#include "scan/report.h"

namespace cudacompat::cli {

/// Tells of each path that could not be read. Exit 65 when something that was named is among them, and with
/// `all` (where a verdict rests on them) also when it lies in a folder.
int TellUnreadable(const std::vector<std::string>& named, bool all, const scan::Report& report, Io& io);

}  // namespace cudacompat::cli
