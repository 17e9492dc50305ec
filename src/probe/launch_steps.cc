#include "probe/launch_steps.h"

#include <chrono>
#include <cstring>

#include "base/text.h"
#include "probe/dynamic_library.h"
#include "probe/vendor_api.h"

namespace cudacompat::probe {
namespace {

constexpr int kMostLaunched = 256;
constexpr unsigned kCount = 1000;  // not a multiple of the block: the kernel's bound is tested too
constexpr unsigned kBlock = 128;
constexpr size_t kLogSize = 4096;
constexpr char kKernel[] = "cudacompat_probe";

class Steps {
 public:
  Steps(const LaunchOptions& options, const Emit& emit) : options_(options), emit_(emit) {}

  void Run() {
    if (!Open()) return;
    if (!Step("init", [&](std::string*) { return Call<cuda::InitFn>("cuInit", 0U); })) return;
    int count = 0;
    bool counted = Step("devices", [&](std::string* detail) {
      cuda::Result result = Call<cuda::DeviceGetCountFn>("cuDeviceGetCount", &count);
      *detail = std::to_string(count);
      return result;
    });
    if (!counted) return;
    for (int i = 0; i < count && i < kMostLaunched; ++i) {
      if (options_.device < 0 || options_.device == i) Device(i);
    }
  }

 private:
  template <typename Function, typename... Arguments>
  cuda::Result Call(const char* name, Arguments... arguments) {
    Function* function = library_.Find<Function>(name);
    return function == nullptr ? -1 : function(arguments...);
  }

  // Runs one call, says what came of it, and tells whether to go on.
  template <typename Work>
  bool Step(const std::string& check, Work work) {
    emit_("begin", std::to_string(device_) + "|" + check);
    std::string detail;
    auto start = std::chrono::steady_clock::now();
    cuda::Result result = work(&detail);
    auto passed = std::chrono::steady_clock::now() - start;
    const char* name = nullptr;
    auto* get = library_.Find<cuda::GetErrorNameFn>("cuGetErrorName");
    if (get == nullptr || result <= 0 || get(result, &name) != cuda::kSuccess) name = nullptr;
    auto micros = std::chrono::duration_cast<std::chrono::microseconds>(passed).count();
    emit_("step." + std::to_string(number_++),
          std::to_string(device_) + "|" + check + "|" + std::to_string(result) + "|" +
              (name == nullptr ? "" : name) + "|" + std::to_string(micros) + "|" + detail);
    return result == cuda::kSuccess;
  }

  bool Open() {
    std::string name = options_.library;
    return Step("open", [&](std::string* detail) {
      bool opened = library_.Open(name);
      *detail = opened ? library_.path() : library_.error();
      return opened ? cuda::kSuccess : -1;
    });
  }

  void SayDevice(cuda::Device device) {
    std::string key = "device." + std::to_string(device_) + ".";
    char text[256] = "";
    if (Call<cuda::DeviceGetNameFn>("cuDeviceGetName", text, int{sizeof text}, device) == cuda::kSuccess) {
      emit_(key + "name", text);
    }
    if (Call<cuda::DeviceGetPciBusIdFn>("cuDeviceGetPCIBusId", text, int{sizeof text}, device) == 0) {
      emit_(key + "bus", text);
    }
    int major = 0;
    int minor = 0;
    Call<cuda::DeviceGetAttributeFn>("cuDeviceGetAttribute", &major, cuda::kAttributeMajor, device);
    Call<cuda::DeviceGetAttributeFn>("cuDeviceGetAttribute", &minor, cuda::kAttributeMinor, device);
    if (major > 0) emit_(key + "cc", std::to_string(major) + "." + std::to_string(minor));
  }

  void Device(int index) {
    device_ = index;
    cuda::Device device = 0;
    if (!Step("device", [&](std::string*) { return Call<cuda::DeviceGetFn>("cuDeviceGet", &device, index); }))
      return;
    SayDevice(device);
    bool ready = Step("context", [&](std::string*) {
      cuda::Context context = nullptr;
      cuda::Result result = Call<cuda::PrimaryCtxRetainFn>("cuDevicePrimaryCtxRetain", &context, device);
      return result != 0 ? result : Call<cuda::CtxSetCurrentFn>("cuCtxSetCurrent", context);
    });
    if (!ready) return;
    bool allocated = Step("memory", [&](std::string*) {
      return Call<cuda::MemAllocFn>("cuMemAlloc_v2", &memory_, size_t{kCount * 4});
    });
    if (allocated) {
      Image("ptx", LaunchPtx(), true);
      Linked();
      for (const LaunchImage& image : options_.images) Image(image.name, image.bytes.c_str(), false);
      Call<cuda::MemFreeFn>("cuMemFree_v2", memory_);
    }
    Call<cuda::PrimaryCtxReleaseFn>("cuDevicePrimaryCtxRelease_v2", device);
  }

