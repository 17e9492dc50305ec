// What ggml, Ollama, numba, deviceQuery, Julia, darknet, nvcc and one-line banners print.
#include "report/startup.h"

#include "base/text.h"
#include "report/packed_version.h"
#include "report/readers.h"
#include "report/regex.h"

namespace cudacompat::report {

bool ReadGgml(std::string_view text, Draft& draft) {
  static const Regex kDevice(R"(Device (\d+): (.+?), compute capability (\d+\.\d+))");
  static const Regex kOllama(R"(inference compute"?.*?library=(\w+).*?(?:compute|name)=)");
  static const Regex kCompute(R"(\bcompute=(\d+\.\d+))");
  static const Regex kDriver(R"(\bdriver=(\d+\.\d+))");
  static const Regex kName(R"((?:\bname|description)="([^"]+)\")");
  static const Regex kTotal(R"re(\btotal="([^"]+)")re");
  static const Regex kInit(R"(found (\d+) CUDA devices)");
  std::string name;
  std::string capability;
  int index = 0;
  if (kDevice.Find(text, &index, &name, &capability)) {
    LogCard(name, index, draft).compute_capability = capability;
    draft.Format("ggml-log", 26);
    return true;
  }
  std::string library;
  if (Contains(text, "inference compute") && kOllama.Find(text, &library)) {
    draft.Format("ollama-log", 27);
    if (ToLower(library) == "cpu") return true;
    if (ToLower(library) == "rocm") draft.OtherVendor("amd");
    // "CUDA0" is a name too, in newer logs; the description beside it is the card's.
    std::string card;
    std::string_view rest = text;
    while (kName.FindAndConsume(&rest, &card)) {
      if (!StartsWith(card, "CUDA")) name = card;
    }
    MachineGpu& gpu = LogCard(name, -1, draft);
    if (kCompute.Find(text, &capability)) gpu.compute_capability = capability;
    std::string value;
    if (kTotal.Find(text, &value)) gpu.memory_mib = MemoryMib(value);
    if (kDriver.Find(text, &value)) draft.CudaDriver(value, Trust::kFramework);
    return true;
  }
  if (kInit.Find(text)) {
    draft.Format("ggml-log", 26);
    return true;
  }
  return false;
}

/// "libcuda.so.570.86.16" in passing: the user-mode half, which is the kernel's number unless a compat
/// package is in use.
void ReadLibcudaName(std::string_view text, Draft& draft) {
  static const Regex kName(R"(libcuda\.so\.(\d{3}\.\d{2,3}(?:\.\d{2,3})?))");
  static const Regex kPath(R"((^|=> ?)(/\S*/libcuda\.so\S*)$)");
  std::string version;
  std::string listed;
  std::string path;
  if (Contains(text, "/libcuda.so") && kPath.Find(text, &listed, &path)) {
    // Mapped files ("Mapped libcuda.so paths:" of numba) are all in use; of a loader's list the first is.
    if (StartsWith(path, "/usr/lib/wsl/")) {
      draft.wsl_libcuda = true;
      draft.System("wsl", Trust::kReport);
    } else if (!Contains(path, "/stubs/") && !Contains(path, "compat") && !Contains(path, "tegra") &&
               draft.linux_libcuda.empty() && (listed.empty() || !draft.wsl_libcuda)) {
      draft.linux_libcuda = path;
    }
  }
  if (!Contains(text, "libcuda.so.") || !kName.Find(text, &version)) return;
  draft.Saw("libcuda", version);
  draft.KernelDriver(version, Trust::kInstalled);
}

bool ReadNumba(std::string_view text, Draft& draft) {
  static const Regex kDevice(R"(^id (\d+)\s+b?'([^']+)'\s+\[(\w[\w ()]*)\])");
  static const Regex kFound(R"(^Found \d+ CUDA devices)");
  std::string name;
  int index = 0;
  if (kDevice.Find(text, &index, &name)) {
    LogCard(name, index, draft);
    draft.Format("numba", 24);
    draft.section = "log-card";
    return true;
  }
  return kFound.Find(text);
}

bool ReadDeviceQuery(std::string_view text, Draft& draft) {
  static const Regex kDevice(R"re(^Device (\d+): "([^"]+)")re");
  static const Regex kVersions(R"(CUDA Driver Version / Runtime Version\s+(\d+\.\d+) / (\d+\.\d+))");
  static const Regex kCapability(R"(CUDA Capability Major/Minor version number:\s*(\d+\.\d+))");
  static const Regex kMemory(R"(Total amount of global memory:\s*(\d+) MBytes)");
  std::string first;
  std::string second;
  int index = 0;
  if (kDevice.Find(text, &index, &first))
    LogCard(first, index, draft);
  else if (kVersions.Find(text, &first, &second)) {
    draft.CudaDriver(first, Trust::kTool);
    draft.Runtime("cudart", second, "deviceQuery");
  } else if (kCapability.Find(text, &first))
    draft.ThisGpu(Listing::kLog).compute_capability = first;
  else if (kMemory.Find(text, &first))
    draft.ThisGpu(Listing::kLog).memory_mib = MemoryMib(first + " MB");
  else
    return false;
  draft.Format("deviceQuery", 28);
  return true;
}

/// One-line banners: Ultralytics "… Python-3.8.10 torch-1.13.1+cu117 CUDA:0 (Tesla T4, 15102MiB)", vLLM, NGC.
bool ReadBanners(std::string_view text, Draft& draft) {
  static const Regex kTorch(R"((?:^|\s)torch[- ](\d+\.\d+\.\d+[\w.+]*))");
  static const Regex kPython(R"(Python-(\d+\.\d+\.\d+))");
  static const Regex kDevice(R"(CUDA:(\d+) \(([^,()]+(?:\([^)]*\))?[^,()]*), (\d+)[\d.]*Mi?B\))");
  static const Regex kWarp(R"re(\bcuda:(\d+)"?\s*: "?([^"(]+?)"? \((\d+) GiB, sm_(\d{2,3}))re");
  static const Regex kWarpToolkit(R"(^\s*CUDA Toolkit (\d+\.\d+), Driver (\d+\.\d+)$)");
  static const Regex kComfy(R"(^(?:[-*] )?(?:Device|Name): cuda:(\d+) (.+?)(?: : .*)?$)");
  static const Regex kNgc(R"(^(PyTorch|TensorFlow) Version (\d\S+)(?: \(.*\))?$)");
  static const Regex kVllm(R"((?:vLLM API server version|LLM engine \(v)\s*(\d[\w.+]*))");
  std::string first;
  std::string second;
  int index = 0;
  bool any = false;
  static const Regex kEntry(R"re(^cuda:(\d+)"?\s*: ((?:NVIDIA|GeForce|Quadro|Tesla) [^:"]+)$)re");
  std::string target;
  if (StartsWith(text, "cuda:") && kEntry.Find(text, &index, &first)) {  // an entry, cut from its quotes
    LogCard(first, index, draft);
    draft.Format("warp", 24);
    return true;
  }
  if (Contains(text, " GiB, sm_") && kWarp.Find(text, &index, &first, &second, &target)) {
    LogCard(first, index, draft).compute_capability = Capability("sm_" + target);
    draft.Format("warp", 24);
    return true;
  }
  if (Contains(text, ", Driver ") && kWarpToolkit.Find(text, &first, &second)) {
    draft.Runtime("cudart", first, "warp");
    draft.CudaDriver(second, Trust::kFramework);
    return true;
  }
  if (kDevice.Find(text, &index, &first, &second)) {
    LogCard(first, index, draft).memory_mib = MemoryMib(second + " MB");
    any = true;
  }
  if (any || Contains(text, "YOLO") || Contains(text, "Ultralytics")) {
    if (kTorch.Find(text, &first)) draft.Package("torch", first, Trust::kFramework);
    if (kPython.Find(text, &first)) draft.Python(first, Trust::kFramework);
    if (any) draft.Format("ultralytics", 20);
    return any;
  }
  if (kComfy.Find(text, &index, &first)) {
    LogCard(first, index, draft);
    draft.Format("comfyui-log", 21);
    return true;
  }
  if (kNgc.Find(text, &first, &second)) {
    draft.Package(first == "PyTorch" ? "torch" : "tensorflow", second, Trust::kReport);
    draft.Platform("container", Trust::kGuess);
    return true;
  }
  if (kVllm.Find(text, &first)) {
    draft.Package("vllm", first, Trust::kFramework);
    return true;
  }
  return false;
}

/// CUDA.versioninfo() of Julia: "CUDA driver 12.6", "NVIDIA driver 560.35.3", "0: NVIDIA A100 (sm_80, 39 GiB
/// …", earlier "- Quadro RTX 5000 (14.251 GiB, sm_75)".
bool ReadJulia(std::string_view text, Draft& draft) {
  static const Regex kDevice(
      R"(^(?:- |\d+: )(\S.*?) \((?:sm_(\d+), [\d.]+ [GM]iB.*|[\d.]+ [GM]iB.*, sm_(\d+))\)$)");
  static const Regex kCuda(R"(^(?:- )?CUDA driver (\d{1,2}\.\d+)(?:\.\d+)?$)");
  static const Regex kDriver(R"(^(?:- )?(?:NVIDIA|CUDA) driver (\d{3}\.[\d.]+)$)");
  static const Regex kToolkit(
      R"(^(?:- runtime|CUDA (?:toolkit|runtime)) (\d+\.\d+(?:\.\d+)?), (?:local|artifact) installation)");
  static const Regex kDriverFor(R"(^- driver (\d{3}\.[\d.]+) for (\d+\.\d+)$)");
  static const Regex kList(R"(^- [\w.]+: \S+$)");
  // Of Julia's own packages CUDA is one: its number is no toolkit's.
  if (text == "Julia packages:" || (text == "Packages:" && draft.Has("julia"))) {
    draft.section = "julia-packages";
    return true;
  }
  if (draft.section == "julia-packages") {
    if (kList.Find(text)) return true;
    draft.section.clear();
  }
  std::string name;
  std::string first;
  std::string second;
  if (kDevice.Find(text, &name, &first, &second))
    LogCard(name, -1, draft).compute_capability = Capability("sm_" + first + second);
  else if (kCuda.Find(text, &first))
    draft.CudaDriver(first, Trust::kFramework);
  else if (kDriver.Find(text, &first))
    draft.KernelDriver(first, Trust::kFramework);
  else if (kDriverFor.Find(text, &first, &second)) {
    draft.KernelDriver(first, Trust::kFramework);
    draft.CudaDriver(second, Trust::kFramework);
  } else if (kToolkit.Find(text, &first))
    draft.Runtime("cudart", first, "report");
  else
    return false;
  draft.Format("julia", 24);
  return true;
}

/// "#0: NVIDIA Tesla P100-PCIE-16GB, compute cap.: 6.0, ECC: yes, stat: compatible" (GROMACS), "CUDA device
/// 0: [Quadro RTX 4000]; cc: [7.5]; Total memory: [8343912448]" (ND4J), "Torch detected GPU: NVIDIA GeForce
/// RTX 5090 VRAM 32606 Arch (12, 0) Cores 170" (kohya), "Device: device=NVIDIA GeForce GTX 1070 n=1
/// arch=sm_90 cap=(6, 1) cuda=12.4 cudnn=90100 driver=560.35.03" (SD.Next, whose arch is the build's newest),
/// and two lines of every Xorg.0.log.
bool ReadCardLines(std::string_view text, Draft& draft) {
  static const Regex kGromacs(R"(^#(\d{1,3}): NVIDIA (?:NVIDIA )?(\S.*?), compute cap\.: (\d+\.\d))");
  static const Regex kBrackets(R"(^CUDA device (\d{1,3}): \[([^\]]+)\](?:; cc: \[(\d+\.\d)\])?)");
  static const Regex kDetected(R"(\bdetected GPU: (\S.*?) VRAM \d+(?: MB)? Arch \((\d+), (\d)\) Cores \d+)");
  static const Regex kPairs(R"re(\bdevice="?((?:NVIDIA|GeForce|Quadro|Tesla) [^="]+?)"? n=\d+ )re");
  static const Regex kCap(R"(\bcap=\((\d+), (\d)\))");
  static const Regex kDriver(R"(\bcudnn=\d+\s+driver=(\d{3}\.\d+(?:\.\d+)?)\b)");
  static const Regex kXorg(
      R"(\bNVIDIA\((?:GPU-)?(\d)\): NVIDIA GPU (?:NVIDIA )?(\S.*?) (?:\([A-Z0-9-]+\) )?at PCI:)");
  static const Regex kXorgDriver(R"(\bNVIDIA dlloader X Driver  ?(\d{3}\.\d+(?:\.\d+)?) )");
  static const Regex kBuilt(R"(^(?:ND4J )?CUDA build version: (\d+\.\d+(?:\.\d+)?)$)");
  static const Regex kName(R"(^name=((?:NVIDIA|GeForce|Quadro|Tesla) [^=]+)$)");
  static const Regex kHave(R"(^PyTorch \S+ with CUDA \d+ \(you have (\d+\.\d[\w.+]*)\))");
  std::string first;
  std::string second;
  std::string third;
  int index = 0;
  if (kHave.Find(text, &first)) {  // xformers: what it was built for, and what is installed
    draft.Package("torch", first, Trust::kReport);
    return false;  // an error as well
  }
  if (kGromacs.Find(text, &index, &first, &second) || kBrackets.Find(text, &index, &first, &second)) {
    MachineGpu& gpu = LogCard(first, index, draft);
    if (!second.empty()) gpu.compute_capability = second;
  } else if (kDetected.Find(text, &first, &second, &third)) {
    LogCard(first, -1, draft).compute_capability = second + "." + third;
  } else if (kPairs.Find(text, &first)) {
    MachineGpu& gpu = LogCard(first, -1, draft);
    if (kCap.Find(text, &second, &third)) gpu.compute_capability = second + "." + third;
    if (kDriver.Find(text, &first)) draft.KernelDriver(first, Trust::kReport);
  } else if (kDriver.Find(text, &first)) {
    draft.KernelDriver(first, Trust::kReport);
  } else if (kXorg.Find(text, &index, &first)) {
    LogCard(first, index, draft);
  } else if (kXorgDriver.Find(text, &first)) {
    draft.KernelDriver(first, Trust::kReport);
  } else if (kBuilt.Find(text, &first)) {
    draft.Runtime("cudart", first, "report");
  } else if (kName.Find(text, &first)) {
    LogCard(first, -1, draft);
  } else {
    return false;
  }
  return true;
}

/// darknet: "CUDA-version: 12020 (12020), cuDNN: 8.9.4, GPU count: 1" (runtime, driver) and "0 :
/// compute_capability = 860, cudnn_half = 1, GPU: NVIDIA GeForce RTX 3060".
bool ReadDarknet(std::string_view text, Draft& draft) {
  static const Regex kVersions(R"(CUDA-version: (\d{4,5}) \((\d{4,5})\))");
  static const Regex kDevice(R"((\d+) : compute_capability = (\d{2,3})0, cudnn_half = \d, GPU: (.+?)\s*$)");
  std::string first;
  std::string second;
  std::string name;
  if (kVersions.Find(text, &first, &second)) {
    draft.Runtime("cudart", DecodeCudaVersion(first), "darknet");
    draft.CudaDriver(DecodeCudaVersion(second), Trust::kFramework);
  } else if (kDevice.Find(text, &first, &second, &name)) {
    LogCard(name, std::stoi(first.substr(0, 4)), draft).compute_capability = Capability(second);
  } else {
    return false;
  }
  draft.Format("darknet", 24);
  return true;
}

/// nvcc --version, and libraries named by their files.
bool ReadToolkit(std::string_view text, Draft& draft) {
  static const Regex kRelease(R"(Cuda compilation tools, release (\d+\.\d+)(?:, V(\d+\.\d+\.\d+))?)");
  static const Regex kBuild(R"(^Build cuda_(\d+\.\d+)\.r)");
  static const Regex kOldBuild(R"(^nvcc: NVIDIA)");
  static const Regex kLibrary(
      R"(^(?:\S*[/\\])?(?:lib)?(cudnn|cudart|cublas|nccl|cublasLt|cufft|cusparse|cusolver|nvrtc|curand)(?:_\w+)?(?:\.so\.|64_)(\d+(?:\.\d+)*)(?:\.dll)?$)");
  static const Regex kFolder(R"(^/usr/local/cuda-(\d+\.\d+)/?$)");
  std::string version;
  std::string full;
  if (kRelease.Find(text, &version, &full)) {
    draft.Toolkit(full.empty() ? version : full, "nvcc");
    draft.Format("nvcc", 15);
    return true;
  }
  if (kBuild.Find(text, &version) || kFolder.Find(text, &version)) {
    draft.Toolkit(version, StartsWith(text, "/") ? text : "nvcc");
    return true;
  }
  if (kLibrary.Find(text, &version, &full)) {
    if (StartsWith(text, "/") || Contains(text, ":\\")) draft.Runtime(version, full, text);
    return true;
  }
  return kOldBuild.Find(text);
}

}  // namespace cudacompat::report
