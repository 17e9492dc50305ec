// Remedies that offer another build of the package, or of its twin, or the same for another system.
#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "answer/remedy.h"
#include "answer/remedy_offers.h"
#include "base/text.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {

// The row with what installs the build on the changed target.
void AddBuild(RemedyWork& work, const RemedyRow& row, const std::optional<Build>& build,
              const query::Question& changed, const std::string& os = "") {
  if (!build) return;
  RemedyRow worded = row;
  if (const std::string python = PythonFor(work.store, *build, work.question.python); !python.empty())
    worded.title += " (the command takes its file for Python " + python + ")";
  std::vector<std::string> commands = BuildCommands(work, *build, changed, os);
  for (const Build& other : AddMoved(work, *build, changed, &commands))
    worded.title += "; with it goes " + BuildName(other) + ", which the command installs too";
  work.list.Add(worded, {{"build", BuildName(*build)}, {"package", work.asked.package}}, commands);
}

void AddBuild(RemedyWork& work, const RemedyRow& row, const std::optional<Build>& build) {
  AddBuild(work, row, build, work.question);
}

// Where the system is open, one command for all of them if it gives a build that runs on each; else a remedy
// for each.
void AddBuilds(RemedyWork& work, const RemedyRow& row, const Choice& choose) {
  const std::vector<Build> builds = work.Alternatives();
  const Chosen chosen = choose(builds);
  const std::optional<Build> best = Named(work.store, builds, chosen.build);
  if (!best) return;
  std::vector<std::string> systems = SystemsOf(builds);
  const bool everywhere = std::all_of(systems.begin(), systems.end(),
                                      [&](const std::string& os) { return GivenOn(os, *best, builds); });
  RemedyRow worded = row;
  worded.title += chosen.note;
  if (everywhere || !work.place.os.empty()) {
    AddBuild(work, worded, best);
    return;
  }
  std::sort(systems.begin(), systems.end());
  for (const std::string& os : systems) {
    std::vector<Build> there;
    std::copy_if(builds.begin(), builds.end(), std::back_inserter(there),
                 [&](const Build& build) { return build.os == os; });
    const Chosen its = choose(there);
    worded.title = row.title + its.note + " (" + SystemName(os) + ")";
    AddBuild(work, worded, Named(work.store, there, its.build), work.question, os);
  }
}

void AddChosen(RemedyWork& work, const RemedyRow& row, bool newest) {
  AddBuilds(work, row, [&](const std::vector<Build>& builds) {
    return ChooseBuild(work.store, builds, work.asked.wanted, newest);
  });
}

// What was judged with another package than its companions is not mended by another build of its own, and two
// companions are not mended by either alone.
bool StandsApart(const RemedyWork& work) {
  if (work.asked.wanted.best == nullptr || work.asked.about.empty()) return false;
  if (work.asked.rule == "companion-mismatch")
    return !PackageIs(work.store, work.asked.about, "companion") ||
           PackageIs(work.store, work.asked.package, "companion");
  return AsksFor(work, work.asked.about);
}

// The driver's own CUDA is not what cuda-compat says: enough is known to judge without it.
bool KnowsCompat(const RemedyWork& work) {
  return !work.asked.package.empty() && !work.question.cuda_driver.empty() && work.question.driver;
}

/// The builds of the package under the driver's own CUDA, and whether the one that is there runs then.
struct WithoutCompat {
  query::Question changed;
  std::vector<Build> builds;
  bool stays = false;
};

WithoutCompat JudgeWithoutCompat(RemedyWork& work) {
  WithoutCompat out{work.question, {}, false};
  out.changed.cuda_driver.clear();
  out.builds = work.what_if.Builds(out.changed, work.asked.package);
  const Build* best = work.asked.wanted.best;
  out.stays = std::any_of(out.builds.begin(), out.builds.end(), [&](const Build& build) {
    return best != nullptr && Runs(build) && build.version == best->version && build.tag == best->tag;
  });
  return out;
}

}  // namespace

// What to install, where nothing was asked for and nothing is wrong: one command where it is the same on
// every system that is shown, else one for each.
void OfferOpen(RemedyWork& work, const RemedyRow& row) {
  if (work.asked.open == nullptr) return;
  std::vector<Build> builds;
  std::vector<std::vector<std::string>> commands;
  for (const Build& shown : work.asked.open->builds) {
    const bool known =
        std::any_of(builds.begin(), builds.end(), [&](const Build& build) { return build.os == shown.os; });
    if (!Runs(shown) || shown.package != row.only_for || known) continue;
    builds.push_back(shown);
    const bool named =
        work.store.Text(
            "SELECT 1 FROM build WHERE package = ?1 AND version_key = ?2 AND tag = ?3 AND os = ?4 AND arch = ?5 AND channel = "
            "'framework'",
            {shown.package, PackageKey(shown.version).value_or(0), shown.tag, BuildOs(shown), shown.arch}) ==
        "1";
    if (named) builds.back().channel = "framework";
    commands.push_back(InstallCommands(work.store, builds.back()));
  }
  const bool same =
      std::all_of(commands.begin(), commands.end(), [&](const auto& one) { return one == commands.front(); });
  if (same && !builds.empty()) builds.resize(1);
  for (size_t i = 0; i < builds.size(); ++i) {
    RemedyRow worded = row;
    if (!same) worded.title += " (" + SystemName(builds[i].os) + ")";
    work.list.Bring(builds[i], work.question, same ? "" : builds[i].os);
    work.list.Add(worded, {{"build", BuildName(builds[i])}}, commands[i]);
  }
}

