// The last step of doctor: does a kernel really run? PTX is compiled by the driver, a cubin is made from it
// by the driver's own linker, both are loaded, launched and their results compared, on every visible device.
// Runs apart (guarded.h): a hanging or crashing driver is a failed step. Nothing is written: the driver's
// cache of compiled code is switched off for it, so that the compile time is a true one. Does not own: what a
// code means (data) and which images to try (the caller's).
#pragma once

#include <string>
#include <vector>

namespace cudacompat::probe {

enum class StepStatus { kPassed, kFailed, kSkipped };

struct LaunchStep {
  std::string check;  ///< "open", "init", "devices", "context", "load ptx", "launch ptx", "link cubin" …
  StepStatus status = StepStatus::kPassed;
  int code = 0;           ///< CUresult; -1 when the library has no such function, or did not come back
  std::string code_name;  ///< as the driver names it
  double ms = 0;          ///< how long it took; of "load ptx": the compilation
  std::string detail;     ///< the compiler's message, the path that was opened, the first wrong result
};

struct LaunchDevice {
  int index = 0;
  std::string name;
  std::string bus_id;
  std::string compute_capability;
  std::vector<LaunchStep> steps;
};

struct LaunchReport {
  std::string status;             ///< "done", "timeout", "crashed (signal 11)"
  std::vector<LaunchStep> steps;  ///< those before any device
  std::vector<LaunchDevice> devices;
  bool ok() const;
  const LaunchStep* first_failure() const;
};

/// An image to try besides our own: loaded; launched too when it has the kernel "cudacompat_probe".
struct LaunchImage {
  std::string name;
  std::string bytes;
};

struct LaunchOptions {
  std::string library;  ///< name or path; empty: the system's name of the CUDA driver
  std::vector<LaunchImage> images;
  int device = -1;  ///< only this one; -1: all
  int timeout_ms = 60000;
};

LaunchReport TestLaunch(const LaunchOptions& options);

/// The program that is launched: out[i] = 3 i + 7 for i < n.
const char* LaunchPtx();

}  // namespace cudacompat::probe
