// One toolkit's folder: its version by its own files. Shared by the POSIX and the Windows collectors.
#pragma once

#include <set>
#include <string>

#include "probe/scene.h"

namespace cudacompat::probe {

class ToolkitFolders {
 public:
  /// `compiler` is the compiler's path below the folder: "/bin/nvcc".
  ToolkitFolders(Scene& scene, std::string compiler) : scene_(scene), compiler_(std::move(compiler)) {}

  /// Adds the toolkit at `folder` unless it is known or is none.
  void Add(const std::string& folder);

 private:
  Scene& scene_;
  std::string compiler_;
  std::set<std::string> known_;
};

/// "#define CUDA_VERSION 12040" → 12.4, as cuda.h says below it: major * 1000 + minor * 10.
std::string VersionInHeader(std::string_view text, std::string_view macro);

inline constexpr size_t kHeaderStart =
    32 * 1024;  ///< the version stands in the first lines behind the licence

}  // namespace cudacompat::probe
