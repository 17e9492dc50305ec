// The data compiler's whole run: data folder → cudacompat.db. Nothing is written unless all of it is right.
#pragma once

#include <filesystem>

#include "mkdb/problems.h"

namespace cudacompat::mkdb {

struct BuildOptions {
  std::filesystem::path data;  ///< the folder with schema/, facts/, rules/ …
  std::filesystem::path out;   ///< replaced at the end, in one step
  bool strict = false;         ///< a fact table without CSV is a problem
};

enum class BuildResult { kBuilt, kBadData, kCannotWrite };

BuildResult BuildDatabase(const BuildOptions& options, Problems& problems);

}  // namespace cudacompat::mkdb
