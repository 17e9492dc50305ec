#include "probe/host.h"

#include "base/text.h"
#include "probe/resolve.h"

namespace cudacompat::probe {

void Answers::Set(std::string key, std::string value) {
  for (auto& [have, old] : pairs_) {
    if (have != key) continue;
    old = std::move(value);
    return;
  }
  pairs_.emplace_back(std::move(key), std::move(value));
}

const std::string* Answers::Find(std::string_view key) const {
  for (const auto& [have, value] : pairs_) {
    if (have == key) return &value;
  }
  return nullptr;
}

std::string Answers::Get(std::string_view key) const {
  const std::string* value = Find(key);
  return value == nullptr ? std::string() : *value;
}

Answers Answers::Parse(std::string_view text, std::vector<std::string>* unread) {
  constexpr size_t kMostLines = 20000;  // a bound for broken input; a real record has some hundred
  Answers answers;
  for (std::string_view raw : Split(text, '\n')) {
    std::string_view line = Trim(raw);
    if (line.empty() || line.front() == '#') continue;
    size_t equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0 || answers.pairs_.size() >= kMostLines) {
      if (unread != nullptr && unread->size() < 20) unread->push_back(Printable(line.substr(0, 120)));
      continue;
    }
    answers.pairs_.emplace_back(Trim(line.substr(0, equals)), Trim(line.substr(equals + 1)));
  }
  return answers;
}

std::string Answers::Text() const {
  std::string text;
  for (const auto& [key, value] : pairs_) {
    std::string line = value;
    for (char& c : line) {
      if (c == '\n' || c == '\r') c = ' ';
    }
    text += key + "=" + line + "\n";
  }
  return text;
}

bool Exists(const Host& host, const std::string& path) { return host.Stat(path).ok(); }

bool IsDirectory(const Host& host, const std::string& path) {
  return host.Stat(path).kind == NodeKind::kDirectory;
}

std::string ReadTrimmed(const Host& host, const std::string& path, size_t limit) {
  FileText file = host.Read(path, limit);
  while (!file.text.empty() && file.text.back() == '\0')
    file.text.pop_back();  // device-tree texts end in NUL
  return std::string(Trim(file.text));
}

std::string RealPath(const Host& host, const std::string& path) {
  if (path.size() > 1 && path[1] == ':') return Exists(host, path) ? path : "";
  Resolved real = Resolve(path, true, [&host](const std::string& at) { return host.ReadLink(at); });
  if (real.loop || !Exists(host, real.path)) return "";
  return real.path;
}

std::vector<std::string> PathList(const Host& host, const std::string& variable) {
  std::vector<std::string> parts;
  std::string value = host.Env(variable).value_or("");
  for (std::string_view part : Split(value, ':')) {
    if (!part.empty()) parts.emplace_back(part);
  }
  return parts;
}

std::string ParentPath(std::string_view path) {
  size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string BaseName(std::string_view path) {
  size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

NameFilter HasPrefix(std::string prefix) {
  return [prefix = std::move(prefix)](std::string_view name) { return StartsWith(name, prefix); };
}

NameFilter HasSuffix(std::string suffix) {
  return [suffix = std::move(suffix)](std::string_view name) { return EndsWith(name, suffix); };
}

NameFilter AnyName() {
  return [](std::string_view) { return true; };
}

}  // namespace cudacompat::probe
