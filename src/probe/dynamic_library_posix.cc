#include <dlfcn.h>
#include <link.h>

#include "probe/dynamic_library.h"

namespace cudacompat::probe {

bool DynamicLibrary::Open(const std::string& name) {
  handle_ = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle_ != nullptr) return true;
  const char* text = dlerror();
  error_ = text == nullptr ? "unknown error" : text;
  return false;
}

std::string DynamicLibrary::path() const {
  link_map* map = nullptr;
  if (handle_ == nullptr || dlinfo(handle_, RTLD_DI_LINKMAP, &map) != 0 || map == nullptr) return "";
  return map->l_name;
}

void* DynamicLibrary::Address(const char* symbol) const {
  return handle_ == nullptr ? nullptr : dlsym(handle_, symbol);
}

}  // namespace cudacompat::probe
