#include "answer/remedy.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "answer/captures.h"
#include "answer/machine.h"
#include "answer/remedy_list.h"
#include "answer/remedy_offers.h"
#include "answer/requirement.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {

/// What the column `how` of the table remedy says, and the function that works such a row out.
constexpr std::array<std::pair<std::string_view, Offer>, 30> kOffers = {{
    {"template", OfferPlain},
    {"gpu", OfferPlain},
    {"captured", OfferCaptured},
    {"general", OfferGeneral},
    {"else", OfferElse},
    {"other-card", OfferOtherCard},
    {"other-card-unnumbered", OfferUnnumbered},
    {"last-resort", OfferLastResort},
    {"elsewhere", OfferElsewhere},
    {"compiler", OfferCompiler},
    {"library", OfferLibrary},
    {"library-toolkit", OfferLibraryOfToolkit},
    {"open", OfferOpen},
    {"inspect", OfferInspect},
    {"same-build", OfferSameBuild},
    {"same-version", OfferSameVersion},
    {"newest", OfferNewest},
    {"twin", OfferTwin},
    {"python", OfferPython},
    {"other-os", OfferOtherOs},
    {"combined", OfferCombined},
    {"without-compat", OfferWithoutCompat},
    {"without-compat-build", OfferBuildWithoutCompat},
    {"pair", OfferPair},
    {"driver", OfferDriver},
    {"forward", OfferForward},
    {"toolkit", OfferToolkit},
    {"combined-toolkit", OfferCombinedToolkit},
    {"toolkit-asked", OfferToolkitAsked},
    {"jetpack", OfferJetPack},
}};

Offer OfferOf(std::string_view how) {
  const auto* found =
      std::find_if(kOffers.begin(), kOffers.end(), [&](const auto& each) { return each.first == how; });
  return found == kOffers.end() ? nullptr : found->second;
}

// What was cleared is not mended: then nothing but the rows that look elsewhere. An open answer has the rows
// of its own; what else its rule has is for what went wrong.
bool IsFor(const RemedyRow& row, const RemedyCase& asked) {
  return (asked.cleared != nullptr) == (row.how == "elsewhere") &&
         (asked.open != nullptr) == (row.how == "open");
}

// What the stated driver knows, where the message itself does not say it.
void TakeDriverCuda(store::Store& store, const query::Question& question, Values* captures) {
  std::string cuda =
      store.Text("SELECT max(max_cuda) FROM asked_driver WHERE stated = 1 HAVING count(*) = 1");
  if (!question.cuda_driver.empty()) cuda = question.cuda_driver;
  if (!DottedKey(cuda)) return;
  captures->try_emplace("cuda", cuda);
  captures->try_emplace("driver_cuda", cuda);
}

// What the builds need that the remedies install, where no driver was stated: those of one package on one
// target are asked for at once.
void TellNeeds(RemedyWork& work) {
  if (!LeavesDriverOpen(work.question)) return;
  std::vector<Brought> left = work.list.brought();
  while (!left.empty()) {
    const Brought first = left.front();
    const auto others = std::stable_partition(left.begin(), left.end(), [&](const Brought& each) {
      return each.build.package == first.build.package && each.target.os == first.target.os &&
             each.target.python == first.target.python;
    });
    std::vector<Build> builds;
    std::transform(left.begin(), others, std::back_inserter(builds),
                   [](const Brought& each) { return each.build; });
    const std::vector<std::vector<Requirement>> needs = work.what_if.Needs(first.target, builds);
    for (size_t i = 0; i < needs.size(); ++i) work.list.Require(left[i], needs[i]);
    left.erase(left.begin(), others);
  }
}

std::vector<Remedy> Find(store::Store& store, const query::Question& question, RemedyCase asked) {
  // What was seen belongs to what is installed now; a changed machine is judged by the facts.
  ForgetMachine(store);
  const RemedyPlace place = FindPlace(store, question);
  if (asked.general) TakeDriverCuda(store, question, &asked.captures);
  RemedyWork work(store, question, asked, place);
  for (const RemedyRow& row : ReadRemedyRows(store, asked, place)) {
    const Offer offer = OfferOf(row.how);
    if (offer != nullptr && IsFor(row, asked)) offer(work, row);
  }
  TellNeeds(work);
  return work.list.Take();
}

// Of several cards those that run the build, and those that do not.
Values CardsOf(store::Store& store, const Build& best) {
  store::Statement cards = store.Prepare(
      store.WithViews({"card_choice"}, "SELECT cards, good, bad FROM card_choice WHERE candidate_id = ?"),
      {best.candidate});
  if (!cards.Step()) return {};
  Values named = {{"good", cards.text(1)}, {"bad", cards.text(2)}};
  if (const std::string numbers = cards.text(0); !numbers.empty()) named["cards"] = numbers;
  return named;
}

}  // namespace

bool KnowsHow(std::string_view how) { return OfferOf(how) != nullptr; }

std::vector<Remedy> RemediesOf(store::Store& store, const query::Question& question, const std::string& rule,
                               const Told& told) {
  const query::Question known = Complete(store, question, rule, told.captures);
  RemedyCase asked;
  asked.rule = rule;
  asked.package = told.package;
  asked.captures = told.captures;
  // "Runs here" needs a here.
  asked.here = !known.gpus.empty() || known.driver || !known.cuda_driver.empty();
  asked.general = true;
  asked.text = told.text;
  asked.cleared = told.cleared;
  return Find(store, known, std::move(asked));
}

std::vector<Remedy> OpenRemedies(store::Store& store, const query::Question& question, const Answer& answer) {
  RemedyCase asked;
  asked.rule = answer.rule;
  asked.open = &answer;
  return Find(store, question, std::move(asked));
}

std::string SpokenOf(store::Store& store, const Build& best, const std::string& rule) {
  return store.Text("SELECT subject FROM concluded WHERE conclusion_id = ?1 AND rule_id = ?2 LIMIT 1",
                    {best.conclusion_id, rule});
}

std::vector<Remedy> Remedies(store::Store& store, const query::Question& question, const std::string& rule,
                             int64_t subject, const Build* best, std::string about) {
  RemedyCase asked;
  asked.rule = rule;
  asked.subject = subject;
  asked.wanted.best = best;
  asked.about = std::move(about);
  if (best != nullptr && asked.about.empty()) asked.about = SpokenOf(store, *best, rule);
  if (best != nullptr) asked.cards = CardsOf(store, *best);
  store::Statement row = store.Prepare(
      "SELECT package, coalesce(version, ''), CASE WHEN EXISTS (SELECT 1 FROM build b WHERE b.package = s.package AND b.tag = "
      "s.tag COLLATE NOCASE) THEN '' ELSE coalesce(tag, '') END FROM asked_subject s WHERE subject_id = ? AND kind = 'package'",
      {subject});
  if (row.Step()) {
    asked.package = row.text(0);
    asked.wanted.version = row.text(1);
    if (best == nullptr) asked.wanted.tag = row.text(2);  // one that no build of it has
  }
  return Find(store, question, std::move(asked));
}

}  // namespace cudacompat::answer
