#include <windows.h>

#include "probe/driver_query.h"

namespace cudacompat::probe {

void DropVariable(const char* name) { SetEnvironmentVariableA(name, nullptr); }
void SetVariable(const char* name, const char* value) { SetEnvironmentVariableA(name, value); }

const char* DriverLibraryName() { return "nvcuda.dll"; }
const char* NvmlLibraryName() { return "nvml.dll"; }

}  // namespace cudacompat::probe
