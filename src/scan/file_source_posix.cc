// FileSource on POSIX systems: open without blocking, refuse what is no regular file, pread.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "scan/source.h"

namespace cudacompat::scan {

std::unique_ptr<FileSource> FileSource::Open(const std::string& path, std::string* reason) {
  // O_NONBLOCK: opening a FIFO without a writer would wait for ever.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) {
    *reason = std::strerror(errno);
    return nullptr;
  }
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    *reason = S_ISDIR(info.st_mode) ? "is a folder" : "is not a regular file";
    ::close(fd);
    return nullptr;
  }
  return std::unique_ptr<FileSource>(new FileSource(fd, static_cast<uint64_t>(info.st_size)));
}

FileSource::~FileSource() { ::close(fd_); }

size_t FileSource::ReadAt(uint64_t offset, std::span<uint8_t> out) {
  if (position_ != nullptr) position_->store(offset, std::memory_order_relaxed);
  size_t done = 0;
  while (done < out.size()) {
    if (offset > static_cast<uint64_t>(INT64_MAX) - done) break;
    const ssize_t got = ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failed_ = true;
    if (got <= 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

bool FileSource::IsCold(uint64_t offset) {
#ifdef RWF_NOWAIT
  uint8_t byte = 0;
  iovec vector{&byte, 1};
  return ::preadv2(fd_, &vector, 1, static_cast<off_t>(offset), RWF_NOWAIT) < 0 && errno == EAGAIN;
#else
  (void)offset;
  return false;
#endif
}

void FileSource::WillNeed(uint64_t offset, uint64_t length) {
#ifdef POSIX_FADV_WILLNEED
  (void)::posix_fadvise(fd_, static_cast<off_t>(offset), static_cast<off_t>(length), POSIX_FADV_WILLNEED);
#else
  (void)offset;
  (void)length;
#endif
}

}  // namespace cudacompat::scan
