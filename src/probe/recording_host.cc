#include "probe/recording_host.h"

#include "probe/resolve.h"

namespace cudacompat::probe {

// Notes every link on the way and what lies at its end; gives the path without links.
std::string RecordingHost::Note(const std::string& path, bool follow_last) const {
  Resolved real = Resolve(path, follow_last, [this](const std::string& at) {
    std::optional<std::string> target = inner_.ReadLink(at);
    if (target) notes_.links[at] = *target;
    return target;
  });
  if (real.loop || notes_.nodes.count(real.path) != 0) return real.path;
  Node node = inner_.Lstat(real.path);
  if (node.kind == NodeKind::kLink) {
    if (std::optional<std::string> target = inner_.ReadLink(real.path)) notes_.links[real.path] = *target;
  }
  if (node.ok() || node.outcome == Outcome::kDenied) notes_.nodes[real.path] = node;
  return real.path;
}

FileText RecordingHost::Read(const std::string& path, size_t limit, bool tail) const {
  FileText file = inner_.Read(path, limit, tail);
  std::string real = Note(path, true);
  FileText& noted = notes_.files[real];
  if (file.outcome == Outcome::kDenied) notes_.access[real] = "none";
  if (!noted.ok() || noted.text.size() < file.text.size()) noted = file;
  return file;
}

std::vector<std::string> RecordingHost::List(const std::string& path, const NameFilter& filter) const {
  std::vector<std::string> names = inner_.List(path, filter);
  std::string real = Note(path, true);
  for (const std::string& name : names) Note(real == "/" ? "/" + name : real + "/" + name, false);
  return names;
}

Node RecordingHost::Stat(const std::string& path) const {
  Note(path, true);
  return inner_.Stat(path);
}

Node RecordingHost::Lstat(const std::string& path) const {
  Note(path, false);
  return inner_.Lstat(path);
}

std::optional<std::string> RecordingHost::ReadLink(const std::string& path) const {
  Note(path, false);
  return inner_.ReadLink(path);
}

std::optional<std::string> RecordingHost::Env(const std::string& name) const {
  std::optional<std::string> value = inner_.Env(name);
  if (value) notes_.env[name] = *value;
  return value;
}

std::string RecordingHost::Access(const std::string& path, bool try_open) const {
  std::string access = inner_.Access(path, try_open);
  notes_.access[Note(path, true)] = access;
  return access;
}

FileText RecordingHost::KernelLog() const {
  notes_.kernel_log = inner_.KernelLog();
  return notes_.kernel_log;
}

}  // namespace cudacompat::probe
