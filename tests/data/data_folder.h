// A small data folder of a test's own, gone when the test ends.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "mkdb/build.h"

namespace cudacompat::test {

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class DataFolder {
 public:
  DataFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mkdb_test_XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ~DataFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  DataFolder& Write(const std::string& file, const std::string& text) {
    std::filesystem::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file, std::ios::binary) << text;
    return *this;
  }

  /// What mkdb says: one line per problem, "" when it built.
  std::string Build(bool strict = true) {
    mkdb::Problems problems;
    result = mkdb::BuildDatabase({root_, database(), strict}, problems);
    std::string text;
    for (const std::string& line : problems.lines()) text += line + "\n";
    for (const std::string& line : problems.warnings()) text += "warning: " + line + "\n";
    return text;
  }

  std::filesystem::path database() const { return root_ / "out.db"; }
  mkdb::BuildResult result = mkdb::BuildResult::kBadData;

 private:
  std::filesystem::path root_;
};

}  // namespace cudacompat::test
