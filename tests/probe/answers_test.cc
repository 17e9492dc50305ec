#include "probe/answers.h"

#include "catch.h"
#include "probe/host_memory.h"
#include "probe/probe.h"

using namespace cudacompat;
using namespace cudacompat::probe;

TEST_CASE("a version number of CUDA becomes text") {
  CHECK(CudaVersionText("12040") == "12.4");
  CHECK(CudaVersionText("13000") == "13.0");
  CHECK(CudaVersionText("11080") == "11.8");
  for (const char* bad : {"", "0", "-1", "999", "100000", "2147483647", "12040x"})
    CHECK(CudaVersionText(bad).empty());
}

TEST_CASE("bus addresses of different writing are one") {
  CHECK(BusAddress("00000000:01:00.0") == "0000:01:00.0");
  CHECK(BusAddress("0000:0A:00.0") == "0000:0a:00.0");
  CHECK(BusAddress("0000000F:01:00.0") == "000f:01:00.0");
}

TEST_CASE("CUDA_VISIBLE_DEVICES counts up to its first bad entry") {
  CHECK(ReadVisible("", 2, {}).none);
  CHECK(ReadVisible("-1", 2, {}).refused == "-1");
  CHECK(ReadVisible("0,1", 2, {}).count == 2);
  CHECK(ReadVisible("1,7,0", 2, {}).count == 1);
  CHECK(ReadVisible("1,7,0", 2, {}).refused == "7");
  CHECK(ReadVisible("GPU-8f", 1, {"GPU-8f12-aa"}).count == 1);
  CHECK(ReadVisible("GPU-9", 1, {"GPU-8f12-aa"}).none);
  CHECK(ReadVisible("NoDevFiles", 1, {}).refused == "NoDevFiles");
  CHECK(ReadVisible("1,7,0", 2, {}).lost == 1);
  CHECK(ReadVisible("0,7", 2, {}).lost == 0);
  CHECK(ReadVisible("0,0", 2, {}).repeated == "0");
  CHECK(ReadVisible("0,1,0", 2, {}).none);
  CHECK(ReadVisible("GPU-8f,GPU-8f12", 1, {"GPU-8f12-aa"}).none);
  CHECK(ReadVisible("1gpu,0", 2, {}).count == 2);
}

TEST_CASE("answers of NVML and libcuda meet the cards of the bus") {
  MemoryHost host;
  const std::string pci = "/sys/bus/pci/devices/0000:01:00.0/";
  host.files[pci + "vendor"] = "0x10de\n";
  host.files[pci + "device"] = "0x1f97\n";
  host.files[pci + "class"] = "0x030200\n";
  host.links[pci + "driver"] = "../../../../bus/pci/drivers/nvidia";
  host.recorded.answers = Answers::Parse(
      "nvml.init=0\nnvml.driver=550.54.14\nnvml.cuda=12040\nnvml.count=1\nnvml.gpu.0.name=NVIDIA GeForce "
      "MX450\n"
      "nvml.gpu.0.bus=00000000:01:00.0\nnvml.gpu.0.cc=7.5\nnvml.gpu.0.memory-total=2048\n"
      "nvml.gpu.0.memory-free=1900\nnvml.gpu.0.compute-mode=3\nnvml.gpu.0.uuid=GPU-1\n"
      "libcuda.init=0\nlibcuda.version=12040\nlibcuda.count=1\nlibcuda.gpu.0.bus=0000:01:00.0\n"
      "libcuda.gpu.0.name=other\n");
  Machine machine = ProbeMachine(host);
  REQUIRE(machine.gpus.size() == 1);
  const MachineGpu& gpu = machine.gpus[0];
  CHECK(gpu.name == "NVIDIA GeForce MX450");
  CHECK(gpu.pci_id == "10de:1f97");
  CHECK(gpu.compute_capability == "7.5");
  CHECK(gpu.memory_mib == 2048);
  CHECK(gpu.memory_free_mib == 1900);
  CHECK(gpu.compute_mode == "Exclusive_Process");
  CHECK(gpu.kernel_driver == "nvidia");
  CHECK(machine.cuda_driver == "12.4");
  CHECK(machine.kernel_driver == "550.54.14");
  for (const Sighting& sighting : machine.sightings) CHECK(sighting.value.find("GPU-1") == std::string::npos);
}
