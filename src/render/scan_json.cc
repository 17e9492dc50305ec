#include "render/scan_json.h"

#include <fmt/format.h>
#include <algorithm>

#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "answer/driver_floor.h"
#include "base/text.h"
#include "render/scan_json_value.h"
#include "scan/coverage.h"
#include "scan/kernels.h"

namespace cudacompat::render {
namespace {

using Json = nlohmann::ordered_json;
using scan::FileReport;
using scan::Image;

Json OrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(Printable(text)); }

Json IsaOf(const scan::TargetKey& key) {
  const std::string isa = scan::IsaText(key.kind, key.isa_major, key.isa_minor);
  return isa.empty() ? Json(nullptr) : Json(isa);
}

Json SectionOf(const FileReport& file, uint32_t section) {
  return section < file.sections.size() ? Json(Printable(file.sections[section].name)) : Json(nullptr);
}

Json Groups(const FileReport& file) {
  Json images = Json::array();
  for (const auto& [group, count] : file.groups) {
    images.push_back({{"kind", scan::KindName(group.target.kind)},
                      {"target", scan::TargetName(group.target)},
                      {"count", count},
                      {"compression", scan::CodecName(group.codec)},
                      {"ptx_isa", IsaOf(group.target)},
                      {"section", SectionOf(file, group.section)},
                      {"in_fatbin_section", group.in_fatbin_section},
                      {"listed_by_vendor_tool", group.listed_by_vendor_tool},
                      {"stub", group.stub}});
  }
  return images;
}

const char* HostOf(uint64_t flags) {
  if ((flags & scan::kFlagHostLinux) != 0) return "linux";
  if ((flags & scan::kFlagHostWindows) != 0) return "windows";
  if ((flags & scan::kFlagHostMac) != 0) return "macos";
  return nullptr;
}

Json Entry(const FileReport& file, const Image& image) {
  const char* host = HostOf(image.flags);
  Json entry{{"kind", scan::KindName(image.kind)},
             {"target", scan::TargetName(image)},
             {"compression", scan::CodecName(image.codec)},
             {"ptx_isa", IsaOf(KeyOf(image))},
             {"section", SectionOf(file, image.section)},
             {"in_fatbin_section", image.in_fatbin_section},
             {"listed_by_vendor_tool", image.listed_by_vendor_tool},
             {"stub", image.stub},
             {"container", image.container == scan::kNoContainer ? Json(nullptr) : Json(image.container)},
             {"offset", image.offset},
             {"size", image.size},
             {"unpacked_size", image.full_size != 0 ? Json(image.full_size) : Json(nullptr)},
             {"debug", (image.flags & scan::kFlagDebug) != 0},
             {"obfuscated", (image.flags & scan::kFlagObfuscated) != 0},
             {"host", host ? Json(host) : Json(nullptr)},
             {"identifier", nullptr}};
  if (image.identifier != 0) entry["identifier"] = Printable(file.identifiers[image.identifier]);
  if (scan::UnknownFlags(image.flags) != 0) {
    entry["unknown_flags"] = fmt::format("0x{:x}", scan::UnknownFlags(image.flags));
  }
  return entry;
}

Json CoverageJson(const FileReport& file) {
  const scan::Coverage coverage = CoverageOf(file);
  Json targets = Json::array();
  for (const scan::TargetCount& count : coverage.targets) {
    targets.push_back({{"target", scan::TargetName(count.target)},
                       {"kind", scan::KindName(count.target.kind)},
                       {"ptx_isa", IsaOf(count.target)},
                       {"containers", count.containers}});
  }
  Json sets = Json::array();
  for (const scan::TargetSet& set : file.target_sets) {
    Json names = Json::array();
    for (const scan::TargetKey& key : set.targets) {
      const std::string isa = scan::IsaText(key.kind, key.isa_major, key.isa_minor);
      names.push_back(scan::TargetName(key) + (isa.empty() ? "" : "@" + isa));
    }
    sets.push_back({{"targets", names},
                    {"containers", set.containers},
                    {"section", SectionOf(file, set.section)},
                    {"stub", set.stub},
                    {"device_link", set.device_link}});
  }
  return {{"style", StyleName(coverage.style)},
          {"containers", coverage.containers},
          {"stubs", coverage.stubs},
          {"device_links", coverage.device_links},
          {"empty", file.containers_empty},
          {"targets", targets},
          {"sets", sets}};
}

Json KernelJson(const std::pair<const std::string, scan::Kernel>& kernel) {
  Json names = Json::array(), holes = Json::array();
  for (const auto& [key, modules] : kernel.second.targets) {
    names.push_back(scan::TargetName(key));
    if (modules < kernel.second.modules) holes.push_back({{"target", names.back()}, {"modules", modules}});
  }
  return {{"name", Printable(kernel.first)},
          {"demangled", Printable(scan::Demangled(kernel.first))},
          {"targets", names},
          {"modules", kernel.second.modules},
          {"holes", holes}};
}

Json NeedDetails(const FileReport& file) {
  Json needs = Json::array();
  for (const scan::Need& need : file.needs) {
    needs.push_back({{"name", Printable(need.name)},
                     {"library", Printable(need.library)},
                     {"version", need.version.empty() ? Json(nullptr) : Json(Printable(need.version))},
                     {"toolkit", OrNull(answer::ToolkitOf(need))},
                     {"delayed", need.delayed}});
  }
  return needs;
}

// What a file asks of a driver.
Json Implied(const FileReport& file) {
  scan::TargetKey newest;
  Json codecs = Json::array();
  for (const auto& [group, count] : file.groups) {
    if (scan::IsPtx(group.target.kind) && std::pair(group.target.isa_major, group.target.isa_minor) >
                                              std::pair(newest.isa_major, newest.isa_minor)) {
      newest = group.target;
    }
    const Json name = scan::CodecName(group.codec);
    if (std::find(codecs.begin(), codecs.end(), name) == codecs.end()) codecs.push_back(name);
  }
  Json drivers = Json::array();
  for (const answer::DriverFloor& floor : answer::DriverFloors(file)) drivers.push_back(FloorJson(floor));
  return {{"ptx_isa", IsaOf(newest)}, {"compressions", codecs}, {"drivers", drivers}};
}

Json Left(const FileReport& file) {
  Json left = Json::array();
  for (const scan::LeftSection& section : file.left) {
    left.push_back(
        {{"section", Printable(section.name)}, {"offset", section.offset}, {"size", section.size}});
  }
  return left;
}

Json ProblemsJson(const FileReport& file) {
  Json problems = Json::array();
  for (const scan::Problem& problem : file.problems.list()) {
    problems.push_back(
        {{"code", problem.code}, {"offset", problem.offset}, {"message", Printable(problem.message)}});
  }
  if (file.problems.dropped() != 0) {
    problems.push_back({{"code", "more-problems"},
                        {"offset", 0},
                        {"message", fmt::format("{} more problems", file.problems.dropped())}});
  }
  return problems;
}

Json Cudart(scan::StaticCudart cudart) {
  if (cudart == scan::StaticCudart::kUnknown) return nullptr;
  return cudart == scan::StaticCudart::kYes;
}

}  // namespace

