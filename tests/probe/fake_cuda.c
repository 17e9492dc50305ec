/* A CUDA driver without a card, for tests: FAKE_CUDA_* variables say how it answers.
 *   FAKE_CUDA_INIT, _COUNT, _VERSION, _CC (75), _LOAD, _LAUNCH, _CONTEXT: numbers
 *   FAKE_CUDA_WRONG=1: a wrong result; FAKE_CUDA_HANG, FAKE_CUDA_CRASH: the name of a function
 * Device memory is host memory; a launch computes what the test's kernel would. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int number(const char* name, int otherwise) {
  const char* text = getenv(name);
  return text == NULL ? otherwise : atoi(text);
}

static void enter(const char* function) {
  const char* hang = getenv("FAKE_CUDA_HANG");
  const char* crash = getenv("FAKE_CUDA_CRASH");
  if (hang != NULL && strcmp(hang, function) == 0) {
    for (;;) pause();
  }
  if (crash != NULL && strcmp(crash, function) == 0) raise(SIGSEGV);
}

int cuInit(unsigned flags) {
  (void)flags;
  printf("noise on standard output\n");
  enter("cuInit");
  return number("FAKE_CUDA_INIT", 0);
}

int cuDriverGetVersion(int* version) {
  *version = number("FAKE_CUDA_VERSION", 12040);
  return 0;
}

int cuGetErrorName(int code, const char** name) {
  static const struct {
    int code;
    const char* name;
  } kNames[] = {{0, "CUDA_SUCCESS"},
                {100, "CUDA_ERROR_NO_DEVICE"},
                {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"},
                {700, "CUDA_ERROR_ILLEGAL_ADDRESS"},
                {803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"}};
  for (size_t i = 0; i < sizeof kNames / sizeof kNames[0]; ++i) {
    if (kNames[i].code != code) continue;
    *name = kNames[i].name;
    return 0;
  }
  return 1;
}

int cuDeviceGetCount(int* count) {
  const char* visible = getenv("CUDA_VISIBLE_DEVICES");
  *count = number("FAKE_CUDA_COUNT", 1);
  if (visible != NULL && (*visible == '\0' || *visible == '-')) *count = 0;
  return 0;
}

int cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return 0;
}

int cuDeviceGetName(char* name, int length, int device) {
  snprintf(name, (size_t)length, "Fake %d", device);
  return 0;
}

int cuDeviceGetPCIBusId(char* text, int length, int device) {
  snprintf(text, (size_t)length, "0000:%02X:00.0", device + 1);
  return 0;
}

int cuDeviceGetAttribute(int* value, int attribute, int device) {
  (void)device;
  int capability = number("FAKE_CUDA_CC", 75);
  *value = attribute == 75 ? capability / 10 : attribute == 76 ? capability % 10 : 0;
  return 0;
}

int cuDeviceTotalMem_v2(size_t* bytes, int device) {
  (void)device;
  *bytes = (size_t)2048 << 20;
  return 0;
}

int cuDevicePrimaryCtxRetain(void** context, int device) {
  (void)device;
  enter("cuDevicePrimaryCtxRetain");
  *context = (void*)1;
  return number("FAKE_CUDA_CONTEXT", 0);
}

int cuDevicePrimaryCtxRelease_v2(int device) { return device * 0; }
int cuCtxSetCurrent(void* context) { return context == NULL; }
int cuCtxSynchronize(void) { return number("FAKE_CUDA_LAUNCH", 0); }

int cuMemAlloc_v2(unsigned long long* pointer, size_t bytes) {
  *pointer = (unsigned long long)(size_t)malloc(bytes);
  return 0;
}

int cuMemFree_v2(unsigned long long pointer) {
  free((void*)(size_t)pointer);
  return 0;
}

int cuMemsetD32_v2(unsigned long long pointer, unsigned value, size_t count) {
  for (size_t i = 0; i < count; ++i) ((unsigned*)(size_t)pointer)[i] = value;
  return 0;
}

int cuMemcpyDtoH_v2(void* target, unsigned long long source, size_t bytes) {
  memcpy(target, (void*)(size_t)source, bytes);
  return 0;
}

/* A module is its image: text that begins as PTX, or an ELF file. Anything else is no image. */
int cuModuleLoadDataEx(void** module, const void* image, unsigned count, int* options, void** values) {
  enter("cuModuleLoadDataEx");
  const char* bytes = image;
  int ptx = strncmp(bytes, ".version", 8) == 0;
  int code = ptx ? number("FAKE_CUDA_LOAD", 0) : memcmp(bytes, "\177ELF", 4) == 0 ? 0 : 200;
  for (unsigned i = 0; i < count; ++i) {
    if (options[i] == 5 && code == 222) strcpy(values[i], "ptxas fatal : Unsupported .version; a|b");
  }
  *module = (void*)image;
  return code;
}

int cuModuleUnload(void* module) { return module == NULL; }

int cuModuleGetFunction(void** function, void* module, const char* name) {
  (void)module;
  *function = (void*)1;
  return strcmp(name, "cudacompat_probe") == 0 ? 0 : 500;
}

int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                   unsigned bz, unsigned shared, void* stream, void** parameters, void** extra) {
  (void)function, (void)gy, (void)gz, (void)by, (void)bz, (void)shared, (void)stream, (void)extra;
  enter("cuLaunchKernel");
  unsigned* out = (unsigned*)(size_t) * (unsigned long long*)parameters[0];
  unsigned n = *(unsigned*)parameters[1];
  for (unsigned i = 0; i < gx * bx && i < n; ++i) out[i] = 3 * i + 7;
  if (number("FAKE_CUDA_WRONG", 0)) out[5] = 1;
  return 0;
}

static char cubin[64] = "\177ELF";

int cuLinkCreate_v2(unsigned count, int* options, void** values, void** state) {
  (void)count, (void)options, (void)values;
  *state = cubin;
  return 0;
}

int cuLinkAddData_v2(void* state, int type, void* data, size_t size, const char* name, unsigned count,
                     int* options, void** values) {
  (void)state, (void)name, (void)count, (void)options, (void)values;
  return type == 1 && strlen(data) + 1 == size ? 0 : 1;
}

int cuLinkComplete(void* state, void** image, size_t* size) {
  *image = state;
  *size = sizeof cubin;
  return 0;
}

int cuLinkDestroy(void* state) { return state == NULL; }