  cuda::Result Load(const char* image, cuda::Module* module, std::string* detail) {
    std::vector<char> log(kLogSize, '\0');
    int options[] = {cuda::kJitErrorLogBuffer, cuda::kJitErrorLogBufferSize};
    void* values[] = {log.data(), reinterpret_cast<void*>(log.size())};
    cuda::Result result =
        Call<cuda::ModuleLoadDataExFn>("cuModuleLoadDataEx", module, image, 2U, options, values);
    log.back() = '\0';
    *detail = Printable(Trim(log.data()));
    return result;
  }

  // Loads an image and runs its kernel; `ours` says that it must have one.
  void Image(const std::string& name, const char* image, bool ours) {
    cuda::Module module = nullptr;
    bool loaded = Step("load " + name, [&](std::string* detail) { return Load(image, &module, detail); });
    if (!loaded) return;
    cuda::Function function = nullptr;
    cuda::Result found = Call<cuda::ModuleGetFunctionFn>("cuModuleGetFunction", &function, module,
                                                         static_cast<const char*>(kKernel));
    if (found == cuda::kSuccess || ours) {
      bool launched =
          Step("launch " + name, [&](std::string*) { return found != 0 ? found : Launch(function); });
      if (launched) Step("result " + name, [&](std::string* detail) { return Compare(detail); });
    }
    Call<cuda::ModuleUnloadFn>("cuModuleUnload", module);
  }

  cuda::Result Launch(cuda::Function function) {
    cuda::Result result = Call<cuda::MemsetD32Fn>("cuMemsetD32_v2", memory_, 0U, size_t{kCount});
    if (result != cuda::kSuccess) return result;
    unsigned count = kCount;
    void* parameters[] = {&memory_, &count};
    void* stream = nullptr;
    void** extra = nullptr;
    result = Call<cuda::LaunchKernelFn>("cuLaunchKernel", function, (kCount + kBlock - 1) / kBlock, 1U, 1U,
                                        kBlock, 1U, 1U, 0U, stream, static_cast<void**>(parameters), extra);
    return result != cuda::kSuccess ? result : Call<cuda::CtxSynchronizeFn>("cuCtxSynchronize");
  }

  cuda::Result Compare(std::string* detail) {
    std::vector<unsigned> out(kCount);
    void* target = out.data();
    cuda::Result result = Call<cuda::MemcpyDtoHFn>("cuMemcpyDtoH_v2", target, memory_, size_t{kCount * 4});
    if (result != cuda::kSuccess) return result;
    for (unsigned i = 0; i < kCount; ++i) {
      if (out[i] == 3 * i + 7) continue;
      *detail = "element " + std::to_string(i) + " is " + std::to_string(out[i]) + " instead of " +
                std::to_string(3 * i + 7);
      return -1;
    }
    return cuda::kSuccess;
  }

  // The driver's linker turns the PTX into a cubin for this very device: no toolkit is needed to try one.
  void Linked() {
    cuda::LinkState state = nullptr;
    std::string cubin;
    bool linked = Step("link cubin", [&](std::string* detail) {
      int* no_options = nullptr;
      void** no_values = nullptr;
      cuda::Result result = Call<cuda::LinkCreateFn>("cuLinkCreate_v2", 0U, no_options, no_values, &state);
      if (result != cuda::kSuccess) return result;
      std::string ptx = LaunchPtx();
      void* data = ptx.data();
      result = Call<cuda::LinkAddDataFn>("cuLinkAddData_v2", state, cuda::kJitInputPtx, data, ptx.size() + 1,
                                         static_cast<const char*>(kKernel), 0U, no_options, no_values);
      void* image = nullptr;
      size_t size = 0;
      if (result == cuda::kSuccess)
        result = Call<cuda::LinkCompleteFn>("cuLinkComplete", state, &image, &size);
      if (result == cuda::kSuccess && image != nullptr) cubin.assign(static_cast<const char*>(image), size);
      *detail = std::to_string(size) + " bytes";
      return result;
    });
    if (linked) Image("cubin", cubin.c_str(), true);
    if (state != nullptr) Call<cuda::LinkDestroyFn>("cuLinkDestroy", state);
  }

  const LaunchOptions& options_;
  const Emit& emit_;
  DynamicLibrary library_;
  cuda::DevicePointer memory_ = 0;
  int device_ = -1;
  int number_ = 0;
};

}  // namespace

void RunLaunchSteps(const LaunchOptions& options, const Emit& emit) { Steps(options, emit).Run(); }

}  // namespace cudacompat::probe
