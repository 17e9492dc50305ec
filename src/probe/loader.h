// Which file a library's name leads to, as glibc's loader finds it: LD_LIBRARY_PATH, the cache that ldconfig
// wrote (read here, byte by byte), the default folders. Nothing is loaded.
// Does not own: what a found library is (loader_view.cc). DT_RPATH and DT_RUNPATH belong to each program and
// are not known here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/host.h"

namespace cudacompat::probe {

/// One entry of /etc/ld.so.cache.
struct CacheEntry {
  std::string name;  ///< "libcuda.so.1"
  std::string path;
  int32_t flags = 0;  ///< kind and machine: 0x0303 is a 64-bit x86 library
};

/// Reads the cache's format 1.1, alone or behind the old table; false when it is neither.
bool ParseLoaderCache(std::string_view bytes, std::vector<CacheEntry>* entries);

struct Found {
  std::string path;
  std::string by;  ///< "LD_LIBRARY_PATH", "ld.so.cache", "ld.so.conf", "default"
};

class Loader {
 public:
  /// `arch` is x86_64 or aarch64; libraries of other machines are passed over as the loader does.
  Loader(const Host& host, std::string arch);

  /// Every file that the name leads to, in the loader's order; the first is what a program gets.
  std::vector<Found> Find(const std::string& soname) const;

  /// Folders in the loader's order with what makes it look there. Folders of the cache follow ld.so.conf.
  const std::vector<Found>& folders() const { return folders_; }
  bool has_cache() const { return has_cache_; }
  const std::vector<CacheEntry>& cache() const { return cache_; }
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  void AddFolder(const std::string& path, const std::string& by);
  void ReadConf(const std::string& path, int depth);
  void ReadConfLine(std::string_view line, const std::string& path, int depth);
  bool FitsMachine(const std::string& path) const;

  const Host& host_;
  std::string arch_;
  bool has_cache_ = false;
  std::vector<CacheEntry> cache_;
  std::vector<Found> folders_;
  std::vector<std::string> problems_;
  int conf_files_ = 0;
};

}  // namespace cudacompat::probe
