// Walks folders. Each regular file comes once, in the order of names; hidden ones too; links are followed to
// what has not been seen. Does not own: what is in the files.
#pragma once

#include <functional>
#include <string>

namespace cudacompat::scan {

struct FolderEvents {
  /// A regular file. Returning false stops the walk.
  std::function<bool(const std::string& path)> file;
  /// A folder or link that could not be followed.
  std::function<void(const std::string& path, const std::string& reason)> unreadable;
};

/// True when `path` is a folder.
bool IsFolder(const std::string& path);

void WalkFolder(const std::string& path, const FolderEvents& events);

}  // namespace cudacompat::scan
