// The variables that decide what a CUDA program sees, as they are set here. Which of them explains a failure
// is the rules' business.
#include "base/text.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

constexpr const char* kVariables[] = {"CUDA_VISIBLE_DEVICES",
                                      "CUDA_DEVICE_ORDER",
                                      "NVIDIA_VISIBLE_DEVICES",
                                      "NVIDIA_DRIVER_CAPABILITIES",
                                      "NVIDIA_REQUIRE_CUDA",
                                      "NVIDIA_DISABLE_REQUIRE",
                                      "NVIDIA_CUDA_END_OF_LIFE",
                                      "NV_CUDA_CUDART_VERSION",
                                      "CUDA_VERSION",
                                      "LD_LIBRARY_PATH",
                                      "LD_PRELOAD",
                                      "CUDA_HOME",
                                      "CUDA_PATH",
                                      "CUDA_ROOT",
                                      "CONDA_PREFIX",
                                      "CONDA_DEFAULT_ENV",
                                      "VIRTUAL_ENV",
                                      "PYTHONPATH",
                                      "PYTHONHOME",
                                      "UV_PROJECT_ENVIRONMENT",
                                      "PYTHONNOUSERSITE",
                                      "CUDA_FORCE_PTX_JIT",
                                      "CUDA_DISABLE_PTX_JIT",
                                      "CUDA_CACHE_DISABLE",
                                      "CUDA_CACHE_PATH",
                                      "CUDA_MODULE_LOADING",
                                      "CUDA_LAUNCH_BLOCKING",
                                      "CUDA_MPS_PIPE_DIRECTORY",
                                      "CUDA_MPS_ACTIVE_THREAD_PERCENTAGE",
                                      "TORCH_CUDA_ARCH_LIST",
                                      "PYTORCH_NVML_BASED_CUDA_CHECK",
                                      "PYTORCH_CUDA_ALLOC_CONF",
                                      "TF_CPP_MIN_LOG_LEVEL",
                                      "JAX_PLATFORMS",
                                      "JAX_PLATFORM_NAME",
                                      "XLA_FLAGS",
                                      "TRITON_PTXAS_PATH",
                                      "BNB_CUDA_VERSION",
                                      "HIP_VISIBLE_DEVICES",
                                      "CONDA_OVERRIDE_CUDA",
                                      "UV_TORCH_BACKEND",
                                      "CMAKE_CUDA_ARCHITECTURES",
                                      "CUDAHOSTCXX"};

// Repeated variables of NVIDIA's images: NVIDIA_REQUIRE_CUDA may be joined by others of its kind.
constexpr const char* kRequirements[] = {"NVIDIA_REQUIRE_DRIVER", "NVIDIA_REQUIRE_ARCH",
                                         "NVIDIA_REQUIRE_JETPACK"};

void ObserveFolders(Scene& scene, const std::string& variable) {
  for (const std::string& folder : PathList(scene.host, variable)) {
    if (folder.front() != '/') continue;
    if (!Exists(scene.host, folder)) scene.Miss("env." + variable + ".folder", folder);
  }
}

}  // namespace

void ObserveEnvironment(Scene& scene) {
  auto see = [&scene](const char* variable) {
    std::optional<std::string> value = scene.host.Env(variable);
    if (value) scene.See("env." + std::string(variable), *value, "environment");
  };
  for (const char* variable : kVariables) see(variable);
  for (const char* variable : kRequirements) see(variable);
  ObserveFolders(scene, "LD_LIBRARY_PATH");
}

}  // namespace cudacompat::probe
