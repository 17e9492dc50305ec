#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/text.h"
#include "scan/extract.h"
#include "scan/source.h"

namespace cudacompat::scan {
namespace {

const char* Extension(uint16_t kind) {
  if (IsPtx(kind)) return "ptx";
  if (kind == kCubin || kind == kMercury) return "cubin";
  return kind == kLtoIr ? "ltoir" : "bin";
}

// "a/x.whl!torch/lib/y.so" → "x.whl_torch_lib_y.so": one path component, printable, at most 150 bytes.
std::string SafeName(const FileReport& file) {
  const size_t archive_end = file.path.find('!');
  const size_t slash = file.path.rfind('/', archive_end);
  std::string name = slash == std::string::npos ? file.path : file.path.substr(slash + 1);
  for (char& c : name) {
    if (!IsAlpha(c) && !IsDigit(c) && c != '.' && c != '-' && c != '+') c = '_';
  }
  constexpr size_t kLongest = 150;
  if (name.size() > kLongest) name.erase(0, name.size() - kLongest);
  return name;
}

// Paths of files that are being written, for RemovePartial: one for each thread that may write.
constexpr size_t kMostPartial = 64;
std::array<std::atomic<const char*>, kMostPartial> partial_paths;
std::atomic<bool> ending = false;  ///< the process is about to end: nothing new is begun

// A new file under a name that tells what it is until Keep gives it its own.
class PartialFile {
 public:
  explicit PartialFile(std::string path) : path_(std::move(path)), partial_(path_ + ".partial") {
    struct stat info {};
    if (::lstat(path_.c_str(), &info) == 0) {  // nothing that exists is ever written over, links included
      reason_ = std::strerror(EEXIST);
      return;
    }
    for (auto& slot : partial_paths) {
      const char* expected = nullptr;
      if (!slot.compare_exchange_strong(expected, partial_.c_str())) continue;
      slot_ = &slot;
      break;
    }
    fd_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd_ < 0) reason_ = std::strerror(errno);
    if (fd_ >= 0 && ending) ::unlink(partial_.c_str());
  }
  ~PartialFile() {
    if (fd_ >= 0) {
      ::close(fd_);
      ::unlink(partial_.c_str());
    }
    if (slot_) slot_->store(nullptr);
  }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  const std::string& reason() const { return reason_; }  ///< why it failed; empty while it did not

  void Write(Bytes bytes) {
    while (!bytes.empty() && reason_.empty()) {
      const ssize_t put = ::write(fd_, bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) reason_ = put < 0 ? std::strerror(errno) : "the disk is full";
      if (put > 0) bytes = bytes.subspan(static_cast<size_t>(put));
    }
  }

  // A link, because it is refused where the name is taken meanwhile; some file systems have none.
  void Keep() {
    if (::link(partial_.c_str(), path_.c_str()) == 0) return;
    const bool no_links = errno == EPERM || errno == ENOTSUP || errno == ENOSYS;
    if (!no_links || ::rename(partial_.c_str(), path_.c_str()) != 0) reason_ = std::strerror(errno);
  }

 private:
  std::string path_;
  std::string partial_;
  std::string reason_;
  std::atomic<const char*>* slot_ = nullptr;
  int fd_ = -1;
};

// PTX inside a fat binary ends in zero bytes, which are not part of the text.
size_t TextSize(Bytes bytes) {
  while (!bytes.empty() && bytes.back() == 0) bytes = bytes.first(bytes.size() - 1);
  return bytes.size();
}

}  // namespace

void Extractor::RemovePartial() {
  ending = true;
  for (const auto& slot : partial_paths) {
    if (const char* path = slot.load()) ::unlink(path);
  }
}

Extractor::Extractor(std::string folder, std::vector<std::string> only)
    : folder_(std::move(folder)), only_(std::move(only)) {}

std::string Extractor::Prepare() {
  if (::mkdir(folder_.c_str(), 0777) == 0) return {};
  if (errno != EEXIST) return std::strerror(errno);
  struct stat info {};
  if (::stat(folder_.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) return std::strerror(ENOTDIR);
  if (::access(folder_.c_str(), W_OK | X_OK) != 0) return std::strerror(errno);
  return {};
}

ImageFn Extractor::Hook() {
  return [this](FileReport& file, const Image& image, Source& payload) {
    const std::string target = TargetName(image);
    if (!only_.empty() && std::find(only_.begin(), only_.end(), target) == only_.end()) return;
    Write(file, image, payload);
  };
}

void Extractor::Write(const FileReport& file, const Image& image, Source& payload) {
  char place[32];
  std::snprintf(place, sizeof(place), ".%010llx.", static_cast<unsigned long long>(image.offset));
  const std::string path =
      folder_ + "/" + SafeName(file) + place + TargetName(image) + "." + Extension(image.kind);
  PartialFile out(path);
  uint64_t size = 0;
  uint64_t padding = 0;
  std::vector<uint8_t> chunk(256 * 1024);
  while (out.reason().empty()) {
    const size_t got = payload.ReadAt(size, chunk);
    if (got == 0) break;
    const size_t text = IsPtx(image.kind) ? TextSize(Bytes(chunk).first(got)) : got;
    out.Write(Bytes(chunk).first(text));
    size += got;
    padding = got - text;
  }
  if (out.reason().empty()) out.Keep();
  const std::lock_guard lock(mutex_);
  if (out.reason().empty()) {
    written_.push_back({path, size - padding});
  } else {
    failed_.push_back(path + ": " + out.reason());
  }
}

std::vector<Extractor::Written> Extractor::written() {
  const std::lock_guard lock(mutex_);
  std::sort(written_.begin(), written_.end(),
            [](const Written& a, const Written& b) { return a.path < b.path; });
  return written_;
}

std::vector<std::string> Extractor::failed() {
  const std::lock_guard lock(mutex_);
  std::sort(failed_.begin(), failed_.end());
  return failed_;
}

}  // namespace cudacompat::scan
