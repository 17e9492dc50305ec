#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "probe/anonymous.h"
#include "probe/kernel_log.h"
#include "probe/posix_io.h"
#include "probe/record.h"
#include "probe/recording_host.h"
#include "probe/scene.h"

namespace cudacompat::probe {
namespace {

constexpr size_t kLargestCopy =
    2 * 1024 * 1024;  // of one file; a header or a package list is larger, see Shortened

Error CannotWrite(const std::string& path) {
  return {ErrorKind::kInternal, path, std::string("cannot be written: ") + std::strerror(errno), ""};
}

// Makes every folder of a path that lies inside the record.
bool MakeFolders(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (mkdir(path.substr(0, slash).c_str(), 0755) != 0 && errno != EEXIST) return false;
  }
  return true;
}

bool WriteFile(const std::string& path, const std::string& text) {
  if (!MakeFolders(path)) return false;
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0) return false;
  std::string_view rest = text;
  while (!rest.empty()) {
    ssize_t put = write(fd, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) break;
    rest.remove_prefix(static_cast<size_t>(put));
  }
  return close(fd) == 0 && rest.empty();
}

// Only lines on the cards leave a log; of dpkg's list only their packages; of a long text only its beginning.
std::string CardLines(const std::string& text) {
  std::string out;
  for (std::string_view line : Split(text, '\n')) {
    if (IsCardLine(line) || Contains(line, "] Linux version ")) out += std::string(line) + "\n";
  }
  return out;
}

std::string CardPackages(const std::string& text) {
  std::string out;
  size_t start = 0;
  while (start < text.size()) {
    size_t end = text.find("\n\n", start);
    std::string_view block =
        std::string_view(text).substr(start, end == std::string::npos ? end : end - start);
    std::string_view first = block.substr(0, block.find('\n'));
    bool ours = Contains(first, "nvidia") || Contains(first, "cuda");
    std::string version = ours ? TextBetween(block, "\nVersion: ", "\n") : "";
    if (ours) out += std::string(first) + "\nVersion: " + version + "\n\n";
    if (end == std::string::npos) break;
    start = end + 2;
  }
  return out;
}

std::string LinesWith(const std::string& text, std::initializer_list<std::string_view> words) {
  std::string out;
  for (std::string_view line : Split(text, '\n')) {
    bool ours = false;
    for (std::string_view word : words) ours = ours || Contains(line, word);
    if (ours) out += std::string(line) + "\n";
  }
  return out;
}

// Of the kernel's command line what is of modules and buses: it may name servers and addresses too.
std::string CardWords(const std::string& text) {
  std::string out;
  for (std::string_view word : Words(text)) {
    const bool ours = Contains(word, "nvidia") || Contains(word, "nouveau") || Contains(word, "blacklist=") ||
                      word == "nomodeset" || StartsWith(word, "pci=") || StartsWith(word, "iommu=") ||
                      StartsWith(word, "vfio-pci") || StartsWith(word, "intel_iommu=") ||
                      StartsWith(word, "amd_iommu=");
    if (ours) out += std::string(word) + " ";
  }
  return out + "\n";
}

std::string Shortened(const std::string& path, const std::string& text) {
  if (StartsWith(path, "/var/log/") && path != "/var/log/fabricmanager.log") return CardLines(text);
  if (path == "/proc/cmdline") return CardWords(text);
  if (path == "/var/lib/dpkg/status") return CardPackages(text);
  if (EndsWith(path, "/modules.dep")) return LinesWith(text, {"nvidia", "nouveau"});
  if (EndsWith(path, "/mountinfo")) return LinesWith(text, {"nvidia", "libcuda"});
  return text.size() > kLargestCopy ? text.substr(0, kLargestCopy) : text;
}

class Recorder {
 public:
  Recorder(const RecordingHost::Notes& notes, std::string folder)
      : notes_(notes), folder_(std::move(folder)) {}

  Anonymous& anonymous() { return anonymous_; }

  Status Write(const Host& host, const Answers& answers) {
    for (const auto& [path, target] : notes_.links) WriteLink(path, target);
    for (const auto& [path, node] : notes_.nodes) WriteNode(path, node);
    Answers env;
    for (const auto& [name, value] : notes_.env) env.Set(name, anonymous_.Clean(value));
    if (Status failed = WriteOwn("env", env.Text())) return failed;
    if (Status failed = WriteOwn("nodes", nodes_)) return failed;
    if (Status failed = WriteOwn("host", HostText(host))) return failed;
    if (!answers.empty()) {
      if (Status failed = WriteOwn("answers", anonymous_.Clean(answers.Text()))) return failed;
    }
    if (notes_.kernel_log.ok())
      return WriteOwn("kernel-log", anonymous_.Clean(CardLines(notes_.kernel_log.text)));
    return {};
  }

  const RecordSummary& summary() const { return summary_; }

