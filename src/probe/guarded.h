// Work that may hang or crash, as a driver may: it runs apart (a forked copy on POSIX, a thread on Windows)
// and reports "key=value" lines as it goes, so that what was reached before the end is known. No program is
// started.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "probe/host.h"

namespace cudacompat::probe {

/// Writes one line at once.
using Emit = std::function<void(std::string_view key, std::string_view value)>;
using GuardedWork = std::function<void(const Emit&)>;

struct GuardedEnd {
  Answers answers;
  /// "done", "timeout", "crashed (signal 11)", "failed (…)"
  std::string status;
};

class GuardedRun {
 public:
  virtual ~GuardedRun() = default;
  /// Waits at most until `timeout_ms` after the start; ends what still runs.
  virtual GuardedEnd Wait() = 0;
};

std::unique_ptr<GuardedRun> StartGuarded(GuardedWork work, int timeout_ms);

}  // namespace cudacompat::probe
