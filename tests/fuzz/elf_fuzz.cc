#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzScan(data, size,
           {"\x7f"
            "ELF",
            4});
  return 0;
}
