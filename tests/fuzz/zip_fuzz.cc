#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzScan(data, size, {"PK\x03\x04", 4});
  return 0;
}
