// `check` for machines: JSON of our own, and SARIF.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "render/check.h"
#include "render/json.h"
#include "render/scan_json_value.h"

namespace cudacompat::render {
namespace {

using Json = nlohmann::ordered_json;
using answer::CheckAnswer;
using answer::CheckedFile;
using answer::CheckFinding;

Json PrintableOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(Printable(text)); }

Json FindingJson(const CheckFinding& finding) {
  Json modules = Json::array();
  for (const std::string& module : finding.modules) modules.push_back(Printable(module));
  return {{"rule", finding.rule},
          {"verdict", answer::VerdictText(finding.verdict)},
          {"target", PrintableOrNull(finding.target)},
          {"library", PrintableOrNull(finding.library)},
          {"modules", modules},
          {"modules_total", finding.modules_total},
          {"driver", PrintableOrNull(finding.driver)},
          {"summary", Printable(finding.summary)}};
}

Json DevicesJson(const std::vector<answer::Device>& devices) {
  Json out = Json::array();
  for (const answer::Device& device : devices) {
    out.push_back({{"gpu", Printable(device.gpu)},
                   {"given", Printable(device.given)},
                   {"count", device.count},
                   {"compute_capability", PrintableOrNull(device.compute_capability)},
                   {"verdict", answer::VerdictText(device.verdict)},
                   {"rule", device.rule}});
  }
  return out;
}

Json ServedJson(const CheckedFile& file) {
  static const char* const kLevels[] = {"none", "some", "all"};
  Json out = Json::array();
  for (const answer::Served& one : *file.served) {
    if (one.level == 0) continue;
    out.push_back(
        {{"compute_capability", one.capability}, {"modules", kLevels[one.level]}, {"how", one.how}});
  }
  return out;
}

// A file without device code and without CUDA libraries is listed as the scanner saw it, and not judged.
Json FileJson(const CheckedFile* checked, const scan::FileReport& file) {
  Json json = ScanFileJson(file);
  json["verdict"] = checked == nullptr ? Json(nullptr) : Json(answer::VerdictText(checked->verdict));
  json["rule"] = checked == nullptr ? Json(nullptr) : Json(checked->rule);
  json["summary"] = checked == nullptr ? Json(nullptr) : Json(Printable(checked->summary));
  json["role"] = checked == nullptr ? Json(nullptr) : Json(checked->role);
  json["decides"] = checked != nullptr && checked->decides;
  json["devices"] = checked == nullptr ? Json::array() : DevicesJson(checked->devices);
  json["serves"] = checked == nullptr ? Json::array() : ServedJson(*checked);
  json["findings"] = Json::array();
  if (checked == nullptr) return json;
  for (const CheckFinding& finding : checked->findings) json["findings"].push_back(FindingJson(finding));
  return json;
}

const char* Level(const CheckFinding& finding) {
  if (finding.fails) return "error";
  return finding.verdict == answer::Verdict::kCompatible ? "note" : "warning";
}

// A path as a relative reference: what a URI reserves is written in hexadecimal.
std::string UriOf(const std::string& path) {
  std::string uri;
  for (const char c : path) {
    const bool plain =
        IsDigit(c) || IsAlpha(c) || std::string_view("-._~/!+,=@").find(c) != std::string_view::npos;
    if (plain)
      uri += c;
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return StartsWith(uri, "/") ? "file://" + uri : uri;
}

Json Location(const std::string& path) {
  return Json::array({{{"physicalLocation", {{"artifactLocation", {{"uri", UriOf(path)}}}}}}});
}

std::string ModulesText(const CheckFinding& finding) {
  if (finding.modules.empty()) return "";
  const int64_t left = finding.modules_total - static_cast<int64_t>(finding.modules.size());
  return " Modules: " + Printable(Join(finding.modules, ", ")) +
         (left > 0 ? fmt::format(" and {} more", left) : "") + ".";
}

// As it stands within `depth` objects or lists.
std::string Inside(const Json& value, size_t depth) {
  std::string text = Dump(value);
  text.pop_back();
  return ReplaceAll(std::move(text), "\n", "\n" + std::string(2 * depth, ' '));
}

}  // namespace

void WriteCheckJson(const CheckAnswer& answer, const scan::Report& report, std::ostream& out) {
  Json json = {{"schema", "cudacompat/check/1"},
               {"verdict", answer::VerdictText(answer.verdict)},
               {"rule", answer.rule},
               {"summary", Printable(answer.summary)},
               {"asked", answer.asked},
               {"not_asked", answer.not_asked},
               {"devices", DevicesJson(answer.devices)},
               {"predicted_error", nullptr},
               {"missing", Json::array()},
               {"requires", Json::array()},
               {"files", Json::array()},
               {"unreadable", Json::array()}};
  if (answer.predicted_error)
    json["predicted_error"] = {{"code", answer.predicted_error->code},
                               {"name", answer.predicted_error->name}};
  for (const answer::Missing& item : answer.missing) {
    json["missing"].push_back({{"what", item.what},
                               {"given", Printable(item.given)},
                               {"nearest", item.nearest},
                               {"known", item.known}});
  }
  for (const answer::DriverFloor& floor : FloorsOf(answer, report)) {
    json["requires"].push_back({{"what", "driver"}});
    json["requires"].back().update(FloorJson(floor));
  }
  for (const scan::Unreadable& path : report.unreadable)
    json["unreadable"].push_back({{"path", Printable(path.path)}, {"reason", path.reason}});
  json["data"] = {{"version", answer.data_version}, {"as_of", answer.as_of}};
  std::map<size_t, const CheckedFile*> checked;
  for (const CheckedFile& file : answer.files) checked[file.report_index] = &file;
  const char* separator = "{\n  ";
  for (const auto& [key, value] : json.items()) {
    out << separator << Json(key).dump() << ": ";
    separator = ",\n  ";
    if (key != "files") {
      out << Inside(value, 1);
      continue;
    }
    // There may be thousands: each is written when it is made.
    out << '[';
    for (size_t i = 0; i < report.files.size(); ++i) {
      const auto found = checked.find(i);
      out << (i == 0 ? "\n    " : ",\n    ")
          << Inside(FileJson(found == checked.end() ? nullptr : found->second, report.files[i]), 2);
    }
    out << (report.files.empty() ? "]" : "\n  ]");
  }
  out << "\n}\n";
}

std::string CheckSarif(const CheckAnswer& answer, const scan::Report& report, const std::string& version) {
  Json rules = Json::array();
  Json results = Json::array();
  std::map<std::string, size_t> indices;
  for (const CheckedFile& file : answer.files) {
    for (const CheckFinding& finding : file.findings) {
      const auto [index, is_new] = indices.emplace(finding.rule, rules.size());
      if (is_new) rules.push_back({{"id", finding.rule}});
      results.push_back({{"ruleId", finding.rule},
                         {"ruleIndex", index->second},
                         {"level", Level(finding)},
                         {"message", {{"text", Printable(finding.summary) + ModulesText(finding)}}},
                         {"locations", Location(report.files[file.report_index].path)}});
    }
  }
  Json notes = Json::array();
  for (const scan::Unreadable& path : report.unreadable) {
    notes.push_back({{"level", "error"},
                     {"message", {{"text", Printable(path.path) + ": " + path.reason}}},
                     {"locations", Location(path.path)}});
  }
  Json run = {{"tool", {{"driver", {{"name", "cudacompat"}, {"version", version}, {"rules", rules}}}}},
              {"invocations", Json::array({{{"executionSuccessful", report.unreadable.empty()},
                                            {"toolExecutionNotifications", notes}}})},
              {"results", results},
              {"properties",
               {{"verdict", answer::VerdictText(answer.verdict)},
                {"rule", answer.rule},
                {"summary", Printable(answer.summary)}}}};
  return Dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", Json::array({run})}});
}

}  // namespace cudacompat::render
