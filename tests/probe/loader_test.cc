#include "probe/loader.h"

#include <cstring>

#include "catch.h"
#include "probe/host_memory.h"
#include "probe/probe.h"

using namespace cudacompat;
using namespace cudacompat::probe;

namespace {

void PutWord(std::string* bytes, uint32_t value) { bytes->append(reinterpret_cast<const char*>(&value), 4); }

// A cache as ldconfig writes it: header, entries sorted downwards, texts behind them.
std::string Cache(const std::vector<CacheEntry>& entries) {
  std::string bytes = "glibc-ld.so.cache1.1";
  std::string texts;
  size_t base = 48 + entries.size() * 24;
  PutWord(&bytes, static_cast<uint32_t>(entries.size()));
  PutWord(&bytes, 0);
  for (int i = 0; i < 5; ++i) PutWord(&bytes, 0);
  for (const CacheEntry& entry : entries) {
    PutWord(&bytes, static_cast<uint32_t>(entry.flags));
    PutWord(&bytes, static_cast<uint32_t>(base + texts.size()));
    texts += entry.name + '\0';
    PutWord(&bytes, static_cast<uint32_t>(base + texts.size()));
    texts += entry.path + '\0';
    for (int i = 0; i < 3; ++i) PutWord(&bytes, 0);
  }
  return bytes + texts;
}

}  // namespace

TEST_CASE("the loader's cache is read byte by byte") {
  std::string bytes = Cache({{"libcuda.so.1", "/usr/lib/x86_64-linux-gnu/libcuda.so.1", 0x0303},
                             {"libcuda.so.1", "/usr/lib/i386-linux-gnu/libcuda.so.1", 0x0003}});
  std::vector<CacheEntry> entries;
  REQUIRE(ParseLoaderCache(bytes, &entries));
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].path == "/usr/lib/x86_64-linux-gnu/libcuda.so.1");
  std::string old = std::string("ld.so-1.7.0\0", 12);
  PutWord(&old, 1);
  old.append(12, '\0');
  old.resize((old.size() + 7) / 8 * 8);
  entries.clear();
  CHECK(ParseLoaderCache(old + bytes, &entries));
  CHECK(entries.size() == 2);
}

TEST_CASE("a broken cache is refused at every length") {
  std::string bytes = Cache({{"a", "/a", 0x0303}, {"b", "/b", 0x0303}});
  for (size_t length = 0; length < bytes.size(); ++length) {
    std::vector<CacheEntry> entries;
    ParseLoaderCache(std::string_view(bytes).substr(0, length), &entries);
    CHECK(entries.size() <= 2);
  }
  std::string huge = bytes;
  std::memset(huge.data() + 20, 0xff, 4);
  std::vector<CacheEntry> entries;
  CHECK_FALSE(ParseLoaderCache(huge, &entries));
}

TEST_CASE("LD_LIBRARY_PATH comes before the cache, the cache before the default folders") {
  MemoryHost host;
  host.recorded.env.Set("LD_LIBRARY_PATH", "/opt/first:/opt/missing::relative");
  host.files["/opt/first/libcuda.so.1"] = "1";
  host.files["/usr/lib/wsl/lib/libcuda.so.1"] = "2";
  host.files["/usr/lib/libcuda.so.1"] = "3";
  host.files["/lists/libcuda.so.1"] = "not in the cache";
  host.files["/etc/ld.so.conf"] = "/lists\n";
  host.files["/etc/ld.so.cache"] = Cache({{"libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1", 0x0303},
                                          {"libcuda.so.1", "/gone/libcuda.so.1", 0x0303}});
  std::vector<Found> found = Loader(host, "x86_64").Find("libcuda.so.1");
  REQUIRE(found.size() == 3);
  CHECK(found[0].path == "/opt/first/libcuda.so.1");
  CHECK(found[0].by == "LD_LIBRARY_PATH");
  CHECK(found[1].path == "/usr/lib/wsl/lib/libcuda.so.1");
  CHECK(found[1].by == "ld.so.cache");
  CHECK(found[2].path == "/usr/lib/libcuda.so.1");
  CHECK(found[2].by == "default");
}

