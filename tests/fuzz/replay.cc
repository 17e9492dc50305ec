// Runs a fuzz target without libFuzzer: every file of a folder as it is, then mutations of it from a fixed
// seed. What the tests of every build run. `--mutations N` instead makes N inputs in all, each from a file
// taken at random: what `tools/dev fuzz --mutations N` runs, some ten times as many a second as libFuzzer.
// What fails is left in ./found-SEED.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
// A sanitizer that found something calls it, where one is there.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

constexpr unsigned kSlow = 25;  // seconds that no input may take
constexpr size_t kLongest = 65536;

std::string input;  // the one that runs
std::string found;  // where it is left

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15 + 1) {}
  uint64_t Next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  size_t Below(size_t limit) { return limit == 0 ? 0 : Next() % limit; }

 private:
  uint64_t state_;
};

// A number of one, two, four or eight bytes at a place: small, at a border, or the one that is there and a
// little.
void PutNumber(std::string* bytes, Random* random) {
  const size_t width = size_t{1} << random->Below(4);
  if (bytes->size() < width) return;
  const size_t at = random->Below(bytes->size() - width + 1) & ~(random->Below(2) * (width - 1));
  uint64_t value = 0;
  std::memcpy(&value, bytes->data() + at, width);
  switch (random->Below(4)) {
    case 0:
      value = random->Below(256);
      break;
    case 1:
      value = (uint64_t{1} << random->Below(64)) - random->Below(3);
      break;
    case 2:
      value = bytes->size() - random->Below(128);
      break;
    default:
      value += random->Below(64) - 32;
      break;
  }
  std::memcpy(bytes->data() + at, &value, width);
}

void Mutate(std::string* bytes, const std::string& other, Random* random) {
  const size_t changes = 1 + random->Below(8);
  for (size_t i = 0; i < changes && !bytes->empty(); ++i) {
    const size_t at = random->Below(bytes->size());
    switch (random->Below(8)) {
      case 0:
      case 1:
        PutNumber(bytes, random);
        break;
      case 2:
        bytes->resize(random->Below(4) == 0 ? at : bytes->size());
        break;
      case 3:
        bytes->insert(at, bytes->substr(random->Below(bytes->size()), random->Below(256)));
        break;
      case 4:
        bytes->erase(at, random->Below(64));
        break;
      case 5: {  // a part of another file
        const size_t from = random->Below(other.size());
        const size_t length = std::min({random->Below(256), other.size() - from, bytes->size() - at});
        bytes->replace(at, length, other, from, length);
        break;
      }
      case 6:
        (*bytes)[at] = static_cast<char>(random->Next());
        break;
      default:
        (*bytes)[at] = static_cast<char>((*bytes)[at] ^ 1 << random->Below(8));
        break;
    }
  }
  if (bytes->size() > kLongest) bytes->resize(kLongest);
}

void RunInput() { LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size()); }

void LeaveInput() {
  const int file = open(found.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || write(file, input.data(), input.size()) < 0) return;
  close(file);
}

void LeaveAndDie(int signal) {
  LeaveInput();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

int RunMutations(const std::vector<std::string>& files, uint64_t count, uint64_t seed) {
  found = "found-" + std::to_string(seed);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(LeaveInput);
  for (const int signal : {SIGABRT, SIGALRM}) std::signal(signal, LeaveAndDie);
  if (__sanitizer_set_death_callback == nullptr) std::signal(SIGSEGV, LeaveAndDie);
  Random random(seed);
  for (uint64_t run = 0; run < count; ++run) {
    if (run % 64 == 0) alarm(kSlow);
    input = files[random.Below(files.size())];
    Mutate(&input, files[random.Below(files.size())], &random);
    RunInput();
  }
  alarm(0);
  std::printf("%zu files, %llu runs\n", files.size(), static_cast<unsigned long long>(count));
  return 0;
}

int RunEach(const std::vector<std::string>& files, uint64_t rounds) {
  Random random(1);
  size_t runs = 0;
  for (const std::string& file : files) {
    for (uint64_t round = 0; round <= rounds; ++round, ++runs) {
      input = file;
      if (round != 0) Mutate(&input, files[random.Below(files.size())], &random);
      RunInput();
    }
  }
  std::printf("%zu files, %zu runs\n", files.size(), runs);
  return 0;
}

}  // namespace

// FOLDER ROUNDS, or --mutations COUNT SEED FOLDER...
int main(int argc, char** argv) {
  const bool many = argc >= 5 && std::strcmp(argv[1], "--mutations") == 0;
  if (!many && argc != 3) return 64;
  std::vector<std::filesystem::path> paths;
  for (int i = many ? 4 : 1; i < (many ? argc : 2); ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> files;
  for (const auto& path : paths) {
    std::ifstream stream(path, std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  if (files.empty()) return 1;
  return many ? RunMutations(files, std::strtoull(argv[2], nullptr, 10), std::strtoull(argv[3], nullptr, 10))
              : RunEach(files, std::strtoull(argv[2], nullptr, 10));
}
