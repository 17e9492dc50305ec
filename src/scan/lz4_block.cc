// An LZ4 block decoded as a stream: the library's decoder wants the whole output in memory, and the largest
// image seen unpacks to 134 MB. Layout: LZ4 block format description, lz4/doc/lz4_Block_format.md.
#include <algorithm>

#include "scan/decoders.h"

namespace cudacompat::scan {
namespace {

class Lz4Block : public ByteStream {
 public:
  explicit Lz4Block(std::unique_ptr<ByteStream> input)
      : input_(std::move(input)), buffer_(kWindow + kChunk) {}

  std::string error() const override { return error_.empty() ? input_->error() : error_; }

  // The buffer keeps the last 64 kB (matches reach no further back) in front of what is new.
  Bytes Next() override {
    if (ended_) return {};
    if (filled_ > kWindow) {
      const size_t drop = filled_ - kWindow;
      std::memmove(buffer_.data(), buffer_.data() + drop, kWindow);
      filled_ = kWindow;
    }
    const size_t start = filled_;
    while (filled_ < buffer_.size() && !ended_) Step();
    return Bytes(buffer_).subspan(start, filled_ - start);
  }

 private:
  static constexpr size_t kWindow = 64 * 1024;
  static constexpr size_t kChunk = 64 * 1024;

  bool Byte(uint8_t* byte) {
    if (rest_.empty()) rest_ = input_->Next();
    if (rest_.empty()) return false;
    *byte = rest_[0];
    rest_ = rest_.subspan(1);
    return true;
  }

  void Fail(const char* why) {
    error_ = why;
    ended_ = true;
  }

  // 15 in a token's half means: add bytes until one is not 255.
  bool LongLength(uint64_t* length) {
    if (*length != 15) return true;
    uint8_t byte = 255;
    while (byte == 255) {
      if (!Byte(&byte)) return false;
      *length += byte;
    }
    return true;
  }

  void Step() {
    if (literals_ != 0) return CopyLiterals();
    if (match_ != 0) return CopyMatch();
    if (want_offset_) return ReadOffset();
    uint8_t token = 0;
    if (!Byte(&token)) {
      ended_ = true;
      return;
    }
    literals_ = token >> 4;
    next_match_ = token & 15;
    if (!LongLength(&literals_)) return Fail("lz4: cut short");
    want_offset_ = true;
  }

  void CopyLiterals() {
    if (rest_.empty()) rest_ = input_->Next();
    if (rest_.empty()) return Fail("lz4: cut short");
    const size_t step = static_cast<size_t>(
        std::min({literals_, uint64_t{rest_.size()}, uint64_t{buffer_.size() - filled_}}));
    std::memcpy(buffer_.data() + filled_, rest_.data(), step);
    filled_ += step;
    literals_ -= step;
    rest_ = rest_.subspan(step);
  }

  void ReadOffset() {
    want_offset_ = false;
    uint8_t low = 0;
    uint8_t high = 0;
    if (!Byte(&low)) {  // the last sequence has literals only
      ended_ = true;
      return;
    }
    if (!Byte(&high)) return Fail("lz4: cut short");
    distance_ = static_cast<size_t>(low | high << 8);
    match_ = next_match_;
    if (!LongLength(&match_)) return Fail("lz4: cut short");
    match_ += 4;
    if (distance_ == 0 || distance_ > filled_) return Fail("lz4: match before the start");
  }

  void CopyMatch() {
    size_t step = static_cast<size_t>(std::min(match_, uint64_t{buffer_.size() - filled_}));
    match_ -= step;
    uint8_t* out = buffer_.data() + filled_;
    filled_ += step;
    if (distance_ >= step) {
      std::memcpy(out, out - distance_, step);
      return;
    }
    for (; step != 0; --step, ++out) *out = *(out - distance_);
  }

  std::unique_ptr<ByteStream> input_;
  Bytes rest_;
  std::vector<uint8_t> buffer_;
  size_t filled_ = 0;
  uint64_t literals_ = 0;
  uint64_t match_ = 0;
  uint64_t next_match_ = 0;
  size_t distance_ = 0;
  bool want_offset_ = false;
  bool ended_ = false;
  std::string error_;
};

}  // namespace

std::unique_ptr<ByteStream> Lz4BlockStream(std::unique_ptr<ByteStream> input) {
  return std::make_unique<Lz4Block>(std::move(input));
}

}  // namespace cudacompat::scan
