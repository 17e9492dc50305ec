#include "render/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"

namespace cudacompat::render {
namespace {

constexpr size_t kShownBuilds = 8;
constexpr size_t kShownReasons = 3;  // of one rule

std::string RequirementText(const answer::Requirement& requirement) {
  const bool named = requirement.what == "library" && !requirement.minimum.empty();  // glibc 2.28 or newer
  std::string text = named ? Join(requirement.one_of, ", ") : requirement.what;
  if (!requirement.os.empty()) text += " on " + requirement.os;
  if (!requirement.minimum.empty()) text += " " + requirement.minimum + " or newer";
  if (!requirement.sure_from.empty()) text += " (sure from " + requirement.sure_from + ": not sure below)";
  if (!requirement.below.empty()) text += ", below " + requirement.below;
  if (!requirement.one_of.empty() && !named) text += " " + Join(requirement.one_of, ", ");
  return text;
}

void Line(std::string* out, const Style& style, const std::string& label, const std::string& text) {
  std::string head = fmt::format("  {:<11}", label);
  *out += Bold(style, head) + Wrap(style, text, static_cast<int>(head.size())) + "\n";
}

void AddDevices(const answer::Answer& answer, const Style& style, std::string* out) {
  bool several = answer.devices.size() > 1;
  for (const answer::Device& device : answer.devices) {
    std::string text = (device.count > 1 ? std::to_string(device.count) + " of " : "") + device.gpu;
    if (!device.compute_capability.empty()) text += ", compute capability " + device.compute_capability;
    if (several) text += std::string(": ") + answer::VerdictText(device.verdict) + " (" + device.rule + ")";
    Line(out, style, &device == &answer.devices.front() ? "card" : "", text);
  }
}

void AddBuilds(const answer::Answer& answer, const Style& style, std::string* out) {
  if (answer.builds.empty()) return;
  std::vector<std::vector<std::string>> rows;
  for (const answer::Build& build : answer.builds) {
    if (rows.size() == kShownBuilds && answer.sections.empty()) break;
    std::string note = build.is_default               ? "default index"
                       : build.channel == "framework" ? "framework's index"
                                                      : "";
    if (!build.caveats.empty())
      note += std::string(note.empty() ? "" : ", ") + "caveat: " + build.caveats.front().rule;
    rows.push_back({answer::BuildName(build), build.os + " " + build.arch, answer::VerdictText(build.verdict),
                    build.rule, note});
  }
  int64_t left = answer.builds_total - static_cast<int64_t>(rows.size());
  *out += "\n" + Bold(style, "Builds, best first") + "\n" + Table({}, rows, 2);
  if (left > 0) *out += fmt::format("  … and {} more (--json, --all)\n", left);
}

// What a card can do, a paragraph each: what it has, what it lacks, and its sizes.
void AddFeatures(const answer::Section& section, const Style& style, std::string* out) {
  std::string card, has, lacks, sizes;
  auto flush = [&] {
    if (card.empty()) return;
    Line(out, style, "card", card);
    if (!has.empty()) Line(out, style, "can", has);
    if (!lacks.empty()) Line(out, style, "cannot", lacks);
    if (!sizes.empty()) Line(out, style, "sizes", sizes);
  };
  auto add = [](const std::string& word, std::string* list) { *list += (list->empty() ? "" : ", ") + word; };
  *out += "\n" + Bold(style, section.title) + "\n";
  for (const std::vector<std::string>& row : section.rows) {
    std::string of = fmt::format("{}, {} {}{}", row[0], row[2], row[1],
                                 row[3] == "unsaid" ? "" : ", " + ReplaceAll(row[3], " ", " or ") + " MiB");
    if (of != card) {
      flush();
      card = of;
      has = lacks = sizes = "";
    }
    std::string name = ReplaceAll(row[4], "_", " ");
    if (row[5] == "yes") add(name, &has);
    if (row[5] == "no") add(name, &lacks);
    if (row[5] != "yes" && row[5] != "no" && row[5] != "-" && row[5] != "") add(name + " " + row[5], &sizes);
  }
  flush();
}

void AddSections(const answer::Answer& answer, const Style& style, std::string* out) {
  for (const answer::Section& section : answer.sections) {
    if (section.name == "features" || section.name == "notes") continue;
    *out += "\n" + Bold(style, section.title) + "\n" + Table(section.columns, section.rows, 2);
  }
}

void AddNotes(const answer::Section& section, const Style& style, std::string* out) {
  *out += "\n" + Bold(style, section.title) + "\n";
  for (const std::vector<std::string>& row : section.rows) *out += "  " + Wrap(style, row[1], 2) + "\n";
}

void AddProof(const answer::ProofNode& node, const Style& style, int depth, std::string* out) {
  std::string indent(static_cast<size_t>(depth) * 2, ' ');
  std::string rule = node.rule.empty() ? "" : node.rule + ": ";
  *out += indent + Wrap(style, rule + node.text, depth * 2 + 2) + "\n";
  if (!node.source.empty()) {
    *out += indent + "  " +
            Dim(style, fmt::format("[{}] {}; {}; read {}", node.id, node.source, node.locator, node.date)) +
            "\n";
    if (node.url != "-") *out += indent + "  " + Dim(style, node.url) + "\n";
  }
  for (const answer::ProofNode& child : node.children) AddProof(child, style, depth + 1, out);
}

}  // namespace

std::string ProofText(const answer::ProofNode& proof, const Style& style) {
  std::string out;
  AddProof(proof, style, 0, &out);
  return out;
}

std::string RemediesText(const std::vector<answer::Remedy>& remedies, const Style& style) {
  std::string out;
  int number = 0;
  for (const answer::Remedy& remedy : remedies) {
    std::string head = fmt::format("  {}. ", ++number);
    std::string needs = remedy.needs.empty() ? "" : " [needs: " + Join(remedy.needs, ", ") + "]";
    out += head + Wrap(style, remedy.title + needs, static_cast<int>(head.size())) + "\n";
    for (const std::string& command : remedy.commands) out += "       " + command + "\n";
    std::vector<std::string> below;
    for (const answer::Requirement& each : remedy.requirements) below.push_back(RequirementText(each));
    if (!below.empty()) out += "     requires: " + Wrap(style, Join(below, "; "), 15) + "\n";
    if (!remedy.risk.empty() && remedy.risk != "-")
      out += "     risk: " + Wrap(style, remedy.risk, 11) + "\n";
  }
  return out;
}

std::string ToText(const answer::Answer& answer, const Style& style) {
  std::string verdict = answer::VerdictText(answer.verdict);
  std::string out =
      Verdict(style, verdict) + " (" + answer.rule + ")\n" + Wrap(style, answer.summary, 0) + "\n\n";
  AddDevices(answer, style, &out);
  bool first = true;
  std::map<std::string, size_t> told;  // a set of drivers gives many reasons of one rule
  for (size_t i = 1; i < answer.reasons.size(); ++i) {
    if (++told[answer.reasons[i].rule] > kShownReasons) continue;
    Line(&out, style, first ? "also" : "", answer.reasons[i].summary);
    first = false;
  }
  for (const auto& [rule, count] : told) {
    if (count > kShownReasons)
      Line(&out, style, "", fmt::format("and {} more by {} (--json)", count - kShownReasons, rule));
  }
  if (answer.predicted_error) {
    Line(&out, style, "error",
         fmt::format("it would fail with {} {}", answer.predicted_error->code, answer.predicted_error->name));
  }
  first = true;
  for (const answer::Requirement& requirement : answer.requirements) {
    Line(&out, style, first ? "requires" : "", RequirementText(requirement));
    first = false;
  }
  first = true;
  for (const answer::Caveat& caveat : answer.caveats) {
    Line(&out, style, first ? "caveat" : "", caveat.summary);
    first = false;
  }
  for (const answer::Missing& missing : answer.missing) {
    bool named = !missing.given.empty();
    std::string text = missing.what + (named ? " \"" + Printable(missing.given) + "\"" : "");
    if (!missing.nearest.empty()) text += "; nearest: " + Join(missing.nearest, ", ");
    if (!missing.known.empty()) text += (named ? "; known: " : ": ") + missing.known;
    Line(&out, style, "missing", text);
  }
  if (!answer.remedies.empty())
    out += "\n" + Bold(style, "What to do") + "\n" + RemediesText(answer.remedies, style);
  AddSections(answer, style, &out);
  AddBuilds(answer, style, &out);
  for (const answer::Section& section : answer.sections) {
    if (section.name == "features") AddFeatures(section, style, &out);
    if (section.name == "notes") AddNotes(section, style, &out);
  }
  if (answer.proof) out += "\n" + Bold(style, "Why") + "\n" + ProofText(*answer.proof, style);
  out += "\n" +
         Dim(style, fmt::format("data of {}, version {}", answer.as_of, answer.data_version.substr(0, 12))) +
         "\n";
  return out;
}

std::string ToText(const Error& error) {
  std::string out = "cudacompat: " + (error.place.empty() ? "" : error.place + ": ") + error.message + "\n";
  if (!error.hint.empty()) out += "\nhint: " + error.hint + "\n";
  return out;
}

}  // namespace cudacompat::render
