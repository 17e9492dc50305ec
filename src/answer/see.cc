#include "answer/see.h"

#include "answer/remedy.h"

#include "base/text.h"

namespace cudacompat::answer {
namespace {
constexpr size_t kReadWords = 200000;  // of a log: the words that tell of a machine stand near the beginning
}

report::ErrorTable ReadErrorTable(store::Store& store) {
  report::ErrorTable table;
  store::Statement patterns = store.Prepare(
      "SELECT pattern_id, anchor, pattern, rule_id, class, family, code, rank, note FROM error_pattern ORDER BY pattern_id");
  while (patterns.Step()) {
    table.patterns.push_back({patterns.text(0), patterns.text(1), patterns.text(2), patterns.text(3),
                              patterns.text(4), patterns.text(5), patterns.text(6),
                              static_cast<int>(patterns.integer(7)), patterns.text(8)});
  }
  store::Statement codes = store.Prepare(
      "SELECT family, code, name, message, rule_id, class FROM error_code ORDER BY family, code");
  while (codes.Step()) {
    table.codes.push_back(
        {codes.text(0), codes.text(1), codes.text(2), codes.text(3), codes.text(4), codes.text(5)});
  }
  return table;
}

std::vector<Candidate> ReadCandidates(store::Store& store, const std::string& rule,
                                      const query::Question& question) {
  std::vector<Candidate> candidates;
  {
    store::Statement rows = store.Prepare(
        "SELECT candidate_rule, because, command FROM candidate WHERE rule_id = ? ORDER BY rank", {rule});
    while (rows.Step()) candidates.push_back({rows.text(0), rows.text(1), rows.text(2), {}});
  }
  for (Candidate& candidate : candidates)
    candidate.remedies = RemediesOf(store, question, candidate.rule, {});
  return candidates;
}

std::string PackageOfText(store::Store& store, std::string_view line, std::string_view text) {
  const std::string lines[] = {ToLower(line), ToLower(text.substr(0, kReadWords))};
  std::vector<std::pair<std::string, std::string>> words;
  store::Statement rows = store.Prepare("SELECT word, package FROM package_word ORDER BY rank, word");
  while (rows.Step()) words.emplace_back(ToLower(rows.text(0)), rows.text(1));
  for (const std::string& each : lines) {
    for (const auto& [word, package] : words) {
      if (Contains(each, word)) return package;
    }
  }
  return "";
}

void FillFromWords(store::Store& store, std::string_view text, query::Question* question) {
  const bool jetson = question->arch == "tegra" || !question->jetpack.empty();
  text = text.substr(0, kReadWords);
  store::Statement rows = store.Prepare("SELECT word, os, platform FROM system_word ORDER BY rank, word");
  while (rows.Step()) {
    if (text.find(rows.text(0)) == std::string_view::npos) continue;
    const std::string os = rows.text(1), platform = rows.text(2);
    const bool agrees =
        os == "-" || question->os.empty() || question->os == os || (question->os == "wsl" && os == "linux");
    if (!agrees) continue;
    if (os != "-" && question->os.empty() && !(jetson && os != "linux")) question->os = os;
    if (platform == "tegra" && question->arch.empty()) question->arch = "tegra";
    if (platform != "-" && platform != "tegra" && question->platform.empty()) question->platform = platform;
  }
}

}  // namespace cudacompat::answer
