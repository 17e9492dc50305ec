// Which of the libraries that a file asks for belong to CUDA, and what their names say.
// Does not own: which releases exist or fit together (that is data).
#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "scan/object.h"

namespace cudacompat::scan {
namespace {

// What is listed as a need. No verdict rests on a name that is not here: FileReport::loads.
constexpr std::array kNames = {
    "cudart",       "cublas",   "cublasLt",       "nvrtc",        "nvJitLink",  "nvrtc-builtins",
    "cuda",         "nvcuda",   "cufft",          "cufftw",       "cufftMp",    "cusparse",
    "cusparseLt",   "cusolver", "cusolverMg",     "cudnn",        "curand",     "nccl",
    "nvToolsExt",   "cupti",    "cutensor",       "cutensorMg",   "custatevec", "cutensornet",
    "nvshmem_host", "nvinfer",  "nvinfer_plugin", "nvonnxparser", "nvjpeg",     "nvml",
    "nvidia-ml",    "cufile",   "cudss",          "nvvm",         "nvblas",     "cudadevrt",
    "culibos",      "nvcomp",   "nvimgcodec",     "nvfatbin",     "cublasMp",   "nvptxcompiler"};

// "libcudart-1b2c3d4e.so.12", "libcudart.1b2c3d4e.so.12": what repair tools make of a bundled library.
std::string_view WithoutHash(std::string_view stem) {
  const size_t dash = stem.find_last_of("-.");
  if (dash == std::string_view::npos || stem.size() - dash != 9) return stem;
  for (const char c : stem.substr(dash + 1)) {
    if (!IsDigit(c) && !(c >= 'a' && c <= 'f')) return stem;
  }
  return stem.substr(0, dash);
}

bool Known(std::string_view stem) {
  for (const std::string_view name : kNames) {
    if (ToLower(name) == ToLower(stem)) return true;
  }
  for (const std::string_view prefix : {"cudnn_", "npp", "nvshmem_"}) {
    if (StartsWith(ToLower(stem), prefix)) return true;
  }
  return false;
}

// "libcublas.so.12.4" → "cublas", "12.4".
bool SplitLinux(std::string_view name, std::string* stem, std::string* version) {
  const size_t so = name.find(".so");
  if (!StartsWith(name, "lib") || so == std::string_view::npos) return false;
  *stem = WithoutHash(name.substr(3, so - 3));
  const std::string_view rest = name.substr(so + 3);
  if (!rest.empty() && rest[0] == '.') *version = rest.substr(1);
  return rest.empty() || rest[0] == '.';
}

// Two or three digits are a release without its dot, "110" → "11.0"; fewer are a major number.
std::string UndottedRelease(std::string_view digits) {
  if (digits.size() != 3) return std::string(digits);
  return std::string(digits.substr(0, 2)) + "." + std::string(digits.substr(2));
}

// "cudart64_110.dll" → "cudart", "11.0"; "nvrtc64_120_0.dll" → "nvrtc", "12.0"; "nvcuda.dll" → "nvcuda".
bool SplitWindows(std::string_view name, std::string* stem, std::string* version) {
  if (!EndsWith(ToLower(name), ".dll")) return false;
  std::string_view base = name.substr(0, name.size() - 4);
  const size_t bits = base.find("64_");
  if (bits == std::string_view::npos) {
    *stem = base;
    return true;
  }
  *stem = base.substr(0, bits);
  const auto parts = Split(base.substr(bits + 3), '_');
  *version = UndottedRelease(parts[0]);
  return true;
}

// "libcudart_static.a" → "cudart"; "cublasLt.lib" → "cublasLt".
std::string_view StaticStem(std::string_view name) {
  if (StartsWith(name, "lib") && EndsWith(name, ".a")) {
    name = name.substr(3, name.size() - 5);
  } else if (EndsWith(ToLower(name), ".lib")) {
    name = name.substr(0, name.size() - 4);
  } else {
    return {};
  }
  return name.substr(0, name.find("_static"));
}

}  // namespace

void NoteCudaLibrary(FileReport& file) {
  const std::string& place = file.member.empty() ? file.path : file.member;
  const std::string base = place.substr(place.find_last_of("/!") + 1);
  std::string library, version;
  if (file.format == "ar" || file.format == "thin-ar") {
    if (const std::string_view stem = StaticStem(base); !stem.empty() && Known(stem))
      file.cuda_library = base;
    return;
  }
  const std::string name = file.format == "pe" ? base : file.soname;
  if (!SplitLinux(name, &library, &version) && !SplitWindows(name, &library, &version)) return;
  if (Known(library)) file.cuda_library = name;
}

void AddNeed(FileReport& file, const std::string& name, bool delayed) {
  constexpr size_t kMost = 256;
  Need need{name, {}, {}, delayed};
  const bool split =
      SplitLinux(name, &need.library, &need.version) || SplitWindows(name, &need.library, &need.version);
  if (!split || !Known(need.library)) {
    // What stands behind the bound counts as not known (Links::unlinked).
    const bool known = std::find(file.loads.begin(), file.loads.end(), name) != file.loads.end();
    if (!known && file.loads.size() < kMostLoads) file.loads.push_back(name.substr(0, kLongestLoad + 1));
    return;
  }
  if (file.needs.size() >= kMost) return;
  for (const Need& other : file.needs) {
    if (other.name == name) return;
  }
  file.needs.push_back(std::move(need));
}

}  // namespace cudacompat::scan
