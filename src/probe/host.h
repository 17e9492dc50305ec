// Host: the seam through which the probe sees a machine. Live, a folder read as if it were "/", in memory, or
// a recorder around one of these. All reads are bounded; nothing is written and no program is started. Does
// not own: what the files mean. Windows adds the registry and its devices in windows_host.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cudacompat::probe {

enum class Outcome {
  kOk,
  kAbsent,  ///< not there, or a part of the path is not a directory
  kDenied,  ///< there, but not for us
  kFailed,  ///< anything else: a loop of links, an input/output error
};

struct FileText {
  Outcome outcome = Outcome::kAbsent;
  std::string text;
  bool cut = false;  ///< the file is longer than what was asked for
  bool ok() const { return outcome == Outcome::kOk; }
};

enum class NodeKind { kNone, kFile, kDirectory, kLink, kCharDevice, kOther };

struct Node {
  Outcome outcome = Outcome::kAbsent;
  NodeKind kind = NodeKind::kNone;
  int64_t size = 0;
  unsigned mode = 0;  ///< permission bits with setuid, 0666
  unsigned uid = 0;
  unsigned gid = 0;
  unsigned major = 0;  ///< of a device file
  unsigned minor = 0;
  bool ok() const { return outcome == Outcome::kOk; }
};

/// What uname says; empty where the host cannot know (a mounted disk).
struct SystemName {
  std::string system;   ///< "Linux"
  std::string release;  ///< "6.8.0-45-generic"
  std::string version;
  std::string machine;  ///< "x86_64"
};

using NameFilter = std::function<bool(std::string_view)>;

/// Lines of "key=value", in order; the common form of recorded answers, of the environment and of what the
/// driver's libraries said.
class Answers {
 public:
  void Set(std::string key, std::string value);
  const std::string* Find(std::string_view key) const;
  std::string Get(std::string_view key) const;  ///< empty when absent
  bool empty() const { return pairs_.empty(); }
  const std::vector<std::pair<std::string, std::string>>& pairs() const { return pairs_; }

  /// Takes "key=value" lines; blank lines and lines that begin with '#' are skipped, others end up in
  /// `unread`.
  static Answers Parse(std::string_view text, std::vector<std::string>* unread = nullptr);
  std::string Text() const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

class WindowsHost;

class Host {
 public:
  enum class View { kLive, kRecord, kFiles };

  virtual ~Host() = default;
  /// kLive: this machine now. kRecord: a recorded machine. kFiles: an image or a disk: no kernel to be seen.
  virtual View view() const = 0;
  /// At most `limit` bytes of a file, from its start, or its end with `tail`. Follows links.
  virtual FileText Read(const std::string& path, size_t limit, bool tail = false) const = 0;
  /// Names in a directory that pass the filter, sorted; empty when it cannot be read.
  virtual std::vector<std::string> List(const std::string& path, const NameFilter& filter) const = 0;
  virtual Node Stat(const std::string& path) const = 0;   ///< follows links
  virtual Node Lstat(const std::string& path) const = 0;  ///< does not follow the last link
  virtual std::optional<std::string> ReadLink(const std::string& path) const = 0;
  virtual std::optional<std::string> Env(const std::string& name) const = 0;
  /// "rw", "r", "w" or "none" for the user who runs this; "EPERM", "EIO" … when a try to open told more.
  virtual std::string Access(const std::string& path, bool try_open) const = 0;
  virtual SystemName Uname() const = 0;
  /// The kernel's message buffer, where it may be read without privilege.
  virtual FileText KernelLog() const = 0;
  /// What NVML and libcuda said when the machine was recorded; empty when nothing was recorded.
  virtual Answers DriverAnswers() const { return {}; }
  /// "uid" and "gids" of who asks, empty where unknown.
  virtual Answers Identity() const { return {}; }
  /// The rest of a Windows machine; null on every other.
  virtual const WindowsHost* windows() const { return nullptr; }
};

/// This machine.
std::unique_ptr<Host> LiveHost();

/// The folder `root` read as if it were "/". Links are resolved inside it and never leave it; what git cannot
/// store (device files, permissions, environment, answers of the driver) stands in root/.cudacompat, see
/// recorded.h.
Result<std::unique_ptr<Host>> RootedHost(const std::string& root);

// Helpers over any host.
inline constexpr size_t kSmallFile = 64 * 1024;
inline constexpr size_t kLargeFile = 8 * 1024 * 1024;

bool Exists(const Host& host, const std::string& path);
bool IsDirectory(const Host& host, const std::string& path);
/// The text of a small file without white space at its ends; empty when it cannot be read.
std::string ReadTrimmed(const Host& host, const std::string& path, size_t limit = kSmallFile);
/// All links resolved, inside the host; empty when it does not exist. A path with a drive letter stays as it
/// is.
std::string RealPath(const Host& host, const std::string& path);
/// The parts of a variable like PATH, without empty ones.
std::vector<std::string> PathList(const Host& host, const std::string& variable);
std::string ParentPath(std::string_view path);
std::string BaseName(std::string_view path);
NameFilter HasPrefix(std::string prefix);
NameFilter HasSuffix(std::string suffix);
NameFilter AnyName();

}  // namespace cudacompat::probe
