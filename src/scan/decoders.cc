#include "scan/decoders.h"

#include <bzlib.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>

#include "scan/zstd_frame.h"

namespace cudacompat::scan {
namespace {

constexpr size_t kOutput = 128 * 1024;

// Output buffers of decoders that are gone, for the next ones: most decoders live for one small prefix, and
// fresh memory costs more than what they do with it. Not zeroed.
class Buffers {
 public:
  static Buffers& OfThread() {
    thread_local Buffers buffers;
    return buffers;
  }
  std::unique_ptr<uint8_t[]> Take() {
    if (spare_.empty()) return std::unique_ptr<uint8_t[]>(new uint8_t[kOutput]);
    std::unique_ptr<uint8_t[]> buffer = std::move(spare_.back());
    spare_.pop_back();
    return buffer;
  }
  void Return(std::unique_ptr<uint8_t[]> buffer) {
    constexpr size_t kMostKept = 4;
    if (spare_.size() < kMostKept) spare_.push_back(std::move(buffer));
  }

 private:
  std::vector<std::unique_ptr<uint8_t[]>> spare_;
};

// What all of them share: an input that is asked for more, an output buffer, an error.
class Decoder : public ByteStream {
 public:
  explicit Decoder(std::unique_ptr<ByteStream> input) : input_(std::move(input)) {}
  ~Decoder() override {
    if (memory_) Buffers::OfThread().Return(std::move(memory_));
  }
  std::string error() const override {
    if (!error_.empty()) return error_;
    return input_->error();
  }

 protected:
  // False at the end of the input.
  bool Refill() {
    if (rest_.empty()) rest_ = input_->Next();
    return !rest_.empty();
  }
  // The output is fetched at the first call: forks wait for long without one.
  bool Ended() {
    if (!memory_) {
      memory_ = Buffers::OfThread().Take();
      output_ = {memory_.get(), kOutput};
    }
    return ended_;
  }
  Bytes Made(size_t size) const { return Bytes(output_).first(size); }

  std::unique_ptr<ByteStream> input_;
  Bytes rest_;
  std::unique_ptr<uint8_t[]> memory_;
  std::span<uint8_t> output_;
  std::string error_;
  bool ended_ = false;
};

class Inflate : public Decoder {
 public:
  Inflate(std::unique_ptr<ByteStream> input, Wrapping wrapping)
      : Decoder(std::move(input)), wrapping_(wrapping) {
    const int bits = wrapping == Wrapping::kRaw ? -15 : wrapping == Wrapping::kZlib ? 15 : 31;
    ready_ = inflateInit2(&z_, bits) == Z_OK;
  }
  ~Inflate() override {
    if (ready_) inflateEnd(&z_);
  }
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;
  std::unique_ptr<ByteStream> Fork(size_t back) const override {
    auto input = back == 0 && ready_ && !ended_ ? input_->Fork(rest_.size()) : nullptr;
    if (!input) return nullptr;
    std::unique_ptr<Inflate> fork(new Inflate(std::move(input), *this));
    if (!fork->ready_) fork.reset();
    return fork;
  }
  Bytes Next() override {
    if (Ended() || !ready_) return {};
    // Most members of a zip are dropped after their first bytes: begin small.
    const size_t room = first_ ? 1024 : output_.size();
    first_ = false;
    z_.next_out = output_.data();
    z_.avail_out = static_cast<uInt>(room);
    while (z_.avail_out != 0 && !ended_) Step();
    return Made(room - z_.avail_out);
  }

 private:
  Inflate(std::unique_ptr<ByteStream> input, const Inflate& other)
      : Decoder(std::move(input)),
        wrapping_(other.wrapping_),
        between_(other.between_),
        first_(other.first_) {
    ready_ = inflateCopy(&z_, const_cast<z_stream*>(&other.z_)) == Z_OK;
  }

  void Step() {
    if (!Refill()) {
      // A gzip file may be several in a row: ending between two of them is a good end.
      if (!between_) error_ = "compressed data is cut short";
      ended_ = true;
      return;
    }
    between_ = false;
    z_.next_in = const_cast<Bytef*>(rest_.data());
    z_.avail_in = static_cast<uInt>(rest_.size());
    const int code = inflate(&z_, Z_NO_FLUSH);
    rest_ = rest_.last(z_.avail_in);
    if (code == Z_STREAM_END) {
      if (wrapping_ == Wrapping::kGzip && Refill() && rest_[0] == 0x1f) {
        inflateReset(&z_);
        between_ = true;
      } else {
        ended_ = true;
      }
    } else if (code != Z_OK) {
      error_ = z_.msg ? std::string("deflate: ") + z_.msg : "deflate: bad data";
      ended_ = true;
    }
  }

