// NVML, libcuda and the launch test against drivers made for the purpose (fake_cuda.c, fake_nvml.c).
#include <chrono>
#include <cstdlib>

#include "catch.h"
#include "probe/driver_query.h"
#include "probe/launch.h"

using namespace cudacompat;
using namespace cudacompat::probe;

namespace {

// Sets a variable for one test; the forked child inherits it.
struct Variable {
  const char* name;
  Variable(const char* variable, const char* value) : name(variable) { setenv(variable, value, 1); }
  ~Variable() { unsetenv(name); }
};

DriverQuery Query(int timeout_ms = 5000) {
  DriverQuery query;
  query.nvml = FAKE_NVML;
  query.libcuda = FAKE_CUDA;
  query.timeout_ms = timeout_ms;
  return query;
}

LaunchReport Launch(int timeout_ms = 5000) {
  LaunchOptions options;
  options.library = FAKE_CUDA;
  options.timeout_ms = timeout_ms;
  return TestLaunch(options);
}

std::string Checks(const LaunchReport& report) {
  std::string text;
  for (const LaunchStep& step : report.steps) text += step.check + ",";
  for (const LaunchDevice& device : report.devices) {
    text += "[" + device.name + "]";
    for (const LaunchStep& step : device.steps) text += step.check + ",";
  }
  return text;
}

}  // namespace

TEST_CASE("both libraries answer") {
  Answers answers = QueryDriver(Query());
  CHECK(answers.Get("nvml.status") == "done");
  CHECK(answers.Get("nvml.init") == "0");
  CHECK(answers.Get("nvml.driver") == "550.54.14");
  CHECK(answers.Get("nvml.cuda") == "12040");
  CHECK(answers.Get("nvml.gpu.0.name") == "NVIDIA Fake 1");
  CHECK(answers.Get("nvml.gpu.0.bus") == "00000000:01:00.0");
  CHECK(answers.Get("nvml.gpu.0.pci") == "10de:1f97");
  CHECK(answers.Get("nvml.gpu.0.memory-free") == "1024");
  CHECK(answers.Get("nvml.gpu.0.mig") == "0");
  CHECK(answers.Get("libcuda.status") == "done");
  CHECK(answers.Get("libcuda.version") == "12040");
  CHECK(answers.Get("libcuda.path") == FAKE_CUDA);
  CHECK(answers.Get("libcuda.gpu.0.cc") == "7.5");
}

TEST_CASE("a code of cuInit comes with its name, and the other candidates are asked") {
  Variable init("FAKE_CUDA_INIT", "803");
  DriverQuery query = Query();
  query.other_cudas = {"/no/such/libcuda.so.1", FAKE_CUDA};
  Answers answers = QueryDriver(query);
  CHECK(answers.Get("libcuda.init") == "803");
  CHECK(answers.Get("libcuda.init.name") == "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH");
  CHECK(answers.Get("libcuda.other.0.opened").find("cannot open") != std::string::npos);
  CHECK(answers.Get("libcuda.other.1.init") == "803");
}

TEST_CASE("NVML of another version than the module says so") {
  Variable init("FAKE_NVML_INIT", "18");
  Answers answers = QueryDriver(Query());
  CHECK(answers.Get("nvml.init") == "18");
  CHECK(answers.Get("nvml.init.name") == "Driver/library version mismatch");
  CHECK(answers.Get("nvml.version") == "12.550.54.14");
}

TEST_CASE("cards hidden by CUDA_VISIBLE_DEVICES are seen without it") {
  Variable visible("CUDA_VISIBLE_DEVICES", "-1");
  DriverQuery query = Query();
  query.ask_unhidden = true;
  Answers answers = QueryDriver(query);
  CHECK(answers.Get("libcuda.count") == "0");
  CHECK(answers.Get("libcuda.unhidden.count") == "1");
  CHECK(std::string(getenv("CUDA_VISIBLE_DEVICES")) == "-1");
}

TEST_CASE("MIG without an instance, a licence not taken") {
  Variable mig("FAKE_NVML_MIG", "1");
  Variable licence("FAKE_NVML_LICENCE", "0");
  Answers answers = QueryDriver(Query());
  CHECK(answers.Get("nvml.gpu.0.mig-instances") == "0");
  CHECK(answers.Get("nvml.gpu.0.licence") == "unlicensed");
}

