// What the driver's own libraries say: NVML and libcuda, opened at run time in a process of their own.
// The answers are "key=value" lines, the same that a recorded machine keeps; answers.h turns them into a
// Machine.
#pragma once

#include <string>
#include <vector>

#include "probe/guarded.h"
#include "probe/host.h"

namespace cudacompat::probe {

struct DriverQuery {
  std::string nvml;                      ///< name or path; empty: not asked
  std::string libcuda;                   ///< name or path; empty: not asked
  std::vector<std::string> other_cudas;  ///< asked one after the other when `libcuda` does not start
  bool ask_unhidden = false;             ///< ask libcuda again without CUDA_VISIBLE_DEVICES
  int timeout_ms = 15000;                ///< for each library
};

Answers QueryDriver(const DriverQuery& query);

/// The work itself, in whatever process or thread it is called. Keys begin with `prefix`.
void AskNvml(const std::string& library, const std::string& prefix, const Emit& emit);
void AskLibcuda(const std::string& library, const std::string& prefix, const Emit& emit);

/// What programs open: "libcuda.so.1" and "libnvidia-ml.so.1", or "nvcuda.dll" and "nvml.dll".
const char* DriverLibraryName();
const char* NvmlLibraryName();

/// Takes a variable out of this process' environment: only for work that runs apart.
void DropVariable(const char* name);
void SetVariable(const char* name, const char* value);

}  // namespace cudacompat::probe
