// Remedies below the package: another driver, cuda-compat, another toolkit or JetPack.
#include <string>

#include "answer/evaluate.h"
#include "answer/remedy_offers.h"
#include "base/text.h"
#include "base/version.h"
#include "query/compile.h"

namespace cudacompat::answer {

bool FitsOs(const std::string& row_os, const std::string& os) { return row_os == "*" || row_os == os; }

Values ValuesOf(const DriverRange& range) {
  std::string text = range.first + (range.open                  ? " or newer"
                                    : range.first == range.last ? ""
                                                                : " to " + range.last);
  Values values = {{"minimum", text}, {"branch", range.branch}, {"latest", range.last}};
  if (!range.open) values["only-branch"] = range.branch;
  return values;
}

void OfferDriver(RemedyWork& work, const RemedyRow& row) {
  if (work.asked.wanted.best == nullptr) return;
  for (const DriverRange& range : work.Drivers()) {
    if (FitsOs(row.os, range.os) && work.list.Add(row, ValuesOf(range)))
      work.list.SetDriver(range.open ? range.first : range.last);
  }
}

// cuda-compat: only on kinds of card that have it, and only pairs that the vendor lists.
void OfferForward(RemedyWork& work, const RemedyRow& row) {
  const Build* best = work.asked.wanted.best;
  if (best == nullptr || best->cuda == "-" || best->cuda.empty() || work.place.os != "linux") return;
  ForgetQuestion(work.store);
  Run(work.store, query::CompileTarget(work.question));
  const std::string cuda = work.store.Text(
      "SELECT f.cuda FROM forward_compatibility f JOIN asked_driver r ON r.stated = 1 AND r.branch_key = f.kernel_branch_key "
      "WHERE f.cuda_key >= ?1 AND f.status = 'compatible' AND NOT EXISTS (SELECT 1 FROM asked_device d LEFT JOIN "
      "forward_compatibility_class c ON c.class = d.class WHERE d.stated = 0 OR coalesce(c.allowed, 'no') = 'no') "
      // a set of several branches has no kernel driver that the vendor's table could be asked about
      "AND (SELECT count(DISTINCT branch_key) FROM asked_driver WHERE stated = 1) = 1 ORDER BY f.cuda_key LIMIT 1",
      {DottedKey(best->cuda).value_or(0)});
  if (cuda.empty()) return;
  // What was asked for must then run, and both halves of the driver know the card.
  query::Question changed = work.question;
  changed.cuda_driver = cuda;
  if (work.what_if.MayRun(changed))
    work.list.Add(row, {{"cuda", cuda}, {"cuda-dash", ReplaceAll(cuda, ".", "-")}});
}

void OfferToolkit(RemedyWork& work, const RemedyRow& row) {
  const Build* best = work.asked.wanted.best;
  const bool toolkit = best == nullptr ? work.asked.general : best->kind == "cuda" || best->kind == "target";
  if (!toolkit || (best == nullptr && work.question.gpus.empty())) return;
  for (const ToolkitRange& range : work.what_if.Toolkits()) {
    if (!FitsOs(row.os, range.os)) continue;
    std::string all = range.first == range.last ? range.first : range.first + " to " + range.last;
    work.list.Add(
        row,
        {{"nearest", range.nearest}, {"nearest-dash", ReplaceAll(range.nearest, ".", "-")}, {"range", all}});
  }
}

void OfferToolkitAsked(RemedyWork& work, const RemedyRow& row) {
  const Build* best = work.asked.wanted.best;
  if (best != nullptr && best->kind == "cuda") OfferToolkit(work, row);
}

// Where neither another driver nor another toolkit is enough: the toolkit that the card asks for, and the
// driver that runs it there. Images typed by hand are built again with the oldest that makes code for the
// card.
void OfferCombinedToolkit(RemedyWork& work, const RemedyRow& row) {
  for (const std::string change : {"toolkit", "driver"}) {
    if (work.list.HasComputed(change)) return;
  }
  const Build* best = work.asked.wanted.best;
  if (best == nullptr || (best->kind != "cuda" && best->kind != "images") || work.question.gpus.empty())
    return;
  if (!work.question.driver && work.question.cuda_driver.empty()) return;
  query::Question changed = work.question;
  changed.driver.reset();
  changed.cuda_driver.clear();
  if (changed.os.empty()) changed.os = work.place.os.empty() ? BuildOs(*best) : work.place.os;
  const bool again = best->kind == "images";
  for (const ToolkitRange& toolkits : work.what_if.Toolkits(changed)) {
    if (!FitsOs(row.os, toolkits.os)) continue;
    Build toolkit = *best;
    toolkit.kind = "cuda";
    toolkit.version = toolkit.cuda = again ? toolkits.first : toolkits.nearest;
    for (const DriverRange& range : work.what_if.Drivers(&toolkit)) {
      if (range.os != toolkits.os) continue;
      Values values = ValuesOf(range);
      values["nearest-dash"] = ReplaceAll(toolkit.version, ".", "-");
      values["then"] = again ? "build again for the card, with CUDA toolkit " + toolkit.version
                             : "CUDA toolkit " + toolkit.version;
      work.list.Add(row, values);
    }
  }
}

void OfferJetPack(RemedyWork& work, const RemedyRow& row) {
  if (work.asked.wanted.best == nullptr) return;
  if (std::optional<JetPack> found = work.what_if.NewerJetPack())
    work.list.Add(row, {{"jetpack", found->jetpack}, {"l4t", found->l4t}, {"cuda", found->cuda}});
}

}  // namespace cudacompat::answer
