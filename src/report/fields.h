// The keys of "key: value" reports and what each tells. Does not own: how a value is read (fields.cc).
#pragma once

#include <string_view>
#include <vector>

namespace cudacompat::report {

enum class Tells {
  kNothing,  ///< a field of a known report that says nothing of our questions
  kPackage,
  kTorchCuda,  ///< the CUDA that torch was built with
  kRocm,
  kXpu,
  kAvailable,
  kSystem,
  kLibc,
  kArch,
  kPython,
  kDriver,
  kCudaDriver,
  kCudaRuntime,
  kToolkit,
  kCudnn,
  kNccl,
  kGpu,
  kCapability,
  kArchList,
  kEnvironment,
};

struct Field {
  std::string_view key;  ///< letters and digits of the key in lower case
  Tells what;
  std::string_view extra;   ///< a package's or variable's name, "weak", "plain", "more", "driver"
  std::string_view format;  ///< the report that only this key belongs to
  int weight;               ///< how surely
};

/// Sorted by key.
const std::vector<Field>& KnownFields();

}  // namespace cudacompat::report
