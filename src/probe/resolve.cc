#include "probe/resolve.h"

#include <deque>

namespace cudacompat::probe {
namespace {

constexpr int kMostLinks = 40;         // as Linux: MAXSYMLINKS
constexpr size_t kLongestPath = 4096;  // as Linux: PATH_MAX
constexpr size_t kMostParts = 2048;

void PushFront(const std::string& path, std::deque<std::string>* parts) {
  size_t end = path.size();
  while (end > 0) {
    size_t slash = path.rfind('/', end - 1);
    size_t start = slash == std::string::npos ? 0 : slash + 1;
    if (end > start) parts->push_front(path.substr(start, end - start));
    if (slash == std::string::npos) break;
    end = slash;
  }
}

}  // namespace

Resolved Resolve(const std::string& path, bool follow_last, const LinkReader& read_link) {
  Resolved out;
  std::deque<std::string> parts;
  PushFront(path, &parts);
  int links = 0;
  while (!parts.empty()) {
    if (parts.size() > kMostParts || out.path.size() > kLongestPath) return {"", true};
    std::string part = parts.front();
    parts.pop_front();
    if (part == ".") continue;
    if (part == "..") {
      out.path.erase(out.path.empty() ? 0 : out.path.rfind('/'));
      continue;
    }
    std::string next = out.path + "/" + part;
    if (!parts.empty() || follow_last) {
      if (std::optional<std::string> target = read_link(next)) {
        if (++links > kMostLinks || target->size() > kLongestPath) return {"", true};
        if (!target->empty() && target->front() == '/') out.path.clear();
        PushFront(*target, &parts);
        continue;
      }
    }
    out.path = std::move(next);
  }
  if (out.path.empty()) out.path = "/";
  return out;
}

}  // namespace cudacompat::probe
