#include "probe/launch.h"

#include <cstdlib>

#include "base/text.h"
#include "probe/driver_query.h"
#include "probe/launch_steps.h"

namespace cudacompat::probe {
namespace {

// device|check|code|name|microseconds|detail; the detail may hold bars of its own.
bool ParseStep(const std::string& value, int* device, LaunchStep* step) {
  std::vector<std::string_view> parts = Split(value, '|');
  if (parts.size() < 6) return false;
  *device = std::atoi(std::string(parts[0]).c_str());
  step->check = parts[1];
  step->code = std::atoi(std::string(parts[2]).c_str());
  step->code_name = parts[3];
  step->ms = std::atof(std::string(parts[4]).c_str()) / 1000;
  step->detail = value.substr(static_cast<size_t>(parts[5].data() - value.data()));
  step->status = step->code == 0 ? StepStatus::kPassed : StepStatus::kFailed;
  return true;
}

LaunchDevice& DeviceAt(LaunchReport* report, int index) {
  for (LaunchDevice& device : report->devices) {
    if (device.index == index) return device;
  }
  report->devices.emplace_back();
  report->devices.back().index = index;
  return report->devices.back();
}

void AddStep(LaunchReport* report, int device, LaunchStep step) {
  std::vector<LaunchStep>& steps = device < 0 ? report->steps : DeviceAt(report, device).steps;
  steps.push_back(std::move(step));
}

// The step that was begun and never ended is where the driver hung or died.
void AddUnfinished(const std::string& begin, LaunchReport* report) {
  size_t bar = begin.find('|');
  if (report->status == "done" || bar == std::string::npos) return;
  LaunchStep step;
  step.check = begin.substr(bar + 1);
  step.status = StepStatus::kFailed;
  step.code = -1;
  step.detail = report->status;
  AddStep(report, std::atoi(begin.c_str()), std::move(step));
}

const LaunchStep* FirstFailure(const std::vector<LaunchStep>& steps) {
  for (const LaunchStep& step : steps) {
    if (step.status == StepStatus::kFailed) return &step;
  }
  return nullptr;
}

}  // namespace

const char* LaunchPtx() {
  // ISA 2.3 is the first with .address_size; drivers from 2011 on compile it, today's still do. sm_20 is the
  // lowest target that they accept for every card.
  return R"(.version 2.3
.target sm_20
.address_size 64
.visible .entry cudacompat_probe(.param .u64 out, .param .u32 n)
{
  .reg .pred %p;
  .reg .u32 %r<6>;
  .reg .u64 %d<4>;
  ld.param.u64 %d0, [out];
  ld.param.u32 %r0, [n];
  mov.u32 %r1, %ctaid.x;
  mov.u32 %r2, %ntid.x;
  mov.u32 %r3, %tid.x;
  mad.lo.u32 %r4, %r1, %r2, %r3;
  setp.ge.u32 %p, %r4, %r0;
  @%p bra DONE;
  cvta.to.global.u64 %d1, %d0;
  mul.wide.u32 %d2, %r4, 4;
  add.u64 %d3, %d1, %d2;
  mad.lo.u32 %r5, %r4, 3, 7;
  st.global.u32 [%d3], %r5;
DONE:
  ret;
}
)";
}

bool LaunchReport::ok() const { return status == "done" && !devices.empty() && first_failure() == nullptr; }

const LaunchStep* LaunchReport::first_failure() const {
  if (const LaunchStep* step = FirstFailure(steps)) return step;
  for (const LaunchDevice& device : devices) {
    if (const LaunchStep* step = FirstFailure(device.steps)) return step;
  }
  return nullptr;
}

LaunchReport TestLaunch(const LaunchOptions& given) {
  LaunchOptions options = given;
  if (options.library.empty()) options.library = DriverLibraryName();
  auto run = StartGuarded(
      [options](const Emit& emit) {
        SetVariable("CUDA_CACHE_DISABLE", "1");
        RunLaunchSteps(options, emit);
      },
      options.timeout_ms);
  GuardedEnd end = run->Wait();
  LaunchReport report;
  report.status = end.status;
  std::string begin;
  for (const auto& [key, value] : end.answers.pairs()) {
    if (StartsWith(key, "step.")) {
      int device = -1;
      LaunchStep step;
      if (ParseStep(value, &device, &step)) AddStep(&report, device, std::move(step));
    } else if (StartsWith(key, "device.")) {
      LaunchDevice& device = DeviceAt(&report, std::atoi(key.c_str() + 7));
      if (EndsWith(key, ".name")) device.name = value;
      if (EndsWith(key, ".bus")) device.bus_id = ToLower(value);
      if (EndsWith(key, ".cc")) device.compute_capability = value;
    } else if (key == "begin") {
      begin = value;
    }
  }
  AddUnfinished(begin, &report);
  return report;
}

}  // namespace cudacompat::probe
