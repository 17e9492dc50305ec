// The questions put to NVML. Runs apart from the program (guarded.h): every answer is emitted at once.
#include <cstdio>

#include "probe/driver_query.h"
#include "probe/dynamic_library.h"
#include "probe/vendor_api.h"

namespace cudacompat::probe {
namespace {

constexpr unsigned kMostNvmlDevices = 256;

class NvmlAsker {
 public:
  NvmlAsker(const DynamicLibrary& library, const std::string& prefix, const Emit& emit)
      : library_(library), prefix_(prefix), emit_(emit) {}

  void Run() {
    auto* init = library_.Find<nvml::InitFn>("nvmlInit_v2");
    if (init == nullptr) init = library_.Find<nvml::InitFn>("nvmlInit");
    if (init == nullptr) {
      Say("opened", "no nvmlInit in it");
      return;
    }
    // The version of the library itself is known before it starts, also when it does not fit the kernel's
    // half.
    Text("nvmlSystemGetNVMLVersion", "version");
    Say("step", "nvmlInit");
    nvml::Result result = init();
    SayCode("init", result);
    Text("nvmlSystemGetNVMLVersion", "version");
    if (result != nvml::kSuccess) return;
    Text("nvmlSystemGetDriverVersion", "driver");
    auto* cuda = library_.Find<nvml::SystemGetCudaFn>("nvmlSystemGetCudaDriverVersion_v2");
    if (cuda == nullptr) cuda = library_.Find<nvml::SystemGetCudaFn>("nvmlSystemGetCudaDriverVersion");
    int version = 0;
    if (cuda != nullptr && cuda(&version) == nvml::kSuccess) Say("cuda", std::to_string(version));
    Devices();
    if (auto* shutdown = library_.Find<nvml::ShutdownFn>("nvmlShutdown")) shutdown();
    Say("step", "end");
  }

 private:
  void Say(const std::string& key, const std::string& value) { emit_(prefix_ + key, value); }

  void SayCode(const std::string& key, nvml::Result result) {
    Say(key, std::to_string(result));
    auto* get = library_.Find<nvml::ErrorStringFn>("nvmlErrorString");
    const char* text = get == nullptr ? nullptr : get(result);
    if (text != nullptr) Say(key + ".name", text);
  }

  void Text(const char* function, const std::string& key) {
    char text[nvml::kVersionSize] = "";
    auto* get = library_.Find<nvml::SystemGetTextFn>(function);
    if (get != nullptr && get(text, sizeof text) == nvml::kSuccess) Say(key, text);
  }

  void Devices() {
    auto* count = library_.Find<nvml::DeviceGetCountFn>("nvmlDeviceGetCount_v2");
    unsigned devices = 0;
    nvml::Result result = count == nullptr ? -1 : count(&devices);
    if (result != nvml::kSuccess) {
      SayCode("count.code", result);
      return;
    }
    Say("count", std::to_string(devices));
    auto* handle = library_.Find<nvml::DeviceGetHandleFn>("nvmlDeviceGetHandleByIndex_v2");
    for (unsigned i = 0; handle != nullptr && i < devices && i < kMostNvmlDevices; ++i) {
      nvml::Device device = nullptr;
      std::string key = "gpu." + std::to_string(i) + ".";
      result = handle(i, &device);
      if (result != nvml::kSuccess) {
        SayCode(key + "code", result);
        continue;
      }
      Identity(device, key);
      State(device, key);
      Mig(device, key);
      Licences(device, key);
    }
  }

  void Identity(nvml::Device device, const std::string& key) {
    char text[nvml::kNameSize] = "";
    auto* name = library_.Find<nvml::DeviceGetTextFn>("nvmlDeviceGetName");
    if (name != nullptr && name(device, text, sizeof text) == nvml::kSuccess) Say(key + "name", text);
    auto* uuid = library_.Find<nvml::DeviceGetTextFn>("nvmlDeviceGetUUID");
    if (uuid != nullptr && uuid(device, text, sizeof text) == nvml::kSuccess) Say(key + "uuid", text);
    nvml::PciInfo pci{};
    auto* info = library_.Find<nvml::DeviceGetPciInfoFn>("nvmlDeviceGetPciInfo_v3");
    if (info != nullptr && info(device, &pci) == nvml::kSuccess) {
      pci.bus_id[sizeof pci.bus_id - 1] = '\0';
      Say(key + "bus", pci.bus_id);
      char id[16];
      std::snprintf(id, sizeof id, "%04x:%04x", pci.pci_device_id & 0xffff, pci.pci_device_id >> 16);
      Say(key + "pci", id);
    }
    int major = 0;
    int minor = 0;
    auto* capability = library_.Find<nvml::DeviceGetCapabilityFn>("nvmlDeviceGetCudaComputeCapability");
    if (capability != nullptr && capability(device, &major, &minor) == nvml::kSuccess) {
      Say(key + "cc", std::to_string(major) + "." + std::to_string(minor));
    }
  }