TEST_CASE("without a cache ld.so.conf is followed with its includes, also when they include themselves") {
  MemoryHost host;
  host.files["/etc/ld.so.conf"] = "include /etc/ld.so.conf.d/*.conf\ninclude ld.so.conf\n";
  host.files["/etc/ld.so.conf.d/wsl.conf"] = "/usr/lib/wsl/lib # comment\n";
  host.files["/etc/ld.so.conf.d/other.txt"] = "/not/this\n";
  host.files["/usr/lib/wsl/lib/libcuda.so.1"] = "1";
  std::vector<Found> found = Loader(host, "x86_64").Find("libcuda.so.1");
  REQUIRE(found.size() == 1);
  CHECK(found[0].by == "ld.so.conf");
}

TEST_CASE("a library of another machine is passed over") {
  MemoryHost host;
  std::string elf32 = std::string(
                          "\x7f"
                          "ELF\x01",
                          5) +
                      std::string(13, '\0') + "\x03";
  elf32.resize(64);
  std::string elf64 = std::string(
                          "\x7f"
                          "ELF\x02",
                          5) +
                      std::string(13, '\0') + "\x3e";
  elf64.resize(64);
  host.recorded.env.Set("LD_LIBRARY_PATH", "/lib32x:/lib64x");
  host.files["/lib32x/libcuda.so.1"] = elf32;
  host.files["/lib64x/libcuda.so.1"] = elf64;
  std::vector<Found> found = Loader(host, "x86_64").Find("libcuda.so.1");
  REQUIRE(found.size() == 1);
  CHECK(found[0].path == "/lib64x/libcuda.so.1");
}

TEST_CASE("each candidate of libcuda has a kind and the first that opens wins") {
  MemoryHost host;
  host.recorded.env.Set("LD_LIBRARY_PATH",
                        "/dangling:/usr/local/cuda-12.4/compat:/usr/local/cuda/lib64/stubs");
  host.links["/dangling/libcuda.so.1"] = "libcuda.so.535.1.1";
  host.links["/usr/local/cuda-12.4/compat/libcuda.so.1"] = "libcuda.so.550.54.14";
  host.files["/usr/local/cuda-12.4/compat/libcuda.so.550.54.14"] = "x";
  host.files["/usr/local/cuda/lib64/stubs/libcuda.so.1"] = "x";
  host.links["/usr/lib/x86_64-linux-gnu/libcuda.so.1"] = "libcuda.so.470.256.02";
  host.files["/usr/lib/x86_64-linux-gnu/libcuda.so.470.256.02"] = "x";
  Machine machine = ProbeMachine(host);
  REQUIRE(machine.libraries.size() == 4);
  CHECK(machine.libraries[0].kind == "dangling");
  CHECK_FALSE(machine.libraries[0].wins);
  CHECK(machine.libraries[1].kind == "compat");
  CHECK(machine.libraries[1].version == "550.54.14");
  CHECK(machine.libraries[1].wins);
  CHECK(machine.libraries[2].kind == "stub");
  CHECK(machine.libraries[3].kind == "system");
  CHECK(machine.libraries[3].version == "470.256.02");
}

TEST_CASE("a runtime whose file tells only its major version is asked for its header") {
  MemoryHost host;
  host.recorded.env.Set("LD_LIBRARY_PATH", "/usr/local/cuda/lib64");
  host.files["/usr/local/cuda/lib64/libcudnn.so.9"] = "x";
  host.files["/usr/local/cuda/lib64/libnccl.so.2"] = "x";
  host.files["/usr/local/cuda/include/cudnn_version.h"] =
      "#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 19\n#define CUDNN_PATCHLEVEL 0\n";
  host.files["/usr/local/cuda/include/nccl.h"] =
      "#define NCCL_MAJOR 3\n#define NCCL_MINOR 1\n#define NCCL_PATCH 5\n";
  Machine machine = ProbeMachine(host);
  REQUIRE(machine.runtimes.size() == 2);
  CHECK(machine.runtimes[0].version == "9.19.0");
  CHECK(machine.runtimes[1].version == "2");  // the header is of another release
}
