#include "cli/command.h"

namespace cudacompat::cli {
void AddExplain(CLI::App*, Io&, int*) {}
}  // namespace cudacompat::cli
