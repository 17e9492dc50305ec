#include <cstdlib>

#include "base/text.h"
#include "probe/windows_host.h"

namespace cudacompat::probe {

RecordedWindows::RecordedWindows(std::string_view text) {
  name = {"Windows", "10.0", "", "AMD64"};
  for (std::string_view line : Split(text, '\n')) {
    line = Trim(line);
    size_t equals = line.find('=');
    if (line.empty() || line.front() == '#' || equals == std::string_view::npos) continue;
    size_t blank = std::min(line.find(' '), equals);
    std::string_view what = line.substr(0, blank);
    std::string key(Trim(line.substr(blank, equals - blank)));
    std::string value(line.substr(equals + 1));
    if (what == "registry") registry_[key] = value;
    if (what == "version") versions_[key] = value;
    if (what == "file") files["/" + key] = ReplaceAll(value, "\\n", "\n");
    if (what == "env") recorded.env.Set(key, value);
    if (what == "answer") recorded.answers.Set(key, value);
    if (StartsWith(what, "device.")) Device(line.substr(0, equals), value);
  }
}

void RecordedWindows::Device(std::string_view key, std::string value) {
  std::vector<std::string_view> parts = Split(key, '.');
  if (parts.size() != 3 || parts[1].size() != 1 || !IsDigit(parts[1][0])) return;
  size_t index = static_cast<size_t>(parts[1][0] - '0');
  if (devices_.size() <= index) devices_.resize(index + 1);
  DisplayDevice& device = devices_[index];
  if (parts[2] == "name") device.name = value;
  if (parts[2] == "id") device.hardware_id = value;
  if (parts[2] == "location") device.location = value;
  if (parts[2] == "service") device.service = value;
  if (parts[2] == "driver") device.driver = value;
  if (parts[2] == "problem") device.problem = std::atoi(value.c_str());
}

std::optional<std::string> RecordedWindows::Registry(const std::string& path,
                                                     const std::string& value) const {
  auto found = registry_.find(path + "|" + value);
  return found == registry_.end() ? std::nullopt : std::optional<std::string>(found->second);
}

std::vector<std::string> RecordedWindows::RegistryKeys(const std::string& path) const {
  std::vector<std::string> keys;
  std::string prefix = path + "\\";
  for (const auto& [entry, value] : registry_) {
    if (!StartsWith(entry, prefix)) continue;
    std::string rest = entry.substr(prefix.size());
    std::string key = rest.substr(0, rest.find_first_of("\\|"));
    if (keys.empty() || keys.back() != key) keys.push_back(key);
  }
  return keys;
}

std::string RecordedWindows::FileVersion(const std::string& path) const {
  auto found = versions_.find(path);
  return found == versions_.end() ? "" : found->second;
}

}  // namespace cudacompat::probe
