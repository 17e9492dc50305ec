#include "render/scan_json_read.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text.h"
#include "base/version.h"

namespace cudacompat::render {
namespace {

using nlohmann::json;

std::string TextOf(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

uint64_t CountOf(const json& object, const char* key, uint64_t otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<uint64_t>() : otherwise;
}

bool IsSet(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

// "compute_90@8.4", "sm_90a", "lto_80"; other kinds do not count for coverage.
bool ReadTarget(const std::string& text, scan::TargetKey* key) {
  const size_t sign = text.find('@');
  const std::optional<Target> target = ParseTarget(text.substr(0, sign));
  if (!target) return false;
  key->kind = target->kind == "sm" ? scan::kCubin : target->kind == "lto" ? scan::kLtoIr : scan::kPtx;
  key->arch = static_cast<uint32_t>(target->capability);
  key->suffix = target->suffix;
  if (sign == std::string::npos || key->kind != scan::kPtx) return true;
  const std::string isa = text.substr(sign + 1);
  const std::optional<int64_t> parts = DottedKey(isa);
  if (!parts) return true;
  key->isa_major = static_cast<uint16_t>(*parts / 1000000000000);
  key->isa_minor = static_cast<uint16_t>(*parts / 1000000000 % 1000);
  return true;
}

void AddSet(scan::TargetSet set, scan::FileReport* file) {
  if (set.targets.empty()) return;
  std::sort(set.targets.begin(), set.targets.end());
  file->containers_total += set.containers;
  file->target_sets.push_back(std::move(set));
  file->images_total += 1;  // images_total beside no images: only counts are known
}

// The number of a section by its name; it is added where it is new.
uint32_t SectionOf(const std::string& name, scan::FileReport* file) {
  if (name.empty()) return scan::kNoSection;
  auto& sections = file->sections;
  const auto known = std::find_if(sections.begin(), sections.end(),
                                  [&](const scan::Section& section) { return section.name == name; });
  if (known != sections.end()) return static_cast<uint32_t>(known - sections.begin());
  sections.push_back({name, 0, 0, false});
  return static_cast<uint32_t>(sections.size() - 1);
}

// Where images lie tells what a search of the sections alone would have found.
void ReadGroup(const json& image, scan::FileReport* file) {
  scan::ImageGroup group;
  if (!image.is_object() || !ReadTarget(TextOf(image, "target"), &group.target)) return;
  group.section = SectionOf(TextOf(image, "section"), file);
  group.in_fatbin_section = IsSet(image, "in_fatbin_section");
  group.listed_by_vendor_tool = IsSet(image, "listed_by_vendor_tool");
  file->groups[group] += CountOf(image, "count", 1);
}

// Sets where there are containers; bare images (a raw cubin) each for themselves.
void ReadFile(const json& object, scan::FileReport* file) {
  file->path = TextOf(object, "path");
  file->format = TextOf(object, "format");
  file->machine = TextOf(object, "machine");
  file->member = TextOf(object, "member");
  file->package = TextOf(object, "package");
  file->soname = TextOf(object, "soname");
  file->searched = TextOf(object, "searched") == "deep" ? scan::Searched::kDeep : scan::Searched::kSections;
  const json images =
      object.contains("images") && object["images"].is_array() ? object["images"] : json::array();
  for (const json& image : images) ReadGroup(image, file);
  const json coverage = object.value("coverage", json::object());
  if (coverage.is_object() && coverage.contains("sets") && coverage["sets"].is_array()) {
    for (const json& set : coverage["sets"]) {
      if (!set.is_object() || !set.contains("targets") || !set["targets"].is_array()) continue;
      std::vector<scan::TargetKey> targets;
      for (const json& name : set["targets"]) {
        scan::TargetKey key;
        if (name.is_string() && ReadTarget(name.get<std::string>(), &key)) targets.push_back(key);
      }
      AddSet({std::move(targets), SectionOf(TextOf(set, "section"), file), IsSet(set, "stub"),
              IsSet(set, "device_link"), CountOf(set, "containers", 1)},
             file);
    }
  }
  if (!file->target_sets.empty()) return;
  for (const json& image : images) {
    scan::TargetKey key;
    const std::string isa = image.is_object() ? TextOf(image, "ptx_isa") : "";
    if (!image.is_object() || !ReadTarget(TextOf(image, "target") + (isa.empty() ? "" : "@" + isa), &key))
      continue;
    AddSet({{key}, SectionOf(TextOf(image, "section"), file), false, false, CountOf(image, "count", 1)},
           file);
  }
}

}  // namespace

Result<scan::Report> ParseScanReport(std::string_view text, const std::string& name) {
  const Error wrong{ErrorKind::kBadInput, name, "this is not the JSON of scan --json",
                    "write it with: cudacompat scan --deep --json OLD > baseline.json"};
  if (JsonDepth(text) > kMostJsonDepth) return wrong;
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("files") || !parsed["files"].is_array()) return wrong;
  const std::string schema = TextOf(parsed, "schema");
  if (schema != "cudacompat/scan/1" && schema != "cudacompat/check/1") return wrong;
  scan::Report report;
  for (const json& object : parsed["files"]) {
    if (!object.is_object()) return wrong;
    scan::FileReport file;
    ReadFile(object, &file);
    report.files.push_back(std::move(file));
  }
  return report;
}

Result<scan::Report> ReadScanReport(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (file) text << file.rdbuf();
  if (!file.is_open() || file.bad()) {
    return Error{ErrorKind::kBadInput, Printable(path), errno != 0 ? std::strerror(errno) : "cannot be read",
                 "check the path and its permissions"};
  }
  return ParseScanReport(text.str(), Printable(path));
}

}  // namespace cudacompat::render
