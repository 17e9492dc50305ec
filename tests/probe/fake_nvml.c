/* NVML without a card, for tests: FAKE_NVML_INIT, _COUNT, _CUDA, _MODE, _MIG, _LICENCE, _HANG=1, _HANDLE. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int number(const char* name, int otherwise) {
  const char* text = getenv(name);
  return text == NULL ? otherwise : atoi(text);
}

int nvmlInit_v2(void) {
  while (number("FAKE_NVML_HANG", 0)) pause();
  return number("FAKE_NVML_INIT", 0);
}
int nvmlShutdown(void) { return 0; }
const char* nvmlErrorString(int code) {
  return code == 18 ? "Driver/library version mismatch" : code == 0 ? "Success" : "Other";
}

int nvmlSystemGetNVMLVersion(char* text, unsigned length) {
  snprintf(text, length, "12.550.54.14");
  return 0;
}
int nvmlSystemGetDriverVersion(char* text, unsigned length) {
  snprintf(text, length, "550.54.14");
  return 0;
}
int nvmlSystemGetCudaDriverVersion_v2(int* version) {
  *version = number("FAKE_NVML_CUDA", 12040);
  return 0;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = (unsigned)number("FAKE_NVML_COUNT", 1);
  return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  *device = (void*)(size_t)(index + 1);
  return number("FAKE_NVML_HANDLE", 0);
}
int nvmlDeviceGetName(void* device, char* text, unsigned length) {
  snprintf(text, length, "NVIDIA Fake %d", (int)(size_t)device);
  return 0;
}
int nvmlDeviceGetUUID(void* device, char* text, unsigned length) {
  snprintf(text, length, "GPU-%08d-1111-2222-3333-444444444444", (int)(size_t)device);
  return 0;
}

struct pci {
  char legacy[16];
  unsigned domain, bus, device, id, subsystem;
  char bus_id[32];
};
int nvmlDeviceGetPciInfo_v3(void* device, struct pci* info) {
  snprintf(info->bus_id, sizeof info->bus_id, "00000000:%02X:00.0", (unsigned)(size_t)device);
  info->id = 0x1f9710de;
  return 0;
}
int nvmlDeviceGetCudaComputeCapability(void* device, int* major, int* minor) {
  *major = 7;
  *minor = 5;
  return device == NULL;
}
struct memory {
  unsigned long long total, free, used;
};
int nvmlDeviceGetMemoryInfo(void* device, struct memory* memory) {
  memory->total = 2048ULL << 20;
  memory->free = 1024ULL << 20;
  memory->used = 1024ULL << 20;
  return device == NULL;
}
int nvmlDeviceGetComputeMode(void* device, unsigned* mode) {
  *mode = (unsigned)number("FAKE_NVML_MODE", 0);
  return device == NULL;
}
int nvmlDeviceGetPersistenceMode(void* device, unsigned* mode) {
  *mode = 1;
  return device == NULL;
}
int nvmlDeviceGetMigMode(void* device, unsigned* current, unsigned* pending) {
  *current = *pending = (unsigned)number("FAKE_NVML_MIG", 0);
  return device == NULL;
}
int nvmlDeviceGetMaxMigDeviceCount(void* device, unsigned* count) {
  *count = 7;
  return device == NULL;
}
int nvmlDeviceGetMigDeviceHandleByIndex(void* device, unsigned index, void** mig) {
  *mig = device;
  return (int)index < number("FAKE_NVML_INSTANCES", 0) ? 0 : 6;
}
struct licence {
  unsigned code, state;
  char info[128], product[128];
  unsigned enabled;
};
struct licences {
  int supported;
  unsigned count;
  struct licence features[3];
};
int nvmlDeviceGetGridLicensableFeatures_v3(void* device, struct licences* out) {
  memset(out, 0, sizeof *out);
  out->supported = getenv("FAKE_NVML_LICENCE") != NULL;
  out->count = 1;
  out->features[0].state = (unsigned)number("FAKE_NVML_LICENCE", 0);
  return device == NULL;
}
