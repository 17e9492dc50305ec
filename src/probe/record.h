// RecordMachine: a copy of what the probe read here, so that it can be read again elsewhere with --root.
// Serial numbers, UUIDs, the names of users and of the host are taken out; of kernel logs only lines on the
// cards are kept. Nothing is written outside the folder that was named. Does not own: the meaning of the
// record (recorded.h).
#pragma once

#include <string>

#include "base/result.h"
#include "probe/host.h"
#include "probe/probe.h"

namespace cudacompat::probe {

struct RecordSummary {
  int files = 0;
  int links = 0;
  std::vector<std::string> left_out;  ///< what could not be written, with the reason
};

/// `folder` is made when it is missing; one that holds anything is refused.
Result<RecordSummary> RecordMachine(const Host& host, const std::string& folder,
                                    const ProbeOptions& options = {});

}  // namespace cudacompat::probe
