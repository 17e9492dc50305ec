#include "probe/loader.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace cudacompat::probe {
namespace {

// glibc, sysdeps/generic/dl-cache.h: struct cache_file_new and file_entry_new.
constexpr std::string_view kOldMagic = "ld.so-1.7.0";
constexpr std::string_view kNewMagic = "glibc-ld.so.cache1.1";
constexpr size_t kOldHeader = 16;  // the magic, padded, and the number of entries
constexpr size_t kOldEntry = 12;
constexpr size_t kNewHeader = 48;
constexpr size_t kNewEntry = 24;
constexpr uint32_t kMostEntries = 1000000;
constexpr size_t kLongestName = 4096;
constexpr int kMostConfFiles = 500;

uint32_t Word(std::string_view bytes, size_t offset) {
  uint32_t value = 0;
  if (offset + 4 <= bytes.size()) std::memcpy(&value, bytes.data() + offset, 4);
  return value;
}

std::string TextAt(std::string_view bytes, uint32_t offset) {
  if (offset >= bytes.size()) return "";
  std::string_view rest = bytes.substr(offset, kLongestName);
  return std::string(rest.substr(0, rest.find('\0')));
}

// Low byte: 3 is an ELF library of glibc. The byte above it: the machine.
int32_t WantedFlags(const std::string& arch) {
  if (arch == "x86_64") return 0x0303;
  return arch == "aarch64" ? 0x0a03 : 0;
}

bool MatchesGlob(std::string_view name, std::string_view pattern) {
  size_t star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  std::string_view head = pattern.substr(0, star);
  std::string_view tail = pattern.substr(star + 1);
  return name.size() >= head.size() + tail.size() && StartsWith(name, head) && EndsWith(name, tail);
}

}  // namespace

bool ParseLoaderCache(std::string_view bytes, std::vector<CacheEntry>* entries) {
  size_t start = 0;
  if (StartsWith(bytes, kOldMagic)) {
    uint32_t old = Word(bytes, kOldHeader - 4);
    if (old > kMostEntries) return false;
    start = (kOldHeader + old * kOldEntry + 7) / 8 * 8;
  }
  if (start >= bytes.size() || !StartsWith(bytes.substr(start), kNewMagic)) return false;
  bytes = bytes.substr(start);
  uint32_t count = Word(bytes, kNewMagic.size());
  if (count > kMostEntries || kNewHeader + size_t{count} * kNewEntry > bytes.size()) return false;
  for (uint32_t i = 0; i < count; ++i) {
    size_t at = kNewHeader + i * kNewEntry;
    CacheEntry entry;
    entry.flags = static_cast<int32_t>(Word(bytes, at));
    entry.name = TextAt(bytes, Word(bytes, at + 4));
    entry.path = TextAt(bytes, Word(bytes, at + 8));
    if (!entry.name.empty() && !entry.path.empty()) entries->push_back(std::move(entry));
  }
  return true;
}

Loader::Loader(const Host& host, std::string arch) : host_(host), arch_(std::move(arch)) {
  for (const std::string& folder : PathList(host, "LD_LIBRARY_PATH")) {
    AddFolder(folder, "LD_LIBRARY_PATH");
  }
  FileText cache = host.Read("/etc/ld.so.cache", kLargeFile);
  if (cache.ok()) {
    has_cache_ = ParseLoaderCache(cache.text, &cache_);
    if (!has_cache_)
      problems_.push_back("/etc/ld.so.cache: not a cache of glibc, ld.so.conf is used instead");
  }
  int32_t wanted = WantedFlags(arch_);
  if (wanted != 0) {
    cache_.erase(
        std::remove_if(cache_.begin(), cache_.end(),
                       [wanted](const CacheEntry& entry) { return (entry.flags & 0xffff) != wanted; }),
        cache_.end());
  }
  ReadConf("/etc/ld.so.conf", 0);
  // Not the loader's file but ldconfig's: where there is no ld.so.conf, Debian's folders are still in the
  // cache.
  for (const char* each : {"x86_64", "aarch64"}) {
    if (!arch_.empty() && arch_ != each) continue;
    for (const char* folder : {"/lib/", "/usr/lib/"})
      AddFolder(folder + std::string(each) + "-linux-gnu", "default");
  }
  for (const char* folder : {"/lib64", "/usr/lib64", "/lib", "/usr/lib"}) AddFolder(folder, "default");
}

void Loader::AddFolder(const std::string& path, const std::string& by) {
  if (path.front() != '/' || folders_.size() > 1000) return;  // relative to a folder that is not known here
  for (const Found& folder : folders_) {
    if (folder.path == path) return;
  }
  folders_.push_back({path, by});
}

void Loader::ReadConf(const std::string& path, int depth) {
  if (depth > 8 || ++conf_files_ > kMostConfFiles) return;
  FileText file = host_.Read(path, kSmallFile);
  for (std::string_view raw : Split(file.text, '\n')) {
    std::string_view line = Trim(raw.substr(0, raw.find('#')));
    if (!line.empty()) ReadConfLine(line, path, depth);
  }
}

void Loader::ReadConfLine(std::string_view line, const std::string& path, int depth) {
  if (!StartsWith(line, "include")) {
    AddFolder(std::string(line), "ld.so.conf");
    return;
  }
  for (std::string_view word : Words(line.substr(7))) {
    std::string pattern =
        word.front() == '/' ? std::string(word) : ParentPath(path) + "/" + std::string(word);
    std::string folder = ParentPath(pattern);
    std::string name = BaseName(pattern);
    auto matches = [&name](std::string_view entry) { return MatchesGlob(entry, name); };
    for (const std::string& entry : host_.List(folder, matches)) ReadConf(folder + "/" + entry, depth + 1);
  }
}

// A library of another machine, as of the 32-bit twin, is skipped by the loader, not an error.
bool Loader::FitsMachine(const std::string& path) const {
  FileText head = host_.Read(path, 20);
  if (head.text.size() < 20 || !StartsWith(head.text,
                                           "\x7f"
                                           "ELF"))
    return true;
  if (head.text[4] != 2) return false;
  auto machine = static_cast<unsigned char>(head.text[18]);
  if (arch_ == "x86_64") return machine == 62;    // EM_X86_64
  if (arch_ == "aarch64") return machine == 183;  // EM_AARCH64
  return true;
}

std::vector<Found> Loader::Find(const std::string& soname) const {
  std::vector<Found> found;
  auto add = [&](const std::string& path, const std::string& by) {
    for (const Found& old : found) {
      if (old.path == path) return;
    }
    if (host_.Lstat(path).ok() && FitsMachine(path)) found.push_back({path, by});
  };
  for (const Found& folder : folders_) {
    if (folder.by == "LD_LIBRARY_PATH") add(folder.path + "/" + soname, folder.by);
  }
  for (const CacheEntry& entry : cache_) {
    if (entry.name == soname) add(entry.path, "ld.so.cache");
  }
  for (const Found& folder : folders_) {
    bool unlisted = has_cache_ && folder.by == "ld.so.conf";  // only the cache counts once there is one
    if (folder.by != "LD_LIBRARY_PATH" && !unlisted) add(folder.path + "/" + soname, folder.by);
  }
  return found;
}

}  // namespace cudacompat::probe
