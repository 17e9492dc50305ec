#include <windows.h>

#include "probe/dynamic_library.h"

namespace cudacompat::probe {

bool DynamicLibrary::Open(const std::string& name) {
  handle_ = reinterpret_cast<void*>(LoadLibraryA(name.c_str()));
  if (handle_ != nullptr) return true;
  error_ = "WinError " + std::to_string(GetLastError());
  return false;
}

std::string DynamicLibrary::path() const {
  char text[1024];
  DWORD length = GetModuleFileNameA(reinterpret_cast<HMODULE>(handle_), text, sizeof text);
  return std::string(text, length < sizeof text ? length : 0);
}

void* DynamicLibrary::Address(const char* symbol) const {
  if (handle_ == nullptr) return nullptr;
  return reinterpret_cast<void*>(GetProcAddress(reinterpret_cast<HMODULE>(handle_), symbol));
}

}  // namespace cudacompat::probe
