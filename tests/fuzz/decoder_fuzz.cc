// The decompressors alone: the first byte chooses one.
#include <cstdlib>

#include "fuzz.h"
#include "scan/decoders.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cudacompat::scan;
  constexpr uint64_t kMost = 8 << 20;
  if (size == 0) return 0;
  MemorySource source({data + 1, size - 1});
  auto input = [&] { return std::make_unique<SourceStream>(source, 0, size - 1); };
  auto open = [&]() -> std::unique_ptr<ByteStream> {
    switch (data[0] % 8) {
      case 0:
        return InflateStream(input(), Wrapping::kRaw);
      case 1:
        return InflateStream(input(), Wrapping::kGzip);
      case 2:
        return InflateStream(input(), Wrapping::kZlib);
      case 3:
        return ZstdStream(input());
      case 4:
        return Lz4BlockStream(input());
      case 5:
        return Lz4FrameStream(input());
      case 6:
        return Bzip2Stream(input());
      default:
        return XzStream(input());
    }
  };
  Budget budget{kMost};
  StreamSource stream(open, kUnknownSize, &budget);
  uint8_t out[4096];
  uint64_t at = 0;
  while (const size_t got = stream.ReadAt(at, out)) at += got;
  if (at > kMost) std::abort();
  return 0;
}
