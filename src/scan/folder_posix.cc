#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <vector>

#include "scan/folder.h"

namespace cudacompat::scan {
namespace {

using FileId = std::pair<dev_t, ino_t>;

class Walk {
 public:
  explicit Walk(const FolderEvents& events) : events_(events) {}

  void Folder(const std::string& path, int depth) {
    constexpr int kMostDepth = 256;
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return Unreadable(path);
    if (depth > kMostDepth) return events_.unreadable(path, "is nested too deep");
    if (!seen_.insert({info.st_dev, info.st_ino}).second) return;  // a cycle, or a second way to the same
    for (const Entry& entry : Entries(path)) {
      if (stopped_) return;
      Visit(path + (path.back() == '/' ? "" : "/") + entry.name, entry, info.st_dev, depth);
    }
  }

  // Links come after everything that is really there, so that a file keeps its own name.
  void Links() {
    for (size_t i = 0; i < links_.size() && !stopped_; ++i) {
      const std::string path = links_[i];
      struct stat info {};
      if (::stat(path.c_str(), &info) != 0) {
        // Links to nowhere are common and harmless.
        if (errno != ENOENT && errno != ELOOP && errno != ENOTDIR) Unreadable(path);
      } else if (S_ISDIR(info.st_mode)) {
        Folder(path, 0);
      } else if (S_ISREG(info.st_mode)) {
        File(path, {info.st_dev, info.st_ino});
      }
    }
  }

 private:
  struct Entry {
    std::string name;
    unsigned char type = DT_UNKNOWN;
    ino_t inode = 0;
  };

  std::vector<Entry> Entries(const std::string& path) {
    std::vector<Entry> entries;
    DIR* folder = ::opendir(path.c_str());
    if (!folder) {
      Unreadable(path);
      return entries;
    }
    while (const dirent* entry = ::readdir(folder)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") entries.push_back({name, entry->d_type, entry->d_ino});
    }
    ::closedir(folder);
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return entries;
  }

  void Visit(const std::string& path, const Entry& entry, dev_t device, int depth) {
    unsigned char type = entry.type;
    ino_t inode = entry.inode;
    if (type == DT_UNKNOWN) {  // some file systems do not say
      struct stat info {};
      if (::lstat(path.c_str(), &info) != 0) return Unreadable(path);
      type = S_ISLNK(info.st_mode)   ? DT_LNK
             : S_ISDIR(info.st_mode) ? DT_DIR
             : S_ISREG(info.st_mode) ? DT_REG
                                     : DT_FIFO;
      inode = info.st_ino;
    }
    if (type == DT_LNK) links_.push_back(path);
    if (type == DT_DIR) Folder(path, depth + 1);
    if (type == DT_REG) File(path, {device, inode});
  }

  void File(const std::string& path, FileId id) {
    if (seen_.insert(id).second && !events_.file(path)) stopped_ = true;
  }

  void Unreadable(const std::string& path) { events_.unreadable(path, std::strerror(errno)); }

  const FolderEvents& events_;
  std::set<FileId> seen_;
  std::vector<std::string> links_;
  bool stopped_ = false;
};

}  // namespace

bool IsFolder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

void WalkFolder(const std::string& path, const FolderEvents& events) {
  Walk walk(events);
  walk.Folder(path, 0);
  walk.Links();
}

}  // namespace cudacompat::scan