  z_stream z_{};
  Wrapping wrapping_;
  bool ready_ = false;
  bool between_ = false;
  bool first_ = true;
};

class Zstd : public Decoder {
 public:
  using Decoder::Decoder;
  Bytes Next() override {
    if (Ended() || !context_.get()) return {};
    ZSTD_outBuffer out{output_.data(), output_.size(), 0};
    while (out.pos < out.size && !ended_) {
      // With no input left there may still be output inside: ask until a call makes nothing.
      const bool more = Refill();
      ZSTD_inBuffer in{rest_.data(), rest_.size(), 0};
      const size_t before = out.pos;
      const size_t code = ZSTD_decompressStream(context_.get(), &out, &in);
      rest_ = rest_.subspan(in.pos);
      if (ZSTD_isError(code)) {
        error_ = std::string("zstd: ") + ZSTD_getErrorName(code);
        ended_ = true;
      } else if (!more && out.pos == before) {
        if (pending_) error_ = "compressed data is cut short";
        ended_ = true;
      }
      if (!ended_) pending_ = code != 0;
    }
    return Made(out.pos);
  }

 private:
  ZstdContext context_;
  bool pending_ = true;
};

class Lz4Frame : public Decoder {
 public:
  explicit Lz4Frame(std::unique_ptr<ByteStream> input) : Decoder(std::move(input)) {
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION))) context_ = nullptr;
  }
  ~Lz4Frame() override { LZ4F_freeDecompressionContext(context_); }
  Bytes Next() override {
    if (Ended() || !context_) return {};
    size_t made = 0;
    while (made < output_.size() && !ended_) {
      const bool more = Refill();
      size_t out_size = output_.size() - made;
      size_t in_size = rest_.size();
      const size_t code =
          LZ4F_decompress(context_, output_.data() + made, &out_size, rest_.data(), &in_size, nullptr);
      rest_ = rest_.subspan(in_size);
      made += out_size;
      if (LZ4F_isError(code)) {
        error_ = std::string("lz4: ") + LZ4F_getErrorName(code);
        ended_ = true;
      } else if (code == 0) {
        ended_ = true;
      } else if (!more && out_size == 0) {
        error_ = "compressed data is cut short";
        ended_ = true;
      }
    }
    return Made(made);
  }

 private:
  LZ4F_dctx* context_ = nullptr;
};

class Bzip2 : public Decoder {
 public:
  explicit Bzip2(std::unique_ptr<ByteStream> input) : Decoder(std::move(input)) {
    ready_ = BZ2_bzDecompressInit(&z_, 0, 0) == BZ_OK;
  }
  ~Bzip2() override {
    if (ready_) BZ2_bzDecompressEnd(&z_);
  }
  Bytes Next() override {
    if (Ended() || !ready_) return {};
    z_.next_out = reinterpret_cast<char*>(output_.data());
    z_.avail_out = static_cast<unsigned>(output_.size());
    while (z_.avail_out != 0 && !ended_) Step();
    return Made(output_.size() - z_.avail_out);
  }

 private:
  void Step() {
    if (!Refill()) {
      if (!between_) error_ = "compressed data is cut short";
      ended_ = true;
      return;
    }
    between_ = false;
    z_.next_in = const_cast<char*>(reinterpret_cast<const char*>(rest_.data()));
    z_.avail_in = static_cast<unsigned>(rest_.size());
    const int code = BZ2_bzDecompress(&z_);
    rest_ = rest_.last(z_.avail_in);
    if (code == BZ_STREAM_END) {
      // pbzip2 writes one stream after the other.
      char* out = z_.next_out;
      const unsigned room = z_.avail_out;
      BZ2_bzDecompressEnd(&z_);
      z_ = {};
      ready_ = BZ2_bzDecompressInit(&z_, 0, 0) == BZ_OK;
      z_.next_out = out;
      z_.avail_out = room;
      between_ = true;
      if (!ready_ || !Refill() || rest_[0] != 'B') ended_ = true;
    } else if (code != BZ_OK) {
      error_ = "bzip2: bad data";
      ended_ = true;
    }
  }
  bz_stream z_{};
  bool ready_ = false;
  bool between_ = false;
};

