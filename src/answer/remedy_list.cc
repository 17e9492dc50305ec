#include "answer/remedy_list.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "answer/remedy_offers.h"
#include "answer/remedy_pick.h"
#include "answer/requirement.h"
#include "base/text.h"

namespace cudacompat::answer {
namespace {

// What a row needs is not known.
bool LacksValue(const Remedy& remedy) {
  return HasPlace(remedy.title) || std::any_of(remedy.commands.begin(), remedy.commands.end(),
                                               [](const std::string& command) { return HasPlace(command); });
}

/// "a ;; b" as two commands; "-" is none.
std::vector<std::string> SplitCommands(std::string rest) {
  std::vector<std::string> commands;
  while (rest != "-" && !rest.empty()) {
    const size_t end = rest.find(" ;; ");
    commands.push_back(rest.substr(0, end));
    rest = end == std::string::npos ? "" : rest.substr(end + 4);
  }
  return commands;
}

}  // namespace

Remedy RemedyList::Write(const RemedyRow& row, const Values& values,
                         const std::vector<std::string>& more) const {
  Remedy remedy;
  remedy.changes = WordList(row.changes);
  remedy.title = Fill(row.title, values);
  // the newest of those that the data has, where it does not claim to list all
  if (row.how == "newest" && store_.Text("SELECT 1 FROM listing WHERE package = ?", {asked_.package}).empty())
    remedy.title = ReplaceAll(remedy.title, ": the newest", ": the newest in the data");
  words_.Say(&remedy.title);
  const auto branch = values.find("only-branch");
  for (std::string& command :
       SplitCommands(FillCommand(row.commands, values, row.os == "windows").value_or("-"))) {
    if (words_.SayCommand(&command, branch == values.end() ? "" : branch->second))
      remedy.commands.push_back(std::move(command));
  }
  remedy.commands.insert(remedy.commands.end(), more.begin(), more.end());
  remedy.needs = WordList(row.needs);
  remedy.risk = row.risk;
  if (row.risk != "-") words_.Say(&remedy.risk);
  if (remedy.risk.empty()) remedy.risk = "-";
  return remedy;
}

bool RemedyList::Add(const RemedyRow& row, Values values, const std::vector<std::string>& more) {
  values["subject"] = asked_.about;
  const std::vector<Brought> brought = std::exchange(pending_, {});
  Remedy remedy = Write(row, values, more);
  if (row.how != "template" && LacksValue(remedy)) return false;
  for (const Remedy& known : found_) {
    const bool same = !known.commands.empty() && known.commands == remedy.commands;
    if (same || known.title == remedy.title) return false;
  }
  for (Brought each : brought) {
    each.place = found_.size();
    brought_.push_back(std::move(each));
  }
  found_.push_back(std::move(remedy));
  const bool anyway = (row.how == "template" && row.only_for == "*") || row.how == "else";
  if (!anyway && row.how != "general" && row.how != "gpu") computed_.insert(row.changes);
  return true;
}

void RemedyList::Require(const Brought& brought, const std::vector<Requirement>& needs) {
  for (const Requirement& need : needs) {
    const bool there = brought.os.empty() || need.os.empty() || need.os == brought.os;
    if (there) Merge(need, &found_[brought.place].requirements);
  }
}

std::vector<Remedy> RemedyList::Take() {
  static constexpr std::array<std::string_view, 7> kLeastFirst = {"environment", "package", "python", "os",
                                                                  "toolkit",     "driver",  "gpu"};
  auto most = [](const Remedy& remedy) {
    auto place = kLeastFirst.begin();
    for (const std::string& change : remedy.changes)
      place = std::max(place, std::find(kLeastFirst.begin(), kLeastFirst.end(), change));
    return place;
  };
  std::stable_sort(found_.begin(), found_.end(),
                   [&](const Remedy& a, const Remedy& b) { return most(a) < most(b); });
  return std::move(found_);
}

const std::vector<Build>& RemedyWork::Alternatives() {
  if (alternatives_) return *alternatives_;
  alternatives_.emplace();
  if (asked.package.empty() || !asked.here) return *alternatives_;
  // Beside the other packages that were asked for; where nothing goes with all of them, beside other versions
  // of what is no framework; else what runs alone.
  std::vector<query::Subject> beside = OtherPackages(*this);
  auto none = [&] { return std::none_of(alternatives_->begin(), alternatives_->end(), Runs); };
  if (!beside.empty()) alternatives_ = what_if.BuildsBeside(question, asked.package, beside);
  const bool framework = std::any_of(beside.begin(), beside.end(), [&](const query::Subject& other) {
    return PackageIs(store, other.package, "framework");
  });
  if (none() && !beside.empty() && !framework) {
    for (query::Subject& other : beside) {
      other.versions.clear();
      other.tag.clear();
    }
    alternatives_ = what_if.BuildsBeside(question, asked.package, beside);
    if (!none()) moved_ = beside;
  }
  if (none()) alternatives_ = what_if.Builds(question, asked.package);
  return *alternatives_;
}

const std::vector<DriverRange>& RemedyWork::Drivers() {
  if (!drivers_) drivers_ = what_if.Drivers(asked.wanted.best);
  return *drivers_;
}

}  // namespace cudacompat::answer
