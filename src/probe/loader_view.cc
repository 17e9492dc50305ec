// The libraries of the driver and of CUDA as a program would find them: every candidate of libcuda and NVML
// with its kind, which one wins, and the CUDA runtimes on the loader's path.
#include <set>

#include "base/text.h"
#include "probe/loader.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

constexpr int64_t kLargestStub =
    512 * 1024;  // a real libcuda has tens of megabytes, the toolkit's stub 70 KB

bool IsElf(const Host& host, const std::string& path) {
  return StartsWith(host.Read(path, 8).text,
                    "\x7f"
                    "ELF");
}

// What a runtime put there from outside is a mount of its own.
bool IsMounted(const std::string& mounts, const std::string& path) {
  return !mounts.empty() && Contains(mounts, " " + path + " ");
}

std::string VersionOf(const Host& host, const std::string& soname, const std::string& real) {
  std::string name = BaseName(real);
  std::string stem = soname.substr(0, soname.find(".so"));
  auto version_in = [](const std::string& file) {
    size_t so = file.find(".so.");
    std::string version = so == std::string::npos ? "" : file.substr(so + 4);
    // Driver numbers have three digits and more in front: "1" and "1.1" are sonames.
    return version.size() > 4 && version.find('.') >= 3 && CleanVersion(version) == version ? version : "";
  };
  std::string version = version_in(name);
  if (!version.empty()) return version;
  for (const char* sibling : {"", "libnvidia-ptxjitcompiler", "libnvidia-ml"}) {
    std::string prefix = (*sibling == '\0' ? stem : sibling) + std::string(".so.");
    for (const std::string& file : host.List(ParentPath(real), HasPrefix(prefix))) {
      version = version_in(file);
      if (!version.empty()) return version;
    }
  }
  return "";
}

std::string KindOf(Scene& scene, const std::string& mounts, const MachineLibrary& library) {
  if (library.real.empty()) return "dangling";
  std::string both = library.path + " " + library.real;
  if (Contains(both, "/stubs/")) return "stub";
  if (Contains(both, "/wsl/")) return "wsl";
  if (Contains(library.real, "/compat/") || Contains(both, "/cuda-compat")) return "compat";
  if (Contains(library.path, "/compat/") || Contains(library.real, "/compat_orin/")) return "compat";
  if (Contains(both, "/tegra/") || Contains(both, "aarch64-linux-gnu/nvidia/")) return "tegra";
  Node node = scene.host.Stat(library.real);
  if (node.size == 0) return "empty";
  if (library.name == "libcuda" && node.size < kLargestStub && IsElf(scene.host, library.real)) return "stub";
  if (IsMounted(mounts, library.real) || IsMounted(mounts, library.path)) return "injected";
  return "system";
}

void ObserveDriverLibrary(Scene& scene, const Loader& loader, const std::string& mounts,
                          const std::string& name, const std::string& soname) {
  std::set<std::string> known;
  bool won = false;
  for (const Found& found : loader.Find(soname)) {
    MachineLibrary library{name, "", "", found.by, found.path, RealPath(scene.host, found.path), false};
    if (!library.real.empty() && !known.insert(library.real).second) continue;
    library.kind = KindOf(scene, mounts, library);
    if (!library.real.empty()) library.version = VersionOf(scene.host, soname, library.real);
    // ldconfig and the loader pass a dangling link over.
    library.wins = !won && library.kind != "dangling";
    if (library.wins) {
      won = true;
      scene.See(name, library.version, library.path);
      scene.See(name + ".kind", library.kind, library.real);
      scene.See(name + ".by", library.by, library.path);
    } else {
      scene.See(name + ".other", library.kind, library.path);
    }
    scene.machine.libraries.push_back(std::move(library));
  }
  if (!won) scene.Miss(name, soname);
}

// Driver libraries that lie where no loader looks: a fix is then a path, not an installation.
void ObserveUnreached(Scene& scene, const std::string& arch) {
  if (scene.Has("libcuda")) return;
  for (const std::string& folder :
       {std::string("/usr/lib/wsl/lib"), std::string("/usr/local/nvidia/lib64"),
        "/usr/lib/" + arch + "-linux-gnu/nvidia/current", "/usr/lib/" + arch + "-linux-gnu/tegra",
        "/usr/lib/" + arch + "-linux-gnu/nvidia", std::string("/usr/lib64/nvidia"),
        std::string("/run/opengl-driver/lib"), std::string("/usr/lib64-nvidia"),
        std::string("/opt/nvidia/lib64"), std::string("/home/kubernetes/bin/nvidia/lib64"),
        "/run/nvidia/driver/usr/lib/" + arch + "-linux-gnu", std::string("/run/nvidia/driver/usr/lib64"),
        std::string("/usr/local/cuda/compat")}) {
    std::string path = folder + "/libcuda.so.1";
    if (Exists(scene.host, path)) scene.See("libcuda.unreached", "", path);
  }
}

