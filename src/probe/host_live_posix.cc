// The live host on Linux. Nothing here writes, and no program is started.
#include <fcntl.h>
#include <sys/klog.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "probe/host.h"
#include "probe/posix_io.h"

namespace cudacompat::probe {
namespace {

constexpr int kReadAll = 3;      // SYSLOG_ACTION_READ_ALL, syslog(2)
constexpr int kSizeBuffer = 10;  // SYSLOG_ACTION_SIZE_BUFFER

std::string ErrorWord(int error) {
  switch (error) {
    case EPERM:
      return "EPERM";
    case EACCES:
      return "EACCES";
    case EIO:
      return "EIO";
    case ENXIO:
      return "ENXIO";
    case ENODEV:
      return "ENODEV";
    case EBUSY:
      return "EBUSY";
    default:
      return "errno " + std::to_string(error);
  }
}

class Live : public Host {
 public:
  View view() const override { return View::kLive; }
  FileText Read(const std::string& path, size_t limit, bool tail) const override {
    return PosixRead(path, limit, tail);
  }
  std::vector<std::string> List(const std::string& path, const NameFilter& filter) const override {
    return PosixList(path, filter);
  }
  Node Stat(const std::string& path) const override { return PosixStat(path, true); }
  Node Lstat(const std::string& path) const override { return PosixStat(path, false); }
  std::optional<std::string> ReadLink(const std::string& path) const override { return PosixReadLink(path); }

  std::optional<std::string> Env(const std::string& name) const override {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }

  // Permission bits do not show what a device cgroup refuses; only opening does.
  std::string Access(const std::string& path, bool try_open) const override {
    if (try_open) {
      int fd = open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
      if (fd < 0) return errno == EACCES ? AccessBits(path) : ErrorWord(errno);
      close(fd);
      return "rw";
    }
    return AccessBits(path);
  }

  SystemName Uname() const override {
    utsname name{};
    if (uname(&name) != 0) return {};
    return {name.sysname, name.release, name.version, name.machine};
  }

  FileText KernelLog() const override {
    FileText out;
    int size = klogctl(kSizeBuffer, nullptr, 0);
    if (size <= 0 || size > 64 * 1024 * 1024) {
      out.outcome = Outcome::kDenied;
      return out;
    }
    out.text.resize(static_cast<size_t>(size));
    int got = klogctl(kReadAll, out.text.data(), size);
    out.outcome = got < 0 ? Outcome::kDenied : Outcome::kOk;
    out.text.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return out;
  }

  Answers Identity() const override {
    Answers identity;
    identity.Set("uid", std::to_string(geteuid()));
    std::vector<gid_t> groups(256);
    int count = getgroups(static_cast<int>(groups.size()), groups.data());
    std::string gids = std::to_string(getegid());
    for (int i = 0; i < count; ++i) gids += "," + std::to_string(groups[static_cast<size_t>(i)]);
    identity.Set("gids", gids);
    return identity;
  }

 private:
  static std::string AccessBits(const std::string& path) {
    bool reads = access(path.c_str(), R_OK) == 0;
    bool writes = access(path.c_str(), W_OK) == 0;
    if (reads && writes) return "rw";
    return reads ? "r" : writes ? "w" : "none";
  }
};

}  // namespace

std::unique_ptr<Host> LiveHost() { return std::make_unique<Live>(); }

}  // namespace cudacompat::probe
