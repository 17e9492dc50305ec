#include "probe/posix_io.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace cudacompat::probe {
namespace {

constexpr size_t kMostNames = 200000;

Outcome OutcomeOf(int error) {
  if (error == ENOENT || error == ENOTDIR) return Outcome::kAbsent;
  return error == EACCES || error == EPERM ? Outcome::kDenied : Outcome::kFailed;
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

// Only plain files have an end to seek from and never block; /proc and /sys files say size 0 and are plain.
bool SkipToTail(int fd, int64_t size, size_t limit) {
  if (size <= static_cast<int64_t>(limit)) return false;
  return lseek(fd, size - static_cast<int64_t>(limit), SEEK_SET) >= 0;
}

}  // namespace

FileText PosixRead(const std::string& path, size_t limit, bool tail) {
  FileText out;
  Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  struct stat info {};
  if (file.fd < 0 || fstat(file.fd, &info) != 0) {
    out.outcome = OutcomeOf(errno);
    return out;
  }
  if (!S_ISREG(info.st_mode)) {  // a pipe or a device could block or answer for ever
    out.outcome = Outcome::kFailed;
    return out;
  }
  if (tail) out.cut = SkipToTail(file.fd, info.st_size, limit);
  size_t step = info.st_size > 0 ? static_cast<size_t>(info.st_size) + 1 : 16384;
  while (out.text.size() <= limit) {
    size_t have = out.text.size();
    out.text.resize(std::min(have + step, limit + 1));
    ssize_t got = read(file.fd, out.text.data() + have, out.text.size() - have);
    out.text.resize(have + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      out.outcome = OutcomeOf(errno);
      return out;
    }
    if (got == 0) break;
    step = std::max<size_t>(step, 16384);
  }
  if (out.text.size() > limit) {
    out.text.resize(limit);
    out.cut = true;
  }
  out.outcome = Outcome::kOk;
  return out;
}

std::vector<std::string> PosixList(const std::string& path, const NameFilter& filter) {
  std::vector<std::string> names;
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) return names;
  while (const dirent* entry = readdir(directory)) {
    std::string_view name = entry->d_name;
    if (name == "." || name == ".." || !filter(name)) continue;
    names.emplace_back(name);
    if (names.size() >= kMostNames) break;
  }
  closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

Node PosixStat(const std::string& path, bool follow) {
  Node node;
  struct stat info {};
  if ((follow ? stat(path.c_str(), &info) : lstat(path.c_str(), &info)) != 0) {
    node.outcome = OutcomeOf(errno);
    return node;
  }
  node.outcome = Outcome::kOk;
  node.kind = S_ISREG(info.st_mode)   ? NodeKind::kFile
              : S_ISDIR(info.st_mode) ? NodeKind::kDirectory
              : S_ISLNK(info.st_mode) ? NodeKind::kLink
              : S_ISCHR(info.st_mode) ? NodeKind::kCharDevice
                                      : NodeKind::kOther;
  node.size = info.st_size;
  node.mode = info.st_mode & 07777;
  node.uid = info.st_uid;
  node.gid = info.st_gid;
  node.major = major(info.st_rdev);
  node.minor = minor(info.st_rdev);
  return node;
}

std::optional<std::string> PosixReadLink(const std::string& path) {
  char target[4096];
  ssize_t length = readlink(path.c_str(), target, sizeof target);
  if (length < 0 || length == static_cast<ssize_t>(sizeof target)) return std::nullopt;
  return std::string(target, static_cast<size_t>(length));
}

}  // namespace cudacompat::probe
