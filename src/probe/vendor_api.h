// The few functions, codes and structures of NVML and of the CUDA driver API that the probe calls, declared
// here: nothing of the toolkit is included or linked. tests/probe/vendor_api_test.cc holds them against the
// vendor's headers where those are installed. Only what is called is declared.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cudacompat::probe::cuda {

using Result = int;
using Device = int;
using DevicePointer = unsigned long long;  // CUdeviceptr_v2
using Context = void*;
using Module = void*;
using Function = void*;
using LinkState = void*;

inline constexpr Result kSuccess = 0;
inline constexpr int kAttributeIntegrated = 18;
inline constexpr int kAttributeComputeMode = 20;
inline constexpr int kAttributeMajor = 75;
inline constexpr int kAttributeMinor = 76;
inline constexpr int kJitErrorLogBuffer = 5;
inline constexpr int kJitErrorLogBufferSize = 6;
inline constexpr int kJitInputPtx = 1;

using InitFn = Result(unsigned flags);
using DriverGetVersionFn = Result(int* version);
using GetErrorNameFn = Result(Result code, const char** name);
using DeviceGetCountFn = Result(int* count);
using DeviceGetFn = Result(Device* device, int ordinal);
using DeviceGetNameFn = Result(char* name, int length, Device device);
using DeviceGetAttributeFn = Result(int* value, int attribute, Device device);
using DeviceTotalMemFn = Result(size_t* bytes, Device device);  // cuDeviceTotalMem_v2
using DeviceGetPciBusIdFn = Result(char* text, int length, Device device);
using PrimaryCtxRetainFn = Result(Context* context, Device device);
using PrimaryCtxReleaseFn = Result(Device device);  // cuDevicePrimaryCtxRelease_v2
using CtxSetCurrentFn = Result(Context context);
using CtxSynchronizeFn = Result();
using MemGetInfoFn = Result(size_t* free_bytes, size_t* total_bytes);  // cuMemGetInfo_v2
using ModuleLoadDataExFn = Result(Module* module, const void* image, unsigned count, int* options,
                                  void** values);
using ModuleUnloadFn = Result(Module module);
using ModuleGetFunctionFn = Result(Function* function, Module module, const char* name);
using MemAllocFn = Result(DevicePointer* pointer, size_t bytes);                 // cuMemAlloc_v2
using MemFreeFn = Result(DevicePointer pointer);                                 // cuMemFree_v2
using MemcpyDtoHFn = Result(void* target, DevicePointer source, size_t bytes);   // cuMemcpyDtoH_v2
using MemsetD32Fn = Result(DevicePointer target, unsigned value, size_t count);  // cuMemsetD32_v2
using LaunchKernelFn = Result(Function function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                              unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes,
                              void* stream, void** parameters, void** extra);
using LinkCreateFn = Result(unsigned count, int* options, void** values,
                            LinkState* state);  // cuLinkCreate_v2
using LinkAddDataFn = Result(LinkState state, int type, void* data, size_t size, const char* name,
                             unsigned count, int* options, void** values);  // cuLinkAddData_v2
using LinkCompleteFn = Result(LinkState state, void** cubin, size_t* size);
using LinkDestroyFn = Result(LinkState state);

}  // namespace cudacompat::probe::cuda

namespace cudacompat::probe::nvml {

using Result = int;
using Device = void*;

inline constexpr Result kSuccess = 0;
inline constexpr size_t kNameSize = 96;      // NVML_DEVICE_NAME_V2_BUFFER_SIZE
inline constexpr size_t kVersionSize = 80;   // NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE
inline constexpr size_t kLicenceText = 128;  // NVML_GRID_LICENSE_BUFFER_SIZE
inline constexpr size_t kMostLicences = 3;   // NVML_GRID_LICENSE_FEATURE_MAX_COUNT

struct PciInfo {  // nvmlPciInfo_t of nvmlDeviceGetPciInfo_v3
  char bus_id_legacy[16];
  unsigned domain;
  unsigned bus;
  unsigned device;
  unsigned pci_device_id;  // device in the upper half, vendor in the lower
  unsigned pci_subsystem_id;
  char bus_id[32];
};

struct Memory {  // nvmlMemory_t
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};

struct FabricInfo {  // nvmlGpuFabricInfo_t
  unsigned char cluster_uuid[16];
  Result status;
  unsigned clique_id;
  unsigned char state;  // 0 not supported, 1 not started, 2 in progress, 3 completed
};

struct Licence {  // nvmlGridLicensableFeature_t of version 3
  unsigned code;
  unsigned state;  // 0: not licensed
  char info[kLicenceText];
  char product[kLicenceText];
  unsigned enabled;
};

struct Licences {  // nvmlGridLicensableFeatures_t of version 3
  int supported;
  unsigned count;
  Licence features[kMostLicences];
};

using InitFn = Result();
using ShutdownFn = Result();
using ErrorStringFn = const char*(Result code);
using SystemGetTextFn = Result(char* text, unsigned length);
using SystemGetCudaFn = Result(int* version);
using DeviceGetCountFn = Result(unsigned* count);
using DeviceGetHandleFn = Result(unsigned index, Device* device);
using DeviceGetTextFn = Result(Device device, char* text, unsigned length);
using DeviceGetPciInfoFn = Result(Device device, PciInfo* info);
using DeviceGetMemoryFn = Result(Device device, Memory* memory);
using DeviceGetCapabilityFn = Result(Device device, int* major, int* minor);
using DeviceGetUnsignedFn = Result(Device device, unsigned* value);
using DeviceGetMigModeFn = Result(Device device, unsigned* current, unsigned* pending);
using DeviceGetMigHandleFn = Result(Device device, unsigned index, Device* mig);
using DeviceGetFabricFn = Result(Device device, FabricInfo* info);
using DeviceGetLicencesFn = Result(Device device, Licences* licences);

}  // namespace cudacompat::probe::nvml
