// A Linux root cannot be read faithfully from Windows: its links and names do not survive there.
#include "probe/host.h"
#include "probe/record.h"

namespace cudacompat::probe {

Result<std::unique_ptr<Host>> RootedHost(const std::string& root) {
  return Error{ErrorKind::kUsage, root, "folders cannot be read as a root on Windows", "use WSL for this"};
}

Result<RecordSummary> RecordMachine(const Host&, const std::string& folder, const ProbeOptions&) {
  return Error{ErrorKind::kUsage, folder, "machines cannot be recorded on Windows",
               "use --json for a record"};
}

}  // namespace cudacompat::probe
