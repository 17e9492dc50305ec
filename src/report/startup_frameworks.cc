// What TensorFlow, JAX, PyTorch, Paddle, bitsandbytes and Unsloth print of their cards and versions.
#include "report/startup.h"

#include <algorithm>
#include <initializer_list>

#include "base/text.h"
#include "report/packed_version.h"
#include "report/readers.h"
#include "report/regex.h"

namespace cudacompat::report {

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
    draft.tensorflow_gpu = true;
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
    draft.xla_cuda = true;
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

namespace {

/// What JAX runs on: "CudaDevice", "gpu", "TFRT_CPU_0", "NVIDIA A100-SXM4-40GB".
void TakeJaxKind(const std::string& kind, Draft& draft) {
  std::string lower = ToLower(kind);
  auto any = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return Contains(lower, word); });
  };
  if (any({"rocm", "amd ", "gfx", "radeon", "instinct"})) {
    draft.OtherVendor("amd");
  } else if (any({"cpu"})) {
    draft.Available("false", Trust::kReport);
  } else if (any({"cuda", "gpu", "nvidia", "geforce", "quadro", "tesla"})) {
    draft.Available("true", Trust::kReport);
    draft.jax_cuda = true;
  }
}

}  // namespace

/// jax.print_environment_info(), "jax.devices (8 total, 8 local): [CudaDevice(id=0) CudaDevice(id=1) …]" and
/// today's "device info: NVIDIA A100-SXM4-40GB-1, 1 local devices""; a printed list of its devices; its
/// backend.
bool ReadJaxDevices(std::string_view text, Draft& draft) {
  static const Regex kDevices(R"((?i)^jax\.(?:local_)?devices(?: ?\([^)]*\))?\s*[:=]?\s*\[\s*([A-Za-z_]+))");
  static const Regex kList(
      R"(\[\s*((?:StreamExecutor)?(?:Cuda|Gpu|Rocm|Cpu)Device|cuda|gpu|rocm|TFRT_CPU_\d+|TfrtCpuDevice)(?:\((?:id|host_id|process_index)=\d+|\]|, ?TFRT_CPU))");
  static const Regex kBackend(
      R"((?i)^(?:the )?(?:jax|xla_bridge)\b[\w.() ]*(?:backend|platform)(?:\(\))?(?:\.platform)?(?: is)?\s*[:=]?\s*['"]?(gpu|cuda|rocm|cpu)\b['"]?$)");
  // TensorFlow's list, printed in the same places.
  static const Regex kListed(
      R"((?:list_(?:physical|logical)_devices\(['"]?GPU['"]?\)\)?[^\[\n]{0,20})?\[(\]|(?:Physical|Logical)Device\(name='/(?:physical_|logical_)?device:GPU))");
  static const Regex kInfo(R"(^device info: (\S.*)-(\d+), (\d+) local devices?"?$)");
  std::string kind;
  std::string all;
  std::string local;
  if (kInfo.Find(text, &kind, &all, &local)) {
    TakeJaxKind(kind, draft);
    if (Contains(kind, "NVIDIA") || Contains(kind, "Tesla") || Contains(kind, "GeForce")) {
      MachineGpu& gpu = draft.Gpu(Listing::kLog, 0);
      gpu.name = kind;
      if (local.size() < 4) gpu.count = std::max(1, std::stoi(local));
    }
  } else if (kDevices.Find(text, &kind) || kList.Find(text, &kind) || kBackend.Find(text, &kind)) {
    TakeJaxKind(kind, draft);
  } else if (Contains(text, "hysicalDevice(") || Contains(text, "ogicalDevice(") ||
             Contains(text, "cal_devices(")) {
    if (!kListed.Find(text, &kind)) return false;
    draft.Available(kind == "]" ? "false" : "true", Trust::kReport);
    draft.Format("tensorflow-log", 25);
    return true;
  } else {
    return false;
  }
  draft.Format("jax", 23);
  return true;
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

}  // namespace cudacompat::report
