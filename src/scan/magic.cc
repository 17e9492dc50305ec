// Blocks without a magic are skipped by a test that compilers turn into vector compares; the same loops are
// compiled twice on x86-64, and the wider ones are taken where the processor has them.
#include "scan/magic.h"

#include <algorithm>

#include "scan/fatbin.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define CUDACOMPAT_AVX2 1
#endif

namespace cudacompat::scan {
namespace {

constexpr size_t kBlock = 64;

inline bool IsMagic(uint32_t word) {
  return word == kContainerMagic || word == kElfMagic || word == kZstdMagic;
}

// Offset of the first block from `from` on whose low words, eight bytes apart, hold a magic; of the rest that
// is no whole block when there is none.
size_t SkipAligned(const uint8_t* data, size_t from, size_t size) {
  size_t i = from;
  for (; i + kBlock <= size; i += kBlock) {
    uint32_t hits = 0;
    for (size_t j = 0; j < kBlock; j += 8) {
      uint32_t low;
      std::memcpy(&low, data + i + j, sizeof(low));
      hits |= static_cast<uint32_t>(low == kContainerMagic) | static_cast<uint32_t>(low == kElfMagic) |
              static_cast<uint32_t>(low == kZstdMagic);
    }
    if (hits != 0) break;
  }
  return i;
}

// The same for every offset, by the first two bytes: a few blocks more than must be are looked into.
size_t SkipAnywhere(const uint8_t* data, size_t from, size_t size) {
  size_t i = from;
  for (; i + kBlock + 1 <= size; i += kBlock) {
    uint8_t hits = 0;
    for (size_t j = i; j < i + kBlock; ++j) {
      const uint8_t container = (data[j] ^ 0x50) | (data[j + 1] ^ 0xED);
      const uint8_t elf = (data[j] ^ 0x7F) | (data[j + 1] ^ 0x45);
      const uint8_t zstd = (data[j] ^ 0x28) | (data[j + 1] ^ 0xB5);
      hits |= static_cast<uint8_t>(container == 0) | static_cast<uint8_t>(elf == 0) |
              static_cast<uint8_t>(zstd == 0);
    }
    if (hits != 0) break;
  }
  return i;
}

#ifdef CUDACOMPAT_AVX2

__attribute__((target("avx2"))) size_t SkipAlignedAvx2(const uint8_t* data, size_t from, size_t size) {
  const __m256i container = _mm256_set1_epi32(static_cast<int>(kContainerMagic));
  const __m256i elf = _mm256_set1_epi32(static_cast<int>(kElfMagic));
  const __m256i zstd = _mm256_set1_epi32(static_cast<int>(kZstdMagic));
  size_t i = from;
  for (; i + kBlock <= size; i += kBlock) {
    const __m256 a = _mm256_loadu_ps(reinterpret_cast<const float*>(data + i));
    const __m256 b = _mm256_loadu_ps(reinterpret_cast<const float*>(data + i + kBlock / 2));
    const __m256i low = _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88));  // every other word of both
    const __m256i hits =
        _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi32(low, container), _mm256_cmpeq_epi32(low, elf)),
                        _mm256_cmpeq_epi32(low, zstd));
    if (_mm256_testz_si256(hits, hits) == 0) break;
  }
  return i;
}

__attribute__((target("avx2"))) __m256i PairAt(const uint8_t* data, char first, char second) {
  const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data));
  const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 1));
  return _mm256_and_si256(_mm256_cmpeq_epi8(a, _mm256_set1_epi8(first)),
                          _mm256_cmpeq_epi8(b, _mm256_set1_epi8(second)));
}

__attribute__((target("avx2"))) size_t SkipAnywhereAvx2(const uint8_t* data, size_t from, size_t size) {
  size_t i = from;
  for (; i + kBlock + 1 <= size; i += kBlock) {
    __m256i hits = _mm256_setzero_si256();
    for (size_t j = i; j < i + kBlock; j += kBlock / 2) {
      hits = _mm256_or_si256(hits, PairAt(data + j, '\x50', '\xED'));
      hits = _mm256_or_si256(hits, PairAt(data + j, '\x7F', '\x45'));
      hits = _mm256_or_si256(hits, PairAt(data + j, '\x28', '\xB5'));
    }
    if (_mm256_testz_si256(hits, hits) == 0) break;
  }
  return i;
}

bool HasAvx2() { return __builtin_cpu_supports("avx2") != 0; }

#endif

using SkipFn = size_t (*)(const uint8_t* data, size_t from, size_t size);

SkipFn Choose(SkipFn plain, SkipFn wide) {
#ifdef CUDACOMPAT_AVX2
  return HasAvx2() ? wide : plain;
#else
  (void)wide;
  return plain;
#endif
}

#ifndef CUDACOMPAT_AVX2
constexpr SkipFn SkipAlignedAvx2 = nullptr;
constexpr SkipFn SkipAnywhereAvx2 = nullptr;
#endif

// Looks at each place of the block that the skip stopped at, then skips again.
size_t Find(Bytes bytes, size_t from, size_t step, SkipFn skip) {
  for (size_t i = from; i < bytes.size();) {
    i = skip(bytes.data(), i, bytes.size());
    const size_t block_end = std::min(i + kBlock, bytes.size());
    for (; i < block_end; i += step) {
      if (Fits(i, 4, bytes.size()) && IsMagic(Load32(bytes, i))) return i;
    }
  }
  return kNotFound;
}

}  // namespace

size_t FindMagicAligned(Bytes bytes, size_t from) {
  static const SkipFn skip = Choose(SkipAligned, SkipAlignedAvx2);
  return Find(bytes, from, 8, skip);
}

size_t FindMagicAnywhere(Bytes bytes, size_t from) {
  static const SkipFn skip = Choose(SkipAnywhere, SkipAnywhereAvx2);
  return Find(bytes, from, 1, skip);
}

}  // namespace cudacompat::scan
