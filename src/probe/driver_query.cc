#include "probe/driver_query.h"

namespace cudacompat::probe {
namespace {

constexpr size_t kMostOthers = 4;

std::unique_ptr<GuardedRun> StartNvml(const DriverQuery& query) {
  return StartGuarded([query](const Emit& emit) { AskNvml(query.nvml, "nvml.", emit); }, query.timeout_ms);
}

std::unique_ptr<GuardedRun> StartLibcuda(const std::string& library, const std::string& prefix, bool unhidden,
                                         int timeout_ms) {
  return StartGuarded(
      [=](const Emit& emit) {
        if (unhidden) DropVariable("CUDA_VISIBLE_DEVICES");
        AskLibcuda(library, prefix, emit);
      },
      timeout_ms);
}

void Collect(GuardedRun* run, const std::string& prefix, Answers* answers) {
  if (run == nullptr) return;
  GuardedEnd end = run->Wait();
  for (const auto& [key, value] : end.answers.pairs()) answers->Set(key, value);
  answers->Set(prefix + "status", end.status);
}

}  // namespace

Answers QueryDriver(const DriverQuery& query) {
  Answers answers;
  // Both start at once: on a machine with cards each spends most of its time waiting for the kernel driver.
  std::unique_ptr<GuardedRun> nvml;
  std::unique_ptr<GuardedRun> libcuda;
  std::unique_ptr<GuardedRun> unhidden;
  if (!query.nvml.empty()) nvml = StartNvml(query);
  if (!query.libcuda.empty()) libcuda = StartLibcuda(query.libcuda, "libcuda.", false, query.timeout_ms);
  if (!query.libcuda.empty() && query.ask_unhidden) {
    unhidden = StartLibcuda(query.libcuda, "libcuda.unhidden.", true, query.timeout_ms);
  }
  Collect(nvml.get(), "nvml.", &answers);
  Collect(libcuda.get(), "libcuda.", &answers);
  Collect(unhidden.get(), "libcuda.unhidden.", &answers);
  if (query.libcuda.empty() || answers.Get("libcuda.init") == "0") return answers;
  for (size_t i = 0; i < query.other_cudas.size() && i < kMostOthers; ++i) {
    std::string prefix = "libcuda.other." + std::to_string(i) + ".";
    auto run = StartLibcuda(query.other_cudas[i], prefix, false, query.timeout_ms);
    Collect(run.get(), prefix, &answers);
  }
  return answers;
}

}  // namespace cudacompat::probe
