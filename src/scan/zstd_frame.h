// A zstd frame looked at without unpacking it: where it ends, and what its first bytes are.
// Layout: RFC 8878, 3.1.1. Does not own: unpacking it all (decoders.h).
#pragma once

#include "scan/source.h"

struct ZSTD_DCtx_s;

namespace cudacompat::scan {

/// Bytes of the frame at `offset`, by its block headers; 0 when there is none that ends before `end`.
uint64_t ZstdFrameSize(Source& source, uint64_t offset, uint64_t end);

/// A decompression context. Contexts cost more to make than a small frame to unpack: each thread keeps one
/// that is not in use.
class ZstdContext {
 public:
  ZstdContext();
  ~ZstdContext();
  ZstdContext(const ZstdContext&) = delete;
  ZstdContext& operator=(const ZstdContext&) = delete;
  ZSTD_DCtx_s* get() const { return context_; }  ///< null when there is no memory

 private:
  ZSTD_DCtx_s* context_;
};

/// The first `length` unpacked bytes of the frame at `offset`, as far as its first block reaches and zeros
/// behind; nothing where there is no good frame. Valid until the thread's next call.
Bytes ZstdBeginning(Source& source, uint64_t offset, uint64_t end, size_t length);

/// Of the frame's first bytes as many as cost little, some 20 kB. Valid until the thread's next call.
Bytes ZstdGlimpse(Source& source, uint64_t offset, uint64_t end);

}  // namespace cudacompat::scan
