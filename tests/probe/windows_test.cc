// The Windows half with recorded answers; that it compiles for Windows is mingw_test's business.
#include "base/version.h"
#include "probe/windows_host.h"

#include <fstream>
#include <sstream>

#include "catch.h"
#include "probe/machine_text.h"
#include "probe/probe.h"

using namespace cudacompat;
using namespace cudacompat::probe;

namespace {

Machine Probe(const std::string& name) {
  std::ifstream file(std::string(CUDACOMPAT_SOURCE_DIR) + "/tests/fixtures/windows/" + name + ".txt");
  REQUIRE(file.good());
  std::stringstream text;
  text << file.rdbuf();
  RecordedWindows host(text.str());
  return ProbeMachine(host);
}

const Sighting* Find(const Machine& machine, const std::string& key) {
  for (const Sighting& sighting : machine.sightings) {
    if (sighting.key == key) return &sighting;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("Windows counts drivers in four parts, NVIDIA in two") {
  CHECK(cudacompat::NvidiaVersion("32.0.15.6094") == "560.94");
  CHECK(cudacompat::NvidiaVersion("27.21.14.5671") == "456.71");
  CHECK(cudacompat::NvidiaVersion("30.0.15.1109") == "511.09");
  CHECK(cudacompat::NvidiaVersion("31.0.15.78") == "500.78");
  for (const char* bad : {"", "560.94", "1.2.3", "a.b.c.d", "1.2.3.123456"})
    CHECK(cudacompat::NvidiaVersion(bad).empty());
}

TEST_CASE("a Windows notebook with the CPU build of torch") {
  Machine machine = Probe("cpu-only-build");
  INFO(MachineText(machine));
  CHECK(machine.os == "windows");
  CHECK(machine.arch == "x86_64");
  CHECK(machine.platform == "bare");
  CHECK(machine.kernel_driver == "560.94");
  CHECK(machine.cuda_driver == "12.6");
  REQUIRE(machine.gpus.size() == 1);
  CHECK(machine.gpus[0].bus_id == "0000:01:00.0");
  CHECK(machine.gpus[0].pci_id == "10de:1f97");
  CHECK(machine.gpus[0].compute_capability == "7.5");
  REQUIRE(machine.toolkits.size() == 1);
  CHECK(machine.toolkits[0].version == "12.6.0");
  REQUIRE(machine.runtimes.size() == 2);
  CHECK(machine.runtimes[1].name == "cudnn");
  CHECK(machine.runtimes[1].version == "9");
  REQUIRE(machine.packages.size() == 1);
  CHECK(machine.packages[0].tag == "cpu");
  CHECK(machine.packages[0].cuda == "none");
  REQUIRE(machine.pythons.size() == 1);
  CHECK(machine.pythons[0].active);
  CHECK(machine.pythons[0].version == "3.11");
  CHECK(Find(machine, "requires.torch") == nullptr);  // what torch needs on Linux is not missing here
  CHECK_FALSE(Find(machine, "torch.libtorch_cuda")->found);
  CHECK(Find(machine, "vc.vcruntime140")->value == "14.40.33810.0");
  CHECK_FALSE(Find(machine, "vc.msvcp140")->found);
  CHECK(Find(machine, "python.store-stub") != nullptr);
  CHECK(Find(machine, "libcuda")->value == "560.94");
}

TEST_CASE("a Windows machine without NVIDIA's driver") {
  Machine machine = Probe("driver-not-installed");
  CHECK(machine.gpus.size() == 2);
  CHECK(machine.kernel_driver.empty());
  CHECK_FALSE(Find(machine, "libcuda")->found);
  CHECK_FALSE(Find(machine, "proc.driver.nvidia")->found);
  CHECK(Find(machine, "pci.driver")->value == "BasicDisplay");
  CHECK(Find(machine, "device.problem")->value == "28");
}
