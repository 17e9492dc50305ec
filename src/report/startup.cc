// What frameworks print when they find their cards: TensorFlow, JAX, Paddle, ggml, Ollama, bitsandbytes,
// numba, deviceQuery, ComfyUI, Ultralytics, PyTorch's own warnings.

#include <algorithm>

#include "base/text.h"
#include "report/packed_version.h"
#include "report/readers.h"
#include "report/regex.h"

namespace cudacompat::report {
namespace {

/// A card of a log: one entry per name and place, however often the log repeats it.
MachineGpu& LogCard(const std::string& name, int index, Draft& draft) {
  MachineGpu& gpu = index >= 0 ? draft.Gpu(Listing::kLog, index) : draft.NextGpu(Listing::kLog);
  if (!name.empty()) gpu.name = name;
  return gpu;
}

bool ReadTensorFlow(std::string_view text, Draft& draft) {
  static const Regex kCreated(
      R"(->\s+(?:physical GPU )?\(?device: (\d+), name: (.+?), pci bus id: ([0-9a-fA-F:.]+\d)(?:, compute capability: (\d+\.\d+))?)");
  static const Regex kIgnored(
      R"(Ignoring visible gpu device \(device: (\d+), name: (.+?), pci bus id: (\S+?), compute capability: (\d+\.\d+)\))");
  static const Regex kProperties(R"(pciBusID: (\S+) name: (.+?) computeCapability: (\d+\.\d+))");
  static const Regex kOldProperties(R"(^name: (.+?)(?:,)? major: (\d+),? minor: (\d+))");
  static const Regex kStream(R"(StreamExecutor device \((\d+)\): (.+?), Compute Capability (\d+\.\d+))");
  std::string name;
  std::string bus;
  std::string capability;
  std::string minor;
  int index = 0;
  if (kCreated.Find(text, &index, &name, &bus, &capability)) {
    MachineGpu& gpu = LogCard(name, index, draft);
    gpu.bus_id = bus;
    if (!capability.empty()) gpu.compute_capability = capability;
  } else if (kIgnored.Find(text, &index, &name, &bus, &capability)) {
    MachineGpu& gpu = LogCard(name, index, draft);
    gpu.bus_id = bus;
    gpu.compute_capability = capability;
    draft.Format("tensorflow-log", 25);
    return false;  // it is an error as well
  } else if (kProperties.Find(text, &bus, &name, &capability)) {
    bool listed = draft.HasGpus(Listing::kLog);
    if (listed && draft.ThisGpu(Listing::kLog).bus_id == bus) return true;
    bool open = listed && draft.section == "tf-device" && draft.ThisGpu(Listing::kLog).name.empty();
    MachineGpu& gpu = open ? draft.ThisGpu(Listing::kLog) : LogCard("", -1, draft);
    gpu.name = name;
    gpu.bus_id = bus;
    gpu.compute_capability = capability;
  } else if (kOldProperties.Find(text, &name, &capability, &minor)) {
    LogCard(name, -1, draft).compute_capability = capability + "." + minor;
  } else if (kStream.Find(text, &index, &name, &capability)) {
    LogCard(name, index, draft).compute_capability = capability;
  } else {
    return false;
  }
  draft.Format("tensorflow-log", 25);
  return true;
}

bool ReadTensorFlowVersions(std::string_view text, Draft& draft) {
  static const Regex kCudnn(R"(Loaded cuDNN version (\d+))");
  static const Regex kKernel(R"(kernel reported version is: (\d{3}\.[\d.]+))");
  static const Regex kLibcuda(R"(libcuda reported version is: (\d{3}\.[\d.]+))");
  std::string value;
  if (kCudnn.Find(text, &value)) {
    draft.Runtime("cudnn", DecodeCudnnVersion(value), "log");
    return true;
  }
  if (kKernel.Find(text, &value)) {
    draft.KernelDriver(value, Trust::kKernel);
    draft.Format("tensorflow-log", 25);
    return true;
  }
  if (kLibcuda.Find(text, &value)) {
    draft.Saw("libcuda", DriverNumber(value));
    draft.KernelDriver(value, Trust::kFramework);
    draft.Format("tensorflow-log", 25);
    return true;
  }
  return false;
}

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

bool ReadPytorchWarning(std::string_view text, Draft& draft) {
  static const Regex kFound(
      R"(Found GPU(\d+) (.+?) which is of (?:cuda|compute) capability (?:\(CC\) )?(\d+)\.(\d+))");
  static const Regex kNotCompatible(
      R"(^(?:.*Warning: )?(.{4,60}?) with CUDA capability sm_(\d+)(\d) is not compatible with the current PyTorch)");
  static const Regex kSupports(R"(current PyTorch install(?:ation)? supports CUDA capabilities ([^.]+))");
  static const Regex kInstalled(
      R"((?:Your installed torch==|PyTorch CUDA builds for release )(\d[\w.+]*\w))");
  static const Regex kPacked(R"(NVIDIA driver on your system is too old \(found version (\d+)\))");
  std::string name;
  std::string major;
  std::string minor;
  int index = 0;
  if (kFound.Find(text, &index, &name, &major, &minor)) {
    LogCard(std::string(Trim(name)), index, draft).compute_capability = major + "." + minor;
  } else if (kNotCompatible.Find(text, &name, &major, &minor)) {
    size_t colon = name.rfind(": ");
    if (colon != std::string::npos) name = name.substr(colon + 2);
    bool known = draft.HasGpus(Listing::kLog) && draft.ThisGpu(Listing::kLog).name == Trim(name);
    LogCard(std::string(Trim(name)), known ? 0 : -1, draft).compute_capability = major + "." + minor;
  } else if (kSupports.Find(text, &name)) {
    draft.Saw("torch.arch_list", name);
  } else if (kInstalled.Find(text, &name)) {
    draft.Package("torch", name, Trust::kFramework);
  } else if (kPacked.Find(text, &name)) {
    draft.CudaDriver(DecodeCudaVersion(name), Trust::kFramework);
  }
  return false;  // they are errors as well
}

bool ReadBitsandbytes(std::string_view text, Draft& draft) {
  static const Regex kHighest(
      R"((?i)highest[ _]compute[ _]capability(?:[ _]among GPUs detected)?\s*[:=]\s*(\(?[\d., ]+\)?))");
  static const Regex kVersion(R"(CUDA SETUP: Detected CUDA version (\d+))");
  static const Regex kSettings(R"(PyTorch settings found: CUDA_VERSION=(\d+))");
  static const Regex kSpecs(R"(cuda_version_tuple=\((\d+), ?(\d+)\))");
  std::string value;
  std::string minor;
  bool any = false;
  if (kHighest.Find(text, &value)) {
    // With several cards it is the highest one's, and was once compared as text: never of a card that has its
    // own.
    std::string capability = Capability(value);
    if (!capability.empty() && !draft.HasGpus(Listing::kLog)) {
      draft.Gpu(Listing::kPlain, 0).compute_capability = capability;
    }
    any = true;
  }
  if (kSpecs.Find(text, &value, &minor)) {
    draft.Saw("torch.cuda", value + "." + minor);
    any = true;
  } else if (kVersion.Find(text, &value) || kSettings.Find(text, &value)) {
    if (value.size() >= 2) draft.Saw("torch.cuda", value.substr(0, value.size() - 1) + "." + value.back());
    any = true;
  }
  if (any) draft.Format("bitsandbytes", 22);
  return any;
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

/// "device: 0, GPU Compute Capability: 7.5, Driver API Version: 11.2, Runtime API Version: 11.2"
bool ReadPaddle(std::string_view text, Draft& draft) {
  static const Regex kDevice(
      R"((?:device|Please NOTE: device): (\d+), (?:GPU Compute Capability|CUDA Capability): (\d+\.?\d*), Driver (?:API )?Version: (\d+\.\d+), Runtime (?:API )?Version: (\d+\.\d+))");
  std::string capability;
  std::string driver;
  std::string runtime;
  int index = 0;
  if (!kDevice.Find(text, &index, &capability, &driver, &runtime)) return false;
  draft.Gpu(Listing::kPlain, index).compute_capability = Capability(capability);
  draft.CudaDriver(driver, Trust::kFramework);
  draft.Runtime("cudart", runtime, "paddle");
  draft.Format("paddle-log", 24);
  return true;
}

/// TensorFlow 1 prints a card over several lines: "Found device 0 with properties:", "name: Tesla K80",
/// "major: 3 minor: 7".
bool ReadOldTensorFlow(std::string_view text, Draft& draft) {
  static const Regex kFound(R"(Found device (\d+) with properties:?)");
  static const Regex kMajor(R"(^major: (\d+) minor: (\d+))");
  std::string minor;
  std::string major;
  int index = 0;
  if (kFound.Find(text, &index)) {
    draft.section = "tf-device";
    draft.Gpu(Listing::kLog, index);
    draft.Format("tensorflow-log", 25);
    return true;
  }
  if (draft.section != "tf-device") return false;
  MachineGpu& gpu = draft.ThisGpu(Listing::kLog);
  if (StartsWith(text, "name: ") && !Contains(text, "major")) {
    gpu.name = std::string(Trim(text.substr(6)));
    return true;
  }
  if (kMajor.Find(text, &major, &minor)) {
    gpu.compute_capability = major + "." + minor;
    return true;
  }
  if (StartsWith(text, "pciBusID") && Contains(text, "name: "))
    return false;  // TensorFlow 2: all in one line
  return StartsWith(text, "pciBusID") || StartsWith(text, "Total memory") || StartsWith(text, "Free memory");
}

/// jax.print_environment_info(): "jax.devices (8 total, 8 local): [CudaDevice(id=0) CudaDevice(id=1) …]".
bool ReadJaxDevices(std::string_view text, Draft& draft) {
  static const Regex kDevices(R"((?i)^jax\.(?:local_)?devices(?: ?\([^)]*\))?\s*[:=]?\s*\[\s*([A-Za-z_]+))");
  std::string kind;
  if (!kDevices.Find(text, &kind)) return false;
  std::string lower = ToLower(kind);
  draft.Format("jax", 23);
  if (StartsWith(lower, "cuda") || StartsWith(lower, "gpu")) {
    draft.Available("true", Trust::kReport);
    draft.jax_cuda = true;
  } else if (StartsWith(lower, "rocm")) {
    draft.OtherVendor("amd");
  } else if (StartsWith(lower, "cpu") || StartsWith(lower, "tfrt_cpu")) {
    draft.Available("false", Trust::kReport);
  }
  return true;
}

/// One-line banners: Ultralytics "… Python-3.8.10 torch-1.13.1+cu117 CUDA:0 (Tesla T4, 15102MiB)", vLLM, NGC.
bool ReadBanners(std::string_view text, Draft& draft) {
  static const Regex kTorch(R"((?:^|\s)torch[- ](\d+\.\d+\.\d+[\w.+]*))");
  static const Regex kPython(R"(Python-(\d+\.\d+\.\d+))");
  static const Regex kDevice(R"(CUDA:(\d+) \(([^,()]+(?:\([^)]*\))?[^,()]*), (\d+)[\d.]*Mi?B\))");
  static const Regex kComfy(R"(^(?:[-*] )?(?:Device|Name): cuda:(\d+) (.+?)(?: : .*)?$)");
  static const Regex kNgc(R"(^(PyTorch|TensorFlow) Version (\d\S+)(?: \(.*\))?$)");
  static const Regex kVllm(R"((?:vLLM API server version|LLM engine \(v)\s*(\d[\w.+]*))");
  std::string first;
  std::string second;
  int index = 0;
  bool any = false;
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

/// Unsloth's banner, in which "CUDA:" is the card's capability: "Tesla T4. Num GPUs = 1. Max memory: …" above
/// "Torch: 2.6.0+cu124. CUDA: 7.5. CUDA Toolkit: 12.4."
bool ReadUnsloth(std::string_view text, Draft& draft) {
  static const Regex kCard(
      R"((?:GPU: |\s{2,})([A-Z][\w ()-]*\w\)?)\. (?:Num GPUs = (\d+)\. )?Max memory: ([\d.]+) GB\.)");
  static const Regex kTorch(
      R"((?:Torch|Pytorch): (\d[\w.+]*\w)\. CUDA(?::| =) (\d{1,2}\.\d)\. CUDA Toolkit(?::| =) (\d+\.\d+))");
  std::string first;
  std::string second;
  std::string third;
  if (kCard.Find(text, &first, &second, &third)) {
    MachineGpu& gpu = draft.Gpu(Listing::kLog, 0);
    gpu.name = first;
    if (!second.empty() && second.size() < 4) gpu.count = std::stoi(second);
    gpu.memory_mib = MemoryMib(third + " GiB");
  } else if (kTorch.Find(text, &first, &second, &third)) {
    draft.Package("torch", first, Trust::kFramework);
    draft.Gpu(Listing::kLog, 0).compute_capability = second;
  } else {
    return false;
  }
  draft.Format("unsloth", 20);
  return true;
}

/// CUDA.versioninfo() of Julia: "CUDA driver 12.6", "NVIDIA driver 560.35.3", "0: NVIDIA A100 (sm_80, 39 GiB
/// …", earlier "- Quadro RTX 5000 (14.251 GiB, sm_75)".
bool ReadJulia(std::string_view text, Draft& draft) {
  static const Regex kDevice(
      R"(^(?:- |\d+: )(\S.*?) \((?:sm_(\d+), [\d.]+ [GM]iB.*|[\d.]+ [GM]iB.*, sm_(\d+))\)$)");
  static const Regex kCuda(R"(^CUDA driver (\d+\.\d+)(?:\.\d+)?$)");
  static const Regex kDriver(R"(^NVIDIA driver (\d{3}\.[\d.]+)$)");
  static const Regex kToolkit(R"(^CUDA (?:toolkit|runtime) (\d+\.\d+(?:\.\d+)?), )");
  std::string name;
  std::string first;
  std::string second;
  if (kDevice.Find(text, &name, &first, &second))
    LogCard(name, -1, draft).compute_capability = Capability("sm_" + first + second);
  else if (kCuda.Find(text, &first))
    draft.CudaDriver(first, Trust::kFramework);
  else if (kDriver.Find(text, &first))
    draft.KernelDriver(first, Trust::kFramework);
  else if (kToolkit.Find(text, &first))
    draft.Runtime("cudart", first, "CUDA.jl");
  else
    return false;
  draft.Format("julia", 24);
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

}  // namespace

bool ReadStartup(const Line& line, Draft& draft) {
  std::string_view text = line.text;
  // Most lines of a log are none of these; words are cheaper than patterns.
  static constexpr std::string_view kWords[] = {
      "Cuda",  "GPU",  "gpu",    "CUDA", "cuda",   "evice", "name:", "orch",   "cuDNN", "major:", "id ",
      "ensor", "jax.", "Total ", "nvcc", "ersion", "lib",   "YOLO",  "pciBus", "emory", "sm_"};
  bool any = std::any_of(std::begin(kWords), std::end(kWords),
                         [&](std::string_view word) { return Contains(text, word); });
  if (!any) return false;
  if (text.size() > 4000) text = text.substr(0, 4000);
  ReadPytorchWarning(text, draft);
  ReadLibcudaName(text, draft);
  return ReadOldTensorFlow(text, draft) || ReadTensorFlow(text, draft) ||
         ReadTensorFlowVersions(text, draft) || ReadGgml(text, draft) || ReadBitsandbytes(text, draft) ||
         ReadNumba(text, draft) || ReadJaxDevices(text, draft) || ReadDeviceQuery(text, draft) ||
         ReadPaddle(text, draft) || ReadUnsloth(text, draft) || ReadJulia(text, draft) ||
         ReadDarknet(text, draft) || ReadBanners(text, draft) || ReadToolkit(text, draft);
}

}  // namespace cudacompat::report
