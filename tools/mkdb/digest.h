// SHA-256 (FIPS 180-4): the data's version is the digest of what it was made from.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace cudacompat::mkdb {

class Sha256 {
 public:
  void Add(std::string_view bytes);
  /// 64 hexadecimal digits. The object is spent afterwards.
  std::string Hex();

 private:
  void Block(const unsigned char* bytes);

  std::array<uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::string rest_;
  uint64_t length_ = 0;
};

}  // namespace cudacompat::mkdb
