#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catch.h"
#include "probe/host_memory.h"
#include "probe/resolve.h"

using namespace cudacompat;
using namespace cudacompat::probe;
namespace fs = std::filesystem;

namespace {

// A folder of its own under the build folder, gone at the end.
struct Folder {
  std::string path;
  explicit Folder(const std::string& name)
      : path(std::string(CUDACOMPAT_BINARY_DIR) + "/probe_test_" + name) {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  void Write(const std::string& at, const std::string& text) const {
    fs::create_directories(fs::path(path + at).parent_path());
    std::ofstream(path + at, std::ios::binary) << text;
  }
  void Link(const std::string& at, const std::string& target) const {
    fs::create_directories(fs::path(path + at).parent_path());
    fs::create_symlink(target, path + at);
  }
};

std::unique_ptr<Host> Open(const Folder& folder) {
  auto host = RootedHost(folder.path);
  REQUIRE(host.ok());
  return std::move(*host);
}

}  // namespace

TEST_CASE("links are followed inside the root and never out of it") {
  Folder root("links");
  root.Write("/usr/lib/libcuda.so.550.54.14", "x");
  root.Link("/usr/lib/libcuda.so.1", "libcuda.so.550.54.14");
  root.Link("/lib", "usr/lib");
  root.Link("/usr/lib/absolute", "/usr/lib/libcuda.so.1");
  root.Link("/escape", "../../../../../../etc/passwd");
  auto host = Open(root);
  CHECK(RealPath(*host, "/lib/libcuda.so.1") == "/usr/lib/libcuda.so.550.54.14");
  CHECK(RealPath(*host, "/lib/absolute") == "/usr/lib/libcuda.so.550.54.14");
  CHECK(host->Read("/lib/libcuda.so.1", 10).text == "x");
  CHECK_FALSE(Exists(*host, "/escape"));  // means root/etc/passwd, which is not there
  CHECK(host->Read("/../../../../../etc/passwd", 10).outcome == Outcome::kAbsent);
  CHECK(host->ReadLink("/lib/libcuda.so.1") == "libcuda.so.550.54.14");
  CHECK(host->Lstat("/usr/lib/libcuda.so.1").kind == NodeKind::kLink);
  CHECK(host->Stat("/usr/lib/libcuda.so.1").kind == NodeKind::kFile);
}

TEST_CASE("cycles of links end") {
  Folder root("cycles");
  root.Link("/a", "b");
  root.Link("/b", "a");
  root.Link("/self", "self/self/self");
  root.Link("/up", "../up/x");
  auto host = Open(root);
  for (const char* path : {"/a", "/b/c", "/self", "/up"}) {
    CHECK(host->Read(path, 10).outcome == Outcome::kFailed);
    CHECK(RealPath(*host, path).empty());
    CHECK(host->List(path, AnyName()).empty());
  }
}

TEST_CASE("reads are bounded, also at the tail") {
  Folder root("bounded");
  root.Write("/big", std::string(100000, 'a') + "end");
  auto host = Open(root);
  FileText head = host->Read("/big", 10);
  CHECK(head.text == "aaaaaaaaaa");
  CHECK(head.cut);
  CHECK(host->Read("/big", 3, true).text == "end");
  CHECK_FALSE(host->Read("/big", 200000).cut);
  CHECK(host->Read("/", 10).outcome == Outcome::kFailed);
}

TEST_CASE("nodes stand in for what a copy of files cannot hold") {
  Folder root("nodes");
  root.Write("/.cudacompat/nodes",
             "# comment\n/dev/nvidia0 char 0660 0:44 195:0 none\n/var/log/kern.log file 0600 0:0 0:0 none\n");
  root.Write("/.cudacompat/env", "CUDA_VISIBLE_DEVICES=\nPATH=/usr/bin\n");
  root.Write("/.cudacompat/host", "uname.release=6.8.0\nuid=1000\n");
  root.Write("/var/log/kern.log", "secret");
  auto host = Open(root);
  CHECK(host->view() == Host::View::kRecord);
  Node node = host->Stat("/dev/nvidia0");
  CHECK(node.kind == NodeKind::kCharDevice);
  CHECK(node.mode == 0660);
  CHECK(node.gid == 44);
  CHECK(node.major == 195);
  CHECK(host->Access("/dev/nvidia0", true) == "none");
  CHECK(host->List("/dev", HasPrefix("nvidia")) == std::vector<std::string>{"nvidia0"});
  CHECK(host->Read("/var/log/kern.log", 10).outcome == Outcome::kDenied);
  CHECK(host->Env("CUDA_VISIBLE_DEVICES") == "");
  CHECK_FALSE(host->Env("HOME").has_value());
  CHECK(host->Uname().release == "6.8.0");
}

TEST_CASE("a broken record points at its line") {
  Folder root("broken");
  root.Write("/.cudacompat/nodes", "/dev/nvidia0 char rw\n");
  auto host = RootedHost(root.path);
  REQUIRE_FALSE(host.ok());
  CHECK(host.error().kind == ErrorKind::kBadInput);
  CHECK(host.error().place == root.path + "/.cudacompat/nodes: /dev/nvidia0 char rw");
  CHECK(RootedHost("/no/such/folder").error().message == "no such folder");
  CHECK(RootedHost("/etc/passwd").error().message == "is not a folder");
}

TEST_CASE("permission bits decide where nothing else is known") {
  Node node;
  node.mode = 0660;
  node.gid = 44;
  Answers who;
  CHECK(AccessByMode(node, who) == "none");
  who.Set("gids", "1000,44");
  CHECK(AccessByMode(node, who) == "rw");
  who.Set("uid", "0");
  node.mode = 0;
  CHECK(AccessByMode(node, who) == "rw");
}

TEST_CASE("a node's line survives writing and reading") {
  RecordedNode node;
  node.node = {Outcome::kOk, NodeKind::kCharDevice, 0, 0666, 0, 44, 195, 255};
  node.access = "EPERM";
  std::string line = NodeLine("/dev/nvidiactl", node);
  CHECK(line == "/dev/nvidiactl char 0666 0:44 195:255 EPERM");
  Recorded recorded;
  ParseRecordedFile("nodes", line, &recorded);
  CHECK(recorded.unread.empty());
  CHECK(NodeLine("/dev/nvidiactl", recorded.nodes["/dev/nvidiactl"]) == line);
}

TEST_CASE("the host in memory behaves as the others") {
  MemoryHost host;
  host.files["/usr/lib/a"] = "text";
  host.links["/lib"] = "usr/lib";
  host.links["/loop"] = "/loop";
  CHECK(host.Read("/lib/a", 10, false).text == "text");
  CHECK(host.List("/lib", AnyName()) == std::vector<std::string>{"a"});
  CHECK(host.Stat("/lib").kind == NodeKind::kDirectory);
  CHECK(host.Lstat("/lib").kind == NodeKind::kLink);
  CHECK(host.Stat("/loop").outcome == Outcome::kFailed);
  CHECK(RealPath(host, "/lib/a") == "/usr/lib/a");
}

TEST_CASE("answers are lines of key and value") {
  std::vector<std::string> unread;
  Answers answers = Answers::Parse("a=1\n\n# no\n b = two words \nrubbish\n=x\n", &unread);
  CHECK(answers.Get("a") == "1");
  CHECK(answers.Get("b") == "two words");
  CHECK(unread == std::vector<std::string>{"rubbish", "=x"});
  answers.Set("c", "line\nbreak");
  CHECK(answers.Text() == "a=1\nb=two words\nc=line break\n");
}
