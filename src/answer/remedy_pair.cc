// Remedies of packages that must go together: a framework and what was compiled for it.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "answer/remedy.h"
#include "answer/remedy_offers.h"
#include "answer/remedy_pick.h"
#include "base/text.h"
#include "base/version.h"

namespace cudacompat::answer {
namespace {

query::Bound Exactly(const std::string& version) {
  return {query::Bound::Op::kEqual, version, PackageKey(version).value_or(0), 0};
}

std::string Major(const std::string& cuda) { return cuda.substr(0, cuda.find('.')); }

/// What stays, when another package is chosen so that it goes with it.
struct Kept {
  std::string package;
  query::Bound version;
  std::string tag;
  const Build* beside = nullptr;  ///< on its system, and of its CUDA major
  std::string own_tag = {};       ///< its own tag, where `tag` is the one that the pair shares
  std::string extra = {};         ///< as typed: and-cuda
};

std::string PackageOf(store::Store& store, const std::string& name) {
  return store.Text("SELECT coalesce((SELECT package FROM package_alias WHERE alias = ?1), ?1)", {name});
}

// The extra that a package was typed with, where it is no tag.
std::string ExtraOf(RemedyWork& work, const std::string& package) {
  for (const query::Subject& subject : work.question.subjects) {
    const bool tag = work.store.Text("SELECT 1 FROM build WHERE package = ?1 AND tag = ?2 LIMIT 1",
                                     {package, subject.extra}) == "1";
    if (!subject.extra.empty() && !tag && PackageOf(work.store, subject.package) == package)
      return subject.extra;
  }
  return "";
}

// Whether the tables have the build go with what stays.
bool GoesWith(store::Store& store, const Build& build, const Kept& kept) {
  if (build.os != kept.beside->os || build.arch != kept.beside->arch ||
      Major(build.cuda) != Major(kept.beside->cuda))
    return false;
  return store.Text(
             "SELECT 1 FROM pin WHERE package = ?1 AND version_key = ?2 AND other = ?3 AND other_version_key = ?4 AND (tag = '*' OR lower(tag) = lower(?6)) AND "
             "(same_tag = 'no' OR ?5 IN ('', '-', ?6)) AND (?5 GLOB other_tag OR ?5 IN ('', '-') AND other_tag <> '') LIMIT 1",
             {kept.package, kept.version.key, build.package, PackageKey(build.version).value_or(0), build.tag,
              kept.tag}) == "1";
}

// Where versions of the one name versions of the other: whether these do. A version that names none goes with
// all of them as far as is known, and belongs to none.
bool Belongs(store::Store& store, const Build& build, const Kept& kept) {
  return store.Text(
             "SELECT NOT EXISTS (SELECT 1 FROM pin WHERE package = ?1 AND other = ?3) AND NOT EXISTS (SELECT 1 FROM pin WHERE package = ?3 AND other = ?1) OR "
             "EXISTS (SELECT 1 FROM pin WHERE package = ?1 AND version_key = ?2 AND other = ?3 AND other_version_key = ?4) OR "
             "EXISTS (SELECT 1 FROM pin WHERE package = ?3 AND version_key = ?4 AND other = ?1 AND other_version_key = ?2)",
             {kept.package, kept.version.key, build.package, PackageKey(build.version).value_or(0)}) == "1";
}

// One of NVIDIA's own wheels, that others ask for.
bool IsWheel(store::Store& store, const std::string& package) {
  return store.Text("SELECT 1 FROM wheel_package WHERE package = ? AND asks = 0", {package}) == "1";
}

// Whether the build asks for what stays, where that is one of NVIDIA's own wheels: else it does not belong to
// it.
bool AsksForWheel(store::Store& store, const Build& build, const std::string& wheel) {
  return !IsWheel(store, wheel) ||
         store.Text(
             "SELECT 1 FROM build b JOIN build_wheels w ON w.build_row = b.rowid "
             "JOIN wheel_set n ON n.set_id = w.set_id WHERE n.wheel = ?1 AND b.package = ?2 AND b.version_key = ?3 AND b.tag = ?4 AND b.os = ?5 AND b.channel = ?6 LIMIT 1",
             {wheel, build.package, PackageKey(build.version).value_or(0), build.tag, build.os,
              build.channel}) == "1";
}

// Whether it stands beside what brings libraries that it cannot use, and brings none itself.
bool LacksLibraries(const Build& build) {
  return std::any_of(build.caveats.begin(), build.caveats.end(),
                     [](const auto& caveat) { return caveat.rule == "companion-brings-other-cuda"; });
}

// The build of `package` that runs there and goes with what stays: the version that was asked for, else the
// newest, with the tag of what it stands beside where it has that. What was asked for stays where both run
// together.
std::optional<Build> PairOf(RemedyWork& work, const query::Question& changed, const Kept& kept,
                            const std::string& package) {
  std::optional<Build> found;
  const Build* asked = work.asked.wanted.best;
  const std::string typed = asked != nullptr && asked->package == package ? asked->version : "";
  query::Subject stays;
  stays.package = stays.given = kept.package;
  stays.versions = {kept.version};
  stays.tag = kept.own_tag == "-" ? "" : kept.own_tag;
  stays.extra = kept.extra;
  const std::vector<Build> builds =
      kept.beside == nullptr ? work.what_if.BuildsBeside(changed, package, {stays}, ExtraOf(work, package))
                             : work.what_if.Builds(changed, package);
  for (const Build& build : builds) {
    if (!Runs(build) || build.device != "cuda" || LacksLibraries(build)) continue;
    if (kept.beside != nullptr
            ? !GoesWith(work.store, build, kept)
            : !Belongs(work.store, build, kept) || !AsksForWheel(work.store, build, kept.package))
      continue;
    const bool keeps = build.version == typed;
    if (found && !keeps && found->version == typed) continue;
    const bool better = !found || (keeps && found->version != typed) ||
                        PackageKey(build.version) > PackageKey(found->version) ||
                        (build.version == found->version && build.tag == kept.tag &&
                         (found->tag != kept.tag || (found->channel == "default" && found->os == build.os)));
    if (better) found = build;
  }
  return kept.beside == nullptr ? found : Named(work.store, builds, found);
}

// Another package's commands behind those that are there: pip's lines, then uv's.
void Append(const std::vector<std::string>& more, std::vector<std::string>* commands) {
  const auto uv = std::find_if(commands->begin(), commands->end(),
                               [](const std::string& line) { return StartsWith(line, "uv "); });
  commands->insert(uv, more.front());
  commands->insert(commands->end(), more.begin() + 1, more.end());
}

// Whether the extension was compiled for the release of the framework that the question states.
bool IsForStated(RemedyWork& work, const Build& extension, const std::string& framework) {
  for (const query::Subject& other : work.question.subjects) {
    const bool kept =
        other.package == framework && other.versions.size() == 1 &&
        work.store.Text(
            "SELECT 1 FROM pin WHERE package = ?1 AND version_key = ?2 AND other = ?3 AND other_version_key = ?4 AND tag IN ('*', ?5) AND "
            "(?6 GLOB other_tag OR ?6 = '' AND other_tag <> '') LIMIT 1",
            {extension.package, PackageKey(extension.version).value_or(0), framework, other.versions[0].key,
             extension.tag, other.tag}) == "1";
    if (kept) return true;
  }
  return false;
}

// What the asked build's own distributions are called, where that of another tag would stay beside them.
std::vector<std::string> TakeOut(const RemedyWork& work, const Build& build) {
  const Build* old = work.asked.wanted.best;
  if (old == nullptr || old->package != build.package || old->tag == build.tag) return {};
  const std::string names = work.store.Text(
      "SELECT replace(distributions, '{tag}', ?2) FROM left_behind WHERE package = ?1 AND ?2 GLOB tag",
      {old->package, old->tag});
  if (names.empty()) return {};
  return {"pip uninstall -y " + names, "uv pip uninstall " + names};
}

}  // namespace

bool AsksFor(const RemedyWork& work, const std::string& package) {
  const auto& subjects = work.question.subjects;
  return package != work.asked.package &&
         std::any_of(subjects.begin(), subjects.end(), [&](const query::Subject& subject) {
           return subject.kind == query::Subject::Kind::kPackage &&
                  PackageOf(work.store, subject.package) == package;
         });
}

std::vector<query::Subject> OtherPackages(const RemedyWork& work) {
  std::vector<query::Subject> others;
  for (const query::Subject& subject : work.question.subjects) {
    const std::string package = PackageOf(work.store, subject.package);
    const bool other = subject.kind == query::Subject::Kind::kPackage && package != work.asked.package;
    if (other && !PackageIs(work.store, package, "companion")) others.push_back(subject);
  }
  return others;
}

bool PackageIs(store::Store& store, const std::string& package, const std::string& kind) {
  return store.Text("SELECT 1 FROM package WHERE package = ?1 AND kind = ?2", {package, kind}) == "1";
}

std::vector<std::string> BuildCommands(RemedyWork& work, const Build& build, const query::Question& changed,
                                       const std::string& os) {
  store::Store& store = work.store;
  work.list.Bring(build, changed, os);
  if (!PackageIs(store, build.package, "extension")) {
    std::vector<std::string> commands = TakeOut(work, build);
    Append(InstallCommands(store, build), &commands);
    return commands;
  }
  const std::string framework = store.Text(
      "SELECT p.other FROM pin p JOIN package k ON k.package = p.other AND k.kind = 'framework' WHERE p.package = ?1 AND "
      "p.version_key = ?2 AND p.needs = 1 LIMIT 1",
      {build.package, PackageKey(build.version).value_or(0)});
  std::vector<std::string> alone =
      InstallCommands(store, build, true, PythonFor(store, build, work.question.python));
  if (framework.empty() || IsForStated(work, build, framework)) return alone;
  const std::optional<Build> base =
      PairOf(work, changed, {build.package, Exactly(build.version), build.tag, &build}, framework);
  if (!base) return alone;
  work.list.Bring(*base, changed, os);
  std::vector<std::string> commands = InstallCommands(store, *base);
  Append(alone, &commands);
  return commands;
}

std::vector<Build> AddMoved(RemedyWork& work, const Build& build, const query::Question& changed,
                            std::vector<std::string>* commands) {
  std::vector<Build> moved;
  for (const query::Subject& other : work.moved()) {
    const Kept kept = {build.package, Exactly(build.version), build.tag, nullptr, build.tag};
    const std::optional<Build> mate = PairOf(work, changed, kept, PackageOf(work.store, other.package));
    if (!mate) continue;
    work.list.Bring(*mate, changed);
    Append(InstallCommands(work.store, *mate, true, PythonFor(work.store, *mate, work.question.python)),
           commands);
    moved.push_back(*mate);
  }
  return moved;
}

namespace {

// Of two packages that do not belong together, the one that stays, and the other chosen anew.
bool AddPairOf(RemedyWork& work, const RemedyRow& row, const Kept& kept, const std::string& package) {
  const std::optional<Build> build = PairOf(work, work.question, kept, package);
  const std::string tag = kept.own_tag.empty() || kept.own_tag == "-" ? "" : "+" + kept.own_tag;
  return build &&
         work.list.Add(
             row, {{"build", BuildName(*build)}, {"kept", kept.package + " " + kept.version.version + tag}},
             BuildCommands(work, *build, work.question));
}

// Neither can stay: the newest of the framework that something of the other runs with, and that. What
// requires the other comes first, as it brings the other's default build along.
bool AddBoth(RemedyWork& work, const RemedyRow& row, const std::string& framework,
             const std::string& package) {
  query::Subject open;
  open.package = open.given = package;
  const std::vector<Build> builds = work.what_if.BuildsBeside(work.question, framework, {open});
  const std::optional<Build> base = Newest(builds);
  if (!base) return false;
  const Kept kept = {framework, Exactly(base->version), base->tag, nullptr, base->tag};
  if (PackageIs(work.store, package, "extension")) return AddPairOf(work, row, kept, package);
  const std::optional<Build> build = PairOf(work, work.question, kept, package);
  if (!build) return false;
  const bool base_first =
      work.store.Text("SELECT 1 FROM pin WHERE package = ?1 AND other = ?2 AND needs = 1 LIMIT 1",
                      {framework, package}) == "1";
  std::vector<std::string> commands = BuildCommands(work, base_first ? *base : *build, work.question);
  for (const std::string& line : BuildCommands(work, base_first ? *build : *base, work.question))
    commands.push_back(line);
  std::stable_partition(commands.begin(), commands.end(),
                        [](const std::string& line) { return !StartsWith(line, "uv "); });
  return work.list.Add(row, {{"build", BuildName(*build)}, {"kept", BuildName(*base)}}, commands);
}

}  // namespace

// Of two packages that do not belong together either one changes; first the one that is no framework. A
// companion that moves with its framework has its own row.
void OfferPair(RemedyWork& work, const RemedyRow& row) {
  const Build* best = work.asked.wanted.best;
  if (best == nullptr || work.asked.about.empty()) return;
  for (const query::Subject& other : work.question.subjects) {
    const std::string name = PackageOf(work.store, other.package);
    if (name != work.asked.about) continue;
    const bool other_leads = PackageIs(work.store, name, "framework");
    bool added = false;
    auto change_other = [&] {
      if (PackageIs(work.store, name, "companion")) return;
      const Kept kept = {
          best->package, Exactly(best->version),      best->tag == "-" ? other.tag : best->tag, nullptr,
          best->tag,     ExtraOf(work, best->package)};
      added = AddPairOf(work, row, kept, name) || added;
    };
    auto change_best = [&] {
      if (other.versions.size() != 1) return;
      const Kept kept = {name,    other.versions[0], other.tag.empty() ? best->tag : other.tag,
                         nullptr, other.tag,         other.extra};
      added = AddPairOf(work, row, kept, best->package) || added;
    };
    if (other_leads) change_best();
    change_other();
    if (!other_leads) change_best();
    // of one of NVIDIA's own wheels nothing follows for the framework
    added = added || IsWheel(work.store, name) || IsWheel(work.store, best->package);
    if (!added && other_leads) added = AddBoth(work, row, name, best->package);
    if (!added && PackageIs(work.store, best->package, "framework")) AddBoth(work, row, best->package, name);
  }
}

}  // namespace cudacompat::answer
