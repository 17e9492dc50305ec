// ByteStream: bytes that come one chunk after the other (what a decompressor makes), and StreamSource,
// which lets the parsers read such a stream as if it could be seeked.
// Does not own: codecs (decoders.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "scan/source.h"

namespace cudacompat::scan {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// The next bytes, valid until the next call; empty at the end or after an error.
  virtual Bytes Next() = 0;
  /// Why the stream ended early; empty when it did not.
  virtual std::string error() const { return {}; }
  /// A second stream that goes on as if the last `back` bytes had not been given out; null where that cannot
  /// be done cheaply.
  virtual std::unique_ptr<ByteStream> Fork(size_t back) const {
    (void)back;
    return nullptr;
  }
};

/// A range of a source, in chunks of 64 kB.
class SourceStream : public ByteStream {
 public:
  SourceStream(Source& source, uint64_t offset, uint64_t length)
      : source_(source), offset_(offset), left_(length) {}
  Bytes Next() override;
  std::unique_ptr<ByteStream> Fork(size_t back) const override;

 private:
  Source& source_;
  uint64_t offset_;
  uint64_t left_;
  std::vector<uint8_t> chunk_;
  bool first_ = true;
};

using StreamFactory = std::function<std::unique_ptr<ByteStream>()>;

/// How many bytes an archive may still unpack to: what stops a bomb. Shared by everything inside it.
struct Budget {
  uint64_t left = UINT64_MAX;
  bool Take(uint64_t bytes) {
    if (bytes > left) {
      left = 0;
      return false;
    }
    left -= bytes;
    return true;
  }
};

/// A stream read as a Source. Reading forward costs nothing extra; the first kHead and the last kTail bytes
/// are kept, because headers stand at the start and section tables at the end; going back to anything else
/// goes on from the nearest fork, at most kReturns times, or starts again where there is none, at most
/// kRestarts times.
class StreamSource : public Source {
 public:
  static constexpr size_t kHead = 1024 * 1024;
  static constexpr size_t kTail = 1024 * 1024;
  static constexpr int kRestarts = 8;
  static constexpr int kReturns = 64;
  static constexpr size_t kMostForks = 48;  ///< of 40 kB each, for an inflater

  /// `size` is what a header claims, or kUnknownSize.
  StreamSource(StreamFactory open, uint64_t size, Budget* budget);
  uint64_t size() const override { return ended_ && size_ == kUnknownSize ? position_ : size_; }
  size_t ReadAt(uint64_t offset, std::span<uint8_t> out) override;
  bool random_access() const override { return false; }

  /// Keeps [offset, offset + length) too when it comes by; at most kMostPinned bytes, one range.
  static constexpr size_t kMostPinned = 64 * 1024;
  void Pin(uint64_t offset, uint64_t length) override;

  /// What the decoder said, or "unpacks to more than …"; empty when all is well.
  std::string error() const;
  /// Bytes that have come out so far.
  uint64_t position() const { return position_; }

 private:
  bool Restart(uint64_t offset);
  uint64_t ForkBefore(uint64_t offset) const;
  void RememberFork();
  bool Advance();
  size_t CopyKept(uint64_t offset, std::span<uint8_t> out) const;
  void Keep(Bytes bytes);

  StreamFactory open_;
  uint64_t size_;
  Budget* budget_;
  std::unique_ptr<ByteStream> stream_;
  std::string error_;
  uint64_t position_ = 0;  ///< end of what has come out of the stream
  bool ended_ = false;
  int restarts_ = 0;
  int returns_ = 0;
  struct Place {
    uint64_t position;
    std::unique_ptr<ByteStream> stream;
  };
  std::vector<Place> forks_;  ///< by position
  uint64_t fork_step_ = 1024 * 1024;
  Bytes chunk_;                ///< the last chunk: [position_ - chunk_.size(), position_)
  std::vector<uint8_t> head_;  ///< [0, head_.size())
  std::vector<uint8_t> tail_;  ///< ring of the last bytes
  uint64_t tail_end_ = 0;      ///< position up to which the ring has bytes
  uint64_t tail_start_ = 0;
  std::vector<uint8_t> pinned_;  ///< [pin_offset_, pin_offset_ + pinned_.size())
  uint64_t pin_offset_ = 0;
  uint64_t pin_length_ = 0;
};

}  // namespace cudacompat::scan
