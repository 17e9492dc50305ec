#include "probe/record.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "catch.h"
#include "probe/anonymous.h"
#include "probe/machine_text.h"

using namespace cudacompat;
using namespace cudacompat::probe;
namespace fs = std::filesystem;

namespace {

const std::string kHosts = std::string(CUDACOMPAT_SOURCE_DIR) + "/tests/fixtures/hosts/";

std::string Fresh(const std::string& name) {
  std::string path = std::string(CUDACOMPAT_BINARY_DIR) + "/probe_record_" + name;
  fs::remove_all(path);
  return path;
}

std::string Everything(const std::string& folder) {
  std::string text;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    text += entry.path().string() + "\n";
    if (entry.is_symlink()) {
      text += fs::read_symlink(entry.path()).string() + "\n";
    } else if (entry.is_regular_file()) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::stringstream content;
      content << file.rdbuf();
      text += content.str();
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a record of a record shows the same machine") {
  for (const auto& entry : fs::directory_iterator(kHosts)) {
    std::string name = entry.path().filename().string();
    INFO(name);
    auto first = RootedHost(kHosts + name);
    REQUIRE(first.ok());
    if ((*first)->view() == Host::View::kFiles) continue;
    std::string folder = Fresh("again");
    auto summary = RecordMachine(**first, folder);
    REQUIRE(summary.ok());
    CHECK(summary->left_out.empty());
    auto second = RootedHost(folder);
    REQUIRE(second.ok());
    CHECK(MachineText(ProbeMachine(**first)) == MachineText(ProbeMachine(**second)));
    fs::remove_all(folder);
  }
}

TEST_CASE("this machine can be recorded and read again") {
  std::string folder = Fresh("live");
  ProbeOptions options;
  options.ask_driver = false;
  auto live = LiveHost();
  auto summary = RecordMachine(*live, folder, options);
  REQUIRE(summary.ok());
  CHECK(summary->files > 5);
  auto second = RootedHost(folder);
  REQUIRE(second.ok());
  Machine before = ProbeMachine(*live, options);
  Machine after = ProbeMachine(**second, options);
  CHECK(after.platform == before.platform);
  CHECK(after.toolkits.size() == before.toolkits.size());
  CHECK(after.pythons.size() == before.pythons.size());
  CHECK(after.packages.size() == before.packages.size());
  CHECK(after.runtimes.size() == before.runtimes.size());
  fs::remove_all(folder);
}

TEST_CASE("a folder that holds something is refused, and nothing is written to it") {
  std::string folder = Fresh("full");
  fs::create_directories(folder);
  std::ofstream(folder + "/mine") << "mine";
  auto live = LiveHost();
  auto summary = RecordMachine(*live, folder);
  REQUIRE_FALSE(summary.ok());
  CHECK(summary.error().kind == ErrorKind::kUsage);
  CHECK(summary.error().message == "is not empty");
  CHECK(Everything(folder) == folder + "/mine\nmine");
  CHECK(RecordMachine(*live, folder + "/mine").error().message == "is not a folder");
  CHECK(StartsWith(RecordMachine(*live, "/no/such/place").error().message, "cannot be written"));
  fs::remove_all(folder);
}

TEST_CASE("a record names no user, no host and no card") {
  std::string root = Fresh("private");
  auto write = [&root](const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(root + path).parent_path());
    std::ofstream(root + path, std::ios::binary) << text;
  };
  write("/.cudacompat/env",
        "HOME=/home/alicia\nUSER=alicia\nPATH=/home/alicia/venv/bin\nLD_LIBRARY_PATH=/data/alicia/lib\n"
        "CUDA_VISIBLE_DEVICES=GPU-12345678-1111-2222-3333-444444444444\n");
  write("/.cudacompat/answers",
        "nvml.init=0\nnvml.count=1\nnvml.gpu.0.name=NVIDIA T4\nnvml.gpu.0.bus=0000:01:00.0\n"
        "nvml.gpu.0.uuid=GPU-12345678-1111-2222-3333-444444444444\n");
  write("/.cudacompat/host", "uname.release=6.8.0\nuname.machine=x86_64\n");
  write("/.cudacompat/kernel-log",
        "[ 1.0] NVRM: GPU at 0000:01:00.0 on wunderbar fell\n[ 2.0] eth0: 00:16:3e:aa:bb:cc up, mail to "
        "alicia\n");
  write("/proc/sys/kernel/hostname", "wunderbar\n");
  write(
      "/proc/cmdline",
      "root=UUID=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee ro nfsroot=10.1.2.3:/root modprobe.blacklist=nouveau\n");
  write("/proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.120  x\n");
  write(
      "/proc/driver/nvidia/gpus/0000:01:00.0/information",
      "Model: \t T4\nGPU UUID: \t GPU-12345678-1111-2222-3333-444444444444\nSerial Number: 0324018123456\n");
  write("/home/alicia/venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\n");
  write("/home/alicia/venv/bin/python", "x");
  write("/home/alicia/venv/lib/python3.11/site-packages/torch-2.6.0+cu124.dist-info/METADATA",
        "Name: torch\n");
  auto host = RootedHost(root);
  REQUIRE(host.ok());
  std::string folder = Fresh("public");
  REQUIRE(RecordMachine(**host, folder).ok());
  std::string all = Everything(folder);
  for (const char* secret :
       {"alicia", "wunderbar", "12345678", "aaaaaaaa-bbbb", "0324018123456", "00:16:3e", "10.1.2.3"}) {
    INFO(secret);
    CHECK_FALSE(Contains(all, secret));
  }
  auto again = RootedHost(folder);
  REQUIRE(again.ok());
  CHECK(Contains(all, "modprobe.blacklist=nouveau"));
  Machine machine = ProbeMachine(**again);
  REQUIRE(machine.packages.size() == 1);
  CHECK(machine.packages[0].env == "/home/user/venv");
  bool visible = false;  // the variable still names the card it named
  for (const Sighting& s : machine.sightings)
    visible = visible || (s.key == "visible.count" && s.value == "1");
  CHECK(visible);
  fs::remove_all(root);
  fs::remove_all(folder);
}

TEST_CASE("names are taken out as whole words, everyday ones are left") {
  Anonymous anonymous;
  anonymous.AddUser("bob");
  anonymous.AddUser("root");
  anonymous.AddHost("node-17.example.org");
  CHECK(anonymous.Clean("bob bobcat /home/bob/x root@node-17") == "user bobcat /home/user/x root@host");
  CHECK(anonymous.Clean("/home/carol:/home/bob") == "/home/user2:/home/user");
  CHECK(anonymous.Clean("SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c") ==
        "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c");
  CHECK(anonymous.Clean("0000:01:00.0 00:1b:21:aa:bb:cc") == "0000:01:00.0 00:00:00:00:00:00");
  CHECK(anonymous.Clean("") == "");
}
