// A folder read as if it were "/": an unpacked image, a mounted disk, or a recorded machine.
#include <unistd.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "probe/host.h"
#include "probe/posix_io.h"
#include "probe/recorded.h"
#include "probe/resolve.h"

namespace cudacompat::probe {
namespace {

class Rooted : public Host {
 public:
  explicit Rooted(std::string root) : root_(std::move(root)) {
    for (const char* name : {"host", "env", "answers", "nodes"}) {
      FileText file = Read(std::string(kRecordFolder) + "/" + name, kLargeFile, false);
      if (file.ok()) ParseRecordedFile(name, file.text, &recorded_);
    }
  }

  const std::vector<std::string>& unread() const { return recorded_.unread; }

  View view() const override { return recorded_.present ? View::kRecord : View::kFiles; }

  FileText Read(const std::string& path, size_t limit, bool tail) const override {
    Resolved real = Follow(path, true);
    FileText out;
    if (real.loop) out.outcome = Outcome::kFailed;
    if (real.loop) return out;
    auto node = recorded_.nodes.find(real.path);
    if (node != recorded_.nodes.end() && !Contains(node->second.access, "r")) {
      out.outcome = Outcome::kDenied;
      return out;
    }
    return PosixRead(root_ + real.path, limit, tail);
  }

  std::vector<std::string> List(const std::string& path, const NameFilter& filter) const override {
    Resolved real = Follow(path, true);
    if (real.loop) return {};
    std::vector<std::string> names = PosixList(root_ + real.path, filter);
    AddRecorded(real.path, filter, &names);
    return names;
  }

  Node Stat(const std::string& path) const override { return At(Follow(path, true)); }
  Node Lstat(const std::string& path) const override { return At(Follow(path, false)); }

  std::optional<std::string> ReadLink(const std::string& path) const override {
    Resolved real = Follow(path, false);
    return real.loop ? std::nullopt : PosixReadLink(root_ + real.path);
  }

  std::optional<std::string> Env(const std::string& name) const override {
    const std::string* value = recorded_.env.Find(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(*value);
  }

  std::string Access(const std::string& path, bool) const override {
    Resolved real = Follow(path, true);
    auto node = recorded_.nodes.find(real.path);
    if (node != recorded_.nodes.end()) return node->second.access;
    return AccessByMode(Stat(path), recorded_.host);
  }

  SystemName Uname() const override {
    const Answers& host = recorded_.host;
    SystemName name{"Linux", host.Get("uname.release"), host.Get("uname.version"), host.Get("uname.machine")};
    return name;
  }

  FileText KernelLog() const override {
    return Read(std::string(kRecordFolder) + "/kernel-log", kLargeFile, true);
  }
  Answers DriverAnswers() const override { return recorded_.answers; }
  Answers Identity() const override { return recorded_.host; }

 private:
  Resolved Follow(const std::string& path, bool follow_last) const {
    return Resolve(path, follow_last, [this](const std::string& at) -> std::optional<std::string> {
      auto [entry, fresh] = links_.try_emplace(at);
      if (fresh) entry->second = PosixReadLink(root_ + at);
      return entry->second;
    });
  }

  Node At(const Resolved& real) const {
    Node node;
    if (real.loop) node.outcome = Outcome::kFailed;
    if (real.loop) return node;
    auto recorded = recorded_.nodes.find(real.path);
    return recorded != recorded_.nodes.end() ? recorded->second.node : PosixStat(root_ + real.path, false);
  }

  // A device file that only `nodes` knows is in its directory's list too.
  void AddRecorded(const std::string& directory, const NameFilter& filter,
                   std::vector<std::string>* names) const {
    size_t before = names->size();
    for (const auto& [path, node] : recorded_.nodes) {
      std::string name = BaseName(path);
      if (ParentPath(path) != directory || !filter(name)) continue;
      if (!std::binary_search(names->begin(), names->begin() + static_cast<ptrdiff_t>(before), name)) {
        names->push_back(name);
      }
    }
    std::sort(names->begin(), names->end());
  }

  std::string root_;
  Recorded recorded_;
  mutable std::map<std::string, std::optional<std::string>>
      links_;  // one probe asks for the same links often
};

}  // namespace

Result<std::unique_ptr<Host>> RootedHost(const std::string& root) {
  Node node = PosixStat(root, true);
  if (!node.ok()) {
    return Error{ErrorKind::kBadInput, root, "no such folder",
                 "name the folder that holds etc, usr and proc"};
  }
  if (node.kind != NodeKind::kDirectory) {
    return Error{ErrorKind::kBadInput, root, "is not a folder", "unpack the image or mount the disk first"};
  }
  if (access(root.c_str(), R_OK | X_OK) != 0) {
    return Error{ErrorKind::kBadInput, root, "this user may not read the folder",
                 "ask as its owner, or with sudo"};
  }
  std::string trimmed = root;
  while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
  auto host = std::make_unique<Rooted>(trimmed);
  if (!host->unread().empty()) {
    return Error{ErrorKind::kBadInput, root + std::string(kRecordFolder) + "/" + host->unread().front(),
                 "this line is not understood", "docs/probe.md describes the files of a recorded machine"};
  }
  return std::unique_ptr<Host>(std::move(host));
}

}  // namespace cudacompat::probe