  void Number(nvml::Device device, const char* function, const std::string& key) {
    unsigned value = 0;
    auto* get = library_.Find<nvml::DeviceGetUnsignedFn>(function);
    if (get != nullptr && get(device, &value) == nvml::kSuccess) Say(key, std::to_string(value));
  }

  void State(nvml::Device device, const std::string& key) {
    nvml::Memory memory{};
    auto* get = library_.Find<nvml::DeviceGetMemoryFn>("nvmlDeviceGetMemoryInfo");
    if (get != nullptr && get(device, &memory) == nvml::kSuccess) {
      Say(key + "memory-total", std::to_string(memory.total >> 20));
      Say(key + "memory-free", std::to_string(memory.free >> 20));
    }
    Number(device, "nvmlDeviceGetComputeMode", key + "compute-mode");
    Number(device, "nvmlDeviceGetPersistenceMode", key + "persistence");
    Number(device, "nvmlDeviceGetVirtualizationMode", key + "virtualization");
    nvml::FabricInfo fabric{};
    auto* state = library_.Find<nvml::DeviceGetFabricFn>("nvmlDeviceGetGpuFabricInfo");
    if (state != nullptr && state(device, &fabric) == nvml::kSuccess && fabric.state != 0) {
      Say(key + "fabric", std::to_string(fabric.state));
    }
  }

  void Mig(nvml::Device device, const std::string& key) {
    unsigned current = 0;
    unsigned pending = 0;
    auto* mode = library_.Find<nvml::DeviceGetMigModeFn>("nvmlDeviceGetMigMode");
    if (mode == nullptr || mode(device, &current, &pending) != nvml::kSuccess) return;
    Say(key + "mig", std::to_string(current));
    if (current == 0) return;
    unsigned most = 0;
    unsigned instances = 0;
    auto* limit = library_.Find<nvml::DeviceGetUnsignedFn>("nvmlDeviceGetMaxMigDeviceCount");
    auto* handle = library_.Find<nvml::DeviceGetMigHandleFn>("nvmlDeviceGetMigDeviceHandleByIndex");
    if (limit == nullptr || handle == nullptr || limit(device, &most) != nvml::kSuccess) return;
    for (unsigned i = 0; i < most && i < kMostNvmlDevices; ++i) {
      nvml::Device mig = nullptr;
      if (handle(device, i, &mig) != nvml::kSuccess) continue;
      char uuid[nvml::kNameSize] = "";
      auto* get = library_.Find<nvml::DeviceGetTextFn>("nvmlDeviceGetUUID");
      std::string name = key + "mig-uuid." + std::to_string(instances++);
      if (get != nullptr && get(mig, uuid, sizeof uuid) == nvml::kSuccess) Say(name, uuid);
    }
    Say(key + "mig-instances", std::to_string(instances));
  }

  void Licences(nvml::Device device, const std::string& key) {
    nvml::Licences licences{};
    auto* get = library_.Find<nvml::DeviceGetLicencesFn>("nvmlDeviceGetGridLicensableFeatures_v3");
    if (get == nullptr || get(device, &licences) != nvml::kSuccess || licences.supported == 0) return;
    bool licensed = false;
    for (unsigned i = 0; i < licences.count && i < nvml::kMostLicences; ++i) {
      licensed = licensed || licences.features[i].state != 0;
    }
    Say(key + "licence", licensed ? "licensed" : "unlicensed");
  }

  const DynamicLibrary& library_;
  const std::string& prefix_;
  const Emit& emit_;
};

}  // namespace

void AskNvml(const std::string& name, const std::string& prefix, const Emit& emit) {
  DynamicLibrary library;
  emit(prefix + "asked", name);
  if (!library.Open(name)) {
    emit(prefix + "opened", library.error());
    return;
  }
  emit(prefix + "opened", "ok");
  emit(prefix + "path", library.path());
  NvmlAsker(library, prefix, emit).Run();
}

}  // namespace cudacompat::probe