 private:
  static std::string HostText(const Host& host) {
    SystemName name = host.Uname();
    Answers answers = host.Identity();
    answers.Set("uname.release", name.release);
    answers.Set("uname.machine", name.machine);
    return answers.Text();
  }

  Status WriteOwn(const char* name, const std::string& text) {
    std::string path = folder_ + kRecordFolder + "/" + name;
    if (!WriteFile(path, text)) return CannotWrite(path);
    return {};
  }

  void LeaveOut(const std::string& path) {
    if (summary_.left_out.size() < 100) summary_.left_out.push_back(path + ": " + std::strerror(errno));
  }

  void WriteLink(const std::string& path, const std::string& target) {
    std::string to = folder_ + anonymous_.Clean(path);
    if (MakeFolders(to) && symlink(anonymous_.Clean(target).c_str(), to.c_str()) == 0) {
      ++summary_.links;
    } else {
      LeaveOut(path);
    }
  }

  // What a copy cannot hold goes to `nodes`: devices, set-user bits, files that could not be read.
  void WriteNode(const std::string& path, const Node& node) {
    std::string clean = anonymous_.Clean(path);
    auto access = notes_.access.find(path);
    bool denied = access != notes_.access.end() && !Contains(access->second, "r");
    bool plain = node.kind == NodeKind::kFile || node.kind == NodeKind::kDirectory;
    if (!plain || denied || (node.mode & 04000) != 0) {
      if (node.kind == NodeKind::kLink) return;
      RecordedNode recorded{node, access == notes_.access.end() ? "r" : access->second};
      if (node.kind != NodeKind::kNone) nodes_ += NodeLine(clean, recorded) + "\n";
    }
    if (node.kind == NodeKind::kDirectory) {
      if (!MakeFolders(folder_ + clean + "/")) LeaveOut(path);
    } else if (node.kind == NodeKind::kFile) {
      WriteContent(path, folder_ + clean);
    }
  }

  // Only the groups that own device files, without their members.
  std::string GroupsOfDevices(const std::string& text) const {
    std::string out;
    for (std::string_view line : Split(text, '\n')) {
      const std::vector<std::string_view> parts = Split(line, ':');
      const bool owns = parts.size() > 2 &&
                        std::any_of(notes_.nodes.begin(), notes_.nodes.end(), [&parts](const auto& each) {
                          return each.second.kind == NodeKind::kCharDevice && each.second.gid != 0 &&
                                 std::to_string(each.second.gid) == parts[2];
                        });
      if (owns) out += std::string(parts[0]) + ":x:" + std::string(parts[2]) + ":\n";
    }
    return out;
  }

  void WriteContent(const std::string& path, const std::string& to) {
    auto file = notes_.files.find(path);
    std::string text;
    if (file != notes_.files.end() && file->second.ok()) text = Shortened(path, file->second.text);
    if (path == "/etc/group") text = GroupsOfDevices(text);
    // Binary files (the loader's cache, heads of libraries) have offsets that a changed text would break.
    if (text.find('\0') == std::string::npos) text = anonymous_.Clean(text);
    if (file == notes_.files.end() && !EndsWith(path, "/")) text = "recorded without its content\n";
    if (WriteFile(to, text)) {
      ++summary_.files;
    } else {
      LeaveOut(path);
    }
  }

  const RecordingHost::Notes& notes_;
  std::string folder_;
  Anonymous anonymous_;
  std::string nodes_;
  RecordSummary summary_;
};

Status PrepareFolder(const std::string& folder) {
  if (folder.empty()) return Error{ErrorKind::kUsage, "--record", "needs a folder", ""};
  if (mkdir(folder.c_str(), 0755) == 0) return {};
  if (errno != EEXIST) return CannotWrite(folder);
  if (PosixStat(folder, true).kind != NodeKind::kDirectory)
    return Error{ErrorKind::kUsage, folder, "is not a folder", "name a new one"};
  if (!PosixList(folder, AnyName()).empty()) {
    return Error{ErrorKind::kUsage, folder, "is not empty", "name a new folder, or empty this one first"};
  }
  return {};
}

}  // namespace

Result<RecordSummary> RecordMachine(const Host& host, const std::string& folder,
                                    const ProbeOptions& options) {
  if (Status failed = PrepareFolder(folder)) return *failed;
  RecordingHost recording(host);
  Answers answers;
  ProbeMachine(recording, options, &answers);
  Recorder recorder(recording.notes(), folder);
  for (const char* variable : {"USER", "LOGNAME", "SUDO_USER"}) {
    recorder.anonymous().AddUser(host.Env(variable).value_or(""));
  }
  std::string home = host.Env("HOME").value_or("");
  if (StartsWith(home, "/home/")) recorder.anonymous().AddUser(BaseName(home));
  for (const char* path : {"/proc/sys/kernel/hostname", "/etc/hostname"}) {
    recorder.anonymous().AddHost(ReadTrimmed(host, path, 256));
  }
  if (Status failed = recorder.Write(host, answers)) return *failed;
  return recorder.summary();
}

}  // namespace cudacompat::probe
