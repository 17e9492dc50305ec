// Remedies that are printed as they stand, or with what the question, a log or the tables tell: nothing is
// judged anew for them.
#include <string>
#include <utility>
#include <vector>

#include "answer/remedy.h"
#include "answer/remedy_offers.h"
#include "base/text.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {

std::string Captured(const RemedyCase& asked, const std::string& name) {
  const auto value = asked.captures.find(name);
  return value == asked.captures.end() ? "" : value->second;
}

// The distributions that carry the library, by its file name or by what it is called; or the toolkits, where
// it comes in no package.
void AddLibraries(RemedyWork& work, const RemedyRow& row, bool packaged) {
  std::string library = Captured(work.asked, "library");
  if (library.empty()) library = Captured(work.asked, "file");
  if (size_t slash = library.find_last_of("/\\"); slash != std::string::npos)
    library = library.substr(slash + 1);
  if (library.empty()) return;
  store::Statement rows = work.store.Prepare(
      "SELECT package, group_concat(major, ' or '), max(number), min(versions) FROM (SELECT DISTINCT package, min(versions) AS versions, CASE package WHEN '-' THEN cuda ELSE CAST(CAST(cuda AS INTEGER) AS TEXT) END AS major, CAST(cuda AS REAL) AS number FROM soname "
      "WHERE cuda <> 'driver' AND (lower(soname) = lower(?1) OR lower(component) = lower(?1) OR lower(?1) GLOB '*.so' AND "
      "lower(soname) GLOB lower(?1) || '.*') GROUP BY package, major ORDER BY number) "
      "GROUP BY package ORDER BY max(number) DESC",
      {library});
  struct Carried {
    std::string package, cuda, versions;
  };
  std::vector<Carried> carried;
  while (rows.Step()) {
    if ((rows.text(0) != "-") == packaged) carried.push_back({rows.text(0), rows.text(1), rows.text(3)});
  }
  for (const Carried& each : carried) {
    work.list.Add(row, {{"library", Printable(library)},
                        {"cuda", each.cuda},
                        {"distribution", each.package},
                        {"requirement", each.package + (each.versions == "-" ? "" : each.versions)}});
  }
}

/// A limit of a host compiler, and who says so.
struct CompilerLimit {
  std::string compiler, max, because;
};

// The compiler that was stated, else the one whose limit the message prints, else what the system has.
CompilerLimit LimitOf(const RemedyWork& work) {
  CompilerLimit limit;
  limit.compiler = work.question.host_compiler;
  for (const std::string name : {"gcc", "clang", "msvc"}) {
    const auto printed = work.asked.captures.find(name);
    if (!limit.compiler.empty() || printed == work.asked.captures.end()) continue;
    limit = {name, printed->second.substr(0, printed->second.find('.')), "the message names that limit"};
  }
  const std::string& os = work.place.os;
  const bool other =
      !os.empty() && work.store
                         .Text(
                             "SELECT 1 FROM host_compiler WHERE compiler = ?1 AND os = CASE ?2 "
                             "WHEN 'wsl' THEN 'linux' ELSE ?2 END",
                             {limit.compiler, os})
                         .empty();
  if (limit.compiler.empty() || other) limit.compiler = os == "windows" ? "msvc" : "gcc";
  return limit;
}

}  // namespace

void OfferPlain(RemedyWork& work, const RemedyRow& row) { work.list.Add(row, work.asked.captures); }

void OfferCaptured(RemedyWork& work, const RemedyRow& row) {
  if (work.asked.general) work.list.Add(row, work.asked.captures);
}

void OfferElse(RemedyWork& work, const RemedyRow& row) {
  // Another card is for where nothing is left of what is there.
  const bool card = row.changes == "gpu";
  if (card && (work.question.gpus.empty() || work.asked.wanted.best == nullptr)) return;
  if (card ? work.list.empty() : !work.list.HasComputed(row.changes)) work.list.Add(row, work.asked.captures);
}

