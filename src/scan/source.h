// Source: bytes that can be read at any offset (a file, memory, a part of another source, an unpacked
// stream), and the window that makes many small reads cheap. Parsers see nothing else of a file.
// Does not own: formats. A short read is never an error here; the parser that needed more says so.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "scan/bytes.h"

namespace cudacompat::scan {

/// Size of a stream whose end is only known once it has been read.
inline constexpr uint64_t kUnknownSize = UINT64_MAX / 2;

class Source {
 public:
  virtual ~Source() = default;

  /// Bytes that can be read, as far as is known: a file may shrink, a header may lie.
  virtual uint64_t size() const = 0;

  /// Reads up to out.size() bytes at `offset`; returns how many there were.
  virtual size_t ReadAt(uint64_t offset, std::span<uint8_t> out) = 0;

  /// False when going back costs as much as starting again (an unpacked stream).
  virtual bool random_access() const { return true; }

  /// A stream keeps this range when it comes by: it will be asked for again. Advice only.
  virtual void Pin(uint64_t offset, uint64_t length) {
    (void)offset;
    (void)length;
  }

  /// True when the bytes at `offset` would have to come from the disk. Advice only.
  virtual bool IsCold(uint64_t offset) {
    (void)offset;
    return false;
  }
  /// Asks for bytes to be fetched in the background. Advice only.
  virtual void WillNeed(uint64_t offset, uint64_t length) {
    (void)offset;
    (void)length;
  }
};

/// Bytes in memory that the caller keeps alive.
class MemorySource : public Source {
 public:
  explicit MemorySource(Bytes bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  size_t ReadAt(uint64_t offset, std::span<uint8_t> out) override;

 private:
  Bytes bytes_;
};

/// [offset, offset + size) of a parent that the caller keeps alive.
class SliceSource : public Source {
 public:
  SliceSource(Source& parent, uint64_t offset, uint64_t size);
  uint64_t size() const override { return size_; }
  size_t ReadAt(uint64_t offset, std::span<uint8_t> out) override;
  bool random_access() const override { return parent_.random_access(); }
  bool IsCold(uint64_t offset) override;
  void WillNeed(uint64_t offset, uint64_t length) override;

 private:
  Source& parent_;
  uint64_t offset_;
  uint64_t size_;
};

/// A regular file, read with pread: nothing is mapped, so a file that shrinks gives short reads, not a
/// signal, and memory does not grow with the file.
class FileSource : public Source {
 public:
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  /// Null with `reason` set ("no such file", "not a regular file", …) when it cannot be read. FIFOs and
  /// devices are refused before anything is read from them.
  static std::unique_ptr<FileSource> Open(const std::string& path, std::string* reason);

  uint64_t size() const override { return size_; }
  size_t ReadAt(uint64_t offset, std::span<uint8_t> out) override;
  bool IsCold(uint64_t offset) override;
  void WillNeed(uint64_t offset, uint64_t length) override;
  /// True when a read failed for another reason than the end of the file.
  bool failed() const { return failed_; }
  /// Where what is read begins is told there.
  void TellPosition(std::atomic<uint64_t>* position) { position_ = position; }

 private:
  FileSource(int fd, uint64_t size) : fd_(fd), size_(size) {}
  int fd_;
  uint64_t size_;
  bool failed_ = false;
  std::atomic<uint64_t>* position_ = nullptr;
};

/// A view that slides over a source. Small where reads are far apart (one header per 30 kB of payload), the
/// rest of the page where they are near each other, growing to 64 kB where they follow each other: a read
/// costs more than the bytes it copies, but a page without a header may have to come from the disk.
class Window {
 public:
  static constexpr size_t kSmall = 128;  // a container's header and its first entry's
  static constexpr size_t kNear = 8192;
  static constexpr size_t kPage = 4096;
  static constexpr size_t kLarge = 64 * 1024;

  explicit Window(Source& source) : source_(source) {}

  /// Up to `length` (at most kLarge) bytes at `offset`; fewer at the end. Valid until the next call.
  Bytes At(uint64_t offset, size_t length);

 private:
  Source& source_;
  std::vector<uint8_t> buffer_;
  uint64_t start_ = 0;
  size_t filled_ = 0;
  size_t ahead_ = kSmall;
};

/// The text at `offset` up to a NUL or `limit` bytes.
std::string ReadText(Source& source, uint64_t offset, size_t limit);

/// Up to `length` bytes at `offset`, in a buffer that grows only as far as there are bytes.
std::vector<uint8_t> ReadBytes(Source& source, uint64_t offset, uint64_t length);

}  // namespace cudacompat::scan