struct Runtime {
  const char* name;
  const char* prefix;
};

// The names of the libraries, without any version: which file holds which version is what is looked for.
constexpr Runtime kRuntimes[] = {
    {"cudart", "libcudart.so."},     {"cublas", "libcublas.so."},
    {"cublasLt", "libcublasLt.so."}, {"cudnn", "libcudnn.so."},
    {"cufft", "libcufft.so."},       {"curand", "libcurand.so."},
    {"cusolver", "libcusolver.so."}, {"cusparse", "libcusparse.so."},
    {"nvrtc", "libnvrtc.so."},       {"nvjitlink", "libnvJitLink.so."},
    {"nccl", "libnccl.so."},         {"cupti", "libcupti.so."},
    {"tensorrt", "libnvinfer.so."},  {"cusparselt", "libcusparseLt.so."},
};

const Runtime* RuntimeOf(std::string_view file) {
  for (const Runtime& runtime : kRuntimes) {
    if (StartsWith(file, runtime.prefix)) return &runtime;
  }
  return nullptr;
}

// "#define CUDNN_MAJOR 9" and its like: libcudnn.so.9 is all that many packages call the file.
std::string HeaderVersion(const Host& host, const std::string& folder, const std::string& header,
                          const std::string& prefix) {
  for (const std::string& include : {ParentPath(folder) + "/include/", std::string("/usr/include/"),
                                     std::string("/usr/include/x86_64-linux-gnu/")}) {
    std::string text = host.Read(include + header, kSmallFile).text;
    std::string version;
    for (const char* part : {"MAJOR ", "MINOR ", "PATCH"}) {
      std::string line = TextBetween(text, "#define " + prefix + part, "\n");
      size_t digit = line.find_first_of("0123456789");  // PATCH or PATCHLEVEL stands before the last number
      std::string number = digit == std::string::npos ? "" : CleanVersion(line.substr(digit));
      if (number.empty()) break;
      version += (version.empty() ? "" : ".") + number;
    }
    if (!version.empty()) return version;
  }
  return "";
}

void AddRuntime(Scene& scene, const std::string& path, const std::string& by, std::set<std::string>* known) {
  const Runtime* runtime = RuntimeOf(BaseName(path));
  std::string real = RealPath(scene.host, path);
  if (runtime == nullptr || real.empty() || !known->insert(real).second) return;
  std::string file = BaseName(real);
  size_t so = file.find(".so.");
  std::string version = CleanVersion(so == std::string::npos ? "" : file.substr(so + 4));
  if (Contains(real, "/stubs/")) return;
  if (!Contains(version, ".")) {
    std::string more;
    std::string name = runtime->name;
    if (name == "cudnn") more = HeaderVersion(scene.host, ParentPath(real), "cudnn_version.h", "CUDNN_");
    if (name == "nccl") more = HeaderVersion(scene.host, ParentPath(real), "nccl.h", "NCCL_");
    if (StartsWith(more, version + "."))
      version = more;  // headers of another release say nothing of this file
  }
  scene.machine.runtimes.push_back({runtime->name, version, path});
  scene.See("runtime." + std::string(runtime->name), by, path);
}

void ObserveRuntimes(Scene& scene, const Loader& loader) {
  std::set<std::string> known;
  auto ours = [](std::string_view name) { return RuntimeOf(name) != nullptr; };
  auto list = [&](bool path_variable) {
    for (const Found& folder : loader.folders()) {
      if ((folder.by == "LD_LIBRARY_PATH") != path_variable) continue;
      if (loader.has_cache() && !path_variable) continue;  // the cache has said it all
      for (const std::string& name : scene.host.List(folder.path, ours)) {
        AddRuntime(scene, folder.path + "/" + name, folder.by, &known);
      }
    }
  };
  list(true);
  for (const CacheEntry& entry : loader.cache()) {
    if (ours(entry.name)) AddRuntime(scene, entry.path, "ld.so.cache", &known);
  }
  list(false);
}

}  // namespace

void ObserveLoader(Scene& scene) {
  Loader loader(scene.host, scene.arch);
  for (const std::string& problem : loader.problems()) scene.Problem(problem);
  std::string mounts = scene.host.Read("/proc/self/mountinfo", kLargeFile).text;
  ObserveDriverLibrary(scene, loader, mounts, "libcuda", "libcuda.so.1");
  ObserveDriverLibrary(scene, loader, mounts, "libnvidia-ml", "libnvidia-ml.so.1");
  ObserveDriverLibrary(scene, loader, mounts, "libnvidia-ptxjitcompiler", "libnvidia-ptxjitcompiler.so.1");
  ObserveUnreached(scene, scene.arch);
  ObserveRuntimes(scene, loader);
}

}  // namespace cudacompat::probe
