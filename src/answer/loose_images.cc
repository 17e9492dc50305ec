#include "answer/loose_images.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "scan/coverage.h"

namespace cudacompat::answer {
namespace {

using scan::FileReport;

// One image that is a file.
bool IsLoose(const FileReport& file) {
  return (file.format == "cubin" || file.format == "ptx" || file.format == "ltoir") && file.images_total == 1;
}

// A loose image in a folder of tests below what was given: no program of the package loads it.
bool OfTests(const FileReport& file, const std::string& given) {
  const size_t from = std::max(file.archive.size(), given.size());
  if (!IsLoose(file) || file.path.size() <= from) return false;
  const std::string inside = ToLower(file.path.substr(from));
  return Contains(inside, "/tests/") || Contains(inside, "/test/") || StartsWith(inside, "!tests/") ||
         StartsWith(inside, "!test/");
}

// Where only tests had images: what stands for the archive or folder says so, and nothing more is known of
// it.
void TellTestsOnly(const std::string& place, size_t given, size_t removed, std::vector<bool>* gone,
                   scan::Report* report) {
  const std::string note = "images lie in folders of tests alone, which tell nothing of what it runs";
  bool others = false;
  for (size_t i = 0; i < report->files.size(); ++i) {
    FileReport& file = report->files[i];
    if ((*gone)[i] || file.given != given) continue;
    if (file.path == place && file.images_total == 0) file.notes.push_back(note);
    others = true;
  }
  if (others) return;
  FileReport all;
  all.path = place;
  all.format = kFolderFormat;
  all.package = report->files[removed].package;
  all.given = given;
  all.notes.push_back(note);
  report->files[removed] = std::move(all);
  (*gone)[removed] = false;
}

// Takes a loose image into the file that stands for all of them.
void TakeLoose(const FileReport& loose, FileReport* all) {
  const std::string name = loose.path.substr(std::min(loose.path.size(), all->path.size() + 1));
  for (scan::Image image : loose.images) {
    image.identifier = static_cast<uint32_t>(all->identifiers.size());
    image.section = scan::kNoSection;
    all->images.push_back(image);
  }
  all->identifiers.push_back(name);
  for (scan::TargetSet set : loose.target_sets) {
    set.section = scan::kNoSection;
    all->target_sets.push_back(std::move(set));
  }
  for (const auto& [group, count] : loose.groups) {
    scan::ImageGroup bare = group;
    bare.section = scan::kNoSection;
    all->groups[bare] += count;
  }
  all->images_total += loose.images_total;
  all->containers_total += loose.containers_total;
  all->size += loose.size;
  all->programs += loose.programs;
  for (const std::string& toolkit : loose.toolkits) {
    if (std::find(all->toolkits.begin(), all->toolkits.end(), toolkit) == all->toolkits.end())
      all->toolkits.push_back(toolkit);
  }
  for (const scan::Problem& problem : loose.problems.list())
    all->problems.Add(problem.code, problem.offset, name + ": " + problem.message);
}

}  // namespace

std::string OuterArchive(const FileReport& file) { return file.archive.substr(0, file.archive.find('!')); }

void FoldLooseImages(scan::Report* report) {
  std::map<std::pair<size_t, std::string>, std::vector<size_t>>
      places;  // by path that was given, and archive
  for (size_t i = 0; i < report->files.size(); ++i) {
    const FileReport& file = report->files[i];
    if (IsLoose(file)) places[{file.given, OuterArchive(file)}].push_back(i);
  }
  std::vector<bool> gone(report->files.size());
  auto of_tests = [&](size_t i) {
    const size_t given = report->files[i].given;
    return OfTests(report->files[i], given < report->given.size() ? report->given[given].path : "");
  };
  for (auto& [place, files] : places) {
    std::vector<size_t> tests;
    std::copy_if(files.begin(), files.end(), std::back_inserter(tests), of_tests);
    std::erase_if(files, of_tests);
    for (const size_t i : tests) gone[i] = true;
    const bool known = place.first < report->given.size();
    if (files.empty() && !tests.empty() && (known || !place.second.empty()))
      TellTestsOnly(place.second.empty() ? report->given[place.first].path : place.second, place.first,
                    tests[0], &gone, report);
    if (files.size() < 2) continue;
    FileReport& first = report->files[files.front()];
    FileReport all;
    all.path = place.second;
    if (all.path.empty() && place.first < report->given.size()) all.path = report->given[place.first].path;
    all.format = scan::kLooseImages;
    all.package = first.package;
    all.given = first.given;
    all.searched = first.searched;
    for (const size_t i : files) {
      TakeLoose(report->files[i], &all);
      gone[i] = i != files.front();
    }
    // What was told of the archive itself is told of what stands for all of it.
    for (size_t i = 0; i < files.front(); ++i) {
      const FileReport& archive = report->files[i];
      if (archive.path != all.path || archive.images_total != 0) continue;
      for (const scan::Problem& problem : archive.problems.list())
        all.problems.Add(problem.code, problem.offset, problem.message);
      gone[i] = true;
    }
    first = std::move(all);
  }
  size_t kept = 0;
  for (size_t i = 0; i < gone.size(); ++i) {
    if (gone[i]) continue;
    if (kept != i) report->files[kept] = std::move(report->files[i]);
    ++kept;
  }
  report->files.resize(kept);
}

}  // namespace cudacompat::answer
