#include "probe/host_memory.h"

#include <set>

#include "base/text.h"
#include "probe/resolve.h"

namespace cudacompat::probe {

std::string MemoryHost::Follow(const std::string& path, bool follow_last) const {
  Resolved real = Resolve(path, follow_last, [this](const std::string& at) -> std::optional<std::string> {
    auto link = links.find(at);
    return link == links.end() ? std::nullopt : std::optional<std::string>(link->second);
  });
  return real.path;  // empty for a loop: found nowhere
}

FileText MemoryHost::Read(const std::string& path, size_t limit, bool tail) const {
  FileText out;
  std::string real = Follow(path, true);
  auto node = recorded.nodes.find(real);
  if (node != recorded.nodes.end() && !Contains(node->second.access, "r")) {
    out.outcome = Outcome::kDenied;
    return out;
  }
  auto file = files.find(real);
  if (file == files.end()) return out;
  out.outcome = Outcome::kOk;
  out.cut = file->second.size() > limit;
  out.text =
      out.cut && tail ? file->second.substr(file->second.size() - limit) : file->second.substr(0, limit);
  return out;
}

std::vector<std::string> MemoryHost::List(const std::string& path, const NameFilter& filter) const {
  std::string prefix = Follow(path, true);
  if (prefix.empty()) return {};
  if (prefix.back() != '/') prefix += '/';
  std::set<std::string> names;
  auto add = [&](const std::string& at) {
    if (!StartsWith(at, prefix) || at.size() == prefix.size()) return;
    std::string child = at.substr(prefix.size(), at.find('/', prefix.size()) - prefix.size());
    if (filter(child)) names.insert(child);
  };
  for (const auto& [at, text] : files) add(at);
  for (const auto& [at, target] : links) add(at);
  for (const auto& [at, node] : recorded.nodes) add(at);
  return {names.begin(), names.end()};
}

std::optional<std::string> MemoryHost::ReadLink(const std::string& path) const {
  auto link = links.find(Follow(path, false));
  return link == links.end() ? std::nullopt : std::optional<std::string>(link->second);
}

std::optional<std::string> MemoryHost::Env(const std::string& env) const {
  const std::string* value = recorded.env.Find(env);
  return value == nullptr ? std::nullopt : std::optional<std::string>(*value);
}

std::string MemoryHost::Access(const std::string& path, bool) const {
  auto node = recorded.nodes.find(Follow(path, true));
  if (node != recorded.nodes.end()) return node->second.access;
  return AccessByMode(Stat(path), recorded.host);
}

FileText MemoryHost::KernelLog() const {
  FileText out;
  out.outcome = kernel_log.empty() ? Outcome::kAbsent : Outcome::kOk;
  out.text = kernel_log;
  return out;
}

Node MemoryHost::At(const std::string& path, bool follow) const {
  std::string real = Follow(path, follow);
  auto recorded_node = recorded.nodes.find(real);
  if (recorded_node != recorded.nodes.end()) return recorded_node->second.node;
  Node node;
  if (real.empty()) node.outcome = Outcome::kFailed;
  auto file = files.find(real);
  if (file != files.end()) {
    node.outcome = Outcome::kOk;
    node.kind = NodeKind::kFile;
    node.size = static_cast<int64_t>(file->second.size());
    node.mode = 0644;
  } else if (links.count(real) != 0) {
    node.outcome = Outcome::kOk;
    node.kind = NodeKind::kLink;
  } else if (!real.empty() && !List(real, AnyName()).empty()) {
    node.outcome = Outcome::kOk;
    node.kind = NodeKind::kDirectory;
    node.mode = 0755;
  }
  return node;
}

}  // namespace cudacompat::probe
