#include "render/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "render/json.h"
#include "render/text.h"

namespace cudacompat::render {
namespace {

using nlohmann::ordered_json;

ordered_json RemediesJson(const std::vector<answer::Remedy>& remedies) {
  ordered_json out = ordered_json::array();
  for (const answer::Remedy& remedy : remedies) out.push_back(ToJson(remedy));
  return out;
}

// The keys that explain's findings have, and those that only a machine has.
ordered_json CauseJson(const answer::Cause& cause) {
  ordered_json code = nullptr, name = nullptr, family = nullptr;
  if (cause.error) {
    family = "runtime";
    code = cause.error->code;
    name = TextOrNull(cause.error->name);
  }
  return {{"rule", TextOrNull(cause.rule)},
          {"class", TextOrNull(cause.cls)},
          {"family", family},
          {"code", code},
          {"name", name},
          {"line", 0},
          {"column", 0},
          {"text", cause.summary},
          {"captures", ordered_json::object()},
          {"confidence", "sure"},
          {"because", TextOrNull(cause.meaning)},
          {"remedies", RemediesJson(cause.remedies)},
          {"verdict", answer::VerdictText(cause.verdict)},
          {"check", cause.check},
          {"where", TextOrNull(cause.where)},
          {"symptoms", cause.symptoms}};
}

std::string ErrorText(const std::optional<answer::PredictedError>& error) {
  if (!error) return "";
  return fmt::format("a start fails with {} {}", error->code, error->name);
}

const answer::Step* FindStep(const answer::Diagnosis& diagnosis, const std::string& check) {
  for (const answer::Step& step : diagnosis.steps) {
    if (step.check == check) return &step;
  }
  return nullptr;
}

void AddCause(const answer::Diagnosis& diagnosis, const answer::Cause& cause, const Style& style,
              std::string* out) {
  AddLabelled(out, style, 11, "seen in", cause.where);
  AddLabelled(out, style, 11, "error", ErrorText(cause.error));
  bool first = true;
  for (const std::string& check : cause.symptoms) {
    const answer::Step* step = FindStep(diagnosis, check);
    if (step == nullptr) continue;
    AddLabelled(out, style, 11, first ? "from it" : "", step->detail);
    first = false;
  }
}

void AddOtherCauses(const answer::Diagnosis& diagnosis, const Style& style, std::string* out) {
  for (size_t i = 1; i < diagnosis.causes.size(); ++i) {
    const answer::Cause& cause = diagnosis.causes[i];
    *out += "\n" + Bold(style, i == 1 ? "Also wrong, and not because of it" : "Also wrong") + "\n";
    *out += "  " + (cause.rule.empty() ? cause.cls : cause.rule) + ": " +
            Wrap(style, Printable(cause.summary), 4) + "\n" + RemediesText(cause.remedies, style);
  }
}

void AddLater(const answer::Diagnosis& diagnosis, const Style& style, std::string* out) {
  if (diagnosis.later.empty()) return;
  *out += "\n" + Bold(style, "Afterwards, once that is mended") + "\n";
  for (const answer::Cause& cause : diagnosis.later) {
    *out += "  " + (cause.rule.empty() ? cause.cls : cause.rule) + ": " +
            Wrap(style, Printable(cause.summary), 4) + "\n" + RemediesText(cause.remedies, style);
  }
}

void AddCandidates(const answer::Diagnosis& diagnosis, const Style& style, std::string* out) {
  if (diagnosis.candidates.empty()) return;
  *out += "\n" + Bold(style, "It may also come from (cheapest check first)") + "\n";
  for (const answer::Candidate& candidate : diagnosis.candidates) {
    *out += "  " + candidate.rule + ": " + Wrap(style, candidate.because, 4) + "\n";
    if (candidate.command != "-") *out += "       " + candidate.command + "\n";
  }
}

void AddQuiet(const std::string& status, const std::vector<std::pair<std::string, std::string>>& list,
              const Style& style, std::string* out) {
  std::string text;
  for (const auto& [detail, checks] : list)
    text += (text.empty() ? "" : "; ") + checks + " (" + Printable(detail) + ")";
  if (!text.empty()) *out += "  " + status + "  " + Wrap(style, text, 11) + "\n";
}

void AddSteps(const answer::Diagnosis& diagnosis, const Style& style, std::string* out) {
  *out += "\n" + Bold(style, "Checks, from the bus to a launch") + "\n";
  // Checks that were not made, those with one reason together.
  std::vector<std::pair<std::string, std::string>> skipped, unknown;
  for (const answer::Step& step : diagnosis.steps) {
    bool quiet = step.status == "skipped" || (step.status == "unknown" && step.rule.empty());
    if (quiet) {
      auto& list = step.status == "skipped" ? skipped : unknown;
      auto same = std::find_if(list.begin(), list.end(),
                               [&step](const auto& each) { return each.first == step.detail; });
      if (same == list.end())
        list.emplace_back(step.detail, step.check);
      else
        same->second += ", " + step.check;
      continue;
    }
    std::string head = fmt::format("  {:<8} {:<16} ", step.status, step.check);
    std::string follows =
        step.follows.empty() || step.status == "passed" ? "" : " [follows from " + step.follows + "]";
    *out += head + Wrap(style, Printable(step.detail) + follows, static_cast<int>(head.size())) + "\n";
  }
  AddQuiet("unknown", unknown, style, out);
  AddQuiet("skipped", skipped, style, out);
}

}  // namespace

ordered_json ToJson(const answer::Diagnosis& diagnosis) {
  ordered_json out = {
      {"schema", "cudacompat/doctor/1"},     {"verdict", answer::VerdictText(diagnosis.verdict)},
      {"rule", TextOrNull(diagnosis.rule)},  {"class", TextOrNull(diagnosis.cls)},
      {"summary", diagnosis.summary},        {"predicted_error", nullptr},
      {"findings", ordered_json::array()},   {"later", ordered_json::array()},
      {"candidates", ordered_json::array()}, {"steps", ordered_json::array()},
      {"caveats", ordered_json::array()}};
  if (!diagnosis.causes.empty() && diagnosis.causes.front().error) {
    const answer::PredictedError& error = *diagnosis.causes.front().error;
    out["predicted_error"] = {{"code", error.code}, {"name", error.name}};
  }
  for (const answer::Cause& cause : diagnosis.causes) out["findings"].push_back(CauseJson(cause));
  for (const answer::Cause& cause : diagnosis.later) out["later"].push_back(CauseJson(cause));
  for (const answer::Candidate& candidate : diagnosis.candidates) {
    out["candidates"].push_back({{"rule", candidate.rule},
                                 {"because", candidate.because},
                                 {"command", candidate.command},
                                 {"remedies", RemediesJson(candidate.remedies)}});
  }
  for (const answer::Step& step : diagnosis.steps) {
    out["steps"].push_back({{"check", step.check},
                            {"title", step.title},
                            {"status", step.status},
                            {"detail", step.detail},
                            {"where", TextOrNull(step.where)},
                            {"rule", TextOrNull(step.rule)},
                            {"follows", TextOrNull(step.follows)}});
  }
  for (const answer::Caveat& caveat : diagnosis.caveats) {
    out["caveats"].push_back(
        {{"rule", caveat.rule}, {"library", TextOrNull(caveat.library)}, {"summary", caveat.summary}});
  }
  out["remedies"] =
      RemediesJson(diagnosis.causes.empty() ? diagnosis.remedies : diagnosis.causes.front().remedies);
  out["data"] = {{"version", diagnosis.data_version}, {"as_of", diagnosis.as_of}};
  return out;
}

std::string ToText(const answer::Diagnosis& diagnosis, const Style& style) {
  std::string out = Verdict(style, answer::VerdictText(diagnosis.verdict)) + " (" +
                    (diagnosis.rule.empty() ? diagnosis.cls : diagnosis.rule) + ")\n" +
                    Wrap(style, Printable(diagnosis.summary), 0) + "\n";
  if (!diagnosis.causes.empty()) {
    std::string cause;
    AddCause(diagnosis, diagnosis.causes.front(), style, &cause);
    if (!cause.empty()) out += "\n" + cause;
  }
  bool first = true;
  for (const answer::Caveat& caveat : diagnosis.caveats) {
    AddLabelled(&out, style, 11, first ? "caveat" : "", caveat.summary);
    first = false;
  }
  const auto& remedies = diagnosis.causes.empty() ? diagnosis.remedies : diagnosis.causes.front().remedies;
  if (!remedies.empty()) out += "\n" + Bold(style, "What to do") + "\n" + RemediesText(remedies, style);
  AddCandidates(diagnosis, style, &out);
  AddOtherCauses(diagnosis, style, &out);
  AddLater(diagnosis, style, &out);
  AddSteps(diagnosis, style, &out);
  out += "\n" +
         Dim(style,
             fmt::format("data of {}, version {}", diagnosis.as_of, diagnosis.data_version.substr(0, 12))) +
         "\n";
  return out;
}

}  // namespace cudacompat::render
