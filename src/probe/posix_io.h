// Bounded reading through POSIX calls, shared by the live and the rooted host.
// Does not own: which path stands for which (a root is resolved before it comes here).
#pragma once

#include <string>
#include <vector>

#include "probe/host.h"

namespace cudacompat::probe {

FileText PosixRead(const std::string& path, size_t limit, bool tail);
std::vector<std::string> PosixList(const std::string& path, const NameFilter& filter);
Node PosixStat(const std::string& path, bool follow);
std::optional<std::string> PosixReadLink(const std::string& path);

}  // namespace cudacompat::probe
