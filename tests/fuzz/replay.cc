// Runs a fuzz target without libFuzzer: every file of the corpus as it is, then mutations of it from a fixed
// seed. What the tests of every build run; `tools/dev fuzz MINUTES` is the real thing.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

uint32_t Next(uint32_t* seed) { return *seed = *seed * 1664525 + 1013904223; }

void Mutate(std::string* bytes, uint32_t* seed) {
  const uint32_t changes = 1 + (Next(seed) >> 28);
  for (uint32_t i = 0; i < changes && !bytes->empty(); ++i) {
    const size_t at = (Next(seed) >> 4) % bytes->size();
    switch (Next(seed) >> 29) {
      case 0:
        (*bytes)[at] = '\0';
        break;
      case 1:
        (*bytes)[at] = '\xff';
        break;
      case 2:
        bytes->resize(at);
        break;
      case 3:
        bytes->insert(at, bytes->substr(at, Next(seed) >> 24));
        break;
      default:
        (*bytes)[at] = static_cast<char>((*bytes)[at] ^ 1 << (Next(seed) >> 29));
        break;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  const int rounds = std::atoi(argv[2]);
  uint32_t seed = 1;
  size_t runs = 0;
  for (const auto& path : paths) {
    std::ifstream stream(path, std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(stream), {}};
    for (int round = 0; round <= rounds; ++round, ++runs) {
      std::string bytes = whole;
      if (round != 0) Mutate(&bytes, &seed);
      LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    }
  }
  std::printf("%zu files, %zu runs\n", paths.size(), runs);
  return paths.empty() ? 1 : 0;
}
