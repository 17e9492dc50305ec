// LiteralScan against the obvious search.
#include "report/literal_scan.h"

#include <random>
#include <set>

#include "base/text.h"
#include "catch.h"

namespace cudacompat::report {
namespace {

std::multiset<std::pair<size_t, size_t>> Found(const LiteralScan& scan, std::string_view text) {
  std::multiset<std::pair<size_t, size_t>> found;
  scan.Scan(text, [&](size_t literal, size_t at) { found.emplace(literal, at); });
  return found;
}

TEST_CASE("Every literal is found wherever it starts, without case") {
  LiteralScan scan({"no kernel image", "libcuda.so", "CUDA_ERROR_NO_DEVICE"});
  for (size_t before = 0; before < 20; ++before) {
    std::string text = std::string(before, 'x') + "NO KERNEL IMAGE" + std::string(before, ' ') + "libcuda.so";
    CHECK(Found(scan, text) == std::multiset<std::pair<size_t, size_t>>{{0, before}, {1, 2 * before + 15}});
  }
  CHECK(Found(scan, "cuda_error_no_device").size() == 1);
  CHECK(Found(scan, "").empty());
  CHECK(Found(scan, "abc").empty());
  CHECK(Found(scan, "cuda_error_no_devic").empty());
}

TEST_CASE("The scan agrees with the obvious search on random texts") {
  std::mt19937 random(7);
  const std::string letters = "ab AB";
  std::vector<std::string> literals;
  for (int i = 0; i < 12; ++i) {
    std::string literal;
    size_t size = 8 + random() % 4;
    while (literal.size() < size) literal += letters[random() % letters.size()];
    literals.push_back(literal);
  }
  LiteralScan scan(std::vector<std::string_view>(literals.begin(), literals.end()));
  for (int round = 0; round < 50; ++round) {
    std::string text;
    while (text.size() < 300)
      text += random() % 9 == 0 ? literals[random() % 12] : std::string(1, letters[random() % 5]);
    std::multiset<std::pair<size_t, size_t>> expected;
    for (size_t i = 0; i < literals.size(); ++i) {
      std::string lower = ToLower(text);
      std::string wanted = ToLower(literals[i]);
      for (size_t at = lower.find(wanted); at != std::string::npos; at = lower.find(wanted, at + 1)) {
        expected.emplace(i, at);
      }
    }
    REQUIRE(Found(scan, text) == expected);
  }
}

}  // namespace
}  // namespace cudacompat::report
