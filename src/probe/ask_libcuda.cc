// The questions put to libcuda. Runs apart from the program (guarded.h): every answer is emitted at once.
#include "probe/driver_query.h"
#include "probe/dynamic_library.h"
#include "probe/vendor_api.h"

namespace cudacompat::probe {
namespace {

constexpr int kMostCudaDevices = 256;

class CudaAsker {
 public:
  CudaAsker(const DynamicLibrary& library, const std::string& prefix, const Emit& emit)
      : library_(library), prefix_(prefix), emit_(emit) {}

  void Run() {
    int version = 0;
    if (auto* get = library_.Find<cuda::DriverGetVersionFn>("cuDriverGetVersion")) {
      cuda::Result result = get(&version);
      if (result == cuda::kSuccess) Say("version", std::to_string(version));
      if (result != cuda::kSuccess) SayCode("version.code", result);
    }
    auto* init = library_.Find<cuda::InitFn>("cuInit");
    if (init == nullptr) {
      Say("opened", "no cuInit in it");
      return;
    }
    Say("step", "cuInit");  // seen last when it does not come back
    cuda::Result result = init(0);
    SayCode("init", result);
    if (result != cuda::kSuccess) return;
    auto* count = library_.Find<cuda::DeviceGetCountFn>("cuDeviceGetCount");
    int devices = 0;
    if (count == nullptr || (result = count(&devices)) != cuda::kSuccess) {
      SayCode("count.code", result);
      return;
    }
    Say("count", std::to_string(devices));
    for (int i = 0; i < devices && i < kMostCudaDevices; ++i) Device(i);
    Say("step", "end");
  }

 private:
  void Say(const std::string& key, const std::string& value) { emit_(prefix_ + key, value); }

  void SayCode(const std::string& key, cuda::Result result) {
    Say(key, std::to_string(result));
    const char* name = nullptr;
    auto* get = library_.Find<cuda::GetErrorNameFn>("cuGetErrorName");
    if (get != nullptr && get(result, &name) == cuda::kSuccess && name != nullptr) Say(key + ".name", name);
  }

  int Attribute(cuda::Device device, int attribute) {
    auto* get = library_.Find<cuda::DeviceGetAttributeFn>("cuDeviceGetAttribute");
    int value = -1;
    if (get == nullptr || get(&value, attribute, device) != cuda::kSuccess) return -1;
    return value;
  }

  void Device(int index) {
    std::string key = "gpu." + std::to_string(index) + ".";
    cuda::Device device = 0;
    auto* get = library_.Find<cuda::DeviceGetFn>("cuDeviceGet");
    cuda::Result result = get == nullptr ? -1 : get(&device, index);
    if (result != cuda::kSuccess) {
      SayCode(key + "code", result);
      return;
    }
    char text[256] = "";
    auto* name = library_.Find<cuda::DeviceGetNameFn>("cuDeviceGetName");
    if (name != nullptr && name(text, sizeof text, device) == cuda::kSuccess) Say(key + "name", text);
    auto* bus = library_.Find<cuda::DeviceGetPciBusIdFn>("cuDeviceGetPCIBusId");
    if (bus != nullptr && bus(text, sizeof text, device) == cuda::kSuccess) Say(key + "bus", text);
    int major = Attribute(device, cuda::kAttributeMajor);
    int minor = Attribute(device, cuda::kAttributeMinor);
    if (major > 0 && minor >= 0) Say(key + "cc", std::to_string(major) + "." + std::to_string(minor));
    int mode = Attribute(device, cuda::kAttributeComputeMode);
    if (mode >= 0) Say(key + "compute-mode", std::to_string(mode));
    if (Attribute(device, cuda::kAttributeIntegrated) == 1) Say(key + "integrated", "1");
    size_t bytes = 0;
    auto* memory = library_.Find<cuda::DeviceTotalMemFn>("cuDeviceTotalMem_v2");
    if (memory != nullptr && memory(&bytes, device) == cuda::kSuccess) {
      Say(key + "memory-total", std::to_string(bytes >> 20));
    }
  }

  const DynamicLibrary& library_;
  const std::string& prefix_;
  const Emit& emit_;
};

}  // namespace

void AskLibcuda(const std::string& name, const std::string& prefix, const Emit& emit) {
  DynamicLibrary library;
  emit(prefix + "asked", name);
  if (!library.Open(name)) {
    emit(prefix + "opened", library.error());
    return;
  }
  emit(prefix + "opened", "ok");
  emit(prefix + "path", library.path());
  CudaAsker(library, prefix, emit).Run();
}

}  // namespace cudacompat::probe
