#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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

}  // namespace

Extractor::Extractor(std::string folder, std::vector<std::string> only)
    : folder_(std::move(folder)), only_(std::move(only)) {}

std::string Extractor::Prepare() {
  if (::mkdir(folder_.c_str(), 0777) == 0) return {};
  if (errno != EEXIST) return std::strerror(errno);
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
  // O_EXCL: nothing that exists is ever written over, links included.
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
  std::string reason;
  uint64_t size = 0;
  if (fd < 0) reason = std::strerror(errno);
  std::vector<uint8_t> chunk(256 * 1024);
  while (reason.empty()) {
    const size_t got = payload.ReadAt(size, chunk);
    if (got == 0) break;
    const ssize_t put = ::write(fd, chunk.data(), got);
    if (put != static_cast<ssize_t>(got)) reason = put < 0 ? std::strerror(errno) : "the disk is full";
    size += got;
  }
  if (fd >= 0) {
    ::close(fd);
    if (!reason.empty()) ::unlink(path.c_str());
  }
  const std::lock_guard lock(mutex_);
  if (reason.empty()) {
    written_.push_back({path, size});
  } else {
    failed_.push_back(path + ": " + reason);
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