TEST_CASE("a driver that hangs is left after the time given, and what it said before is kept") {
  Variable hang("FAKE_CUDA_HANG", "cuInit");
  auto start = std::chrono::steady_clock::now();
  Answers answers = QueryDriver(Query(300));
  auto passed = std::chrono::steady_clock::now() - start;
  CHECK(passed < std::chrono::seconds(3));
  CHECK(answers.Get("libcuda.status") == "timeout");
  CHECK(answers.Get("libcuda.version") == "12040");
  CHECK(answers.Get("libcuda.step") == "cuInit");
  CHECK(answers.Get("nvml.status") == "done");
}

TEST_CASE("a driver that crashes takes nobody with it") {
  Variable crash("FAKE_CUDA_CRASH", "cuInit");
  Answers answers = QueryDriver(Query());
  CHECK(answers.Get("libcuda.status").find("crashed") == 0);
  CHECK(answers.Get("libcuda.step") == "cuInit");
}

TEST_CASE("a library that is not there says what the loader said") {
  DriverQuery query = Query();
  query.libcuda = "libno-such-cuda.so.1";
  Answers answers = QueryDriver(query);
  CHECK(answers.Get("libcuda.opened").find("libno-such-cuda.so.1: cannot open shared object file") == 0);
  CHECK(answers.Get("libcuda.status") == "done");
}

TEST_CASE("PTX and a cubin are loaded, launched and compared on every device") {
  Variable count("FAKE_CUDA_COUNT", "2");
  LaunchReport report = Launch();
  CHECK(report.ok());
  const std::string device =
      "device,context,memory,load ptx,launch ptx,result ptx,link cubin,load cubin,launch cubin,result cubin,";
  CHECK(Checks(report) == "open,init,devices,[Fake 0]" + device + "[Fake 1]" + device);
  CHECK(report.devices[1].compute_capability == "7.5");
  CHECK(report.devices[1].bus_id == "0000:02:00.0");
  CHECK(report.steps[0].detail == FAKE_CUDA);
}

TEST_CASE("the first failing step of a launch has code, name and the compiler's words") {
  Variable load("FAKE_CUDA_LOAD", "222");
  LaunchReport report = Launch();
  CHECK_FALSE(report.ok());
  const LaunchStep* step = report.first_failure();
  REQUIRE(step != nullptr);
  CHECK(step->check == "load ptx");
  CHECK(step->code == 222);
  CHECK(step->code_name == "CUDA_ERROR_UNSUPPORTED_PTX_VERSION");
  CHECK(step->detail == "ptxas fatal : Unsupported .version; a|b");
  CHECK(report.devices[0].steps.back().check == "result cubin");  // the cubin is tried all the same
}

TEST_CASE("a wrong result is a failure with its place") {
  Variable wrong("FAKE_CUDA_WRONG", "1");
  LaunchReport report = Launch();
  REQUIRE(report.first_failure() != nullptr);
  CHECK(report.first_failure()->check == "result ptx");
  CHECK(report.first_failure()->detail == "element 5 is 1 instead of 22");
}

TEST_CASE("a launch that never ends is a failed step of its own name") {
  Variable hang("FAKE_CUDA_HANG", "cuLaunchKernel");
  LaunchReport report = Launch(300);
  CHECK(report.status == "timeout");
  REQUIRE(report.first_failure() != nullptr);
  CHECK(report.first_failure()->check == "launch ptx");
  CHECK(report.first_failure()->detail == "timeout");
}

TEST_CASE("no device and no library are told apart") {
  Variable init("FAKE_CUDA_INIT", "100");
  CHECK(Launch().first_failure()->code_name == "CUDA_ERROR_NO_DEVICE");
  LaunchOptions options;
  options.library = "libno-such-cuda.so.1";
  LaunchReport report = TestLaunch(options);
  CHECK(report.first_failure()->check == "open");
  CHECK(report.first_failure()->code == -1);
}

TEST_CASE("an image that is given is loaded too") {
  LaunchOptions options;
  options.library = FAKE_CUDA;
  options.images = {{"mine.cubin", "rubbish"}};
  LaunchReport report = TestLaunch(options);
  REQUIRE(report.first_failure() != nullptr);
  CHECK(report.first_failure()->check == "load mine.cubin");
  CHECK(report.first_failure()->code == 200);
}
