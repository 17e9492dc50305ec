// The decompressors, each as a ByteStream over another one. Memory is bounded: a window of at most 128 MB
// where the format wants one, else a chunk. Malformed input ends the stream with an error text.
// Does not own: where compressed bytes lie (archives, fat binaries).
#pragma once

#include <memory>

#include "scan/report.h"
#include "scan/stream.h"

namespace cudacompat::scan {

inline constexpr int kWindowLogMax = 27;  ///< 128 MB

enum class Wrapping { kRaw, kZlib, kGzip };

std::unique_ptr<ByteStream> InflateStream(std::unique_ptr<ByteStream> input, Wrapping wrapping);
std::unique_ptr<ByteStream> ZstdStream(std::unique_ptr<ByteStream> input);
std::unique_ptr<ByteStream> Lz4FrameStream(std::unique_ptr<ByteStream> input);
/// An LZ4 block without a frame. It does not know its end: the input must stop where the block does.
std::unique_ptr<ByteStream> Lz4BlockStream(std::unique_ptr<ByteStream> input);
std::unique_ptr<ByteStream> Bzip2Stream(std::unique_ptr<ByteStream> input);
std::unique_ptr<ByteStream> XzStream(std::unique_ptr<ByteStream> input);

/// The payload of an image, unpacked. Null when its codec cannot be undone (several codecs, obfuscated).
std::unique_ptr<ByteStream> PayloadStream(Source& source, const Image& image);

/// The whole unpacked payload of an image of at most `limit` bytes, without the set-up that a stream costs;
/// empty when it is larger or malformed.
std::vector<uint8_t> DecodeSmall(Source& source, const Image& image, size_t limit);

/// Up to `limit` bytes of the unpacked payload.
std::vector<uint8_t> DecodePrefix(Source& source, const Image& image, size_t limit);

}  // namespace cudacompat::scan
