// Folders and threads: what is visited, in which order, and what is refused.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "catch.h"
#include "fixtures.h"

using namespace fixtures;
using namespace cudacompat;
namespace fs = std::filesystem;

namespace {

Lines Paths(const scan::Report& report, const std::string& root) {
  Lines lines;
  for (const scan::FileReport& file : report.files) lines.push_back(file.path.substr(root.size() + 1));
  return lines;
}

}  // namespace

TEST_CASE("scan paths: folders in the order of names, hidden files too, others left out") {
  const TempFolder folder;
  const Blob fatbin = ContainerOf({Cubin(80)});
  folder.Write("b/2.fatbin", fatbin);
  folder.Write("b/1.fatbin", fatbin);
  folder.Write(".hidden/x.bin", fatbin);
  folder.Write("a.txt", "text");
  folder.Write("z", fatbin);
  for (const unsigned threads : {1u, 2u, 5u}) {
    scan::Options options;
    options.threads = threads;
    const auto report = scan::ScanPaths({folder.path()}, options);
    CHECK(Paths(report, folder.path()) == Lines{".hidden/x.bin", "b/1.fatbin", "b/2.fatbin", "z"});
    CHECK(report.files_examined == 5);
    CHECK(report.unreadable.empty());
  }
}

TEST_CASE("scan paths: links, cycles, FIFOs and sockets neither hang nor count twice") {
  const TempFolder folder;
  const TempFolder outside;
  const Blob fatbin = ContainerOf({Cubin(80)});
  folder.Write("lib/k.fatbin", fatbin);
  outside.Write("far.fatbin", fatbin);
  fs::create_symlink("k.fatbin", folder.path() + "/lib/a_link.fatbin");
  fs::create_directory_symlink("..", folder.path() + "/lib/cycle");
  fs::create_directory_symlink(outside.path(), folder.path() + "/outside");
  fs::create_symlink("nowhere", folder.path() + "/dangling");
  REQUIRE(::mkfifo((folder.path() + "/pipe").c_str(), 0600) == 0);
  const auto report = scan::ScanPaths({folder.path()}, {});
  CHECK(Paths(report, folder.path()) == Lines{"lib/k.fatbin", "outside/far.fatbin"});
  CHECK(report.unreadable.empty());
}

TEST_CASE("scan paths: what is named is reported even without device code, what is missing is told") {
  const TempFolder folder;
  const std::string text = folder.Write("a.txt", "text");
  const std::string gone = folder.path() + "/gone.so";
  const std::string pipe = folder.path() + "/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const auto report = scan::ScanPaths({text, gone, pipe}, {});
  REQUIRE(report.files.size() == 1);
  CHECK(report.files[0].format == "unknown");
  REQUIRE(report.unreadable.size() == 2);
  CHECK(report.unreadable[0].path == gone);
  CHECK(report.unreadable[0].reason == "No such file or directory");
  CHECK(report.unreadable[1].reason == "is not a regular file");
}

TEST_CASE("scan paths: a file of a distribution carries its name and version") {
  const TempFolder folder;
  folder.Write("site-packages/torch/lib/libk.fatbin", ContainerOf({Cubin(80)}));
  folder.Write("site-packages/other.fatbin", ContainerOf({Cubin(80)}));
  folder.Write("site-packages/torch-2.6.0+cu124.dist-info/RECORD",
               "torch/lib/libk.fatbin,sha256=x,1\nother.py,,\n");
  const auto report = scan::ScanPaths({folder.path()}, {});
  REQUIRE(report.files.size() == 2);
  CHECK(report.files[0].package == "");
  CHECK(report.files[1].package == "torch 2.6.0+cu124");
}

TEST_CASE("scan paths: the folder of a distribution may stand above the path that was given") {
  const TempFolder folder;
  folder.Write("torch/lib/libk.fatbin", ContainerOf({Cubin(80)}));
  folder.Write("torch-2.6.0+cu124.dist-info/RECORD", "torch/lib/libk.fatbin,sha256=x,1\n");
  const fs::path before = fs::current_path();
  for (const auto& [from, path] : {std::pair("", "torch"), std::pair("", "./torch"), std::pair("torch", "."),
                                   std::pair("torch/lib", "libk.fatbin")}) {
    INFO(from << " " << path);
    fs::current_path(fs::path(folder.path()) / from);
    const auto report = scan::ScanPaths({path}, {});
    fs::current_path(before);
    REQUIRE(report.files.size() == 1);
    CHECK(report.files[0].package == "torch 2.6.0+cu124");
  }
}

TEST_CASE("scan paths: a file that shrinks while it is read gives a problem") {
  // Sizes are taken when the file is opened: the source here claims more than it has, as such a file would.
  class Shrunk : public scan::MemorySource {
   public:
    using MemorySource::MemorySource;
    uint64_t size() const override { return MemorySource::size() + 100000; }
  };
  ElfOptions elf;
  elf.sections = {{".nv_fatbin", ContainerOf({Cubin(80)}) + ContainerOf({Cubin(90)})}};
  const Blob whole = ElfBytes(elf);
  const Blob fatbin = ContainerOf({Cubin(80)}) + ContainerOf({Cubin(90)}).substr(0, 30);
  Shrunk source({reinterpret_cast<const uint8_t*>(fatbin.data()), fatbin.size()});
  const auto file = scan::ScanSource(source, "file", {})[0];
  CHECK(Images(file) == Lines{"cubin sm_80 none"});
  CHECK_FALSE(file.problems.empty());
}

TEST_CASE("scan paths: permission denied is told") {
  if (::geteuid() == 0) {
    WARN("skipped: root may read everything");
    return;
  }
  const TempFolder folder;
  const std::string path = folder.Write("k.fatbin", ContainerOf({Cubin(80)}));
  fs::permissions(path, fs::perms::none);
  const auto report = scan::ScanPaths({path}, {});
  REQUIRE(report.unreadable.size() == 1);
  CHECK(report.unreadable[0].reason == "Permission denied");
}
