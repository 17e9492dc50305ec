#include "mkdb/files.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "mkdb/digest.h"

namespace cudacompat::mkdb {
namespace fs = std::filesystem;

namespace {

std::vector<std::string> Entries(const fs::path& root, const std::string& folder,
                                 const std::string& extension, bool folders) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(root / folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->path().extension() != extension || it->is_directory(ignored) != folders) continue;
    names.push_back(folder + "/" + it->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::vector<std::string> DataDir::List(const std::string& folder, const std::string& extension) const {
  return Entries(root_, folder, extension, false);
}

std::vector<std::string> DataDir::Folders(const std::string& folder, const std::string& extension) const {
  return Entries(root_, folder, extension, true);
}

std::optional<std::string> DataDir::Read(const std::string& file) {
  std::ifstream in(root_ / file, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  read_[file] = text;
  return text;
}

std::string DataDir::Digest() const {
  Sha256 digest;
  for (const auto& [file, text] : read_) {
    digest.Add(file + '\0' + std::to_string(text.size()) + '\0');
    digest.Add(text);
  }
  return digest.Hex();
}

std::string Stem(const std::string& file) { return fs::path(file).stem().string(); }

}  // namespace cudacompat::mkdb