Json FloorJson(const answer::DriverFloor& floor) {
  return {{"os", floor.os},
          {"minimum", OrNull(floor.minimum)},
          {"sure_from", OrNull(floor.sure_from)},
          {"because", floor.because}};
}

Json ScanFileJson(const FileReport& file) {
  Json json{{"path", Printable(file.path)},
            {"format", file.format},
            {"searched", file.searched == scan::Searched::kDeep ? "deep" : "sections"},
            {"images", Groups(file)},
            {"images_total", file.images_total},
            {"containers", file.containers_total},
            {"coverage", CoverageJson(file)},
            {"needs", Json::array()},
            {"needs_detail", NeedDetails(file)},
            {"toolkits", file.toolkits},
            {"implied", Implied(file)},
            {"static_cudart", Cudart(file.static_cudart)},
            {"glibc", OrNull(file.needs_glibc)},
            {"machine", OrNull(file.machine)},
            {"soname", OrNull(file.soname)},
            {"size", file.size},
            {"archive", OrNull(file.archive)},
            {"member", OrNull(file.member)},
            {"package", OrNull(file.package)},
            {"left", Left(file)},
            {"notes", file.notes},
            {"problems", ProblemsJson(file)}};
  for (const scan::Need& need : file.needs) json["needs"].push_back(Printable(need.name));
  return json;
}

namespace {

constexpr int kStep = 2;

// The value as it stands `depth` levels deep in a larger one.
std::string Indented(const Json& json, int depth) {
  const std::string text = json.dump(kStep);
  const std::string margin(static_cast<size_t>(depth * kStep), ' ');
  std::string out = margin;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += margin;
  }
  return out;
}

// Writes "key": [ … ] with elements that come one at a time: there may be a hundred thousand.
template <typename List, typename ToJson>
void WriteArray(std::ostream& out, int depth, const char* key, const List& list, ToJson to_json) {
  const std::string margin(static_cast<size_t>(depth * kStep), ' ');
  out << margin << '"' << key << "\": [";
  const char* separator = "\n";
  for (const auto& element : list) {
    out << separator << Indented(to_json(element), depth + 1);
    separator = ",\n";
  }
  if (!list.empty()) out << '\n' << margin;
  out << ']';
}

void WriteFile(std::ostream& out, const FileReport& file, const ScanJsonOptions& options) {
  constexpr int kDepth = 2;
  std::string text = Indented(ScanFileJson(file), kDepth);
  const std::string end = "\n" + std::string(kDepth * kStep, ' ') + "}";
  out << text.substr(0, text.size() - end.size());
  if (!file.kernels.empty()) {
    out << ",\n";
    WriteArray(out, kDepth + 1, "kernels", file.kernels, KernelJson);
  }
  if (options.entries) {
    out << ",\n";
    WriteArray(out, kDepth + 1, "entries", file.images,
               [&](const Image& image) { return Entry(file, image); });
  }
  out << end;
}

}  // namespace

void WriteScanJson(const scan::Report& report, const ScanJsonOptions& options, std::ostream& out) {
  out << "{\n  \"schema\": \"cudacompat/scan/1\",\n  \"files\": [";
  const char* separator = "\n";
  for (const FileReport& file : report.files) {
    out << separator;
    WriteFile(out, file, options);
    separator = ",\n";
  }
  out << (report.files.empty() ? "],\n" : "\n  ],\n");
  WriteArray(out, 1, "unreadable", report.unreadable, [](const scan::Unreadable& path) {
    return Json{{"path", Printable(path.path)}, {"reason", path.reason}};
  });
  out << ",\n  \"files_examined\": " << report.files_examined
      << ",\n  \"bytes_examined\": " << report.bytes_examined << "\n}\n";
}

std::string ScanJson(const scan::Report& report, const ScanJsonOptions& options) {
  std::ostringstream out;
  WriteScanJson(report, options, out);
  return out.str();
}

}  // namespace cudacompat::render
