// ProbeMachine: everything one host shows, as a Machine. This is the door of the library.
// Does not own: verdicts, rules, versions or cards. docs/probe.md lists the keys of all sightings.
#pragma once

#include "base/machine.h"
#include "probe/host.h"

namespace cudacompat::probe {

struct ProbeOptions {
  bool ask_driver = true;   ///< open NVML and libcuda (live machines only)
  bool ask_always = false;  ///< also where no device file says that there is anything to ask (tests)
  bool python = true;       ///< look for Python environments
  int driver_timeout_ms = 15000;
};

/// A recorded machine is read from its record, its driver's answers included; an image or disk has none.
/// `answers`, where given, gets what the driver's libraries said, word for word.
Machine ProbeMachine(const Host& host, const ProbeOptions& options = {}, Answers* answers = nullptr);

}  // namespace cudacompat::probe