void OfferGeneral(RemedyWork& work, const RemedyRow& row) {
  if (!work.asked.general || work.list.HasComputed(row.changes)) return;
  Values values = work.asked.captures;
  values["jetpacks"] = work.store.Text(
      "SELECT group_concat(line, ', ') FROM (SELECT 'JetPack ' || CAST(jetpack AS INTEGER) || ' has CUDA up to ' || cuda AS line, "
      "max(cuda_key) FROM jetpack WHERE cuda_key IS NOT NULL AND jetpack_key IS NOT NULL GROUP BY CAST(jetpack AS INTEGER) ORDER BY 2)");
  work.list.Add(row, values);
}

void OfferOtherCard(RemedyWork& work, const RemedyRow& row) {
  if (work.asked.cards.count("cards") > 0) work.list.Add(row, work.asked.cards);
}

void OfferUnnumbered(RemedyWork& work, const RemedyRow& row) {
  const Values& cards = work.asked.cards;
  if (!cards.empty() && cards.count("cards") == 0) work.list.Add(row, cards);
}

void OfferLastResort(RemedyWork& work, const RemedyRow& row) {
  if (work.asked.cards.empty()) work.list.Add(row, {});
}

void OfferElsewhere(RemedyWork& work, const RemedyRow& row) {
  const Answer* cleared = work.asked.cleared;
  if (cleared == nullptr) return;
  const Build& build = cleared->builds.front();
  Values values = {{"build", BuildName(build)}};
  if (cleared->devices.size() == 1) {
    values["gpu"] = cleared->devices.front().given;
    values["capability"] = cleared->devices.front().compute_capability;
  }
  if (work.question.driver) values["driver"] = work.question.driver->given;
  if (row.changes != "python") {
    work.list.Add(row, values);
    return;
  }
  values.merge(PythonsOf(build, work.question.python));
  if (FitsShell(row, build)) work.list.Add(row, values, FreshInstallCommands(work.store, build));
}

// The newest host compiler that the toolkit takes: by the printed limit, else by the table.
void OfferCompiler(RemedyWork& work, const RemedyRow& row) {
  CompilerLimit limit = LimitOf(work);
  if (limit.compiler != row.only_for) return;
  const Build* best = work.asked.wanted.best;
  const std::string cuda =
      best != nullptr && best->kind == "cuda" ? best->cuda : Captured(work.asked, "toolkit");
  if (limit.max.empty() && !cuda.empty()) {
    limit.max = work.store.Text(
        "SELECT max_version FROM host_compiler WHERE compiler = ?1 AND cuda_key = ?2 AND max_version_key IS NOT NULL",
        {limit.compiler, DottedKey(cuda).value_or(0) / 1000000000 * 1000000000});
    limit.because = "the newest that CUDA " + cuda + " takes";
  }
  if (limit.max.empty()) return;
  // since gcc 5 a number behind the dot is a correction of the same compiler, and no part of its name
  if (limit.compiler == "gcc" && DottedKey(limit.max).value_or(0) / 1000000000000 >= 5)
    limit.max = limit.max.substr(0, limit.max.find('.'));
  Values values = {{"max", limit.max}, {"because", limit.because}};
  // the bound of a header is no version: the newest toolset that there is below it
  values["toolset"] = work.store.Text(
      "SELECT name FROM host_compiler_name WHERE compiler = ?1 AND name GLOB '1[0-9].*' AND last_version_key <= ?2 AND "
      "length(last_version) = 4 AND name_key < 15000000000000 ORDER BY last_version_key DESC LIMIT 1",
      {limit.compiler, DottedKey(limit.max).value_or(0)});
  if (values["toolset"].empty()) values.erase("toolset");
  work.list.Add(row, values);
}

void OfferLibrary(RemedyWork& work, const RemedyRow& row) { AddLibraries(work, row, true); }

// What no package carries is of use only where none does.
void OfferLibraryOfToolkit(RemedyWork& work, const RemedyRow& row) {
  if (!work.list.HasComputed("package")) AddLibraries(work, row, false);
}

}  // namespace cudacompat::answer
