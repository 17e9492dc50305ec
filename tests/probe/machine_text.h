// A Machine as plain lines, for tests and for probe_dump. Not an output of the product.
#pragma once

#include <string>

#include "base/machine.h"

namespace cudacompat::probe {

std::string MachineText(const Machine& machine);

}  // namespace cudacompat::probe
