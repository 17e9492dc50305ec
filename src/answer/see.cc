#include "answer/see.h"

#include "answer/remedy.h"

namespace cudacompat::answer {

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

std::vector<Candidate> ReadCandidates(store::Store& store, const std::string& rule, const std::string& os,
                                      const std::string& platform) {
  std::vector<Candidate> candidates;
  store::Statement rows = store.Prepare(
      "SELECT candidate_rule, because, command FROM candidate WHERE rule_id = ? ORDER BY rank", {rule});
  while (rows.Step()) {
    candidates.push_back(
        {rows.text(0), rows.text(1), rows.text(2), TemplateRemedies(store, rows.text(0), os, platform)});
  }
  return candidates;
}

}  // namespace cudacompat::answer
