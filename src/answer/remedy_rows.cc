#include "answer/remedy_rows.h"

#include <algorithm>
#include <map>
#include <utility>

#include "answer/evaluate.h"
#include "answer/machine.h"
#include "answer/what_if.h"
#include "base/text.h"
#include "query/compile.h"

namespace cudacompat::answer {
namespace {

using Rows = std::vector<RemedyRow>;

// Of an unknown system both kinds are shown; WSL's own only where there is nothing else.
Rows RowsOfPlace(store::Store& store, const std::string& rule, const RemedyPlace& place) {
  Rows rows;
  store::Statement found = store.Prepare(
      "SELECT rank, how, changes, os, only_for, title, commands, needs, risk FROM remedy m WHERE rule_id = ?1 AND (os = '*' "
      "OR os = ?2 OR ?2 = 'wsl' AND os = 'linux' AND changes IN ('environment', 'package', 'python') AND NOT EXISTS (SELECT 1 FROM "
      "remedy w WHERE w.rule_id = m.rule_id AND w.os = 'wsl') OR ?2 = '' AND (os <> 'wsl' OR NOT EXISTS (SELECT 1 FROM remedy x WHERE x.rule_id = m.rule_id AND x.os IN "
      "('linux', 'windows')))) AND (platform = '*' OR instr('+' || platform || '+', '+' || ?3 || '+') > 0) "
      "ORDER BY rank, os, platform, only_for",
      {rule, place.os, place.platform});
  while (found.Step()) {
    rows.push_back({found.integer(0), found.text(1), found.text(2), found.text(3), found.text(4),
                    found.text(5), found.text(6), found.text(7), found.text(8)});
  }
  return rows;
}

template <typename Predicate>
void DropIf(Rows* rows, Predicate gone) {
  rows->erase(std::remove_if(rows->begin(), rows->end(), gone), rows->end());
}

// Rows for a part of what the rule speaks of stay where that fits, and some of those stand for all others.
void KeepFitting(store::Store& store, const RemedyCase& asked, Rows* rows) {
  std::map<int64_t, std::pair<bool, bool>> ranks;  // fits, alone
  store::Statement found =
      store.Prepare("SELECT rank, ?2 GLOB about, alone = 'yes' FROM remedy_about WHERE rule_id = ?1",
                    {asked.rule, asked.about});
  while (found.Step()) ranks[found.integer(0)] = {found.integer(1) == 1, found.integer(2) == 1};
  auto fits = [&](const RemedyRow& row) { return ranks.count(row.rank) == 0 || ranks.at(row.rank).first; };
  const bool alone = std::any_of(rows->begin(), rows->end(), [&](const RemedyRow& row) {
    return ranks.count(row.rank) > 0 && fits(row) && ranks.at(row.rank).second;
  });
  DropIf(rows, [&](const RemedyRow& row) { return !fits(row) || (alone && ranks.count(row.rank) == 0); });
}

// Rows for other packages go. What the compiler and the open answer are for is not the package asked for.
void KeepPackage(const RemedyCase& asked, Rows* rows) {
  DropIf(rows, [&](const RemedyRow& row) {
    if (row.only_for == "*" || row.how == "compiler" || row.how == "open") return false;
    if (asked.package.empty()) return !asked.general || asked.text;
    return !Contains("+" + row.only_for + "+", "+" + asked.package + "+");
  });
}

bool NamesSubject(const RemedyRow& row) {
  return Contains(row.title, "{subject}") || Contains(row.commands, "{subject}") ||
         Contains(row.commands, "{subjects}");
}

// Rows that name what the rule speaks of, where that is known, stand for the others that change the same.
void KeepNamed(const RemedyCase& asked, Rows* rows) {
  std::vector<std::string> named;
  for (const RemedyRow& row : *rows) {
    if (NamesSubject(row) && !asked.about.empty()) named.push_back(row.changes);
  }
  DropIf(rows, [&](const RemedyRow& row) {
    const bool general = row.how == "template" || row.how == "general" || row.how == "library";
    return NamesSubject(row) ? asked.about.empty()
                             : general && std::find(named.begin(), named.end(), row.changes) != named.end();
  });
}

}  // namespace

RemedyPlace FindPlace(store::Store& store, const query::Question& question) {
  ForgetQuestion(store);
  RemedyPlace place;
  const bool nowhere = !StatesMore(question) && question.engine.empty() && question.distribution.empty();
  if (nowhere) {
    place.platform = "bare";
    place.words = SystemWords(store, "", false);
    return place;
  }
  Run(store, query::CompileTarget(question));
  const bool tegra = question.arch == "tegra" || !question.jetpack.empty() ||
                     store.Text(
                         "SELECT 1 FROM asked_device WHERE stated = 1 AND board = 'embedded' AND class <> "
                         "'capability' LIMIT 1") == "1";
  if (tegra) {
    place.os = "linux";
    place.platform = "tegra";
    return place;
  }
  const std::vector<std::string> names = store.Texts("SELECT DISTINCT os FROM asked_system");
  place.os = names.size() == 1 ? names[0] : "";
  place.platform = question.platform.empty() ? "bare" : question.platform;
  if (place.os.empty() && !question.host_compiler.empty())
    place.os = store.Text("SELECT min(os) FROM host_compiler WHERE compiler = ?", {question.host_compiler});
  if (place.platform == "bare" && place.os == "wsl") place.platform = "wsl";
  const bool container = place.platform == "container";
  place.words = SystemWords(store, container ? question.engine : question.distribution, container);
  return place;
}

std::vector<RemedyRow> ReadRemedyRows(store::Store& store, const RemedyCase& asked,
                                      const RemedyPlace& place) {
  Rows rows = RowsOfPlace(store, asked.rule, place);
  KeepFitting(store, asked, &rows);
  KeepPackage(asked, &rows);
  KeepNamed(asked, &rows);
  return rows;
}

}  // namespace cudacompat::answer
