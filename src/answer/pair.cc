#include "answer/pair.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"

namespace cudacompat::answer {
namespace {

// "libfoo-1b2c3d4e.so.1.2" and "libfoo.so.1.3" are the same library of two versions.
std::string NameKey(std::string_view name) {
  std::string key(name.substr(0, name.find('.')));
  const size_t dash = key.rfind('-');
  if (dash != std::string::npos && key.size() - dash == 9) key.resize(dash);
  return ToLower(key);
}

// The parts of a path from its end on; an archive is a folder.
std::vector<std::string> PartsFromEnd(const std::string& path) {
  std::vector<std::string> parts;
  for (size_t end = path.size();;) {
    const size_t cut = end == 0 ? std::string::npos : path.find_last_of("/\\!", end - 1);
    const size_t begin = cut == std::string::npos ? 0 : cut + 1;
    parts.push_back(ToLower(path.substr(begin, end - begin)));
    if (cut == std::string::npos) return parts;
    end = cut;
  }
}

size_t Agree(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  size_t count = 1;  // the names do, but for versions
  while (count < a.size() && count < b.size() && a[count] == b[count]) ++count;
  return count;
}

}  // namespace

std::vector<std::pair<int64_t, int64_t>> PairsOf(const std::vector<PairedFile>& old_files,
                                                 const std::vector<PairedFile>& new_files) {
  if (old_files.size() == 1 && new_files.size() == 1) return {{old_files[0].id, new_files[0].id}};
  std::vector<std::vector<std::string>> old_parts, new_parts;
  std::map<std::string, std::vector<size_t>> by_name;
  for (size_t i = 0; i < old_files.size(); ++i) {
    old_parts.push_back(PartsFromEnd(old_files[i].path));
    by_name[NameKey(old_parts[i][0])].push_back(i);
  }
  // Furthest first; equal ones in the order of the files.
  std::vector<std::tuple<size_t, size_t, size_t>> found;
  std::vector<size_t> best(old_files.size());
  for (size_t n = 0; n < new_files.size(); ++n) {
    new_parts.push_back(PartsFromEnd(new_files[n].path));
    const auto same = by_name.find(NameKey(new_parts[n][0]));
    if (same == by_name.end()) continue;
    for (const size_t o : same->second) {
      const size_t agree = Agree(old_parts[o], new_parts[n]);
      found.emplace_back(agree, o, n);
      best[o] = std::max(best[o], agree);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return std::get<0>(a) > std::get<0>(b); });
  std::vector<std::pair<int64_t, int64_t>> pairs;
  std::set<std::pair<int64_t, size_t>> taken;  // old ones, in each of the paths that were given
  std::set<size_t> paired;
  for (const auto& [agree, o, n] : found) {
    if (agree != best[o] || paired.count(n) != 0 || !taken.emplace(new_files[n].unit, o).second) continue;
    paired.insert(n);
    pairs.emplace_back(old_files[o].id, new_files[n].id);
  }
  return pairs;
}

}  // namespace cudacompat::answer
