// The calls of the launch test, one after the other, in the process that may hang. Used by launch.cc only.
#pragma once

#include "probe/guarded.h"
#include "probe/launch.h"

namespace cudacompat::probe {

/// Emits "begin" before and "step.N" after each call, and "device.I.name" and its like.
/// A step's value: device|check|code|name|microseconds|detail, with device -1 for those before any.
void RunLaunchSteps(const LaunchOptions& options, const Emit& emit);

}  // namespace cudacompat::probe
