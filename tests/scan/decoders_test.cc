// Each decompressor against the library that made the bytes; streams cut short say so.
#include "scan/decoders.h"

#include "catch.h"
#include "fixtures.h"

using namespace fixtures;
using namespace cudacompat;

namespace {

// Text with long matches, far matches, runs and noise, larger than every window and buffer in use.
Blob Sample() {
  Blob blob;
  uint32_t seed = 1;
  while (blob.size() < 700000) {
    seed = seed * 1664525 + 1013904223;
    if (seed % 7 == 0 && blob.size() > 70000) {
      blob += blob.substr(blob.size() - 1 - seed % 65000, seed % 3000);
    } else if (seed % 7 == 1) {
      blob += Blob(seed % 2000, static_cast<char>(seed >> 24));
    } else {
      for (uint32_t i = 0; i < seed % 200; ++i) blob += static_cast<char>(seed >> (i % 24));
    }
  }
  return blob;
}

struct Read {
  Blob bytes;
  std::string error;
};

template <typename Make>
Read ReadAll(const Blob& packed, Make make) {
  scan::MemorySource source({reinterpret_cast<const uint8_t*>(packed.data()), packed.size()});
  const auto stream = make(std::make_unique<scan::SourceStream>(source, 0, packed.size()));
  Read read;
  for (auto chunk = stream->Next(); !chunk.empty(); chunk = stream->Next())
    read.bytes.append(chunk.begin(), chunk.end());
  read.error = stream->error();
  return read;
}

template <typename Make>
void CheckDecoder(const Blob& packed, const Blob& whole, Make make) {
  const Read all = ReadAll(packed, make);
  CHECK(all.error == "");
  CHECK(all.bytes == whole);
  const Read half = ReadAll(packed.substr(0, packed.size() / 2), make);
  CHECK(half.bytes.size() < whole.size());
  CHECK(whole.compare(0, half.bytes.size(), half.bytes) == 0);
  CHECK(half.error != "");
}

}  // namespace

TEST_CASE("decoders: each gives back what was packed, and says when it was cut short") {
  const Blob whole = Sample();
  CheckDecoder(Deflate(whole), whole,
               [](auto in) { return scan::InflateStream(std::move(in), scan::Wrapping::kRaw); });
  CheckDecoder(Gzip(whole), whole,
               [](auto in) { return scan::InflateStream(std::move(in), scan::Wrapping::kGzip); });
  CheckDecoder(ZstdBytes(whole), whole, [](auto in) { return scan::ZstdStream(std::move(in)); });
  CheckDecoder(Lz4BlockBytes(whole), whole, [](auto in) { return scan::Lz4BlockStream(std::move(in)); });
  CheckDecoder(Lz4FrameBytes(whole), whole, [](auto in) { return scan::Lz4FrameStream(std::move(in)); });
  CheckDecoder(XzBytes(whole), whole, [](auto in) { return scan::XzStream(std::move(in)); });
  CheckDecoder(Bzip2Bytes(whole), whole, [](auto in) { return scan::Bzip2Stream(std::move(in)); });
}

TEST_CASE("decoders: several gzip and bzip2 streams in a row are one") {
  const Blob part = "part one; ";
  const auto gzip = ReadAll(Gzip(part) + Gzip(part), [](auto in) {
    return scan::InflateStream(std::move(in), scan::Wrapping::kGzip);
  });
  CHECK(gzip.bytes == part + part);
  CHECK(gzip.error == "");
  const auto bzip2 =
      ReadAll(Bzip2Bytes(part) + Bzip2Bytes(part), [](auto in) { return scan::Bzip2Stream(std::move(in)); });
  CHECK(bzip2.bytes == part + part);
  CHECK(bzip2.error == "");
}

TEST_CASE("decoders: an LZ4 match before the start is refused") {
  const Blob bad(
      "\x10"
      "a"
      "\x05\x00",
      4);  // one literal, then a match five bytes back
  const auto read = ReadAll(bad, [](auto in) { return scan::Lz4BlockStream(std::move(in)); });
  CHECK(read.error == "lz4: match before the start");
}

TEST_CASE("decoders: an image's payload through every codec, whole and as a prefix") {
  Entry entry = Cubin(90);
  entry.payload = Sample();
  for (const Pack pack : {Pack::kZlib, Pack::kLz4, Pack::kLz4Frame, Pack::kZstd}) {
    const Blob bytes = ContainerOf({Packed(entry, pack)});
    scan::MemorySource source({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    const auto file = scan::ScanSource(source, "file", {})[0];
    const auto all = scan::DecodePrefix(source, file.images.at(0), entry.payload.size() + 1);
    CHECK(Blob(all.begin(), all.end()) == entry.payload);
    CHECK(scan::DecodePrefix(source, file.images[0], 100).size() == 100);
  }
}

TEST_CASE("decoders: a stream can be read like a file, at a price") {
  const Blob whole = Sample() + Sample() + Sample() + Sample();
  const Blob packed = Deflate(whole);
  scan::MemorySource source({reinterpret_cast<const uint8_t*>(packed.data()), packed.size()});
  scan::StreamSource stream(
      [&] {
        return scan::InflateStream(std::make_unique<scan::SourceStream>(source, 0, packed.size()),
                                   scan::Wrapping::kRaw);
      },
      whole.size(), nullptr);
  Blob out(5000, '\0');
  auto read = [&](uint64_t offset) {
    const size_t got = stream.ReadAt(offset, {reinterpret_cast<uint8_t*>(out.data()), out.size()});
    return out.substr(0, got) == whole.substr(offset, out.size()) &&
           got == std::min(out.size(), whole.size() - offset);
  };
  CHECK(read(0));
  CHECK(read(1500000));
  CHECK(read(1499000));             // just passed: kept
  CHECK(read(10));                  // the head: kept
  CHECK(read(whole.size() - 100));  // to the end
  CHECK(read(1300000));             // between: read again
  CHECK(read(whole.size() - 5000));
  CHECK(stream.ReadAt(whole.size(), {reinterpret_cast<uint8_t*>(out.data()), 1}) == 0);
  CHECK(stream.error() == "");
}

TEST_CASE("decoders: an inflated stream goes to and fro from forks, far more often than it may start again") {
  Blob whole;
  for (uint32_t i = 0; whole.size() < 24000000; ++i) whole += std::to_string(i * 2654435761u);
  const Blob packed = Deflate(whole);
  scan::MemorySource source({reinterpret_cast<const uint8_t*>(packed.data()), packed.size()});
  scan::StreamSource stream(
      [&] {
        return scan::InflateStream(std::make_unique<scan::SourceStream>(source, 0, packed.size()),
                                   scan::Wrapping::kRaw);
      },
      whole.size(), nullptr);
  Blob out(3000, '\0');
  for (int i = 0; i < 40; ++i) {
    const uint64_t offset = (uint64_t{7919} * 3571 * static_cast<uint64_t>(i)) % (whole.size() - out.size());
    const size_t got = stream.ReadAt(offset, {reinterpret_cast<uint8_t*>(out.data()), out.size()});
    CHECK(got == out.size());
    CHECK(out == whole.substr(offset, out.size()));
  }
  CHECK(stream.error() == "");
}
