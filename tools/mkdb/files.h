// Reads the data folder and remembers what was read, for the digest. File names are shown relative to it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cudacompat::mkdb {

class DataDir {
 public:
  explicit DataDir(std::filesystem::path root) : root_(std::move(root)) {}

  /// Names of the files in `folder` with this extension, in byte order: "facts/gpu.csv". None without folder.
  std::vector<std::string> List(const std::string& folder, const std::string& extension) const;

  /// Names of the folders in `folder` with this extension: "facts/build.d".
  std::vector<std::string> Folders(const std::string& folder, const std::string& extension) const;

  /// The file's content, or nothing when there is no such file.
  std::optional<std::string> Read(const std::string& file);

  /// Digest over names and contents of all files read so far, in name order.
  std::string Digest() const;

 private:
  std::filesystem::path root_;
  std::map<std::string, std::string> read_;
};

/// "facts/gpu.csv" → "gpu"
std::string Stem(const std::string& file);

}  // namespace cudacompat::mkdb
