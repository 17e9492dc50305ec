// Layout: PyPA "Recording installed projects": RECORD has one path a line, relative to the folder that
// holds the .dist-info folder.
#include "scan/site_packages.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <system_error>

#include "base/text.h"

namespace cudacompat::scan {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInfo = ".dist-info";

// "torch-2.6.0+cu124.dist-info" → "torch 2.6.0+cu124".
std::string PackageName(const std::string& folder) {
  const size_t dash = folder.find('-');
  if (dash == std::string::npos || !EndsWith(folder, kInfo)) return {};
  return folder.substr(0, dash) + " " + folder.substr(dash + 1, folder.size() - dash - 1 - kInfo.size());
}

// The folder that may be a site-packages: one that has .dist-info folders.
std::string SiteOf(const std::string& path, std::map<std::string, bool>* known) {
  for (fs::path folder = fs::path(path).parent_path(); !folder.empty(); folder = folder.parent_path()) {
    std::string text = folder.string();
    auto entry = known->find(text);
    if (entry == known->end()) {
      bool found = false;
      std::error_code error;
      for (fs::directory_iterator child(folder, error); !error && child != fs::directory_iterator() && !found;
           child.increment(error)) {
        found = EndsWith(child->path().filename().string(), kInfo);
      }
      entry = known->emplace(text, found).first;
    }
    if (entry->second) return text;
    if (folder == folder.parent_path()) break;
  }
  return {};
}

// Gives every wanted file that the RECORD names its package.
void ReadRecord(const fs::path& record, const std::string& package,
                const std::map<std::string, std::vector<FileReport*>>& wanted) {
  constexpr std::streamsize kMost = 64 << 20;
  std::ifstream stream(record);
  std::string line;
  for (std::streamsize total = 0; total < kMost && std::getline(stream, line);
       total += static_cast<std::streamsize>(line.size())) {
    std::string_view name = std::string_view(line).substr(0, line.find(','));
    const auto found = wanted.find(std::string(name));
    if (found == wanted.end()) continue;
    for (FileReport* file : found->second) {
      file->package = package;
      file->installed = true;
    }
  }
}

}  // namespace

void NamePackages(std::vector<FileReport>& files) {
  std::map<std::string, bool> known;
  std::map<std::string, std::map<std::string, std::vector<FileReport*>>> sites;
  for (FileReport& file : files) {
    if (!file.package.empty() || !file.archive.empty()) continue;
    // From the root on: the folder of the packages may stand above the one that the path begins in.
    std::error_code error;
    const std::string whole = fs::absolute(file.path, error).lexically_normal().string();
    const std::string site = error ? std::string() : SiteOf(whole, &known);
    if (!site.empty()) sites[site][fs::path(whole).lexically_relative(site).string()].push_back(&file);
  }
  for (const auto& [site, wanted] : sites) {
    std::error_code error;
    for (fs::directory_iterator child(site, error); !error && child != fs::directory_iterator();
         child.increment(error)) {
      const std::string package = PackageName(child->path().filename().string());
      std::error_code type_error;
      const fs::path record = child->path() / "RECORD";
      if (!package.empty() && fs::is_regular_file(record, type_error)) ReadRecord(record, package, wanted);
    }
  }
}

}  // namespace cudacompat::scan