class Xz : public Decoder {
 public:
  explicit Xz(std::unique_ptr<ByteStream> input) : Decoder(std::move(input)) {
    ready_ = lzma_stream_decoder(&z_, uint64_t{1} << (kWindowLogMax + 1), LZMA_CONCATENATED) == LZMA_OK;
  }
  ~Xz() override { lzma_end(&z_); }
  Bytes Next() override {
    if (Ended() || !ready_) return {};
    z_.next_out = output_.data();
    z_.avail_out = output_.size();
    while (z_.avail_out != 0 && !ended_) {
      const bool more = Refill();
      z_.next_in = rest_.data();
      z_.avail_in = rest_.size();
      const lzma_ret code = lzma_code(&z_, more ? LZMA_RUN : LZMA_FINISH);
      rest_ = rest_.last(z_.avail_in);
      if (code == LZMA_OK) continue;
      if (code == LZMA_MEMLIMIT_ERROR)
        error_ = "xz: needs a window larger than 128 MB";
      else if (code == LZMA_BUF_ERROR)
        error_ = "compressed data is cut short";
      else if (code != LZMA_STREAM_END)
        error_ = "xz: bad data";
      ended_ = true;
    }
    return Made(output_.size() - z_.avail_out);
  }

 private:
  lzma_stream z_ = LZMA_STREAM_INIT;
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> InflateStream(std::unique_ptr<ByteStream> input, Wrapping wrapping) {
  return std::make_unique<Inflate>(std::move(input), wrapping);
}
std::unique_ptr<ByteStream> ZstdStream(std::unique_ptr<ByteStream> input) {
  return std::make_unique<Zstd>(std::move(input));
}
std::unique_ptr<ByteStream> Lz4FrameStream(std::unique_ptr<ByteStream> input) {
  return std::make_unique<Lz4Frame>(std::move(input));
}
std::unique_ptr<ByteStream> Bzip2Stream(std::unique_ptr<ByteStream> input) {
  return std::make_unique<Bzip2>(std::move(input));
}
std::unique_ptr<ByteStream> XzStream(std::unique_ptr<ByteStream> input) {
  return std::make_unique<Xz>(std::move(input));
}

std::unique_ptr<ByteStream> PayloadStream(Source& source, const Image& image) {
  // An obfuscated entry is only obfuscated where it is compressed (LTO-IR, PTX with a key).
  if ((image.flags & kFlagObfuscated) != 0 && image.kind != kCubin) return nullptr;
  const uint64_t stored = image.exact_size != 0 ? std::min(image.exact_size, image.size) : image.size;
  auto input = std::make_unique<SourceStream>(source, SaturatingAdd(image.offset, image.header_size), stored);
  switch (image.codec) {
    case Codec::kNone:
      return input;
    case Codec::kZlib:
      return InflateStream(std::move(input), Wrapping::kZlib);
    case Codec::kLz4:
      return Lz4BlockStream(std::move(input));
    case Codec::kLz4Frame:
      return Lz4FrameStream(std::move(input));
    case Codec::kZstd:
      return ZstdStream(std::move(input));
    case Codec::kSeveral:
      break;
  }
  return nullptr;
}

std::vector<uint8_t> DecodeSmall(Source& source, const Image& image, size_t limit) {
  const bool packed = image.codec == Codec::kZstd || image.codec == Codec::kLz4;
  if (!packed || image.full_size == 0) return DecodePrefix(source, image, limit);
  const uint64_t stored = image.exact_size != 0 ? std::min(image.exact_size, image.size) : image.size;
  if (image.full_size > limit || stored > limit * 2) return {};
  const std::vector<uint8_t> input =
      ReadBytes(source, SaturatingAdd(image.offset, image.header_size), stored);
  std::vector<uint8_t> output(limit);
  size_t made = 0;
  if (image.codec == Codec::kZstd) {
    const ZstdContext context;
    if (context.get())
      made = ZSTD_decompressDCtx(context.get(), output.data(), output.size(), input.data(), input.size());
    if (ZSTD_isError(made)) made = 0;
  } else {
    const int code = LZ4_decompress_safe(reinterpret_cast<const char*>(input.data()),
                                         reinterpret_cast<char*>(output.data()),
                                         static_cast<int>(input.size()), static_cast<int>(output.size()));
    made = code > 0 ? static_cast<size_t>(code) : 0;
  }
  output.resize(made);
  return output;
}

std::vector<uint8_t> DecodePrefix(Source& source, const Image& image, size_t limit) {
  std::vector<uint8_t> bytes;
  const auto stream = PayloadStream(source, image);
  if (!stream) return bytes;
  while (bytes.size() < limit) {
    const Bytes chunk = Part(stream->Next(), 0, limit - bytes.size());
    if (chunk.empty()) break;
    bytes.insert(bytes.end(), chunk.begin(), chunk.end());
  }
  return bytes;
}

}  // namespace cudacompat::scan
