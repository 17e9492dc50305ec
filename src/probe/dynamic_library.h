// A library opened at run time. Does not own: which one; the system's loader decides by name.
#pragma once

#include <string>

namespace cudacompat::probe {

class DynamicLibrary {
 public:
  DynamicLibrary() = default;
  DynamicLibrary(const DynamicLibrary&) = delete;
  DynamicLibrary& operator=(const DynamicLibrary&) = delete;

  /// Opens by name or path. It stays open: drivers do not like to be unloaded.
  bool Open(const std::string& name);
  const std::string& error() const { return error_; }
  /// The file that was opened, where the system can tell.
  std::string path() const;

  template <typename Function>
  Function* Find(const char* symbol) const {
    return reinterpret_cast<Function*>(Address(symbol));
  }

 private:
  void* Address(const char* symbol) const;
  void* handle_ = nullptr;
  std::string error_;
};

}  // namespace cudacompat::probe
