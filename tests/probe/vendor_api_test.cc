// Our declarations of the driver's interface against the vendor's headers, where those are installed.
#include "probe/vendor_api.h"

#include <cstdio>
#include <type_traits>

#include "catch.h"

#if defined(HAVE_CUDA_H)
#include <cuda.h>
#endif
#if defined(HAVE_NVML_H)
#include <nvml.h>
#endif

using namespace cudacompat::probe;

#if defined(HAVE_CUDA_H)
namespace {

template <typename Type>
constexpr size_t SizeOf() {
  if constexpr (std::is_void_v<Type>)
    return 0;
  else
    return sizeof(Type);
}

// Same number of parameters and the same size of each: what the calling convention sees.
template <typename A, typename B>
struct SameShape;
template <typename R1, typename... A1, typename R2, typename... A2>
struct SameShape<R1(A1...), R2(A2...)> {
  static constexpr bool value = [] {
    if constexpr (sizeof...(A1) != sizeof...(A2))
      return false;
    else
      return sizeof(R1) == sizeof(R2) && ((SizeOf<A1>() == SizeOf<A2>()) && ...);
  }();
};

#define SAME(ours, theirs) STATIC_REQUIRE(SameShape<ours, std::remove_pointer_t<decltype(&theirs)>>::value)

}  // namespace

TEST_CASE("cuda.h agrees with what the probe declares") {
  STATIC_REQUIRE(cuda::kAttributeMajor == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
  STATIC_REQUIRE(cuda::kAttributeMinor == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  STATIC_REQUIRE(cuda::kAttributeIntegrated == CU_DEVICE_ATTRIBUTE_INTEGRATED);
  STATIC_REQUIRE(cuda::kAttributeComputeMode == CU_DEVICE_ATTRIBUTE_COMPUTE_MODE);
  STATIC_REQUIRE(cuda::kJitErrorLogBuffer == CU_JIT_ERROR_LOG_BUFFER);
  STATIC_REQUIRE(cuda::kJitErrorLogBufferSize == CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES);
  STATIC_REQUIRE(cuda::kJitInputPtx == CU_JIT_INPUT_PTX);
  STATIC_REQUIRE(cuda::kSuccess == CUDA_SUCCESS);
  STATIC_REQUIRE(CU_COMPUTEMODE_DEFAULT == 0);
  STATIC_REQUIRE(CU_COMPUTEMODE_PROHIBITED == 2);
  STATIC_REQUIRE(CU_COMPUTEMODE_EXCLUSIVE_PROCESS == 3);
  SAME(cuda::InitFn, cuInit);
  SAME(cuda::DriverGetVersionFn, cuDriverGetVersion);
  SAME(cuda::GetErrorNameFn, cuGetErrorName);
  SAME(cuda::DeviceGetCountFn, cuDeviceGetCount);
  SAME(cuda::DeviceGetFn, cuDeviceGet);
  SAME(cuda::DeviceGetNameFn, cuDeviceGetName);
  SAME(cuda::DeviceGetAttributeFn, cuDeviceGetAttribute);
  SAME(cuda::DeviceTotalMemFn, cuDeviceTotalMem);
  SAME(cuda::DeviceGetPciBusIdFn, cuDeviceGetPCIBusId);
  SAME(cuda::PrimaryCtxRetainFn, cuDevicePrimaryCtxRetain);
  SAME(cuda::PrimaryCtxReleaseFn, cuDevicePrimaryCtxRelease);
  SAME(cuda::CtxSetCurrentFn, cuCtxSetCurrent);
  SAME(cuda::MemGetInfoFn, cuMemGetInfo);
  SAME(cuda::ModuleLoadDataExFn, cuModuleLoadDataEx);
  SAME(cuda::ModuleUnloadFn, cuModuleUnload);
  SAME(cuda::ModuleGetFunctionFn, cuModuleGetFunction);
  SAME(cuda::MemAllocFn, cuMemAlloc);
  SAME(cuda::MemFreeFn, cuMemFree);
  SAME(cuda::MemcpyDtoHFn, cuMemcpyDtoH);
  SAME(cuda::MemsetD32Fn, cuMemsetD32);
  SAME(cuda::LaunchKernelFn, cuLaunchKernel);
  SAME(cuda::LinkCreateFn, cuLinkCreate);
  SAME(cuda::LinkAddDataFn, cuLinkAddData);
  SAME(cuda::LinkCompleteFn, cuLinkComplete);
  SAME(cuda::LinkDestroyFn, cuLinkDestroy);
}
#else
TEST_CASE("cuda.h agrees with what the probe declares") {
  std::puts("skipped: cuda.h is not installed");
  SUCCEED();
}
#endif

// Sizes as the vendor's Python binding states them, which needs no header.
TEST_CASE("structures of NVML have the vendor's sizes") {
  STATIC_REQUIRE(sizeof(nvml::PciInfo) == 68);
  STATIC_REQUIRE(sizeof(nvml::Memory) == 24);
  STATIC_REQUIRE(sizeof(nvml::FabricInfo) == 28);
  STATIC_REQUIRE(sizeof(nvml::Licence) == 268);
  STATIC_REQUIRE(sizeof(nvml::Licences) == 812);
#if defined(HAVE_NVML_H)
  STATIC_REQUIRE(sizeof(nvml::PciInfo) == sizeof(nvmlPciInfo_t));
  STATIC_REQUIRE(sizeof(nvml::Memory) == sizeof(nvmlMemory_t));
  STATIC_REQUIRE(nvml::kVersionSize == NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE);
#else
  std::puts("skipped: nvml.h is not installed");
#endif
}
