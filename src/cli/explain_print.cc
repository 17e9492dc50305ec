#include <fmt/format.h>

#include "base/text.h"
#include "cli/explain.h"
#include "render/json.h"
#include "render/text.h"

namespace cudacompat::cli {

nlohmann::ordered_json ToJson(const Explanation& explanation) {
  using nlohmann::ordered_json;
  auto text_or_null = [](const std::string& text) {
    return text.empty() || text == "-" ? ordered_json(nullptr) : ordered_json(text);
  };
  ordered_json out = {{"schema", "cudacompat/explain/1"},
                      {"rule", nullptr},
                      {"class", nullptr},
                      {"findings", ordered_json::array()},
                      {"candidates", ordered_json::array()}};
  for (const Seen& seen : explanation.seen) {
    const report::Finding& finding = seen.finding;
    ordered_json remedies = ordered_json::array();
    for (const answer::Remedy& remedy : seen.remedies) remedies.push_back(render::ToJson(remedy));
    ordered_json code = text_or_null(finding.code);
    if (!finding.code.empty() && finding.code.find_first_not_of("0123456789") == std::string::npos &&
        finding.code.size() < 12)
      code = std::stoll(finding.code);
    out["findings"].push_back({{"rule", text_or_null(finding.rule)},
                               {"class", text_or_null(finding.cls)},
                               {"family", text_or_null(finding.family)},
                               {"code", code},
                               {"name", text_or_null(finding.name)},
                               {"line", finding.line},
                               {"column", finding.column},
                               {"text", finding.text},
                               {"count", finding.count},
                               {"captures", finding.captures},
                               {"confidence", finding.follower                 ? "follower"
                                              : explanation.candidates.empty() ? "sure"
                                                                               : "likely"},
                               {"because", text_or_null(finding.because)},
                               {"meaning", text_or_null(seen.meaning)},
                               {"remedies", remedies}});
  }
  if (!explanation.seen.empty()) {
    out["rule"] = out["findings"][0]["rule"];
    out["class"] = out["findings"][0]["class"];
  } else if (explanation.answer) {
    out["rule"] = explanation.answer->rule;
  }
  for (const answer::Candidate& candidate : explanation.candidates) {
    ordered_json remedies = ordered_json::array();
    for (const answer::Remedy& remedy : candidate.remedies) remedies.push_back(render::ToJson(remedy));
    out["candidates"].push_back({{"rule", candidate.rule},
                                 {"because", candidate.because},
                                 {"command", candidate.command},
                                 {"remedies", remedies}});
  }
  if (!explanation.page.empty()) out["page"] = explanation.page;
  if (explanation.fact) {
    out["fact"] = {{"id", explanation.fact->id},           {"text", explanation.fact->text},
                   {"source", explanation.fact->source},   {"url", explanation.fact->url},
                   {"locator", explanation.fact->locator}, {"retrieved", explanation.fact->date}};
  }
  if (explanation.answer) out["answer"] = render::ToJson(*explanation.answer);
  return out;
}

std::string ToText(const Explanation& explanation, const render::Style& style) {
  std::string out;
  if (explanation.fact) return render::ProofText(*explanation.fact, style);
  if (!explanation.page.empty()) out += explanation.page + "\n";
  for (const Seen& seen : explanation.seen) {
    const report::Finding& finding = seen.finding;
    bool first = &seen == &explanation.seen.front();
    if (!first && finding.line > 0) {
      out += fmt::format(
          "{}line {}: {} ({}): {}\n", &seen == &explanation.seen[1] ? "\nAlso found\n" : "", finding.line,
          finding.rule.empty() ? "not a question of compatibility" : finding.rule, finding.cls, finding.text);
      continue;
    }
    std::string what = finding.rule.empty() ? "not a question of compatibility" : finding.rule;
    if (!finding.cls.empty() && finding.cls != "-") what += " (" + finding.cls + ")";
    std::string number = finding.code.empty() || finding.code == "-"
                             ? ""
                             : fmt::format("{} {} {}", finding.family, finding.code, finding.name);
    if (explanation.page.empty()) {
      out += render::Bold(style, what) + (number.empty() ? "" : ": " + number) + "\n";
      if (finding.line > 0) out += fmt::format("  line {}: {}\n", finding.line, finding.text);
      if (!seen.meaning.empty()) out += "  " + render::Wrap(style, seen.meaning, 2) + "\n";
      if (!finding.because.empty() && finding.because != "-")
        out += "  " + render::Wrap(style, finding.because, 2) + "\n";
      for (const auto& [name, value] : finding.captures)
        out += fmt::format("  {}: {}\n", name, Printable(value));
    }
    if (!seen.remedies.empty() && first)
      out += "\n" + render::Bold(style, "What to do") + "\n" + render::RemediesText(seen.remedies, style);
  }
  if (!explanation.candidates.empty()) {
    out += "\n" + render::Bold(style, "It may also come from (cheapest check first)") + "\n";
    for (const answer::Candidate& candidate : explanation.candidates) {
      out += "  " + candidate.rule + ": " + render::Wrap(style, candidate.because, 4) + "\n";
      if (candidate.command != "-") out += "       " + candidate.command + "\n";
    }
  }
  if (explanation.answer && explanation.seen.empty())
    out += render::ToText(*explanation.answer, style) +
           "\nThe text names no error: this is what it shows of the machine.\n";
  else if (explanation.answer)
    out += "\n" + render::Bold(style, "With what is known of this machine") + "\n" +
           render::ToText(*explanation.answer, style);
  return out;
}

}  // namespace cudacompat::cli
