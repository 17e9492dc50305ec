// Where the fixtures of these tests lie, and their texts.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace cudacompat::report {

inline std::filesystem::path FixtureFolder(const char* name) {
  return std::filesystem::path(CUDACOMPAT_SOURCE_DIR) / "tests" / "fixtures" / name;
}

inline std::string FileText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace cudacompat::report
