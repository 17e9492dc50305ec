#include "render/json.h"

#include <nlohmann/json.hpp>

namespace cudacompat::render {
namespace {

using nlohmann::ordered_json;

ordered_json CaveatsJson(const std::vector<answer::Caveat>& caveats) {
  ordered_json out = ordered_json::array();
  for (const answer::Caveat& caveat : caveats) {
    out.push_back(
        {{"rule", caveat.rule}, {"library", TextOrNull(caveat.library)}, {"summary", caveat.summary}});
  }
  return out;
}

// The versions that are listed; "any" and "unsaid" are words of the data and no versions.
ordered_json PythonJson(const answer::Build& build) {
  if (build.python.size() == 1 && (build.python[0] == "any" || build.python[0] == "unsaid"))
    return ordered_json::array();
  return build.python;
}

ordered_json BuildJson(const answer::Build& build) {
  return {{"package", build.package},
          {"version", build.version},
          {"tag", TextOrNull(build.tag)},
          {"os", build.os},
          {"arch", build.arch},
          {"channel", build.channel},
          {"default", build.is_default},
          {"device", build.device},
          {"cuda", TextOrNull(build.cuda)},
          {"python", PythonJson(build)},
          {"images", build.images},
          {"images_kind", build.images_kind},
          {"verdict", answer::VerdictText(build.verdict)},
          {"rule", build.rule},
          {"caveats", CaveatsJson(build.caveats)}};
}

ordered_json RequirementJson(const answer::Requirement& requirement) {
  ordered_json out = {{"what", requirement.what}};
  if (!requirement.os.empty()) out["os"] = requirement.os;
  if (!requirement.minimum.empty()) out["minimum"] = requirement.minimum;
  if (!requirement.sure_from.empty()) out["sure_from"] = requirement.sure_from;
  if (!requirement.below.empty()) out["below"] = requirement.below;
  if (!requirement.one_of.empty()) out["one_of"] = requirement.one_of;
  return out;
}

ordered_json ProofJson(const answer::ProofNode& node) {
  ordered_json out = {{"id", node.id}, {"text", node.text}};
  if (!node.rule.empty()) out["rule"] = node.rule;
  if (!node.source.empty()) {
    out["source"] = {
        {"title", node.source}, {"url", node.url}, {"locator", node.locator}, {"retrieved", node.date}};
  }
  if (!node.children.empty()) {
    out["because"] = ordered_json::array();
    for (const answer::ProofNode& child : node.children) out["because"].push_back(ProofJson(child));
  }
  return out;
}

ordered_json SectionJson(const answer::Section& section) {
  ordered_json rows = ordered_json::array();
  for (const auto& row : section.rows) {
    ordered_json item;
    for (size_t i = 0; i < section.columns.size() && i < row.size(); ++i) {
      std::string key = section.columns[i];
      for (char& c : key) c = c == ' ' ? '_' : c;
      item[key] = row[i];
    }
    rows.push_back(item);
  }
  return rows;
}

}  // namespace

ordered_json TextOrNull(const std::string& text) {
  if (text.empty() || text == "-") return nullptr;
  return text;
}

ordered_json ToJson(const answer::Remedy& remedy) {
  ordered_json requirements = ordered_json::array();
  for (const answer::Requirement& each : remedy.requirements) requirements.push_back(RequirementJson(each));
  return {{"changes", remedy.changes},
          {"title", remedy.title},
          {"commands", remedy.commands},
          {"needs", remedy.needs},
          {"risk", remedy.risk == "-" ? "none known" : remedy.risk},
          {"requires", requirements}};
}

ordered_json ToJson(const answer::Answer& answer) {
  ordered_json out = {{"schema", "cudacompat/answer/1"},
                      {"verdict", answer::VerdictText(answer.verdict)},
                      {"rule", answer.rule},
                      {"summary", answer.summary}};
  auto& reasons = out["reasons"] = ordered_json::array();
  for (const answer::Reason& reason : answer.reasons) {
    reasons.push_back({{"rule", reason.rule},
                       {"verdict", answer::VerdictText(reason.verdict)},
                       {"summary", reason.summary}});
  }
  auto& devices = out["devices"] = ordered_json::array();
  for (const answer::Device& device : answer.devices) {
    devices.push_back({{"gpu", device.gpu},
                       {"given", device.given},
                       {"count", device.count},
                       {"compute_capability", TextOrNull(device.compute_capability)},
                       {"verdict", answer::VerdictText(device.verdict)},
                       {"rule", device.rule}});
  }
  auto& builds = out["builds"] = ordered_json::array();
  for (const answer::Build& build : answer.builds) builds.push_back(BuildJson(build));
  out["builds_total"] = answer.builds_total;
  auto& requirements = out["requires"] = ordered_json::array();
  for (const answer::Requirement& requirement : answer.requirements)
    requirements.push_back(RequirementJson(requirement));
  out["caveats"] = CaveatsJson(answer.caveats);
  out["predicted_error"] = nullptr;
  if (answer.predicted_error)
    out["predicted_error"] = {{"code", answer.predicted_error->code}, {"name", answer.predicted_error->name}};
  auto& remedies = out["remedies"] = ordered_json::array();
  for (const answer::Remedy& remedy : answer.remedies) remedies.push_back(ToJson(remedy));
  auto& missing = out["missing"] = ordered_json::array();
  for (const answer::Missing& item : answer.missing) {
    missing.push_back(
        {{"what", item.what}, {"given", item.given}, {"nearest", item.nearest}, {"known", item.known}});
  }
  out["proof"] = nullptr;
  if (answer.proof) out["proof"] = ProofJson(*answer.proof);
  auto& subjects = out["subjects"] = ordered_json::array();
  for (const answer::SubjectVerdict& subject : answer.subjects) {
    subjects.push_back({{"package", subject.package},
                        {"version", TextOrNull(subject.version)},
                        {"tag", TextOrNull(subject.tag)},
                        {"verdict", answer::VerdictText(subject.verdict)},
                        {"rule", subject.rule}});
  }
  for (const answer::Section& section : answer.sections) out[section.name] = SectionJson(section);
  out["data"] = {{"version", answer.data_version}, {"as_of", answer.as_of}};
  return out;
}

std::string Dump(const ordered_json& json) {
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cudacompat::render
