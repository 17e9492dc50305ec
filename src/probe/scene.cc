#include "probe/scene.h"

#include "base/text.h"

namespace cudacompat::probe {

void Scene::See(std::string key, std::string value, std::string where) {
  machine.sightings.push_back({std::move(key), std::move(value), std::move(where), true});
}

void Scene::Miss(std::string key, std::string where) {
  machine.sightings.push_back({std::move(key), "", std::move(where), false});
}

bool Scene::SeePath(const std::string& key, const std::string& path, std::string value) {
  bool there = Exists(host, path);
  if (there) {
    See(key, std::move(value), path);
  } else {
    Miss(key, path);
  }
  return there;
}

void Scene::Problem(std::string text) {
  if (machine.problems.size() < 50) machine.problems.push_back(std::move(text));
}

const Sighting* Scene::Find(std::string_view key) const {
  for (const Sighting& sighting : machine.sightings) {
    if (sighting.key == key) return &sighting;
  }
  return nullptr;
}

bool Scene::Has(std::string_view key) const {
  for (const Sighting& sighting : machine.sightings) {
    if (sighting.key == key && sighting.found) return true;
  }
  return false;
}

std::string Scene::Env(const std::string& variable) const { return host.Env(variable).value_or(""); }

std::string CleanVersion(std::string_view text) {
  text = Trim(text);
  size_t end = 0;
  while (end < text.size() && (IsDigit(text[end]) || (text[end] == '.' && end > 0))) ++end;
  while (end > 0 && text[end - 1] == '.') --end;
  return std::string(text.substr(0, end));
}

std::string TextBetween(std::string_view text, std::string_view before, std::string_view after) {
  size_t start = text.find(before);
  if (start == std::string_view::npos) return "";
  start += before.size();
  size_t end = text.find(after, start);
  return std::string(text.substr(start, end == std::string_view::npos ? end : end - start));
}

}  // namespace cudacompat::probe
