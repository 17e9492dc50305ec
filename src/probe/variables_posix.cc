#include <cstdlib>

#include "probe/driver_query.h"

namespace cudacompat::probe {

void DropVariable(const char* name) { unsetenv(name); }
void SetVariable(const char* name, const char* value) { setenv(name, value, 1); }

const char* DriverLibraryName() { return "libcuda.so.1"; }
const char* NvmlLibraryName() { return "libnvidia-ml.so.1"; }

}  // namespace cudacompat::probe
