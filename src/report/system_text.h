// What a system is called: "Ubuntu 22.04.3 LTS (x86_64)",
// "Linux-5.15.90.1-microsoft-standard-WSL2-x86_64-with-glibc2.35". Does not own: which systems are supported.
#pragma once

#include <string>
#include <string_view>

namespace cudacompat::report {

struct SystemWords {
  std::string os;        ///< linux, windows, wsl, macos, freebsd or empty
  std::string arch;      ///< x86_64, aarch64, tegra, ppc64le, … or empty
  std::string platform;  ///< container, wsl, vm, hosted or empty
};

SystemWords ReadSystem(std::string_view text);

/// "amd", "intel", "apple", …: whose card a name says it is when it is not NVIDIA's; empty otherwise.
std::string OtherVendorOf(std::string_view gpu);

/// "12.4" → "cu124", "11.7.1" → "cu117": how PyTorch writes a CUDA version in its tags.
std::string CudaTag(std::string_view cuda);

}  // namespace cudacompat::report
