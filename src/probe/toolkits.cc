// Toolkits on disk: what compiles, not what runs. Each folder once, with the version its own files state.
#include "base/text.h"
#include "probe/scene.h"
#include "probe/toolkit_folder.h"

namespace cudacompat::probe {
namespace {

void AddNvccOnPath(Scene& scene, ToolkitFolders* toolkits) {
  for (const std::string& folder : PathList(scene.host, "PATH")) {
    if (folder.front() != '/') continue;
    std::string nvcc = folder + "/nvcc";
    std::string real = RealPath(scene.host, nvcc);
    if (real.empty()) continue;
    scene.See("nvcc", real, nvcc);
    std::string bin = ParentPath(real);
    // Debian's nvcc is a script in /usr/bin beside headers in /usr/include: that is no folder of a toolkit.
    if (bin != "/usr/bin" && bin != "/bin") toolkits->Add(ParentPath(bin));
    return;
  }
  if (!scene.Env("PATH").empty()) scene.Miss("nvcc", "PATH");
}

}  // namespace

void ObserveToolkits(Scene& scene) {
  ToolkitFolders toolkits(scene, "/bin/nvcc");
  for (const char* variable : {"CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "CUDAToolkit_ROOT"}) {
    std::string folder = scene.Env(variable);
    if (folder.empty()) continue;
    if (IsDirectory(scene.host, folder)) {
      toolkits.Add(folder);
    } else {
      scene.Miss("toolkit." + std::string(variable), folder);
    }
  }
  AddNvccOnPath(scene, &toolkits);
  for (const std::string& name : scene.host.List("/usr/local", HasPrefix("cuda"))) {
    toolkits.Add("/usr/local/" + name);
  }
  for (const char* folder : {"/opt/cuda", "/usr/lib/nvidia-cuda-toolkit", "/usr/lib/cuda"})
    toolkits.Add(folder);
  for (const std::string& platform : scene.host.List("/opt/nvidia/hpc_sdk", HasPrefix("Linux_"))) {
    std::string sdk = "/opt/nvidia/hpc_sdk/" + platform;
    for (const std::string& release : scene.host.List(sdk, AnyName())) {
      std::string cuda = sdk + "/" + release + "/cuda";
      for (const std::string& version : scene.host.List(cuda, AnyName())) {
        if (IsDigit(version.front())) toolkits.Add(cuda + "/" + version);
      }
    }
  }
  std::string prefix = scene.Env("CONDA_PREFIX");
  if (!prefix.empty() && Exists(scene.host, prefix + "/bin/nvcc")) toolkits.Add(prefix);
  std::string debian =
      VersionInHeader(scene.host.Read("/usr/include/cuda.h", kHeaderStart).text, "CUDA_VERSION");
  if (!debian.empty()) {
    scene.machine.toolkits.push_back({"toolkit", debian, "/usr/include"});
    scene.See("toolkit", debian, "/usr/include/cuda.h");
  }
}

}  // namespace cudacompat::probe