// Of a build whose images nobody measured: its file tells.
void OfferInspect(RemedyWork& work, const RemedyRow& row) {
  const Build* best = work.asked.wanted.best;
  if (best == nullptr || best->kind != "package" || work.question.gpus.empty()) return;
  if (work.store.Text("SELECT confidence FROM image_list WHERE list_id = ?", {best->list_id}) != "unsure")
    return;
  std::string cards;
  for (const query::Gpu& gpu : work.question.gpus) {
    const bool plain = std::all_of(gpu.given.begin(), gpu.given.end(), [](char c) {
      return IsAlpha(c) || IsDigit(c) || Contains(" .:-_()/", std::string_view(&c, 1));
    });
    if (!plain) return;  // quoted otherwise by each shell
    cards += " --gpu \"" + gpu.given + "\"";
  }
  const std::vector<std::string> install =
      InstallCommands(work.store, *best, true, PythonFor(work.store, *best, work.question.python));
  work.list.Add(row, {{"build", BuildName(*best)}},
                {ReplaceAll(install.front(), "pip install --force-reinstall", "pip download --dest wheels"),
                 "cudacompat check wheels" + cards});
}

void OfferSameBuild(RemedyWork& work, const RemedyRow& row) {
  if (!StandsApart(work)) AddBuild(work, row, SameBuild(work.Alternatives(), work.asked.wanted));
}

void OfferSameVersion(RemedyWork& work, const RemedyRow& row) {
  if (!StandsApart(work)) AddChosen(work, row, false);
}

void OfferNewest(RemedyWork& work, const RemedyRow& row) {
  if (!StandsApart(work)) AddChosen(work, row, true);
}

void OfferTwin(RemedyWork& work, const RemedyRow& row) {
  if (work.list.HasComputed("package")) return;
  const std::string twin =
      work.store.Text("SELECT twin FROM package_twin WHERE package = ?", {work.asked.package});
  if (twin.empty()) return;
  const std::vector<Build> builds = work.what_if.Builds(work.question, twin);
  AddBuild(work, row, Named(work.store, builds, SameVersionOrNewest(builds, work.asked.wanted)));
}

bool FitsShell(const RemedyRow& row, const Build& build) {
  return row.os == "*" || (row.os == "windows") == (build.os == "windows");
}

Values PythonsOf(const Build& build, const std::string& stated) {
  const std::string python = NewestPython(build, EndsWith(stated, "t"));
  if (python.empty()) return {};
  return {{"pythons", Join(build.python, ", ")}, {"build", BuildName(build)}, {"python", python}};
}

void OfferPython(RemedyWork& work, const RemedyRow& row) {
  const std::optional<Build> build = work.what_if.WithoutPython();
  if (!build || !FitsShell(row, *build)) return;
  query::Question changed = work.question;
  changed.python.clear();
  work.list.Bring(*build, changed, row.os == "*" ? "" : build->os);
  work.list.Add(row, PythonsOf(*build, work.question.python), FreshInstallCommands(work.store, *build));
}

// Only where the system is known to be that one, and where nothing runs on it as it is; or, of the version
// that was asked for, only older ones.
void OfferOtherOs(RemedyWork& work, const RemedyRow& row) {
  const RemedyCase& asked = work.asked;
  if (asked.package.empty() || !asked.here || !FitsOs(row.os, work.place.os)) return;
  const std::optional<Build> native = Newest(work.Alternatives());
  const bool older = native && !asked.wanted.version.empty() &&
                     PackageKey(native->version) < PackageKey(asked.wanted.version);
  if (!older && (native || work.list.HasComputed("package"))) return;
  query::Question changed = work.question;
  changed.os = "wsl";
  const std::vector<Build> builds = work.what_if.Builds(changed, asked.package);
  const std::optional<Build> build =
      older ? SameVersion(builds, asked.wanted) : SameVersionOrNewest(builds, asked.wanted);
  AddBuild(work, row, Named(work.store, builds, build), changed);
}

// Where no single change is enough: the newest driver that drives the card, and the best build for that.
void OfferCombined(RemedyWork& work, const RemedyRow& row) {
  for (const std::string change : {"package", "driver", "python"}) {
    if (work.list.HasComputed(change)) return;
  }
  if (work.asked.package.empty()) return;
  if (!work.question.driver && work.question.cuda_driver.empty()) return;
  const Build* best = work.asked.wanted.best;
  query::Question changed = work.question;
  changed.driver.reset();
  changed.cuda_driver.clear();
  if (changed.os.empty()) changed.os = work.place.os.empty() && best != nullptr ? best->os : work.place.os;
  const std::optional<Build> build =
      SameVersionOrNewest(work.what_if.Builds(changed, work.asked.package), work.asked.wanted);
  if (!build) return;
  for (const DriverRange& range : work.what_if.Drivers(&*build)) {
    if (!FitsOs(row.os, range.os) || range.os != build->os) continue;
    Values values = ValuesOf(range);
    values["build"] = BuildName(*build);
    work.list.Add(row, values, BuildCommands(work, *build, changed));
  }
}

// cuda-compat taken out leaves the driver's own CUDA: enough for the build that is there, or for another one.
// A log alone does not tell which; then taking it out is what can be said.
void OfferWithoutCompat(RemedyWork& work, const RemedyRow& row) {
  if (!KnowsCompat(work))
    work.list.Add(row, work.asked.captures);
  else if (JudgeWithoutCompat(work).stays)
    work.list.Add(row, {});
}

void OfferBuildWithoutCompat(RemedyWork& work, const RemedyRow& row) {
  if (!KnowsCompat(work)) return;
  const WithoutCompat judged = JudgeWithoutCompat(work);
  if (judged.stays) return;
  const std::optional<Build> build = SameVersionOrNewest(judged.builds, work.asked.wanted);
  AddBuild(work, row, Named(work.store, judged.builds, build), judged.changed);
}

}  // namespace cudacompat::answer
